"""The keys of what a note says come in the order in which they are declared, whatever the database
makes of them.
"""

import csv
import io

import pytest

from services.review.base import Background
from shared.domain.codelists import Definition
from shared.domain.content.parts import BenchmarkContent, OperationContent
from shared.domain.content.schemas import in_order
from testbed.notes import make_benchmark, make_lesson, make_note
from testbed.world import World

OPERATION = [
    "title",
    "type",
    "countries",
    "places",
    "started_on",
    "ended_on",
    "information_to",
    "requested_by",
    "lead_agency",
    "glide",
    "identifiers",
    "reference",
    "id",
]
PARTNER = [
    "organisation",
    "role",
    "entered_on",
    "entry_criterion",
    "left_on",
    "exit_criterion",
    "partners_told_on",
]
LESSON = [
    "title",
    "kind",
    "phase",
    "stage",
    "sector",
    "observation",
    "discussion",
    "conclusion",
    "recommendation",
]
BENCHMARK = [
    "indicator",
    "proposed",
    "value",
    "numerator",
    "denominator",
    "how_known",
    "precision",
    "period",
    "place",
    "mode",
    "leg",
    "phase",
    "stage",
    "target",
    "baseline",
    "unit",
    "source",
    "remark",
    "entered",
]

NOTE = make_note(
    operation__identifiers=[{"scheme": "appeal", "id": "MDRTD012"}],
    lessons=[make_lesson()],
    benchmarks=[make_benchmark(indicator="days-in-transit", value="36", unit="hours")],
)


def assert_in_order(operation, partners, lesson, benchmark):
    assert list(operation) == OPERATION
    assert list(operation["countries"][0]) == ["code", "role"]
    assert list(operation["identifiers"][0]) == ["scheme", "id"]
    assert list(partners[0]) == PARTNER
    assert list(lesson) == LESSON
    assert list(benchmark) == BENCHMARK
    assert list(benchmark["period"]) == ["start", "end"]
    assert list(benchmark["entered"]) == ["value", "unit"]


def test_the_library_says_what_it_says_in_the_declared_order(world: World, both_backends):
    world.publish(NOTE)

    lesson, benchmark = world.call(None, "GET", "/api/v1/entries").json["entries"]
    assert_in_order(
        lesson["operation"], lesson["partners"], lesson["lesson"], benchmark["benchmark"]
    )
    (item,) = world.call(None, "GET", "/feeds/lessons.json").json["items"]
    assert list(item["_register"]["operation"]) == OPERATION


def test_the_desk_shows_a_case_in_the_declared_order(world: World, both_backends):
    case = world.case_of(world.submit(NOTE)["reference"])

    assert_in_order(
        case["operation"],
        case["background"]["partners"],
        case["items"][0]["content"],
        case["items"][1]["content"],
    )
    assert list(case["background"]) == ["partners", "heard_from", "sources"]
    for done in case["history"]:
        assert list(done["detail"]) == sorted(done["detail"])


def test_intake_gives_a_note_back_in_the_declared_order(world: World, both_backends):
    reference = world.submit(NOTE)["reference"]

    note = world.call("field", "GET", f"/intake/api/v1/notes/{reference}").json["note"]

    assert list(note["operation"]) == OPERATION[:-1]
    assert list(note["partners"][0]) == PARTNER
    assert list(note["lessons"][0]) == LESSON


def test_what_others_call_an_operation_is_written_kind_first(world: World, both_backends):
    world.publish(NOTE)

    table = world.call(None, "GET", "/feeds/lessons.csv").data.decode("utf-8-sig")

    (row,) = csv.DictReader(io.StringIO(table))
    assert row["identifiers"] == "appeal MDRTD012"


def test_an_indicator_that_was_accepted_reads_like_the_others(world: World, both_backends):
    meals = {
        "name": "Hot meals",
        "definition": "Hot meals given out to each person in a day.",
        "unit": "meals",
        "direction": "higher",
    }
    proposal = make_benchmark(indicator=None, proposed=meals, unit="meals", value="2")
    case = world.case_of(world.submit(make_note(language="fr", benchmarks=[proposal]))["reference"])
    path = f"/review/api/v1/cases/{case['id']}/items/{case['items'][1]['id']}/indicator"
    body = {"version": case["version"], "accept": True, "code": "hot-meals", "family": "quality"}
    answer = world.call("editor", "POST", path, body)
    assert answer.status_code == 200, answer.json

    listed = world.call(None, "GET", "/api/v1/indicators").json["indicators"]

    (found,) = [one for one in listed if one["code"] == "hot-meals"]
    assert list(found) == [
        "code",
        "version",
        "name",
        "definition",
        "ask",
        "family",
        "use",
        "types",
        "sectors",
        "measure",
        "unit",
        "direction",
        "pool",
    ]
    assert list(found["name"]) == ["en", "fr"]


@pytest.mark.parametrize(
    ("part", "said", "names"),
    [
        (
            OperationContent,
            {"id": 1, "title": "", "added_later": 2},
            ["title", "added_later", "id"],
        ),
        (
            BenchmarkContent,
            {"entered": None, "unit": "", "indicator": ""},
            ["indicator", "unit", "entered"],
        ),
        (Background, {"sources": [], "partners": []}, ["partners", "sources"]),
        (Definition, {"unit": "", "code": ""}, ["code", "unit"]),
        (None, {"b": 1, "a": 2}, ["a", "b"]),
    ],
)
def test_what_is_declared_comes_first_and_the_rest_by_its_name(part, said, names):
    assert list(in_order(part, said)) == names
