"""A benchmark against the catalogue: units, ratios and values, without a database."""

import pytest
from flask import Flask
from flask_babel import Babel

from services.intake.schemas import as_sent
from services.intake.schemas.measures import measure
from shared.domain.codelists.indicator import Indicator

CATALOGUE = {
    "days": Indicator("days", 1, {"unit": "days", "measure": "unit"}),
    "share": Indicator("share", 1, {"unit": "%", "measure": "percentage"}),
    "persons": Indicator("persons", 1, {"unit": "persons", "measure": "unit", "whole": True}),
    "checked": Indicator("checked", 1, {"unit": "%", "measure": "percentage", "at_most": "100"}),
    "per": Indicator("per", 1, {"unit": "persons/movement", "measure": "ratio"}),
}
PROPOSED = {"name": "Meals", "definition": "…", "unit": "meals", "direction": "higher"}


@pytest.fixture(autouse=True)
def page():
    """Errors name units in the language of a page."""
    app = Flask("page")
    Babel(app)
    with app.test_request_context():
        yield


def check(unread=frozenset(), **values):
    benchmark, errors = measure({"unit": "days", **values}, CATALOGUE, unread)
    return benchmark, sorted(errors)


def test_a_value_in_the_unit_of_its_indicator_stays_as_it_is():
    assert check(indicator="days", value="1.50") == (
        {"indicator": "days", "value": "1.50", "unit": "days", "entered": None},
        [],
    )


def test_figures_in_another_unit_of_the_kind_are_converted_and_kept_as_entered():
    values = {"value": "2", "baseline": "3", "target": "1", "numerator": None, "denominator": None}

    converted, errors = check(indicator="days", unit="weeks", **values)

    assert errors == []
    assert [converted[name] for name in ("value", "baseline", "target")] == ["14", "21", "7"]
    assert (converted["unit"], converted["indicator"]) == ("days", "days")
    entered = {"unit": "weeks", "value": "2", "baseline": "3", "target": "1"}
    assert converted["entered"] == entered
    sent = {"indicator": "days", "unit": "weeks", **values}
    assert as_sent({"benchmarks": [converted]}) == {"benchmarks": [sent]}


def test_only_figures_that_were_given_are_converted():
    converted, errors = check(indicator="days", unit="weeks", value="2", baseline=None)

    assert (converted["value"], converted["baseline"], errors) == ("14", None, [])
    assert converted["entered"] == {"unit": "weeks", "value": "2"}


@pytest.mark.parametrize(
    ("values", "wrong"),
    [
        ({"indicator": "days", "value": "1", "unit": "litres"}, ["unit"]),
        ({"indicator": "days", "value": None, "unit": "litres"}, ["unit"]),
        ({"indicator": "none", "value": "1"}, ["indicator"]),
        ({"indicator": None, "proposed": None, "value": "1"}, ["indicator"]),
        ({"value": "1"}, ["indicator"]),
        ({"indicator": "days", "proposed": PROPOSED, "value": "1"}, ["proposed"]),
        ({"indicator": "days", "value": None}, ["value"]),
        ({"indicator": None, "proposed": PROPOSED, "value": "3", "unit": "meals"}, []),
        ({"indicator": None, "proposed": PROPOSED, "value": "3", "unit": "days"}, ["unit"]),
        ({"indicator": None, "proposed": PROPOSED, "value": None, "unit": "meals"}, ["value"]),
    ],
)
def test_indicator_unit_and_value_must_be_there_and_fit(values, wrong):
    assert check(**values)[1] == wrong


@pytest.mark.parametrize(
    ("indicator", "unit", "above", "below", "value"),
    [
        ("share", "%", "1", "2", "50"),
        ("share", "%", "0", "2", "0"),
        ("share", "%", "1", "3", "33.33"),
        ("per", "persons/movement", "1398", "10", "139.8"),
        ("per", "persons/movement", "3", "2", "1.5"),
    ],
)
def test_numerator_and_denominator_give_the_value(indicator, unit, above, below, value):
    values = {"indicator": indicator, "unit": unit, "numerator": above, "denominator": below}

    measured, errors = check(**values, value=None)

    assert (measured["value"], errors) == (value, [])


@pytest.mark.parametrize(
    ("value", "wrong"),
    [
        ("50", []),
        ("50.5", []),
        ("49.5", []),
        ("50.51", ["value"]),
        ("49.49", ["value"]),
        ("0.5", ["value"]),
    ],
)
def test_a_value_beside_its_two_numbers_may_be_rounded_by_one_per_cent(value, wrong):
    values = {"indicator": "share", "unit": "%", "numerator": "1", "denominator": "2"}

    assert check(**values, value=value)[1] == wrong


@pytest.mark.parametrize(
    ("above", "below", "wrong"),
    [
        ("1", None, ["denominator"]),
        (None, "2", ["numerator"]),
        ("1", "0", ["denominator"]),
        ("1", "0.0", ["denominator"]),
        (None, None, ["value"]),
    ],
)
def test_a_ratio_needs_both_numbers_and_no_zero_below(above, below, wrong):
    values = {"indicator": "share", "unit": "%", "numerator": above, "denominator": below}

    assert check(**values, value=None)[1] == wrong


def test_two_numbers_beside_a_value_that_is_no_ratio_do_not_change_it():
    values = {"indicator": "days", "numerator": "1", "denominator": "2"}

    assert check(**values, value="9") == (
        {"unit": "days", **values, "value": "9", "entered": None},
        [],
    )
    assert check(**values, value=None)[1] == ["value"]


def test_a_proposal_may_be_a_ratio():
    values = {"indicator": None, "proposed": PROPOSED, "unit": "meals", "value": None}

    measured, errors = check(**values, numerator="9", denominator="2")

    assert (measured["value"], errors) == ("4.5", [])


@pytest.mark.parametrize(
    ("unread", "values", "wrong"),
    [
        ({"indicator"}, {"value": "1"}, []),
        ({"proposed"}, {"value": "1"}, []),
        ({"indicator"}, {"value": None}, ["value"]),
        ({"unit"}, {"indicator": "days", "value": "1", "unit": "litres"}, []),
        ({"unit"}, {"indicator": "days", "value": None}, []),
        ({"value"}, {"indicator": "days"}, []),
        ({"numerator"}, {"indicator": "share", "unit": "%", "denominator": "2"}, []),
        ({"denominator"}, {"indicator": "share", "unit": "%", "numerator": "2"}, []),
        ({"place"}, {"indicator": "days", "value": None}, ["value"]),
        ({"value"}, {"indicator": "days", "unit": "litres"}, ["unit"]),
    ],
)
def test_of_a_field_that_is_wrong_already_nothing_more_is_said(unread, values, wrong):
    assert check(unread, **values)[1] == wrong


@pytest.mark.parametrize(
    ("indicator", "unit", "figures", "wrong"),
    [
        ("persons", "persons", {"value": "900"}, []),
        ("persons", "persons", {"value": "900.0"}, []),
        ("persons", "persons", {"value": "0.5"}, ["value"]),
        ("persons", "persons", {"value": "900", "target": "900.5"}, ["target"]),
        ("checked", "%", {"value": "100"}, []),
        ("checked", "%", {"value": "100.1"}, ["value"]),
        ("checked", "%", {"value": "80", "baseline": "250"}, ["baseline"]),
        ("checked", "%", {"numerator": "120", "denominator": "100"}, ["value"]),
        ("share", "%", {"value": "444.4"}, []),
        ("days", "days", {"value": "0.5"}, []),
    ],
)
def test_what_nobody_can_have_measured_is_refused(indicator, unit, figures, wrong):
    assert check(indicator=indicator, unit=unit, **figures)[1] == wrong
