"""What is chosen or typed for an item goes with its decision or is refused; nothing is dropped."""

import pytest

from testbed.notes import approve, make_lesson, make_note
from testbed.world import World, bad_fields
from tests.review.desk import Desk, open_case

DUPLICATE = "You gave a duplicate reference: choose Duplicate, or clear it."
READERS = "You chose other readers: choose Approve, or clear them."
NAMED = "You named organisations: choose “Only the partners named”, or clear them."
REMARK = "You wrote a remark: choose a verdict, or clear it."
LESSON_POINTS = ["factual", "not_softened", "understandable", "useful_elsewhere"]
POINTS = [*LESSON_POINTS, "nobody_identifiable", "matches_definition", "source_plausible"]
TOGETHER = {"together": "yes", "check-together": POINTS}


def entries(world: World, who: str = "editor"):
    return world.call(who, "GET", "/api/v1/entries").json["entries"]


def states(world: World, case) -> list[str]:
    return [item["state"] for item in world.case_of(case["note"])["items"]]


def faults(answer) -> list[tuple[str, str]]:
    return [(error["field"], error["detail"]) for error in answer.json["errors"]]


def two_lessons(world: World, sharing="clear"):
    """A case of two lessons, and the editor's browser on its page."""
    lessons = [make_lesson(title="Water ran out"), make_lesson(title="Convoys came late")]
    case = open_case(world, make_note(lessons=lessons, benchmarks=[], sharing=sharing))
    return case, Desk(world, "editor", f"/review/cases/{case['id']}")


@pytest.mark.parametrize("verdict", ["approve", "request_changes", "reject"])
def test_a_duplicate_reference_with_another_verdict_is_refused(world: World, verdict):
    lesson, _benchmark = world.publish()
    case = open_case(world)
    decision = {**approve(case["items"][0]), "verdict": verdict, "comment": "So."}

    answer = world.decide(case, [{**decision, "duplicate_of": lesson}])

    assert answer.status_code == 422
    assert faults(answer) == [("decisions.0.duplicate_of", DUPLICATE)]
    assert states(world, case) == ["submitted", "submitted"]


@pytest.mark.parametrize("verdict", ["request_changes", "reject", "duplicate"])
@pytest.mark.parametrize("chosen", [{"sharing": "red"}, {"readers": ["MSF Holland"]}])
def test_readers_chosen_with_another_verdict_than_approval_are_refused(
    world: World, verdict, chosen
):
    lesson, _benchmark = world.publish()
    case = open_case(world)
    decision = {"item": case["items"][0]["id"], "verdict": verdict, "comment": "So.", **chosen}
    decision["duplicate_of"] = lesson if verdict == "duplicate" else None

    answer = world.decide(case, [decision])

    assert answer.status_code == 422
    assert faults(answer) == [(f"decisions.0.{next(iter(chosen))}", READERS)]
    assert states(world, case) == ["submitted", "submitted"]


@pytest.mark.parametrize(("asked", "chosen"), [("clear", None), ("amber", "green")])
def test_organisations_that_the_level_does_not_name_are_refused(world: World, asked, chosen):
    case = open_case(world, make_note(sharing=asked))

    answer = world.decide(
        case, [approve(case["items"][0], sharing=chosen, readers=["MSF Holland"])]
    )

    assert answer.status_code == 422
    assert faults(answer) == [("decisions.0.readers", NAMED)]
    assert entries(world) == []


def test_organisations_named_in_a_note_that_is_for_its_reviewers_are_refused(world: World):
    case = open_case(world, make_note(sharing="red"))

    answer = world.decide(case, [approve(case["items"][0], readers=["MSF Holland"])])

    assert (answer.status_code, bad_fields(answer)) == (422, ["decisions.0.sharing"])
