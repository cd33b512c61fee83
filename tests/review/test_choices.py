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
    world.carry()
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


@pytest.mark.parametrize(
    ("asked", "chosen", "state", "published"),
    [
        ("clear", "red", "approved", None),
        ("clear", "amber_strict", "approved", None),
        ("clear", "green", "published", "green"),
        ("green", "clear", "approved", None),
    ],
)
def test_the_readers_chosen_for_an_item_hold_when_all_are_approved_together(
    world: World, both_backends, asked, chosen, state, published
):
    case, desk = two_lessons(world, asked)
    water, _convoys = (item["id"] for item in case["items"])

    desk.send(case["id"], **TOGETHER, **{f"sharing-{water}": chosen})

    assert desk.status == 302
    assert states(world, case) == [state, "published"]
    levels = {entry["title"]: entry["sharing"] for entry in entries(world)}
    assert levels == {
        "Convoys came late": asked,
        **({"Water ran out": published} if published else {}),
    }


def test_the_organisations_named_for_an_item_hold_when_all_are_approved_together(world: World):
    world.person("holland", "partner", organisation="MSF Holland")
    world.person("stranger", "partner", organisation="UNHCR")
    case, desk = two_lessons(world, "green")
    water = case["items"][0]["id"]

    named = {f"sharing-{water}": "amber", f"readers-{water}": "MSF Holland\r\n"}
    desk.send(case["id"], **TOGETHER, **named)

    assert desk.status == 302
    assert len(entries(world, "holland")) == 2
    assert [entry["title"] for entry in entries(world, "stranger")] == ["Convoys came late"]


def test_what_is_for_reviewers_only_is_not_widened_by_approving_all_together(world: World):
    case, desk = two_lessons(world, "red")

    desk.send(case["id"], **TOGETHER, **{f"sharing-{case['items'][0]['id']}": "clear"})

    assert desk.status == 422
    assert "Only its submitter can widen that." in desk.notices()
    assert states(world, case) == ["submitted", "submitted"]


@pytest.mark.parametrize(
    ("sent", "name", "typed", "message"),
    [
        (TOGETHER, "duplicate", "LL-2026-0001", DUPLICATE),
        (TOGETHER, "comment", "Is that the same centre?", REMARK),
        ({}, "duplicate", "LL-2026-0001", DUPLICATE),
        ({}, "comment", "Is that the same centre?", REMARK),
        ({}, "sharing", "red", READERS),
        ({}, "readers", "UNHCR", READERS),
    ],
)
def test_what_is_said_of_an_item_without_its_verdict_is_refused_by_its_name(
    world: World, sent, name, typed, message
):
    case, desk = two_lessons(world)
    water, convoys = (item["id"] for item in case["items"])
    other = {f"verdict-{water}": "approve", f"check-{water}": POINTS}

    desk.send(case["id"], **sent, **other, **{f"{name}-{convoys}": typed})

    assert desk.status == 422
    assert desk.problems() == [f"“Convoys came late”: {message}"]
    assert desk.value(f"{name}-{convoys}") == typed
    assert states(world, case) == ["submitted", "submitted"]


def test_a_remark_waits_for_its_verdict_in_a_browser_that_keeps_it(world: World):
    case, desk = two_lessons(world)
    water, convoys = (item["id"] for item in case["items"])
    typed = {f"verdict-{water}": "approve", f"check-{water}": POINTS}

    desk.send(case["id"], sending="m1x2y3", **typed, **{f"comment-{convoys}": "Same centre?"})

    assert desk.status == 302
    assert states(world, case) == ["published", "in_review"]


def test_an_item_approved_by_its_own_verdict_with_a_duplicate_reference_is_refused(world: World):
    case, desk = two_lessons(world)
    water = case["items"][0]["id"]
    typed = {f"verdict-{water}": "approve", f"check-{water}": POINTS}

    desk.send(case["id"], **typed, **{f"duplicate-{water}": "LL-2026-0001"})

    assert desk.status == 422
    assert desk.problems() == [f"“Water ran out”: {DUPLICATE}"]
    assert entries(world) == []


def test_points_confirmed_for_one_item_count_when_all_are_approved_together(world: World):
    case, desk = two_lessons(world)
    ticks = {f"check-{item['id']}": ["nobody_identifiable"] for item in case["items"]}

    desk.send(case["id"], together="yes", **{"check-together": LESSON_POINTS}, **ticks)

    assert desk.status == 302
    assert states(world, case) == ["published", "published"]


def test_more_organisations_than_can_be_named_are_refused_and_not_cut_off(world: World):
    case, desk = two_lessons(world, "amber")
    water = case["items"][0]["id"]
    typed = {f"verdict-{water}": "approve", f"check-{water}": POINTS}
    names = "\n".join(["MSF Holland", "UNHCR"] * 26)

    desk.send(case["id"], **typed, **{f"readers-{water}": names})

    assert desk.status == 422
    assert desk.problems() == ["“Water ran out”: Give 50 of these or fewer."]
    assert entries(world) == []
