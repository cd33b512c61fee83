"""Days that may be known only to the month or the year: "2011", "2011-03", "2011-03-09"."""

import calendar
import re
from datetime import date
from typing import NamedTuple

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
