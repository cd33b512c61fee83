"""Numbers and days as people write them into the form, and what is asked back."""

import re

import pytest
from freezegun import freeze_time
from sqlalchemy import select

from services.intake.model import Note
from testbed.world import World
from tests.intake.officer import NEW, OPERATION, Officer, note_of


def at_the_number(world: World, language: str = "en") -> Officer:
    officer = Officer(world, language)
    officer.begin()
    officer.step("indicator", indicator="water-per-person-day")
    return officer


def readings(officer: Officer) -> list[tuple[str, str]]:
    """The buttons that the page offers: what they send, and what stands on them."""
    found = re.findall(
        r'<button[^>]*name="reading"[^>]*value="([^"]*)"[^>]*>(.*?)</button>', officer.page, re.S
    ) or re.findall(
        r'<button[^>]*value="([^"]*)"[^>]*name="reading"[^>]*>(.*?)</button>', officer.page, re.S
    )
    return [(value, " ".join(words.split())) for value, words in found]


def value_of(world: World) -> str | None:
    return note_of(world)[2]["benchmarks"][0]["value"]


@freeze_time("2026-11-02")
@pytest.mark.parametrize(
    ("language", "typed", "kept"),
    [
        ("en", "March 2011", "2011-03"),
        ("fr", "15 mars 2011", "2011-03-15"),
        ("es", "marzo de 2011", "2011-03"),
        ("ar", "مارس ٢٠١١", "2011-03"),
        ("en", "15.3.11", "2011-03-15"),
        ("en", "\u200f2011-03", "2011-03"),
        ("en", "2011\u201303", "2011-03"),
    ],
)
def test_the_form_reads_a_day_as_people_write_it(world: World, language, typed, kept):
    officer = Officer(world, language)

    assert officer.begin(**{"operation.started_on": typed}).status_code == 302

    assert note_of(world)[2]["operation"]["started_on"] == kept


def test_a_day_with_two_readings_is_asked_back_and_chosen_by_a_button(world: World, both_backends):
    officer = Officer(world, "en")
    assert officer.begin(**{"operation.started_on": "03/04/2011"}).status_code == 422
    assert 'value="03/04/2011"' in officer.page
    assert readings(officer) == [
        ("operation.started_on=2011-04-03", "I mean 3 April 2011"),
        ("operation.started_on=2011-03-04", "I mean 4 March 2011"),
    ]

    action = re.search(r'<form method="post"[^>]*action="\s*([^"]*?)"', officer.page, re.S)
    answers = {**OPERATION, "operation.started_on": "03/04/2011"}
    chosen = officer.post(
        action.group(1).strip(), {**answers, "reading": "operation.started_on=2011-03-04"}
    )

    assert chosen.status_code == 302
    draft = note_of(world)[2]
    assert (draft["operation"]["started_on"], draft["unclear"]) == ("2011-03-04", {})


@pytest.mark.parametrize(
    ("language", "typed", "offered", "chosen", "kept"),
    [
        ("en", "36,5", ["I mean 36.5"], "value=36.5", "36.5"),
        ("en", "1.234", ["I mean 1.234", "I mean 1234"], "value=1234", "1234"),
        ("en", "12.000", ["I mean 12.000", "I mean 12000"], "value=12000", "12000"),
        ("es", "1.234", ["Quiero decir 1,234", "Quiero decir 1234"], "value=1.234", "1.234"),
    ],
)
def test_a_number_with_two_readings_is_asked_back_and_chosen_by_a_button(
    world: World, language, typed, offered, chosen, kept
):
    officer = at_the_number(world, language)

    assert officer.step("number", value=typed, how_known="measured").status_code == 422
    assert [words for _value, words in readings(officer)] == offered
    answer = officer.step("number", value=typed, how_known="measured", reading=chosen)

    assert answer.status_code == 302
    assert value_of(world) == kept


def test_what_the_form_shows_comes_back_as_it_was(world: World):
    officer = at_the_number(world)
    officer.step("number", value="1.234", how_known="measured", reading="value=1.234")
    officer.open(f"/intake/notes/{officer.receipt}/write/number/0")
    assert 'value="1.234"' in officer.page

    answer = officer.step("number", value="1.234", how_known="estimated")

    assert answer.status_code == 302
    assert value_of(world) == "1.234"


@pytest.mark.parametrize("reading", ["value=900; DROP", "value=", "source=900", "value=2011-03"])
def test_only_a_number_of_the_page_can_be_chosen(world: World, reading):
    officer = at_the_number(world)

    answer = officer.step("number", value="36,5", how_known="measured", reading=reading)

    assert answer.status_code == 422
    assert value_of(world) is None


def test_enter_never_chooses_a_reading(world: World):
    officer = at_the_number(world)
    officer.step("number", value="36,5", how_known="measured")

    form = officer.page[officer.page.index("data-keep") :]
    first = re.search(r"<button[^>]*>", form).group(0)

    assert "reading" not in first


@pytest.mark.parametrize(
    "typed", ["\u200e900", "900\u200f", "900\ufeff", "\u202a900\u202c", "９００"]
)
def test_the_form_reads_a_number_whatever_stands_around_it(world: World, typed):
    officer = at_the_number(world)

    assert officer.step("number", value=typed, how_known="measured").status_code == 302

    assert value_of(world) == "900"


def test_a_day_that_was_not_clear_stays_when_another_indicator_is_chosen(world: World):
    officer = at_the_number(world)
    officer.step("number", value="900", how_known="measured")
    officer.step("number-more", **{"period.start": "03/04/2011"})

    officer.step("indicator", indicator="days-in-transit")

    unclear = note_of(world)[2]["benchmarks"][0]["unclear"]
    assert unclear["period.start"]["typed"] == "03/04/2011"


def test_a_text_that_cannot_be_stored_is_named_and_begins_no_note(world: World, both_backends):
    officer = Officer(world, "en")
    officer.open(NEW)

    answer = officer.post(NEW, {**OPERATION, "operation.title": "Ti\x00tle"})

    assert answer.status_code == 422
    assert "Take out the hidden character after “Ti”: it cannot be stored." in officer.page
    with world.intake_db.readings() as session:
        assert session.scalars(select(Note)).all() == []


def test_a_note_keeps_nothing_that_nobody_sees(world: World, both_backends):
    officer = Officer(world, "en")
    officer.begin(**{"operation.title": "Con\u00advoys\x0bto \u202eChad\u202c"})

    assert note_of(world)[2]["operation"]["title"] == "Convoys\nto Chad"
