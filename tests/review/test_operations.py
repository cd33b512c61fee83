"""A case and its entries follow their note to another operation."""

import re
from typing import Any

from sqlalchemy import select

from services.intake.model import Note, Operation
from services.review.desk.model import Profile
from testbed.notes import approve, make_benchmark
from testbed.world import World
from tests.intake.floods import flood
from tests.review.desk import correct

WATER = {"indicator": "water-per-person-day", "unit": "L/person/day", "period": None}


def water(value: str, **changes: Any) -> dict[str, Any]:
    """A note about a flood with a lesson and one value."""
    return {**flood(**changes), "benchmarks": [make_benchmark(value=value, **WATER)]}


def half_published(world: World, note: dict[str, Any]) -> str:
    """A note whose value is published and whose lesson was returned. Returns its reference."""
    case = world.case_of(world.submit(note)["reference"])
    change = {"item": case["items"][0]["id"], "verdict": "request_changes", "comment": "When?"}
    assert world.decide(case, [change, approve(case["items"][1])]).status_code == 200
    return str(case["note"])


def operations(world: World) -> list[str]:
    """The operation of each entry, in the order of their positions."""
    entries = world.call("editor", "GET", "/api/v1/entries").json["entries"]
    return [entry["operation"]["reference"].rpartition("-")[2] for entry in entries]


def counted(world: World) -> list[str]:
    """What the indicator page says: of how many operations, and their range."""
    page = world.review.get("/library/benchmarks/water-per-person-day").text
    words = " ".join(re.sub("<[^>]*>", " ", page).split())
    return re.findall(r"Values of \d+ operations?\.|Range [\d.]+ – [\d.]+", words)


def test_what_was_published_counts_for_the_operation_of_its_note(world: World, both_backends):
    world.publish(water("5"))
    reference = half_published(world, water("25"))
    before = world.call("editor", "GET", "/api/v1/entries").json
    assert operations(world) == ["0001", "0001", "0001"]

    moved = water("25", title="Drought response", started_on="2019-04")
    assert correct(world, reference, 1, moved).status_code == 200
    world.carry()

    assert operations(world) == ["0001", "0001", "0002"]
    changes = world.call("editor", "GET", f"/api/v1/entries?since={before['next']}").json
    (entry,) = changes["entries"]
    assert (entry["operation"]["title"], entry["version"]) == ("Flood response", 1)
    assert entry["position"] > before["entries"][-1]["position"]
    assert world.case_of(reference)["operation"]["title"] == "Drought response"
    assert counted(world) == ["Values of 2 operations.", "Range 5 – 25"]


def test_a_correction_that_stays_in_its_operation_leaves_its_entries_alone(world: World):
    reference = half_published(world, water("25"))
    cursor = world.call("editor", "GET", "/api/v1/entries").json["next"]

    assert correct(world, reference, 1, water("25", places=["Mao"])).status_code == 200
    world.carry()

    assert world.call("editor", "GET", f"/api/v1/entries?since={cursor}").json["entries"] == []


def test_a_withdrawn_entry_follows_without_a_word(world: World):
    world.submit(flood())
    reference = half_published(world, water("25"))
    (entry,) = world.call("editor", "GET", "/api/v1/entries").json["entries"]
    path = f"/review/api/v1/entries/{entry['reference']}/withdrawal"
    world.call("editor", "POST", path, {"reason": "The figure was that of another camp."})
    world.carry()
    cursor = world.call("editor", "GET", "/api/v1/entries").json["next"]

    assert correct(world, reference, 1, water("25", started_on="2019-04")).status_code == 200
    world.carry()

    assert world.call("editor", "GET", f"/api/v1/entries?since={cursor}").json["entries"] == []


def test_who_worked_on_what_turned_out_to_be_another_operation_worked_on_that(world: World):
    world.submit(flood(title="Drought response"))
    reference = half_published(world, water("25"))
    left = world.case_of(reference)["operation"]["id"]
    world.reviewer("was there", operations=[left])

    assert correct(world, reference, 1, water("25", title="Drought response")).status_code == 200
    world.carry()

    now = world.case_of(reference)["operation"]["id"]
    with world.review_db.readings() as session:
        profile = session.get_one(Profile, world.ids["was there"])
    with world.intake_db.readings() as session:
        assert session.scalars(select(Operation.title)).all() == ["Drought response"]
        assert len(set(session.scalars(select(Note.operation_id)))) == 1
    assert now != left
    assert set(profile.operations) == {left, now}
