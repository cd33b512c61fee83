"""Numbers as people write them."""

import pytest

from shared.platform.typed import UnclearError
from shared.platform.typed.numbers import read_number, type_number, write_number


@pytest.mark.parametrize(
    ("typed", "language", "number"),
    [
        ("36.5", "en", "36.5"),
        ("36,5", "fr", "36.5"),
        ("36,5", "es", "36.5"),
        ("٣٦٫٥", "ar", "36.5"),
        ("٣٦", "en", "36"),
        ("36.5", "ar", "36.5"),
        ("1,234.5", "en", "1234.5"),
        ("1.234.567", "es", "1234567"),
        ("12 345,6", "fr", "12345.6"),
        ("12\u202f345", "fr", "12345"),
        ("900", "ar", "900"),
        (" 0,5 ", "es", "0.5"),
        ("1٫234", "ar", "1.234"),
        ("1,234,567", "ar", "1234567"),
        ("+5", "en", "5"),
        ("1,234", "en", "1234"),
        ("0.985", "en", "0.985"),
        ("0,985", "fr", "0.985"),
        ("1.2345", "en", "1.2345"),
        ("1234.567", "en", "1234.567"),
        ("\u200e900", "en", "900"),
        ("900\ufeff", "fr", "900"),
        ("\u202a900\u202c", "ar", "900"),
        ("９００", "es", "900"),
        ("१२३", "en", "123"),
        ("٣٦٫٥", "en", "36.5"),
        ("−5", "en", "-5"),
    ],
)
def test_a_number_is_read_in_the_language_it_was_written_in(typed, language, number):
    assert read_number(typed, language) == number


@pytest.mark.parametrize(
    ("typed", "language", "meant"),
    [
        ("36,5", "en", ("36.5",)),
        ("36.5", "es", ("36.5",)),
        ("36.5", "fr", ("36.5",)),
        ("1.234", "en", ("1.234", "1234")),
        ("12.000", "en", ("12.000", "12000")),
        ("-1.234", "en", ("-1.234", "-1234")),
        ("1.234", "fr", ("1.234", "1234")),
        ("1,234", "fr", ("1.234", "1234")),
        ("36,5", "ar", ("36.5",)),
        ("٣٦،٥", "ar", ("36.5",)),
        ("1,234", "ar", ("1.234", "1234")),
        ("1.234", "ar", ("1.234", "1234")),
        ("1.234", "es", ("1.234", "1234")),
        ("1,234", "es", ("1.234", "1234")),
        ("1.000.000", "fr", ("1000000",)),
        (".5", "en", ("0.5",)),
        ("12 5", "fr", ()),
        ("10²", "en", ()),
        ("½", "en", ()),
        ("1e5", "en", ()),
        ("NaN", "en", ()),
        ("about 900", "en", ()),
        ("", "en", ()),
        ("1" * 16, "en", ()),
    ],
)
def test_an_unclear_number_is_asked_back_with_what_it_may_have_meant(typed, language, meant):
    with pytest.raises(UnclearError) as raised:
        read_number(typed, language)

    assert raised.value.meant == meant


@pytest.mark.parametrize(
    ("language", "written"),
    [
        ("en", "1,234,567.50"),
        ("fr", "1\u202f234\u202f567,50"),
        ("es", "1.234.567,50"),
        ("ar", "1,234,567.50"),
    ],
)
def test_a_number_is_written_as_people_read_it_with_latin_digits(language, written):
    assert write_number("1234567.50", language) == written


@pytest.mark.parametrize("language", ["en", "fr", "es", "ar"])
@pytest.mark.parametrize("number", ["1234.5", "36.5", "0.985", "1234", "1234567"])
def test_what_is_shown_in_a_form_reads_back_as_the_same_number(language, number):
    assert read_number(type_number(number, language), language) == number
