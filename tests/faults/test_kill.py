"""Killing processes of the running register while notes come in: nothing is lost, nothing is published twice.

A first version: each process once, in turn. Figures are told in the words of Jepsen's checkers: attempted,
acknowledged, lost, duplicated.
"""

import random
import threading
import time
from dataclasses import dataclass, field

import pytest
import urllib3

from tests.system import System, running_system
from tests.world import approve, make_note

pytestmark = [pytest.mark.faults, pytest.mark.timeout(400)]

PAIRS = ["sqlite", pytest.param("postgres", marks=[pytest.mark.postgres, pytest.mark.rabbitmq])]
VICTIMS = (
    "front-door",
    "front-door-worker",
    "intake-relay",
    "intake-consumer",
    "intake-clockwork",
    "review-relay",
    "review-consumer",
    "review-clockwork",
)
NOTES = 200
WRITERS = 4
SEED = 20111111


@dataclass
class Tally:
    """What was asked and answered. `attempted` are idempotency keys, `acknowledged` maps them to references."""

    attempted: set[str] = field(default_factory=set)
    acknowledged: dict[str, str] = field(default_factory=dict)
    approved: set[str] = field(default_factory=set)


@pytest.fixture(params=PAIRS)
def system(request, tmp_path):
    with running_system(request.param, tmp_path / "var") as running:
        yield running


def call(system, *arguments, **headers):
    """Call the API; None when the connection broke, so that the outcome is not known."""
    try:
        return system.call(*arguments, **headers)
    except urllib3.exceptions.HTTPError:
        return None


def submit_until_acknowledged(system, tally, key):
    """What a phone does: send the same request again until there is an answer."""
    tally.attempted.add(key)
    note = make_note(operation__title=f"Operation {key}")
    while True:
        answer = call(system, "field", "POST", "/intake/api/v1/notes", note, Idempotency_Key=key)
        if answer is not None and answer[0] in (200, 201):
            tally.acknowledged[key] = answer[1]["reference"]
            return
        assert answer is None or answer[0] >= 500, answer
        time.sleep(0.1)


def kill_each_in_turn(system, done):
    """SIGKILL one process after the other, each when all are there again."""
    rounds = random.Random(SEED)
    victims = list(VICTIMS)
    rounds.shuffle(victims)
    killed = []
    for victim in victims:
        process = system.wait_for(lambda name=victim: system.processes().get(name), 60)
        process.kill()
        killed.append(victim)
        time.sleep(rounds.uniform(0.2, 1.0))
    done.set()
    return killed


def cases_by_note(system):
    found, after = {}, ""
    while True:
        answer = call(system, "editor", "GET", f"/review/api/v1/cases?state=all&limit=200{after}")
        if answer is None or answer[0] != 200:
            time.sleep(0.2)
            continue
        for case in answer[1]["cases"]:
            found.setdefault(case["note"], []).append(case["id"])
        if answer[1]["next"] is None:
            return found
        after = f"&after={answer[1]['next']}"


def approve_until_decided(system, case_id):
    while True:
        answer = call(system, "editor", "GET", f"/review/api/v1/cases/{case_id}")
        if answer is not None and answer[0] == 200:
            still_open = [
                item for item in answer[1]["items"] if item["state"] in ("submitted", "assigned", "in_review")
            ]
            if not still_open:
                return
            body = {"version": answer[1]["version"], "decisions": [approve(item) for item in still_open]}
            call(system, "editor", "POST", f"/review/api/v1/cases/{case_id}/decisions", body)
        else:
            time.sleep(0.1)


def test_killing_each_process_loses_nothing_and_publishes_nothing_twice(system: System):
    tally, done, killed = Tally(), threading.Event(), []
    before = {case for cases in cases_by_note(system).values() for case in cases}
    keys = [f"{number:03d}" for number in range(NOTES)]

    def write(mine):
        for key in mine:
            submit_until_acknowledged(system, tally, key)

    def review():
        seen = set(before)
        while not done.is_set() or len(seen) < len(before) + NOTES:
            for case_id in {case for cases in cases_by_note(system).values() for case in cases} - seen:
                approve_until_decided(system, case_id)
                seen.add(case_id)
                tally.approved.add(case_id)
            time.sleep(0.1)

    threads = [threading.Thread(target=write, args=(keys[start::WRITERS],)) for start in range(WRITERS)]
    threads += [
        threading.Thread(target=review),
        threading.Thread(target=lambda: killed.extend(kill_each_in_turn(system, done))),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(300)
    assert not any(thread.is_alive() for thread in threads), system.log[-3000:]

    assert sorted(killed) == sorted(VICTIMS)
    assert (len(tally.attempted), len(tally.acknowledged), len(set(tally.acknowledged.values()))) == (NOTES,) * 3
    assert _lost_and_duplicated(system, tally) == ([], [])
    assert _unpublished_and_published_twice(system, keys) == ([], [])
    assert _all_published_at_intake(system, tally)


def _lost_and_duplicated(system, tally):
    """References of acknowledged notes without a case, and with more than one."""
    cases = cases_by_note(system)
    counts = {reference: len(cases.get(reference, [])) for reference in tally.acknowledged.values()}
    return [ref for ref, count in counts.items() if count == 0], [ref for ref, count in counts.items() if count > 1]


def _unpublished_and_published_twice(system, keys):
    """Notes whose lesson or benchmark is not in the library, and those for which there are two."""
    entries = [(entry["operation"]["title"], entry["kind"]) for entry in _entries(system)]
    counts = {
        (key, kind): entries.count((f"Operation {key}", kind)) for key in keys for kind in ("lesson", "benchmark")
    }
    return [what for what, count in counts.items() if count == 0], [what for what, count in counts.items() if count > 1]


def _entries(system):
    found, since = [], ""
    while True:
        _status, page = system.call(None, "GET", f"/api/v1/entries?limit=500&since={since}")
        if not page["entries"]:
            return found
        found += page["entries"]
        since = page["next"]


def _all_published_at_intake(system, tally):
    """The field sees each of its notes decided and published."""

    def look(reference):
        _status, note = system.call("field", "GET", f"/intake/api/v1/notes/{reference}")
        return [item["state"] for item in note["items"]] == ["published", "published"]

    return all(system.wait_for(lambda ref=reference: look(ref), 20) for reference in tally.acknowledged.values())
