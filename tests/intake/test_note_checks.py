"""What a note may say, checked without a database."""

from contextlib import nullcontext
from typing import Any

import pytest
from freezegun import freeze_time

from services.intake.schemas import check_note
from shared.domain.codelists.indicator import starter_catalogue
from shared.platform.errors import InvalidError
from testbed.notes import make_benchmark, make_lesson, make_note


def wrong_fields(note: dict[str, Any]) -> list[str]:
    """The fields that are wrong with a note; none when it is taken."""
    try:
        check_note(note, starter_catalogue())
    except InvalidError as error:
        return sorted(error.errors)
    return []


def ended(first: str, last: str) -> dict[str, Any]:
    return make_note(operation__started_on=first, operation__ended_on=last)


@pytest.mark.parametrize(
    ("first", "last", "wrong"),
    [
        ("2011-03-09", "2011-03-09", []),
        ("2011-03-09", "2011-03", []),
        ("2011-03", "2011", []),
        ("2011-03-09", "2011-03-08", ["operation.ended_on"]),
        ("2011-03", "2011-02-28", ["operation.ended_on"]),
    ],
)
def test_an_operation_may_end_on_the_day_on_which_it_started_and_not_before(first, last, wrong):
    assert wrong_fields(ended(first, last)) == wrong


@pytest.mark.parametrize(
    ("came", "left", "wrong"),
    [
        ("2011-05-02", "2011-05-02", []),
        ("2011-05-02", "2011-05-01", ["partners.0.left_on"]),
        (None, "2011-05-01", []),
        ("2011-05-02", None, []),
    ],
)
def test_a_partner_may_leave_on_the_day_on_which_it_came_and_not_before(came, left, wrong):
    partner = {"organisation": "MSF Holland", "entered_on": came, "left_on": left}

    assert wrong_fields(make_note(partners=[partner])) == wrong


@pytest.mark.parametrize(
    ("start", "end", "wrong"),
    [
        ("2011-05-02", "2011-05-02", []),
        ("2011-05", "2011-05-31", []),
        ("2011-05-02", "2011-05-01", ["benchmarks.0.period.end"]),
    ],
)
def test_a_period_may_be_one_day_and_does_not_run_backward(start, end, wrong):
    benchmark = make_benchmark(period={"start": start, "end": end})

    assert wrong_fields(make_note(benchmarks=[benchmark])) == wrong


@freeze_time("2026-03-31 09:59")
@pytest.mark.parametrize(
    ("day", "is_wrong"),
    [
        ("2026-03-31", False),
        ("2026-03", False),
        ("2026", False),
        ("2026-04-01", True),
        ("2026-04", True),
        ("2027", True),
    ],
)
def test_today_is_not_in_the_future_and_tomorrow_is(day, is_wrong):
    measured = make_benchmark(period={"start": day, "end": None})
    until = make_benchmark(period={"start": "2026-01-01", "end": day})

    started = make_note(operation__started_on=day)

    assert wrong_fields(started) == (["operation.started_on"] if is_wrong else [])
    assert wrong_fields(make_note(benchmarks=[measured])) == (
        ["benchmarks.0.period.start"] if is_wrong else []
    )
    assert wrong_fields(make_note(benchmarks=[until])) == (
        ["benchmarks.0.period.end"] if is_wrong else []
    )


@freeze_time("2026-03-31 10:00")
def test_a_day_is_not_in_the_future_once_it_has_begun_somewhere_on_earth():
    assert wrong_fields(make_note(operation__started_on="2026-04-01")) == []
    assert wrong_fields(make_note(operation__started_on="2026-04-02")) == ["operation.started_on"]


@pytest.mark.parametrize(
    ("glide", "wrong"),
    [
        ("OT-2011-000025-LBY", []),
        (None, []),
        ("ot-2011-000025-LBY", ["operation.glide"]),
        ("OT-2011-000025-LBYX", ["operation.glide"]),
        ("OT-2011-25-LBY", ["operation.glide"]),
        ("OT-٢٠١١-000025-LBY", ["operation.glide"]),
    ],
)
def test_a_glide_number_has_its_form(glide, wrong):
    assert wrong_fields(make_note(operation__glide=glide)) == wrong


def test_a_note_says_at_least_one_lesson_or_benchmark():
    assert wrong_fields(make_note(lessons=[], benchmarks=[])) == ["lessons"]
    assert wrong_fields(make_note(lessons=[])) == []
    assert wrong_fields(make_note(benchmarks=[])) == []


@pytest.mark.parametrize(
    ("name", "wrong"), [("!!!", ["organisation"]), ("42", ["organisation"]), ("3iS", [])]
)
def test_an_organisation_has_a_letter_in_its_name(name, wrong):
    assert wrong_fields(make_note(organisation=name)) == wrong


@pytest.mark.parametrize(
    ("note", "most", "wrong"),
    [
        (lambda count: make_note(lessons=[make_lesson()] * count), 50, "lessons"),
        (lambda count: make_note(benchmarks=[make_benchmark()] * count), 100, "benchmarks"),
        (lambda count: make_note(partners=[{"organisation": "MSF"}] * count), 50, "partners"),
        (lambda count: make_note(sources=["A report"] * count), 50, "sources"),
        (lambda count: make_note(heard_from=["staff"] * count), 4, "heard_from"),
        (lambda count: make_note(operation__places=["Zouar"] * count), 50, "operation.places"),
        (
            lambda count: make_note(operation__countries=[{"code": "TCD"}] * count),
            30,
            "operation.countries",
        ),
        (lambda count: make_note(lessons=[make_lesson(title="x" * count)]), 300, "lessons.0.title"),
        (
            lambda count: make_note(lessons=[make_lesson(observation="x" * count)]),
            10_000,
            "lessons.0.observation",
        ),
        (
            lambda count: make_note(benchmarks=[make_benchmark(place="x" * count)]),
            200,
            "benchmarks.0.place",
        ),
        (
            lambda count: make_note(benchmarks=[make_benchmark(leg="x" * count)]),
            200,
            "benchmarks.0.leg",
        ),
        (
            lambda count: make_note(benchmarks=[make_benchmark(source="x" * count)]),
            1000,
            "benchmarks.0.source",
        ),
        (lambda count: make_note(sources=["x" * count]), 1000, "sources.0"),
        (lambda count: make_note(operation__places=["x" * count]), 200, "operation.places.0"),
    ],
)
def test_as_much_as_is_allowed_is_taken_and_one_more_is_refused(note, most, wrong):
    assert wrong_fields(note(most)) == []
    assert wrong_fields(note(most + 1)) == [wrong]


WATER = {"indicator": "water-per-person-day", "unit": "L/person/day"}
LIMIT = "Write at most 15 digits before the decimal sign and at most 9 behind it."
FORM = "Write the number with digits and at most one decimal point, such as 36.5."


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("123456789012345.123456789", None),
        ("1234567890123456", LIMIT),
        ("1.1234567890", LIMIT),
        ("-1234567890123456", LIMIT),
        ("36,5", FORM),
        ("1.2.3", FORM),
        ("36.", FORM),
        ("-1", "Write a number that is zero or more."),
    ],
)
def test_a_number_that_is_too_long_is_told_how_long_it_may_be(value, said):
    with pytest.raises(InvalidError) if said else nullcontext() as refused:
        check_note(
            make_note(benchmarks=[make_benchmark(**WATER, value=value)]), starter_catalogue()
        )

    if said:
        assert [str(text) for text in refused.value.errors["benchmarks.0.value"]] == [said]
