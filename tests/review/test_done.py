"""Whoever did something at the desk is told on the next page that it was done."""

from testbed.notes import approve, make_benchmark, make_note
from testbed.world import YEAR, World
from tests.review.desk import Desk, open_case

POINTS = ["factual", "not_softened", "understandable", "useful_elsewhere", "nobody_identifiable"]
POINTS += ["matches_definition", "source_plausible"]


def told(desk: Desk) -> list[str]:
    """What the banner says, line by line."""
    desk.follow()
    (banner,) = desk.page.xpath("//*[contains(@class, 'govuk-notification-banner--success')]")
    (title,) = banner.xpath(".//h2")
    assert " ".join(title.text_content().split()) == "Done"
    return [" ".join(line.text_content().split()) for line in banner.xpath(".//p")]


def links(desk: Desk) -> list[str]:
    return desk.page.xpath("//*[contains(@class, 'govuk-notification-banner--success')]//a/@href")


def test_stored_decisions_are_counted_and_lead_to_their_entries(world: World, both_backends):
    world.reviewer("Amina", capacity=0)
    case = open_case(world)
    desk = Desk(world, "Amina", f"/review/cases/{case['id']}")

    desk.send(case["id"], together="yes", **{"check-together": POINTS})

    assert told(desk) == [
        "2 decisions are stored.",
        f"In the library: LL-{YEAR}-0001, BM-{YEAR}-0001",
        "assigned to Amina (took the case)",
    ]
    assert links(desk) == [
        f"/library/entries/LL-{YEAR}-0001",
        f"/library/entries/BM-{YEAR}-0001",
    ]
    world.carry()
    assert desk.browser.get(links(desk)[0]).status_code == 200
    again = Desk(world, "Amina", f"/review/cases/{case['id']}")
    assert "govuk-notification-banner" not in again.text


def test_one_decision_is_one(world: World):
    case = open_case(world)
    lesson = case["items"][0]["id"]
    desk = Desk(world, "editor", f"/review/cases/{case['id']}")

    desk.send(case["id"], **{f"verdict-{lesson}": "reject", f"comment-{lesson}": "Too vague."})

    assert told(desk) == ["1 decision is stored."]
    assert links(desk) == []


def test_a_mark_of_sensitivity_is_told(world: World):
    case = open_case(world)
    desk = Desk(world, "editor", f"/review/cases/{case['id']}")

    desk.send(case["id"], sensitive="yes")

    assert told(desk) == ["marked the case as sensitive"]


def test_taking_and_giving_a_case_is_told(world: World):
    world.reviewer("Amina", capacity=0)
    case = open_case(world)
    desk = Desk(world, "editor", f"/review/cases/{case['id']}")

    desk.send("/take")
    assert told(desk) == ["assigned to editor (took the case)"]
    desk.send("/assign", account=str(world.ids["Amina"]))
    assert told(desk) == ["assigned to Amina (given by editor)"]


def test_an_editor_who_releases_somebody_is_told_on_the_case(world: World):
    world.reviewer("Amina")
    world.reviewer("Brice", capacity=0)
    case = open_case(world)
    desk = Desk(world, "editor", f"/review/cases/{case['id']}")

    desk.send("/release")

    assert told(desk) == ["a reviewer left the case", "no reviewer fits: with the editors"]
    assert desk.form("/assign") is not None


def test_whoever_steps_back_is_told_so_in_the_queue(world: World):
    world.reviewer("Amina")
    case = open_case(world, make_note(sharing="amber"))
    desk = Desk(world, "Amina", f"/review/cases/{case['id']}")

    desk.send("/release")

    assert told(desk) == ["You no longer review the case."]
    assert "Your turn" in desk.text


def test_what_an_editor_published_or_mapped_is_told(world: World):
    proposed = {"name": "Trucks", "definition": "Moved on", "unit": "persons/week"}
    proposal = make_benchmark(indicator=None, proposed={**proposed, "direction": "higher"})
    case = open_case(world, make_note(benchmarks=[proposal | {"unit": "persons/week"}]))
    assert world.decide(case, [approve(case["items"][0])], sensitive=True).status_code == 200
    desk = Desk(world, "editor", f"/review/cases/{case['id']}")

    desk.send("/publish", reason="Nobody else is here.")
    assert told(desk) == [f"In the library: LL-{YEAR}-0001"]
    assert links(desk) == [f"/library/entries/LL-{YEAR}-0001"]
    desk.send("/indicator", action="map", indicator="onward-persons-per-week")
    assert told(desk) == ["proposal is the indicator Persons moved onward in a week"]


def test_whoever_gives_a_case_to_nobody_is_told_to_choose(world: World):
    world.reviewer("Amina", capacity=0)
    case = open_case(world)
    desk = Desk(world, "editor", f"/review/cases/{case['id']}")

    desk.send("/assign")

    assert desk.status == 422
    assert desk.problems() == ["Choose whom to give the case to."]


def test_other_readers_of_an_entry_are_told(world: World):
    lesson, _benchmark = world.publish()
    world.carry()
    desk = Desk(world, "editor", f"/library/entries/{lesson}")

    desk.send("/share", sharing="green", share_reason="They asked.")
    world.carry()

    assert told(desk) == ["It is stored who may read this entry."]
