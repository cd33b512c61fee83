"""Killing processes of the running register while notes come in: nothing is lost, nothing is
published twice.

Each process once, and at length any of them again and again. Figures are told in the words of
Jepsen's checkers.
"""

import random
import threading
import time
from collections import Counter
from contextlib import suppress

import psutil
import pytest

from testbed.chaos.tally import Tally
from testbed.databases import open_both
from testbed.notes import approve, make_note
from testbed.register import Register, running_demonstration
from tests.faults.shown import Shown

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
MANY_NOTES = 2000
WRITERS = 4
SEED = 20111111


@pytest.fixture(params=PAIRS)
def system(request, tmp_path):
    with running_demonstration(request.param, tmp_path / "var") as running:
        yield running


def kill_each_once(system, chance, _is_over):
    """SIGKILL one process after the other, each when it is there."""
    victims = list(VICTIMS)
    chance.shuffle(victims)
    for victim in victims:
        process = system.wait_for(lambda name=victim: system.processes().get(name), 60)
        process.kill()
        time.sleep(chance.uniform(0.2, 1.0))
    return victims


def kill_any_again_and_again(system, chance, is_over):
    """SIGKILL whichever process chance names, for as long as notes come in."""
    killed = []
    while not is_over():
        victim = chance.choice(VICTIMS)
        process = system.processes().get(victim)
        if process is not None:
            with suppress(psutil.NoSuchProcess):
                process.kill()
                killed.append(victim)
        time.sleep(chance.uniform(0.2, 3.0))
    return killed


def cases_by_note(system):
    found, after = {}, ""
    while True:
        answer = system.client.try_call(
            "editor", "GET", f"/review/api/v1/cases?state=all&limit=200{after}"
        )
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
        answer = system.client.try_call("editor", "GET", f"/review/api/v1/cases/{case_id}")
        if answer is not None and answer[0] == 200:
            still_open = [
                item
                for item in answer[1]["items"]
                if item["state"] in ("submitted", "assigned", "in_review")
            ]
            if not still_open:
                return
            body = {
                "version": answer[1]["version"],
                "decisions": [approve(item) for item in still_open],
            }
            system.client.try_call(
                "editor", "POST", f"/review/api/v1/cases/{case_id}/decisions", body
            )
        else:
            time.sleep(0.1)


class Soak:
    """Notes come in and are approved while processes are killed; in the end all must be there,
    once.
    """

    def __init__(self, system, notes, kill):
        self.system = system
        self.kill = kill
        self.killed = []
        self.keys = [f"{number:04d}" for number in range(notes)]
        self.tally = Tally()
        self.references = {}  # by key
        self.approved = set()
        self.before = {case for cases in cases_by_note(system).values() for case in cases}

    def run(self, seed):
        print(f"seed {seed}")  # noqa: T201 - with it a failure can be looked at again
        threads = [
            threading.Thread(target=self._write, args=(self.keys[n::WRITERS],), daemon=True)
            for n in range(WRITERS)
        ]
        threads.append(threading.Thread(target=self._review, daemon=True))
        threads.append(
            threading.Thread(target=self._strike, args=(random.Random(seed),), daemon=True)
        )
        for thread in threads:
            thread.start()
        deadline = time.monotonic() + 300 + len(self.keys)
        for thread in threads:
            thread.join(max(1.0, deadline - time.monotonic()))
        assert not any(thread.is_alive() for thread in threads), self.system.log[-3000:]
        self._look()
        # the figures, with pytest -s
        print(f"{len(self.killed)} processes killed; {self.tally.figures}")  # noqa: T201

    def assert_kept_the_promise(self):
        expected = len(self.keys)
        assert (len(self.tally.acknowledged), len(set(self.references.values()))) == (
            expected,
            expected,
        )
        assert (self.tally.lost, self.tally.duplicated, self.tally.unexpected) == (
            set(),
            set(),
            set(),
        )
        assert _unpublished_and_published_twice(self.system, self.keys) == ([], [])
        assert _all_published_at_intake(self.system, self.references.values())
        assert _out_of_order(self.system) == []
        self.system.wait_for(
            lambda: (self.system.client.try_call(None, "GET", "/readyz") or (0,))[0] == 200, 60
        )

    def _write(self, mine):
        for key in mine:
            self._submit_until_acknowledged(key)

    def _submit_until_acknowledged(self, key):
        """What a phone does: send the same request again until there is an answer."""
        self.tally.attempted.add(key)
        note = make_note(operation__title=f"Operation {key}")
        while True:
            answer = self.system.client.try_call(
                "field", "POST", "/intake/api/v1/notes", note, Idempotency_Key=key
            )
            if answer is not None and answer[0] in (200, 201):
                self.references[key] = answer[1]["reference"]
                self.tally.acknowledged.add(key)
                return
            assert answer is None or answer[0] >= 500, answer
            time.sleep(0.1)

    def _review(self):
        while len(self.approved) < len(self.keys):
            present = {case for cases in cases_by_note(self.system).values() for case in cases}
            for case_id in present - self.before - self.approved:
                approve_until_decided(self.system, case_id)
                self.approved.add(case_id)
            time.sleep(0.1)

    def _strike(self, chance):
        self.killed += self.kill(
            self.system, chance, lambda: len(self.references) == len(self.keys)
        )

    def _look(self):
        """Count the cases of each note.

        One of a note that nobody acknowledged stands under its reference.
        """
        keys = {reference: key for key, reference in self.references.items()}
        found = [
            (keys.get(note, note), case)
            for note, cases in cases_by_note(self.system).items()
            for case in cases
        ]
        self.tally.found = Counter(key for key, case in found if case not in self.before)


def test_killing_each_process_loses_nothing_and_publishes_nothing_twice(system: Register):
    soak = Soak(system, NOTES, kill_each_once)
    soak.run(SEED)
    soak.assert_kept_the_promise()
    assert sorted(soak.killed) == sorted(VICTIMS)


@pytest.mark.slow
@pytest.mark.timeout(3000)
def test_killing_any_process_again_and_again_during_two_thousand_notes_loses_nothing(
    system: Register,
):
    soak = Soak(system, MANY_NOTES, kill_any_again_and_again)
    soak.run(random.randrange(10**6))
    soak.assert_kept_the_promise()
    assert len(soak.killed) > 20


def _out_of_order(system):
    """The events that were applied after a later one of the same note, or twice, on either side."""
    intake, review = open_both(system.intake_url, system.review_url)
    found = Shown(intake, review).out_of_order()
    intake.close()
    review.close()
    return found


def _unpublished_and_published_twice(system, keys):
    """Notes whose lesson or benchmark is not in the library, and those for which there are two."""
    entries = [(entry["operation"]["title"], entry["kind"]) for entry in _entries(system)]
    counts = {
        (key, kind): entries.count((f"Operation {key}", kind))
        for key in keys
        for kind in ("lesson", "benchmark")
    }
    return [what for what, count in counts.items() if count == 0], [
        what for what, count in counts.items() if count > 1
    ]


def _entries(system):
    found, since = [], ""
    while True:
        _status, page = system.call(None, "GET", f"/api/v1/entries?limit=500&since={since}")
        if not page["entries"]:
            return found
        found += page["entries"]
        since = page["next"]


def _all_published_at_intake(system, references):
    """The field sees each of its notes decided and published."""

    def look(reference):
        _status, note = system.call("field", "GET", f"/intake/api/v1/notes/{reference}")
        return [item["state"] for item in note["items"]] == ["published", "published"]

    return all(system.wait_for(lambda ref=reference: look(ref)) for reference in references)
