"""What is approved for named partners has some: nobody learns later that no partner can read it."""

import pytest

from testbed.notes import approve, make_lesson, make_note
from testbed.world import World
from tests.review.desk import Desk, open_case

NOBODY = (
    "No partner of this operation is known: name the organisations that may read it, or choose "
    "other readers."
)
UNKNOWN = "Name organisations that the register knows. Unknown: Nobody Knows Them."
ALONE = {"partners": [], "operation__lead_agency": None}


def faults(answer) -> list[tuple[str, str]]:
    return [(error["field"], error["detail"]) for error in answer.json["errors"]]


@pytest.mark.parametrize(
    "changes",
    [
        ALONE,
        {**ALONE, "operation__lead_agency": "Chad Migration Support"},
        {**ALONE, "partners": [{"organisation": "Nobody Knows Them"}]},
    ],
    ids=["no partners", "it leads itself", "none that the register knows"],
)
@pytest.mark.parametrize(("asked", "chosen"), [("amber", None), ("clear", "amber")])
def test_an_approval_for_named_partners_of_whom_there_are_none_is_refused(
    world: World, both_backends, asked, chosen, changes
):
    case = open_case(world, make_note(sharing=asked, **changes))
    lesson = case["items"][0]

    answer = world.decide(case, [approve(lesson, sharing=chosen)])

    assert answer.status_code == 422
    assert faults(answer) == [("decisions.0.readers", NOBODY)]
    assert world.case_of(case["note"])["items"][0]["state"] == "submitted"
    named = approve(lesson, sharing=chosen, readers=["Chad Migration Support"])
    assert world.decide(case, [named]).json["items"][0]["state"] == "published"


def test_the_page_names_each_item_that_no_partner_could_read(world: World):
    lessons = [make_lesson(title=title) for title in ("Water", "Convoys", "Radios")]
    note = make_note(lessons=lessons, benchmarks=[], sharing="amber", **ALONE)
    case = open_case(world, note)
    convoys = case["items"][1]["id"]
    desk = Desk(world, "editor", f"/review/cases/{case['id']}")
    points = case["items"][0]["checklist"]

    named = {f"readers-{convoys}": "UNHCR"}
    desk.send(case["id"], together="yes", **{"check-together": points}, **named)

    assert desk.status == 422
    assert desk.problems() == [f"“Water”: {NOBODY}", f"“Radios”: {NOBODY}"]


@pytest.mark.parametrize("sensitive", [False, True])
def test_unknown_organisations_are_refused_with_the_approval_whoever_publishes_it(
    world: World, sensitive
):
    case = open_case(world, make_note(sharing="amber"))
    lesson = approve(case["items"][0], readers=["UNHCR", "Nobody Knows Them"])

    answer = world.decide(case, [lesson], sensitive=sensitive)

    assert answer.status_code == 422
    assert faults(answer) == [("decisions.0.readers", UNKNOWN)]


def test_what_waits_for_an_editor_is_published_though_its_partners_went_meanwhile(world: World):
    note = make_note(sharing="green", **ALONE)
    case = open_case(world, note)
    lesson, benchmark = case["items"]
    returned = {"item": benchmark["id"], "verdict": "request_changes", "comment": "When?"}
    assert world.decide(case, [approve(lesson), returned], sensitive=True).status_code == 200
    body = {**note, "sharing": "amber", "version": 1}
    path = f"/intake/api/v1/notes/{case['note']}"
    assert world.call("field", "PUT", path, body, Idempotency_Key="c").status_code == 200
    world.carry()
    path = f"/review/api/v1/cases/{case['id']}/items/{lesson['id']}/publication"

    answer = world.call("editor", "POST", path, {"reason": "Nobody else is here."})

    assert (answer.status_code, answer.json["sharing"]) == (200, "amber")
