"""What a note may leave out, and how its figures are read."""

import pytest

from testbed.notes import make_benchmark, make_note
from testbed.world import World, bad_fields

NOTES = "/intake/api/v1/notes"


def test_only_the_required_answers_are_required(world: World):
    note = {
        "operation": {
            "title": "A small operation",
            "type": "other",
            "countries": [{"code": "TCD"}],
            "started_on": "2020",
        },
        "organisation": "IOM",
        "language": "fr",
        "benchmarks": [
            {
                "indicator": "days-in-transit",
                "value": "3",
                "unit": "days",
                "phase": "during",
                "how_known": "measured",
            }
        ],
    }
    answer = world.call("field", "POST", NOTES, note, Idempotency_Key="k")

    assert answer.status_code == 201


def test_a_unit_that_can_be_converted_is_and_the_figures_given_are_kept(world: World):
    benchmark = make_benchmark(indicator="days-in-transit", value="36", unit="hours", target="48")
    reference = world.submit(make_note(benchmarks=[benchmark]))["reference"]

    case = world.case_of(reference)
    content = case["items"][1]["content"]
    assert (content["value"], content["target"], content["unit"]) == ("1.5", "2", "days")
    assert content["entered"] == {"unit": "hours", "value": "36", "target": "48"}


@pytest.mark.parametrize("value", ["999999999999999", "0.000000001", "12.50"])
def test_the_same_unit_under_another_name_leaves_every_digit_as_it_was_given(world: World, value):
    benchmark = make_benchmark(
        indicator="persons-per-movement", value=value, unit="persons per movement"
    )
    reference = world.submit(make_note(benchmarks=[benchmark]))["reference"]

    content = world.case_of(reference)["items"][1]["content"]
    assert (content["value"], content["unit"]) == (value, "persons/movement")


def test_a_percentage_may_leave_its_value_to_numerator_and_denominator(world: World):
    benchmark = make_benchmark(
        indicator="transit-demand-share", value=None, unit="%", numerator="4000", denominator="900"
    )
    reference = world.submit(make_note(benchmarks=[benchmark]))["reference"]

    assert world.case_of(reference)["items"][1]["content"]["value"] == "444.4"


def test_a_value_that_contradicts_its_numerator_and_denominator_is_refused(world: World):
    benchmark = make_benchmark(
        indicator="transit-demand-share", value="44", unit="%", numerator="4000", denominator="900"
    )
    answer = world.call(
        "field", "POST", NOTES, make_note(benchmarks=[benchmark]), Idempotency_Key="k"
    )

    assert bad_fields(answer) == ["benchmarks.0.value"]
    assert "444.4" in answer.json["errors"][0]["detail"]


def test_a_missing_indicator_can_be_proposed(world: World):
    proposed = {
        "name": "Hot meals",
        "definition": "Meals served",
        "unit": "meals",
        "direction": "higher",
    }
    note = make_note(
        benchmarks=[make_benchmark(indicator=None, proposed=proposed, unit="meals", value="3")]
    )

    answer = world.call("field", "POST", NOTES, note, Idempotency_Key="k")

    assert answer.status_code == 201


@pytest.mark.parametrize(
    ("value", "unit"), [("2", "jours"), ("2", "días"), ("2", "يوم"), ("48", "heures")]
)
def test_a_unit_may_be_named_in_any_language_of_the_register(world: World, value, unit):
    benchmark = make_benchmark(indicator="hours-to-registration", value=value, unit=unit)
    reference = world.submit(make_note(benchmarks=[benchmark]))["reference"]
    assert world.case_of(reference)["items"][1]["content"]["value"] == "48"


@pytest.mark.parametrize("unit", ["2 persons", "kpersons", "bananas"])
def test_a_unit_holds_no_number_of_its_own(world: World, unit):
    note = make_note(benchmarks=[make_benchmark(unit=unit)])
    answer = world.call("field", "POST", "/intake/api/v1/notes", note, Idempotency_Key="u")
    assert bad_fields(answer) == ["benchmarks.0.unit"]
