"""What keeps values apart, and when there is no band: the edges of the comparison."""

import pytest

from services.review.library.model import Entry, Measured, compare
from shared.domain.codelists.indicator import Indicator

RATIO = {"use": "comparable", "unit": "persons/movement", "pool": "ratio"}


def indicator(**changes):
    definition = {"use": "comparable", "unit": "days", "pool": "operation-median", "split_by": []}
    return Indicator("x", 1, {**definition, **changes})


def entry(operation, value, **content):
    definition = {"type": content.pop("type", "evacuation")}
    return Entry(operation_id=operation, operation=definition, content={"value": value, **content})


def band(entries, **changes):
    (group,) = compare(indicator(**changes), entries)
    return group.band


@pytest.mark.parametrize(
    ("precision", "is_bounded"),
    [
        ("exact", False),
        (None, False),
        ("about", True),
        ("at_least", True),
        ("at_most", True),
    ],
)
def test_a_value_that_is_not_exact_makes_a_band_of_bounds(precision, is_bounded):
    values = [entry(1, "3"), entry(2, "4", precision=precision)]

    assert band(values).bounded is is_bounded


def test_a_value_without_a_word_on_its_precision_is_exact():
    assert Measured.of(entry(1, "3")).precision == "exact"
    assert Measured.of(entry(1, "3", precision=None)).precision == "exact"
    assert Measured.of(entry(1, "3", precision="about")).precision == "about"


@pytest.mark.parametrize(
    ("above", "below"),
    [("1398", None), (None, "10"), (None, None), ("1398", "")],
)
def test_half_a_ratio_is_none_and_pools_nothing(above, below):
    values = [
        entry(1, "139.8", numerator="1398", denominator="10"),
        entry(2, "139.8", numerator=above, denominator=below),
    ]

    assert Measured.of(values[1]).ratio is None
    assert band(values, **RATIO).pooled is None


def test_only_an_indicator_that_is_pooled_as_a_ratio_has_a_pooled_figure():
    values = [entry(1, "139.8", numerator="1398", denominator="10")]

    assert str(band(values, **RATIO).pooled) == "139.8"
    assert band(values).pooled is None


@pytest.mark.parametrize("pool", ["operation-median", "ratio"])
def test_what_is_only_context_has_no_band_however_it_could_be_pooled(pool):
    assert band([entry(1, "3")], use="context", pool=pool) is None
    assert band([entry(1, "3")], pool=pool) is not None


def test_spaces_around_a_leg_do_not_keep_values_apart():
    values = [entry(1, "3", leg="Sebha to Zouarké"), entry(2, "5", leg=" Sebha to Zouarké ")]

    (group,) = compare(indicator(split_by=["leg"]), values)

    assert group.split == {"leg": "Sebha to Zouarké"}
    assert (group.band.operations, str(group.band.median)) == (2, "4")


def test_values_are_kept_apart_by_all_that_must_be_equal_and_stand_in_its_order():
    values = [
        entry(1, "1", mode="sea", type="return"),
        entry(2, "2", mode=None, type="evacuation"),
        entry(3, "3", mode="road", type="return"),
        entry(4, "4", mode="air", type="return"),
        entry(5, "5", mode="road", type="evacuation"),
    ]

    groups = compare(indicator(split_by=["type", "mode"]), values)

    assert [(str(group.values[0].value), group.split, group.stated) for group in groups] == [
        ("5", {"type": "evacuation", "mode": "road"}, True),
        ("2", {"type": "evacuation"}, False),
        ("4", {"type": "return", "mode": "air"}, True),
        ("3", {"type": "return", "mode": "road"}, True),
        ("1", {"type": "return", "mode": "sea"}, True),
    ]


def test_what_a_note_says_elsewhere_is_no_answer_to_what_must_be_equal():
    (group,) = compare(indicator(split_by=["place"]), [entry(1, "3", place="Zouar")])

    assert (group.split, group.stated, group.band) == ({}, False, None)


def test_even_numbers_of_values_meet_in_the_middle_and_the_extremes_are_of_operations():
    values = [entry(1, "1"), entry(1, "9"), entry(2, "4"), entry(3, "6"), entry(4, "8")]

    definition = band(values)

    assert (definition.operations, definition.values) == (4, 5)
    assert (str(definition.low), str(definition.median), str(definition.high)) == ("4", "5.5", "8")
