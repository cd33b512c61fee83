"""Takes out what differs between two runs of one version: times, ids, keys, ports, folders."""

import base64
import binascii
import re
from datetime import date, timedelta

from babel.dates import format_date

DAYS = range(-2, 45)  # what the register dates itself is near the day of the run
LANGUAGES = ("en", "fr", "es", "ar")
UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
ID = re.compile(rf"{UUID}|\b[0-9a-f]{{32}}\b")
CURSOR = re.compile(r"(?<![\w-])[\w-]{40,}={0,2}(?![\w-])", re.ASCII)
CLOCK = re.compile(
    r"(<today[+-]?\d*>)(T|[,،]?\s+(?:à\s)?)"
    r"[\d٠-٩]{1,2}:[\d٠-٩]{2}(?::[\d٠-٩]{2})?(?:\.\d+)?"
    r"(?:Z|[+-]\d\d:\d\d|\s?[AP]M|\s?[صم])?"
)
ALWAYS = (  # pattern → what stands in its place
    (re.compile(r"llr\.[\w-]+\.[\w-]+"), "<key>"),
    (re.compile(r"(/notes/)[\w-]{22}(?![\w-])"), r"\1<receipt>"),
    (re.compile(r'("receipt": ")[\w-]{22}"'), r'\1<receipt>"'),
    (re.compile(r'(name="mark" type="hidden" value=")[^"]+'), r"\1<mark>"),
    (re.compile(r"(/sign-in/)[\w-]{30,}"), r"\1<token>"),
    (re.compile(r"\b00-[0-9a-f]{32}-[0-9a-f]{16}-\d\d\b"), "<trace>"),
    (re.compile(r"\b[0-9a-f]{40,}\b"), "<hash>"),
    (re.compile(r"(/static/[\w./-]+?)[.-][0-9a-zA-Z_]{8,16}(\.\w+)"), r"\1.<hash>\2"),
    (re.compile(r"<\d+\.\d+\.\d+@"), "<message-id@"),
    (re.compile(r"\b\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d (?:\+0000|GMT)"), "<date and time>"),
)


class Names:
    """What an id, a key or an address of this run is called in the outputs, whichever run it is."""

    def __init__(self, today: date) -> None:
        self._known: dict[str, str] = {}
        self._days = dict(sorted(_written_days(today), key=lambda day: -len(day[0])))
        self._lines: dict[str, tuple[str, bool]] = {}  # pages and readers share most of theirs

    def learn(self, value: str, name: str) -> None:
        """From now on write `name` for `value`."""
        self._known.setdefault(value, f"<{name}>")
        self._lines.clear()

    def normal(self, text: str) -> str:
        """The text without what belongs to this run. Ids without a name are counted from 1."""
        seen: dict[str, str] = {}

        def counted(found: re.Match[str]) -> str:
            return seen.setdefault(found[0], f"<id-{len(seen) + 1}>")

        lines = []
        for line in text.splitlines():
            if line not in self._lines:
                self._lines[line] = self._line(line)
            known, has_ids = self._lines[line]
            lines.append(ID.sub(counted, known) if has_ids else known)
        return "\n".join(lines)

    def _line(self, text: str) -> tuple[str, bool]:
        """A line with all that has a name, and whether it holds ids that have none."""
        text = _replaced(CURSOR.sub(_opened, text), self._known)
        for pattern, instead in ALWAYS:
            text = pattern.sub(instead, text)
        text = CLOCK.sub(r"\1\2<clock>", _replaced(text, self._days))
        return text, ID.search(text) is not None


def _replaced(text: str, names: dict[str, str]) -> str:
    """Plain replacing: with hundreds of words a pattern takes a hundred times as long."""
    for value, name in names.items():
        if value in text:
            text = text.replace(value, name)
    return text


def _opened(found: re.Match[str]) -> str:
    """A cursor in base64 with an id in it, read; anything else as it is."""
    text = found[0].rstrip("=")
    try:
        inside = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode("ascii")
    except (binascii.Error, UnicodeDecodeError):
        return found[0]
    return f"<cursor {inside}>" if re.search(UUID, inside) else found[0]


def _written_days(today: date) -> list[tuple[str, str]]:
    """The days around this one as the register may write them, each with its name."""
    found = []
    for offset in DAYS:
        day = today + timedelta(days=offset)
        name = f"<today{offset:+d}>" if offset else "<today>"
        found.append((day.isoformat(), name))
        for language in LANGUAGES:
            forms = ("medium", "long", "full")
            found += [(format_date(day, form, locale=language), name) for form in forms]
    return found
