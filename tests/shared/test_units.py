"""Units that fit each other, and units that do not."""

from decimal import Decimal

import pytest

from shared.domain.codelists.indicator import starter_catalogue
from shared.domain.values.units import NotConvertibleError, computed, convert, same_unit


@pytest.mark.parametrize(
    ("value", "unit", "wanted", "converted"),
    [
        ("36", "hours", "days", "1.5"),
        ("2", "weeks", "days", "14"),
        ("1234567", "people", "persons", "1234567"),
        ("3", "incidents/movement", "incidents/100 movements", "300"),
        ("214", "persons/day", "persons/week", "1498"),
        ("2", "m²/person", "m2/person", "2"),
    ],
)
def test_a_unit_of_the_same_kind_is_converted(value, unit, wanted, converted):
    assert str(convert(Decimal(value), unit, wanted)) == converted


@pytest.mark.parametrize(
    ("value", "unit", "wanted", "converted"),
    [
        ("999999999999999", "persons per movement", "persons/movement", "999999999999999"),
        ("999999999999999.123456789", "people", "persons", "999999999999999.123456789"),
        ("1.50", "persons/7 days", "persons/week", "1.50"),
        ("0.000000001", "people", "persons", "0.000000001"),
        ("999999999999999.999999999", "weeks", "days", "6999999999999999.999999993"),
        ("142857142857142.857142857", "persons/day", "persons/week", "999999999999999.999999999"),
        ("123456789.123456789", "hours", "days", "5144032.880144033"),
        ("0.1", "persons/day", "persons/week", "0.7"),
        ("1", "hours", "days", "0.0416666666667"),
        ("0.000000001", "hours", "weeks", "0.00000000000595238095238"),
        ("0", "hours", "days", "0"),
    ],
)
def test_no_digit_that_can_be_written_is_lost_and_none_is_made_up(value, unit, wanted, converted):
    assert format(convert(Decimal(value), unit, wanted), "f") == converted


@pytest.mark.parametrize(
    "unit", ["litres", "%", "5", "", "days*days", "__import__", "1/0", "degC", "x" * 61, "9**9**9"]
)
def test_a_unit_of_another_kind_or_none_at_all_is_refused(unit):
    with pytest.raises(NotConvertibleError):
        convert(Decimal(1), unit, "days")


@pytest.mark.parametrize(
    "indicator", starter_catalogue().values(), ids=lambda indicator: indicator.code
)
def test_every_unit_of_the_catalogue_is_known(indicator):
    assert same_unit(indicator.unit + " ", indicator.unit)


@pytest.mark.parametrize(
    ("ratio", "shown"),
    [("1102.4", "1102.4"), ("444.444", "444.4"), ("81.4667", "81.47"), ("0.004567", "0.00457")],
)
def test_a_computed_ratio_claims_no_more_than_it_knows(ratio, shown):
    assert str(computed(Decimal(ratio))) == shown
