"""Operations that were joined by their title alone are found, and told apart by a command."""

import re
from typing import Any

import pytest
from freezegun import freeze_time
from sqlalchemy import select

from services.intake import queries
from services.review.desk.model import Case
from services.review.library.model import Entry
from shared.platform.persistence.outbox import OutboxEvent
from testbed.notes import approve, make_benchmark
from testbed.world import World
from tests.intake.floods import flood, numbers, returned, submit
from tests.review.desk import correct

INDICATOR = "water-per-person-day"
FIGURES = re.compile(
    r"Values of \d+ operations?\."  # in all
    r"|Operations \(values\) \d+ \(\d+\)"
    r"|Range [\d.]+ – [\d.]+"
)


@pytest.fixture
def as_before(monkeypatch):
    """Join notes as they were joined before there were dates and identifiers to it."""

    def same_title(new, known):
        for key, traits in known.items():
            is_alike = (traits.title, traits.type) == (new.title, new.type)
            if is_alike and traits.countries & new.countries:
                return key
        return None

    with monkeypatch.context() as patched:
        patched.setattr(queries.operations, "find_same", same_title)
        yield patched.undo


def water(value: str, **changes: Any) -> dict[str, Any]:
    """A note about a flood with one value."""
    value = make_benchmark(indicator=INDICATOR, value=value, unit="L/person/day", period=None)
    return {**flood(**changes), "lessons": [], "benchmarks": [value]}


def figures(world: World) -> list[str]:
    """What the indicator page says of all values together."""
    page = world.review.get(f"/library/benchmarks/{INDICATOR}").text
    return FIGURES.findall(" ".join(re.sub("<[^>]*>", " ", page).split()))


def test_floods_of_two_years_are_two_operations_on_the_indicator_page(world: World, both_backends):
    world.publish(water("5", ended_on="2011-09"))
    world.publish(water("25", started_on="2019-04"))

    assert figures(world) == [
        "Values of 2 operations.",
        "Operations (values) 2 (2)",
        "Range 5 – 25",
    ]
    page = world.review.get("/library/benchmarks/").text
    (counted,) = re.findall(rf"{INDICATOR}\".*?</li>", page, re.DOTALL)
    assert "2 values, 2 operations" in counted


@freeze_time("2026-11-02")
def test_what_was_joined_before_is_listed_and_separated_and_its_figures_follow(
    world: World, command, as_before, both_backends
):
    world.reviewer("was there", capacity=0)
    first = world.publish(water("5", ended_on="2011-09"))
    second = world.publish(water("25", started_on="2019-04"))
    world.publish(water("7", title="Drought response"))
    as_before()
    before = world.call(None, "GET", "/api/v1/entries").json
    assert figures(world)[0] == "Values of 2 operations."

    listed = command("operations", "joined").output.splitlines()

    named = [re.findall(r"(?:OP|AAN)-2026-\d{4}|\d{4}-\d\d\b(?!-)", line) for line in listed]
    assert [line for line in named if line] == [
        ["OP-2026-0001", "AAN-2026-0001", "2011-05", "2011-09"],
        ["OP-2026-0001", "AAN-2026-0002", "2019-04"],
    ]
    done = command("operations", "separate", "OP-2026-0001", "AAN-2026-0002")
    assert (done.exit_code, done.output) == (
        0,
        "OP-2026-0003 is the operation of AAN-2026-0002 now. Review is told.\n",
    )
    world.carry()
    assert figures(world) == [
        "Values of 3 operations.",
        "Operations (values) 3 (3)",
        "Range 5 – 25",
    ]
    assert command("operations", "joined").output == "There are none.\n"
    (moved,) = world.call(None, "GET", f"/api/v1/entries?since={before['next']}").json["entries"]
    assert [moved["reference"]] == second != first
    assert moved["operation"]["reference"] == "OP-2026-0003"
    case = world.case_of("AAN-2026-0002")
    assert case["operation"]["reference"] == "OP-2026-0003"
    history = case["history"][-1]
    assert (history["action"], history["detail"]) == (
        "operation_changed",
        {"reference": "OP-2026-0003"},
    )


def test_who_worked_on_one_of_two_that_were_joined_reviews_neither(world, command, as_before):
    references = [submit(world)["reference"], submit(world, started_on="2019")["reference"]]
    as_before()
    world.carry()
    first = world.case_of(references[0])["operation"]
    world.reviewer("was there", operations=[first["id"]])

    assert command("operations", "separate", first["reference"], references[1]).exit_code == 0
    world.carry()

    case = world.case_of(references[1])
    assert case["operation"]["id"] != first["id"]
    refused = world.decide(case, [approve(item) for item in case["items"]], who="was there")
    assert refused.status_code == 403


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["OP-2000-0001", "{first}"], "There is no operation OP-2000-0001."),
        (["{operation}", "{other}"], "Not about {operation}: {other}."),
        (["{operation}", "AAN-2000-0001", "{first}"], "Not about {operation}: AAN-2000-0001."),
        (["{operation}", "{first}", "{second}"], "All notes would leave {operation}. Keep one."),
    ],
)
def test_what_cannot_be_separated_is_said_and_left_as_it_is(world, command, arguments, said):
    changes = ({}, {}, {"title": "Drought"})
    first, second, other = (submit(world, **each)["reference"] for each in changes)
    world.carry()
    operation = world.case_of(first)["operation"]["reference"]
    names = {"first": first, "second": second, "other": other, "operation": operation}

    done = command("operations", "separate", *(text.format(**names) for text in arguments))

    assert done.exit_code == 1
    assert str(done.exception) == said.format(**names)
    assert numbers(world) == [1, 1, 2]


def test_a_note_that_was_separated_stays_so_when_it_comes_back_corrected(world: World, command):
    submit(world)
    reference = submit(world)["reference"]
    returned(world, reference)
    operation = world.case_of(reference)["operation"]["reference"]
    assert command("operations", "separate", operation, reference).exit_code == 0

    assert correct(world, reference, 1, flood(places=["Mao"])).status_code == 200

    assert numbers(world) == [1, 2]
    world.carry()
    assert world.case_of(reference)["operation"]["reference"].endswith("-0002")


def test_what_separated_notes_say_counts_for_their_own_operation_only(world: World, command):
    submit(world, started_on="2011")
    reference = submit(world, glide="FL-2011-000001-TCD")["reference"]
    world.carry()
    operation = world.case_of(reference)["operation"]["reference"]
    assert command("operations", "separate", operation, reference).exit_code == 0

    submit(world, started_on="2011-08", glide="FL-2011-000002-TCD")

    assert numbers(world) == [1, 2, 1]


def test_review_is_told_once_of_references_not_heard_of(world: World, command, both_backends):
    world.publish(water("5"))
    world.submit(flood(title="Drought"))
    forget_references(world)
    cursor = world.call("editor", "GET", "/api/v1/entries").json["next"]

    outputs = [command("operations", "tell").output for _ in range(2)]
    world.carry()

    assert outputs == ["Review is told of 2 notes.\n", "Review is told of 0 notes.\n"]
    changes = world.call("editor", "GET", f"/api/v1/entries?since={cursor}").json["entries"]
    assert [entry["operation"]["reference"][-5:] for entry in changes] == ["-0001"]


def forget_references(world: World) -> None:
    """Make both databases such as they were before operations had references."""
    for database, table, name in (
        (world.intake_db, OutboxEvent, "data"),
        (world.review_db, Case, "operation"),
        (world.review_db, Entry, "operation"),
    ):
        with database.sessions.begin() as session:
            for row in session.scalars(select(table)):
                stored = dict(getattr(row, name))
                inner = dict(stored.get("operation", {}))
                inner.pop("reference", None)
                stored.pop("reference", None)
                setattr(row, name, {**stored, **({"operation": inner} if inner else {})})
