"""A case can be marked as sensitive at any time before it is decided, with decisions or without."""

from testbed.notes import approve, make_note
from testbed.world import World
from tests.review.desk import Desk, open_case

MARKED = "This case is marked as sensitive: a second person publishes what is approved."


def history(world: World, case) -> list[tuple[str, str | None]]:
    return [(done["action"], done["who"]) for done in world.case_of(case["note"])["history"]]


def mark(world: World, case, *, who="editor", **more):
    body = {"version": case["version"], "sensitive": True, **more}
    return world.call(who, "POST", f"/review/api/v1/cases/{case['id']}/decisions", body)


def test_a_case_is_marked_on_its_page_without_deciding_an_item(world: World, both_backends):
    case = open_case(world)
    desk = Desk(world, "editor", f"/review/cases/{case['id']}")
    assert MARKED not in desk.text

    desk.send(case["id"], sensitive="yes")

    desk.follow()
    assert MARKED in desk.text
    assert desk.page.xpath("//*[@name='sensitive']") == []
    marked = world.case_of(case["note"])
    assert marked["version"] == case["version"] + 1
    assert history(world, case)[-1] == ("marked_sensitive", "editor")
    assert [item["state"] for item in marked["items"]] == ["submitted", "submitted"]
    answer = world.decide(marked, [approve(item) for item in marked["items"]])
    assert [item["state"] for item in answer.json["items"]] == ["approved", "approved"]


def test_a_case_is_marked_by_a_program_without_deciding_an_item(world: World):
    case = open_case(world)

    for decisions in ({}, {"decisions": []}, {"decisions": None}):
        now = world.case_of(case["note"])
        assert mark(world, now, **decisions).status_code == 200

    assert [done for done, _who in history(world, case)].count("marked_sensitive") == 1
    assert world.case_of(case["note"])["version"] == case["version"] + 1


def test_whoever_neither_decides_nor_marks_is_told_so(world: World):
    case = open_case(world)

    answer = mark(world, case, sensitive=False)

    assert answer.status_code == 422
    assert [(error["field"], error["detail"]) for error in answer.json["errors"]] == [
        ("decisions", "Decide at least one item.")
    ]


def test_whoever_marks_a_case_does_not_take_it(world: World):
    world.reviewer("Amina")
    case = open_case(world)
    world.reviewer("Brice", capacity=0)

    assert mark(world, case, who="Brice").status_code == 200

    assert history(world, case)[-1] == ("marked_sensitive", "Brice")
    assert [one["account"] for one in world.case_of(case["note"])["reviewers"]] == [
        str(world.ids["Amina"])
    ]


def test_whoever_must_not_review_a_case_does_not_mark_it(world: World):
    world.reviewer("Amina", organisation="Chad Migration Support", office="TCD")
    case = open_case(world)

    answer = mark(world, case, who="Amina")

    assert answer.status_code == 403
    assert ("marked_sensitive", "Amina") not in history(world, case)


def test_a_decided_case_is_not_marked_any_more(world: World):
    case = open_case(world, make_note(benchmarks=[]))
    decided = world.decide(case, [approve(case["items"][0])]).json

    answer = mark(world, decided)

    assert (answer.status_code, answer.json["detail"]) == (409, "This case is decided.")
