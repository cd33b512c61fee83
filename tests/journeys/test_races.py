"""Two people do the same thing at the same moment."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from freezegun import freeze_time
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from werkzeug.test import TestResponse

from services.intake import queries, use_cases
from services.intake.model import Operation
from shared.domain.organisations import Organisation
from testbed.notes import approve, make_lesson, make_note
from testbed.world import World

pytestmark = pytest.mark.usefixtures("both_backends")


@pytest.mark.parametrize(
    ("changes", "model", "column"),
    [
        ({"operation__title": "Not known yet"}, Operation, Operation.title),
        ({"organisation": "Not known yet"}, Organisation, Organisation.name),
    ],
    ids=["operation", "organisation"],
)
def test_what_eight_notes_name_for_the_first_time_at_once_is_recorded_once(
    world: World, changes, model, column
):
    note = make_note(**changes)
    open_applications(world)

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda number: hand_in(world, note, f"race-{number}"), range(8)))

    assert [answer.status_code for answer in answers] == [201] * 8
    with world.intake_db.readings() as session:
        assert (
            session.scalar(select(func.count()).select_from(model).where(column == "Not known yet"))
            == 1
        )


def test_a_request_that_is_sent_eight_times_at_once_is_carried_out_once(world: World):
    open_applications(world)

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: hand_in(world, make_note(), "the-same-key"), range(8)))

    assert sorted(answer.status_code for answer in answers) == [200] * 7 + [201]
    assert len({answer.json["reference"] for answer in answers}) == 1


def test_a_twin_that_comes_between_the_first_and_the_second_attempt_is_found(
    world: World, monkeypatch
):
    open_applications(world)
    recorded = []

    def submit(*arguments, **named):
        recorded.append(named["request"].key)
        if len(recorded) == 1:
            raise IntegrityError("a stranger recorded the same operation", None, ValueError())
        return original(*arguments, **named)

    def look(*arguments):
        if len(recorded) == 1:  # the first attempt is over, and now comes the twin
            recorded.append("twin")
            answers.append(hand_in(world, make_note(), "the-same-key"))
        return catalogue(*arguments)

    answers: list[TestResponse] = []
    original, catalogue = use_cases.submit_note, queries.recent_catalogue
    monkeypatch.setattr(use_cases, "submit_note", submit)
    monkeypatch.setattr(queries, "recent_catalogue", look)
    answers.append(hand_in(world, make_note(), "the-same-key"))

    assert [answer.status_code for answer in answers] == [201, 200]
    assert answers[0].json["reference"] == answers[1].json["reference"]


def test_a_request_that_meets_others_each_time_is_asked_to_come_again(world: World, monkeypatch):
    def refuse(*_arguments, **_named):
        raise IntegrityError("others", None, ValueError())

    monkeypatch.setattr(use_cases, "submit_note", refuse)
    answer = hand_in(world, make_note(), "a-key")

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert answer.content_type == "application/problem+json"


@freeze_time("2026-11-02")
def test_the_first_entries_of_a_year_approved_at_once_get_numbers_of_their_own(world: World):
    cases = [world.case_of(world.submit()["reference"]) for _ in range(4)]
    open_applications(world)

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda case: approve_whole(world, case), cases))

    assert [answer.status_code for answer in answers] == [200] * 4
    world.carry()
    entries = world.call("editor", "GET", "/api/v1/entries").json["entries"]
    assert sorted(entry["reference"] for entry in entries) == [
        *[f"BM-2026-000{number}" for number in range(1, 5)],
        *[f"LL-2026-000{number}" for number in range(1, 5)],
    ]


def test_of_eight_who_decide_a_case_at_once_one_is_heard(world: World):
    case = world.case_of(world.submit()["reference"])
    lesson, benchmark = case["items"]
    open_applications(world)
    words = ["request_changes", "reject"] * 4

    def decide(verdict: str) -> TestResponse:
        item = lesson if verdict == "reject" else benchmark
        decision = {"item": item["id"], "verdict": verdict, "comment": "At the same moment."}
        return call_desk(world, case, {"version": case["version"], "decisions": [decision]})

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(decide, words))

    assert sorted(answer.status_code for answer in answers) == [200] + [409] * 7
    refused = next(answer for answer in answers if answer.status_code == 409)
    assert "Since then: editor: decided" in refused.json["detail"]
    decided = [item["verdict"] for item in world.case_of(case["note"])["items"] if item["verdict"]]
    assert decided == [words[[answer.status_code for answer in answers].index(200)]]


def test_acts_of_all_kinds_at_once_each_give_the_case_a_version_of_their_own(world: World):
    world.reviewer("Amina", capacity=0)
    note = make_note(lessons=[make_lesson(), make_lesson(title="2")])
    case = world.case_of(world.submit(note)["reference"])
    first, second, last = case["items"]
    body = {"version": case["version"], "decisions": [approve(first), approve(second)]}
    decided = call_desk(world, case, body).json
    published = [done for done in decided["history"] if done["action"] == "published"]
    one, other = (f"entries/{done['detail']['reference']}" for done in published)
    decision = {"item": last["id"], "verdict": "reject", "comment": "No."}
    share, withdraw = {"sharing": "green", "reason": "x"}, {"reason": "It names someone."}
    asked: list[tuple[str, str, Any]] = [
        ("editor", f"{one}/withdrawal", withdraw),
        ("editor", f"{other}/withdrawal", withdraw),
        ("editor", f"{one}/sharing", share),
        ("editor", f"{other}/sharing", share),
        ("Amina", f"cases/{case['id']}/decisions", {**body, "decisions": [decision]}),
    ]
    asked[-1][2]["version"] = decided["version"]
    open_applications(world)

    def ask(one: tuple[str, str, Any]) -> int:
        who, path, sent = one
        return world.call(who, "POST", f"/review/api/v1/{path}", sent).status_code

    with ThreadPoolExecutor(5) as pool:
        answers = list(pool.map(ask, asked))

    assert answers[:2] == [200, 200]
    assert set(answers) <= {200, 409}
    after = world.case_of(case["note"])
    assert [done["version"] for done in after["history"]] == [*range(1001, after["version"] + 1)]


def open_applications(world: World) -> None:
    """Make both before the threads start, so that they share them."""
    assert world.intake_app
    assert world.review_app


def hand_in(world: World, note: dict[str, Any], key: str) -> TestResponse:
    return world.call("field", "POST", "/intake/api/v1/notes", note, Idempotency_Key=key)


def approve_whole(world: World, case: Any) -> TestResponse:
    body = {"version": case["version"], "decisions": [approve(item) for item in case["items"]]}
    return call_desk(world, case, body)


def call_desk(world: World, case: Any, body: Any) -> TestResponse:
    return world.call("editor", "POST", f"/review/api/v1/cases/{case['id']}/decisions", body)
