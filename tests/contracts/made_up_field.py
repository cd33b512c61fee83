"""What test_declaration runs in a copy of the code in which a lesson, a benchmark and a partner
have one field more.
"""

import csv
import io

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from shared.platform.persistence import redaction
from shared.platform.persistence.outbox import OutboxEvent
from testbed.notes import approve, make_benchmark, make_lesson, make_note
from testbed.world import World

COST = "It cost 2,000 dollars."
CREW = "Six drivers."
FUEL = "Paid by the ministry."


@pytest.fixture
def note() -> dict:
    """A note that says something in each of the made-up fields."""
    return make_note(
        lessons=[make_lesson(cost_note=COST)],
        benchmarks=[make_benchmark(crew_note=CREW)],
        partners=[{"organisation": "MSF Holland", "fuel_note": FUEL}],
    )


@pytest.fixture
def published(world: World, note: dict) -> dict[str, str]:
    """The note, published: the references of its entries by their kinds."""
    case = world.case_of(world.submit(note)["reference"])
    assert [case["items"][0]["content"]["cost_note"], case["items"][1]["content"]["crew_note"]] == [
        COST,
        CREW,
    ]
    answer = world.decide(case, [approve(item) for item in case["items"]])
    assert answer.status_code == 200, answer.json
    entries = world.call(None, "GET", "/api/v1/entries").json["entries"]
    return {entry["kind"]: entry["reference"] for entry in entries}


def test_it_is_asked_for_by_the_form_and_kept(world: World):
    browser = world.intake
    first = {
        "operation.title": "Return of migrants",
        "operation.type": "evacuation",
        "operation.countries.0.code": "TCD",
        "operation.started_on": "2011-03",
        "organisation": "Chad Migration Support",
    }
    address = browser.post("/intake/notes/new", data=first).headers["Location"]
    lesson = {"observation": "It rained.", "recommendation": "Bring tents."}
    browser.post(address, data=lesson)
    more = address.replace("/lesson/", "/lesson-more/")

    assert b'name="cost_note"' in browser.get(more).data
    answer = browser.post(more, data={"cost_note": COST})

    assert answer.status_code == 302
    check = browser.get(address.replace("/write/lesson/0", "/check")).text
    assert "What it cost" in check
    assert COST in check


def test_the_answer_to_its_sender_shows_it(world: World, note: dict):
    reference = world.submit(note)["reference"]

    answer = world.call("field", "GET", f"/intake/api/v1/notes/{reference}").json

    assert answer["note"]["lessons"][0]["cost_note"] == COST
    assert answer["note"]["benchmarks"][0]["crew_note"] == CREW
    assert answer["note"]["partners"][0]["fuel_note"] == FUEL


def test_the_event_carries_it_and_can_be_redacted(world: World, note: dict):
    world.submit(note)

    with world.intake_db.readings() as session:
        event = session.scalars(select(OutboxEvent)).one()
        free = redaction.free_texts(event.type, event.data)

    assert free["items.0.lesson.cost_note"] == COST
    assert free["items.1.benchmark.crew_note"] == CREW
    assert free["partners.0.fuel_note"] == FUEL


def test_pages_show_it(world: World, published: dict[str, str]):
    lesson = world.review.get(f"/library/entries/{published['lesson']}").text
    benchmark = world.review.get(f"/library/entries/{published['benchmark']}").text

    assert "What it cost" in lesson
    assert COST in lesson
    assert CREW in benchmark
    assert FUEL in benchmark


def test_the_api_and_the_feeds_say_it(world: World, published: dict[str, str]):
    entry = world.call(None, "GET", f"/api/v1/entries/{published['lesson']}").json

    assert entry["lesson"]["cost_note"] == COST
    assert entry["partners"][0]["fuel_note"] == FUEL
    assert COST in world.review.get("/feeds/lessons.json").text
    assert COST in world.review.get("/feeds/lessons.atom").text


def test_tables_have_a_column_for_it(world: World, published: dict[str, str]):
    plain = list(
        csv.DictReader(io.StringIO(world.review.get("/feeds/lessons.csv").data.decode("utf-8-sig")))
    )
    headings, tags, values = csv.reader(
        io.StringIO(world.review.get("/feeds/benchmarks.hxl.csv").text)
    )
    book = CalamineWorkbook.from_filelike(io.BytesIO(world.review.get("/feeds/lessons.xlsx").data))
    top, row = book.get_sheet_by_index(0).to_python()

    assert plain[0]["cost_note"] == COST
    assert (tags[headings.index("crew_note")], values[headings.index("crew_note")]) == (
        "#meta+crew",
        CREW,
    )
    assert row[top.index("cost_note")] == COST
