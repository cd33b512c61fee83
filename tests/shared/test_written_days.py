"""Days as people write them, in four languages."""

import pytest
from freezegun import freeze_time

from shared.platform.typed import UnclearError
from shared.platform.typed.written_days import read_day, write_day


@pytest.mark.parametrize(
    ("typed", "language", "day"),
    [
        ("2011", "en", "2011"),
        ("3/2011", "en", "2011-03"),
        ("03.2011", "fr", "2011-03"),
        (" 2011-03 ", "en", "2011-03"),
        ("2011-3", "en", "2011-03"),
        ("2011/3/9", "en", "2011-03-09"),
        ("٢٠١١-٠٣", "ar", "2011-03"),
        ("٣١/١٢/٢٠١١", "ar", "2011-12-31"),
        ("31/12/2011", "en", "2011-12-31"),
        ("12/31/2011", "en", "2011-12-31"),
        ("03/04/2011", "fr", "2011-04-03"),
        ("03/04/2011", "es", "2011-04-03"),
        ("03/04/2011", "ar", "2011-04-03"),
        ("12/12/2011", "en", "2011-12-12"),
        ("12/13/2011", "fr", "2011-12-13"),
        ("9/3/2011", "es", "2011-03-09"),
        ("15.3.11", "en", "2011-03-15"),
        ("15.3.99", "fr", "1999-03-15"),
        ("\u200f2011-03", "en", "2011-03"),
        ("2011-03\u200e", "ar", "2011-03"),
        ("\ufeff2011-03", "en", "2011-03"),
        ("2011–03", "en", "2011-03"),
        ("２０１１－０３", "en", "2011-03"),
        ("March 2011", "en", "2011-03"),
        ("MARCH 2011.", "en", "2011-03"),
        ("Mar. 2011", "en", "2011-03"),
        ("15 March 2011", "en", "2011-03-15"),
        ("15th March 2011", "en", "2011-03-15"),
        ("the 1st of May 2011", "en", "2011-05-01"),
        ("March 15, 2011", "en", "2011-03-15"),
        ("15-Mar-2011", "en", "2011-03-15"),
        ("15 March 11", "en", "2011-03-15"),
        ("2011 March", "en", "2011-03"),
        ("Sept. 2011", "en", "2011-09"),
        ("mars 2011", "fr", "2011-03"),
        ("1er mars 2011", "fr", "2011-03-01"),
        ("le 15 août 2011", "fr", "2011-08-15"),
        ("15 aout 2011", "fr", "2011-08-15"),
        ("DÉCEMBRE 2011", "fr", "2011-12"),
        ("févr. 2011", "fr", "2011-02"),
        ("marzo 2011", "es", "2011-03"),
        ("15 de marzo de 2011", "es", "2011-03-15"),
        ("1.º de enero del 2011", "es", "2011-01-01"),
        ("setiembre 2011", "es", "2011-09"),
        ("مارس 2011", "ar", "2011-03"),
        ("مارس ٢٠١١م", "ar", "2011-03"),
        ("١٥ مارس ٢٠١١", "ar", "2011-03-15"),
        ("15 مارس، 2011", "ar", "2011-03-15"),
        ("آذار 2011", "ar", "2011-03"),
        ("15 آذار/مارس 2011", "ar", "2011-03-15"),
        ("كانون الثاني 2011", "ar", "2011-01"),
        ("كانون الأول ٢٠١١", "ar", "2011-12"),
        ("تشرين الثاني/نوفمبر 2011", "ar", "2011-11"),
        ("جانفي 2011", "ar", "2011-01"),
        ("غشت 2011", "ar", "2011-08"),
        ("ابريل 2011", "ar", "2011-04"),
        ("mars 2011", "en", "2011-03"),
    ],
)
@freeze_time("2026-03-01")
def test_a_day_is_read_as_people_write_it(typed, language, day):
    assert read_day(typed, language) == day


@pytest.mark.parametrize(
    ("typed", "language", "meant"),
    [
        ("03/04/2011", "en", ("2011-04-03", "2011-03-04")),
        ("12/11/2011", "en", ("2011-11-12", "2011-12-11")),
        ("03/04/11", "en", ("2011-04-03", "2011-03-04")),
        ("03/11", "fr", ("2011-03",)),
        ("March 11", "en", ("2011-03",)),
        ("March", "en", ()),
        ("15 March", "en", ()),
        ("March–May 2011", "en", ()),
        ("early March 2011", "en", ()),
        ("31 February 2011", "en", ()),
        ("2011-13", "en", ()),
        ("13/13/2011", "fr", ()),
        ("15 رمضان 1432", "ar", ()),
        ("1432 هـ", "ar", ()),
        ("yesterday", "en", ()),
        ("12.000", "en", ()),
        ("", "en", ()),
    ],
)
@freeze_time("2026-03-01")
def test_what_is_not_clear_is_asked_back_with_the_days_that_it_may_mean(typed, language, meant):
    with pytest.raises(UnclearError) as raised:
        read_day(typed, language)

    assert raised.value.meant == meant


@pytest.mark.parametrize(("today", "year"), [("2026-12-31", "1928"), ("2027-01-01", "2028")])
def test_a_year_of_two_digits_is_the_last_one_that_has_begun_or_is_next(today, year):
    with freeze_time(today):
        assert read_day("15.3.28", "fr") == f"{year}-03-15"


@pytest.mark.parametrize(
    ("language", "day", "month"),
    [
        ("en", "9 March 2011", "March 2011"),
        ("fr", "9 mars 2011", "mars 2011"),
        ("es", "9 de marzo de 2011", "marzo de 2011"),
        ("ar", "9 مارس 2011", "مارس 2011"),
    ],
)
def test_a_day_is_written_in_words_and_read_back_as_the_same(language, day, month):
    assert (write_day("2011-03-09", language), read_day(day, language)) == (day, "2011-03-09")
    assert (write_day("2011-03", language), read_day(month, language)) == (month, "2011-03")
    assert write_day("2011", language) == "2011"
