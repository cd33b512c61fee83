"""Days known to the day, the month or the year."""

from datetime import date

import pytest

from shared.platform.typed.days import Span, comes_before, first_day, last_day


def test_a_month_is_all_its_days():
    assert (first_day("2012-02"), last_day("2012-02")) == (date(2012, 2, 1), date(2012, 2, 29))
    assert (first_day("2011"), last_day("2011")) == (date(2011, 1, 1), date(2011, 12, 31))


@pytest.mark.parametrize(
    "text",
    [
        "2011-13",
        "2011-02-30",
        "11-02",
        "2011-3",
        "March 2011",
        "0000",
        "2011-00",
        "2011-05-00",
        "٢٠١١",
    ],
)
def test_what_is_no_day_is_refused(text):
    with pytest.raises(ValueError, match=r"day|month|year"):
        last_day(text)


def test_only_what_surely_ends_earlier_comes_before():
    assert comes_before("2010", "2011-03")
    assert not comes_before("2011", "2011-03")
    assert not comes_before("2011-03-09", "2011")


@pytest.mark.parametrize("day", ["2011-03-09", "2011-03", "2011"])
def test_a_day_does_not_come_before_itself(day):
    assert not comes_before(day, day)


@pytest.mark.parametrize(
    ("left", "right", "is_before"),
    [
        ("2011-03-08", "2011-03-09", True),
        ("2011-03-31", "2011-04", True),
        ("2011-04-01", "2011-04", False),
        ("2011-03", "2011-03-31", False),
        ("2011-03", "2011-04-01", True),
        ("2011-12-31", "2012", True),
        ("2011", "2011-12-31", False),
        ("2011", "2012-01-01", True),
    ],
)
def test_a_month_and_a_year_end_with_their_last_day(left, right, is_before):
    assert comes_before(left, right) is is_before


@pytest.mark.parametrize(
    ("one", "other", "both"),
    [
        ("2011", "2011-03", ("2011-03-01", "2011-03-31")),
        ("2011-03", "2011", ("2011-03-01", "2011-03-31")),
        ("2011-03", "2011-03-09", ("2011-03-09", "2011-03-09")),
        ("2012-02", "2012-02-29", ("2012-02-29", "2012-02-29")),
        ("2011-03", "2011-04", None),
        ("2011-12-31", "2012", None),
    ],
)
def test_what_two_days_may_both_mean(one, other, both):
    overlap = Span.of(one).overlap(Span.of(other))

    assert overlap == (both and Span(*map(date.fromisoformat, both)))
