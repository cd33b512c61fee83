"""Days that may be known only to the month or the year: "2011", "2011-03", "2011-03-09"."""

import calendar
import re
from datetime import date
from typing import NamedTuple

from shared.domain.values.numbers import LATIN_DIGITS

MONTHS = 12
_DAY = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)


def first_day(text: str) -> date:
    """The first day that "2011-03" may mean. Raises ValueError for anything that is no such day."""
    match = _DAY.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is no day")
    year, month, day = (int(part) if part else 1 for part in match.groups())
    return date(year, month, day)


def last_day(text: str) -> date:
    """The last day that "2011-03" may mean. Raises ValueError."""
    first = first_day(text)
    if len(text) == 10:
        return first
    month = first.month if len(text) == 7 else 12
    return date(first.year, month, calendar.monthrange(first.year, month)[1])


class Span(NamedTuple):
    """All the days that a text such as "2011-03" may mean, from the first to the last."""

    first: date
    last: date

    @classmethod
    def of(cls, text: str) -> "Span":
        """Raises ValueError for anything that is no such day."""
        return cls(first_day(text), last_day(text))

    def overlap(self, other: "Span") -> "Span | None":
        """The days that both may mean; None when there is none."""
        first, last = max(self.first, other.first), min(self.last, other.last)
        return Span(first, last) if first <= last else None


def comes_before(left: str, right: str) -> bool:
    """Whether `left` surely ends before `right` begins."""
    return last_day(left) < first_day(right)


def tidy_day(text: str, language: str) -> str:
    """What people type, in our form: "3/2011" is "2011-03". Any other text comes back as it was.

    "31/12/2011" is clear, and so is "03/04/2011" where the day comes first; in English that depends
    on who wrote it, so it is left alone and asked back.
    """
    plain = text.strip().translate(LATIN_DIGITS)
    if match := re.fullmatch(r"(\d{1,2})[/.-](\d{4})", plain, re.ASCII):
        return _joined(match[2], match[1])
    if match := re.fullmatch(r"(\d{4})[/.-](\d{1,2})(?:[/.-](\d{1,2}))?", plain, re.ASCII):
        return _joined(*(part for part in match.groups() if part))
    if match := re.fullmatch(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})", plain, re.ASCII):
        first, second, year = match.groups()
        if int(first) > MONTHS or language != "en":
            return _joined(year, second, first)
        if int(second) > MONTHS:
            return _joined(year, first, second)
    return plain


def _joined(year: str, *parts: str) -> str:
    return "-".join([year, *(f"{int(part):02d}" for part in parts)])
