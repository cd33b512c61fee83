"""Days as people write them in the four languages: "15 March 2011", "mars 2011", "15.3.11",
"آذار 2011".

A day is never guessed: what has two readings is asked back with both.
"""

import re
from collections.abc import Iterable, Iterator
from functools import cache

from babel import Locale
from babel.dates import format_date, format_skeleton

from shared.platform import clock
from shared.platform.typed import UnclearError
from shared.platform.typed.days import first_day
from shared.platform.typed.texts import clean_value, fold

# Arabic has three sets of names for the months: Egypt's, those of the Levant and Iraq, and those of
# the Maghreb.
_LOCALES = ("en", "fr", "es", "ar", "ar_LB", "ar_DZ", "ar_MA", "ar_MR")
_ALSO = {"set": 9, "sept": 9, "setiembre": 9, "fev": 2, "juill": 7}  # people's, not Babel's
_BESIDE = {"of", "the", "de", "del", "le", "el", "o", "في", "شهر", "من", "عام", "سنه", "م"}
_ENDING = re.compile(r"(\d{1,4})(?:st|nd|rd|th|er|ro|o|م)")  # of an ordinal, or of a year


def read_day(text: str, language: str) -> str:
    """The day, month or year that someone wrote, in our form: "2011-03-09", "2011-03", "2011".

    Raises UnclearError for anything else, with the days that it may mean.
    """
    plain = clean_value(text).strip(" .,،")
    meant = tuple(dict.fromkeys(filter(_exists, _readings(plain, language))))
    if len(meant) != 1 or _leaves_out_the_century(plain):
        raise UnclearError(text, meant)
    return meant[0]


def write_day(day: str, language: str) -> str:
    """A day, month or year in words: "9 March 2011", "March 2011", "2011"."""
    locale = "en_GB" if language == "en" else language  # the day first, as the field writes it
    if len(day) == 10:
        return format_date(first_day(day), "long", locale=locale)
    return format_skeleton("yMMMM" if len(day) == 7 else "y", first_day(day), locale=locale)


def _readings(plain: str, language: str) -> Iterable[str]:
    """Every way in which it can be read, days that there are not among them."""
    if re.fullmatch(r"\d{4}", plain, re.ASCII):
        return [plain]
    if match := re.fullmatch(r"(\d{4})[/. -](\d{1,2})(?:[/. -](\d{1,2}))?", plain, re.ASCII):
        return [_joined(*match.groups())]
    if match := re.fullmatch(r"(\d{1,2})[/. -](\d{4}|\d{2})", plain, re.ASCII):
        return [_joined(_year(match[2]), match[1])]
    if match := re.fullmatch(r"(\d{1,2})[/. -](\d{1,2})[/. -](\d{4}|\d{2})", plain, re.ASCII):
        first, second, year = match[1], match[2], _year(match[3])
        day_first, month_first = _joined(year, second, first), _joined(year, first, second)
        is_clear = language != "en" and _exists(day_first)
        return [day_first] if is_clear else [day_first, month_first]
    return _named(plain)


def _named(plain: str) -> Iterable[str]:
    """With the month by its name, or by two of its names as in "آذار/مارس"."""
    folded = _fold(plain)
    found = {month for _name, month in _mentioned(folded)}
    if len(found) != 1:
        return []
    for name, _month in _mentioned(folded):
        folded = _whole(name).sub(" ", folded)
    rest = [_ENDING.sub(r"\1", word) for word in folded.split()]
    figures = [word for word in rest if word not in _BESIDE]
    if not all(re.fullmatch(r"\d{4}|\d{1,2}", word, re.ASCII) for word in figures):
        return []
    (month,) = found
    match figures:
        case [year] if len(year) == 4 or not plain.startswith(year):  # "15 March" has no year
            return [_joined(_year(year), str(month))]
        case [year, day] if len(year) == 4:
            return [_joined(year, str(month), day)]
        case [day, year]:
            return [_joined(_year(year), str(month), day)]
    return []


def _leaves_out_the_century(plain: str) -> bool:
    """Whether a year of two digits stands beside one other figure: "03/11" may be a day in March
    as well.
    """
    return bool(re.fullmatch(r"\d{1,2}[/. -]\d{2}|\D+\d{1,2}", plain, re.ASCII))


def _year(digits: str) -> str:
    """The last year that ends in these two digits, next year included: "99" is 1999."""
    if len(digits) == 4:
        return digits
    latest = clock.today().year + 1
    return str(latest - (latest - int(digits)) % 100)


def _joined(year: str, month: str, day: str | None = None) -> str:
    return "-".join([year, *(f"{int(part):02d}" for part in (month, day) if part)])


def _exists(day: str) -> bool:
    try:
        first_day(day)
    except ValueError:
        return False
    return True


def _mentioned(folded: str) -> Iterator[tuple[str, int]]:
    """The months that are named, the longest names first: "كانون الثاني" is none called "كانون"."""
    for name, month in _months():
        if _whole(name).search(folded):
            folded = _whole(name).sub(" ", folded)
            yield name, month


@cache
def _whole(name: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){re.escape(name)}(?!\w)")


@cache
def _months() -> tuple[tuple[str, int], ...]:
    names = dict(_ALSO)
    for locale in map(Locale.parse, _LOCALES):
        for width in ("wide", "abbreviated"):
            for month, name in locale.months["format"][width].items():
                names[_fold(name)] = month
    return tuple(sorted(names.items(), key=lambda pair: -len(pair[0])))


def _fold(text: str) -> str:
    """As texts are compared; in Arabic also without article and with one letter for two."""
    return re.sub(r"(?<!\w)ال(?=\w{3})", "", fold(text)).replace("ة", "ه")
