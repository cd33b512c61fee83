"""Deciding items of a case."""

from uuid import uuid4

import pytest

from testbed.notes import approve
from testbed.world import World, bad_fields
from tests.review.desk import open_case, states_of


def test_an_approval_publishes_at_once_whatever_its_siblings_state(world: World, both_backends):
    case = open_case(world)

    answer = world.decide(case, [approve(case["items"][1])])

    assert answer.status_code == 200
    assert [item["state"] for item in answer.json["items"]] == ["in_review", "published"]
    assert states_of(world, case["note"]) == ("in_review", ["in_review", "published"])
    shown = world.call("field", "GET", f"/intake/api/v1/notes/{case['note']}").json
    assert shown["items"][1]["entry"].startswith("BM-20")
    assert shown["items"][1]["verdict"] == "approve"


def test_the_submitter_learns_verdict_and_comment_of_each_item(world: World):
    case = open_case(world)
    lesson, benchmark = case["items"]

    world.decide(
        case,
        [
            {"item": lesson["id"], "verdict": "request_changes", "comment": "When was that?"},
            {"item": benchmark["id"], "verdict": "reject", "comment": "Not a measure."},
        ],
    )

    shown = world.call("field", "GET", f"/intake/api/v1/notes/{case['note']}").json
    assert shown["state"] == "changes_requested"
    assert [(item["state"], item["comment"]) for item in shown["items"]] == [
        ("changes_requested", "When was that?"),
        ("rejected", "Not a measure."),
    ]


@pytest.mark.parametrize("verdict", ["request_changes", "reject", "duplicate"])
def test_every_verdict_but_approval_wants_a_comment(world: World, verdict):
    case = open_case(world)

    answer = world.decide(case, [{"item": case["items"][0]["id"], "verdict": verdict}])

    assert answer.status_code == 422
    assert "decisions.0.comment" in bad_fields(answer)


def test_an_unanswered_point_of_the_checklist_refuses_the_approval(world: World):
    case = open_case(world)
    lesson = case["items"][0]
    codes = lesson["checklist"]
    checklist = dict.fromkeys(codes[2:], True) | {codes[1]: False}

    answer = world.decide(
        case, [{"item": lesson["id"], "verdict": "approve", "checklist": checklist}]
    )

    assert answer.status_code == 422
    assert bad_fields(answer) == sorted(f"decisions.0.checklist.{code}" for code in codes[:2])


def test_one_bad_decision_stores_none(world: World, both_backends):
    case = open_case(world)
    lesson, benchmark = case["items"]

    answer = world.decide(case, [approve(lesson), {"item": benchmark["id"], "verdict": "reject"}])

    assert answer.status_code == 422
    assert [item["state"] for item in world.case_of(case["note"])["items"]] == [
        "submitted",
        "submitted",
    ]
    assert world.call(None, "GET", "/api/v1/entries").json["entries"] == []


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({"decisions": []}, ["decisions", "version"]),
        (
            {"version": "1", "decisions": [{}]},
            ["decisions.0.item", "decisions.0.verdict", "version"],
        ),
        (
            {"version": 1, "decisions": [{"item": "x", "verdict": "praise"}]},
            ["decisions.0.item", "decisions.0.verdict"],
        ),
        ({"version": 1, "decisions": [], "extra": 1}, ["decisions", "extra"]),
    ],
)
def test_a_malformed_request_is_named_field_by_field(world: World, body, fields):
    case = open_case(world)

    answer = world.call("editor", "POST", f"/review/api/v1/cases/{case['id']}/decisions", body)

    assert answer.status_code == 422
    assert bad_fields(answer) == fields


def test_an_item_of_another_case_and_the_same_item_twice_are_refused(world: World):
    case = open_case(world)
    twice = [
        approve(case["items"][0]),
        {"item": case["items"][0]["id"], "verdict": "reject", "comment": "x"},
    ]

    assert bad_fields(
        world.decide(case, [{"item": str(uuid4()), "verdict": "reject", "comment": "x"}])
    ) == ["decisions.0.item"]
    assert bad_fields(world.decide(case, twice)) == ["decisions"]


def test_a_decided_item_cannot_be_decided_again(world: World):
    case = open_case(world)
    decision = {"item": case["items"][0]["id"], "verdict": "reject", "comment": "No."}
    decided = world.decide(case, [decision]).json

    answer = world.decide(decided, [decision])

    assert answer.status_code == 409
    assert "has been decided" in answer.json["detail"]
