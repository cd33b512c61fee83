"""Days that may be known only to the month or the year: "2011", "2011-03", "2011-03-09"."""

import calendar
import re
from datetime import date

from shared.values.numbers import LATIN_DIGITS

_DAY = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)


def first_day(text: str) -> date:
    """The first day that "2011-03" may mean. Raises ValueError for anything that is no such day."""
    match = _DAY.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is no day")
    year, month, day = (int(part) if part else None for part in match.groups())
    return date(year or 0, month or 1, day or 1)


def last_day(text: str) -> date:
    """The last day that "2011-03" may mean. Raises ValueError."""
    first = first_day(text)
    if len(text) == 10:
        return first
    month = first.month if len(text) == 7 else 12
    return date(first.year, month, calendar.monthrange(first.year, month)[1])


def comes_before(left: str, right: str) -> bool:
    """Whether `left` surely ends before `right` begins."""
    return last_day(left) < first_day(right)


def tidy_day(text: str) -> str:
    """What people type, in our form: "03/2011" and "3/2011" are "2011-03". Any other text comes back as it was.

    "03/04/2011" is left alone: which is the month depends on who wrote it.
    """
    plain = text.strip().translate(LATIN_DIGITS)
    match = re.fullmatch(r"(\d{1,2})[/.](\d{4})", plain, re.ASCII)
    return f"{match.group(2)}-{int(match.group(1)):02d}" if match else plain
