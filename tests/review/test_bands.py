"""What may be compared, and what several values say together.

Expected figures were worked out by hand.
"""

from decimal import Decimal

from services.review.library.model import Entry, compare
from shared.domain.codelists.indicator import Indicator, starter_catalogue

CATALOGUE = starter_catalogue()


def entry(operation, value, **content):
    return Entry(
        operation_id=operation,
        operation={
            "type": content.pop("type", "evacuation"),
            "title": str(operation),
            "started_on": "2011",
        },
        content={"value": value, **content},
    )


def figures(group):
    band = group.band
    return band and (band.operations, band.values, str(band.median), str(band.low), str(band.high))


def test_the_median_is_over_operations_each_with_the_median_of_its_own_values():
    values = [entry(1, "1"), entry(1, "3"), entry(1, "20"), entry(2, "5"), entry(3, "10")]

    (group,) = compare(CATALOGUE["days-in-transit"], values)

    assert figures(group) == (3, 5, "5", "3", "10")


def test_values_are_split_by_what_the_catalogue_says_must_be_equal():
    values = [
        entry(1, "139.8", mode="air"),
        entry(1, "81.47", mode="road"),
        entry(2, "144.4", mode="air"),
    ]

    air, road = compare(CATALOGUE["persons-per-movement"], values)

    assert (air.split, figures(air)) == ({"mode": "air"}, (2, 2, "142.1", "139.8", "144.4"))
    assert (road.split, figures(road)) == ({"mode": "road"}, (1, 1, "81.47", "81.47", "81.47"))


def test_a_ratio_pools_numerators_over_denominators_when_all_are_known():
    both = [
        entry(1, "139.8", mode="air", numerator="1398", denominator="10"),
        entry(2, "144.4", mode="air", numerator="2743", denominator="19"),
    ]

    (group,) = compare(CATALOGUE["persons-per-movement"], both)
    (lacking,) = compare(CATALOGUE["persons-per-movement"], [*both, entry(3, "100", mode="air")])

    assert str(group.band.pooled) == "142.8"
    assert lacking.band.pooled is None


def test_a_percentage_pools_to_a_percentage():
    values = [
        entry(1, "50", numerator="1", denominator="2"),
        entry(2, "100", numerator="6", denominator="6"),
    ]

    (group,) = compare(CATALOGUE["fit-to-travel-share"], values)

    assert str(group.band.pooled) == "87.5"


def test_context_is_shown_and_never_banded():
    (group,) = compare(CATALOGUE["persons-received"], [entry(1, "90000"), entry(2, "62692")])

    assert len(group.values) == 2
    assert group.band is None


def test_values_that_do_not_say_what_must_be_equal_are_shown_and_not_compared():
    stated, not_stated = compare(
        CATALOGUE["persons-per-movement"], [entry(1, "5"), entry(2, "6", mode="sea")]
    )

    assert (stated.stated, stated.split) == (True, {"mode": "sea"})
    assert (not_stated.stated, not_stated.band) == (False, None)


def test_a_split_that_no_note_can_answer_is_not_stated():
    (group,) = compare(CATALOGUE["left-sites-share"], [entry(1, "76.7"), entry(1, "97.5")])

    assert (group.stated, group.band) == (False, None)


def test_an_indicator_that_is_not_pooled_has_no_band():
    (group,) = compare(
        CATALOGUE["days-on-leg"], [entry(1, "14", mode="road", leg="Sebha to Zouarké")]
    )

    assert (group.stated, group.band) == (True, None)


def test_a_band_that_rests_on_bounds_says_so():
    exact, bounded = entry(1, "3"), entry(2, "4", precision="at_least")

    assert compare(CATALOGUE["days-in-transit"], [exact])[0].band.bounded is False
    assert compare(CATALOGUE["days-in-transit"], [exact, bounded])[0].band.bounded is True


def test_different_types_of_operation_are_kept_apart_where_the_catalogue_says_so():
    values = [entry(1, "444", type="evacuation"), entry(2, "100", type="reception")]

    groups = compare(CATALOGUE["transit-demand-share"], values)

    assert [group.split for group in groups] == [{"type": "evacuation"}, {"type": "reception"}]


def test_nothing_published_makes_no_group():
    assert compare(CATALOGUE["days-in-transit"], []) == []


def test_decimal_figures_keep_their_digits():
    indicator = Indicator("x", 1, {**CATALOGUE["days-in-transit"].definition, "split_by": []})
    (group,) = compare(indicator, [entry(1, "0.1"), entry(2, "0.2")])

    assert group.band.median == Decimal("0.15")
