"""The library for spreadsheets and statistics: CSV, CSV with HXL tags, XLSX. One row an entry, the
same columns.
"""

import csv
import io
from collections.abc import Iterable
from datetime import UTC, datetime

import xlsxwriter

from services.review.library.model import EntryState
from services.review.library.queries import Seen
from services.review.library.schemas.columns import COLUMNS, IDENTITY, STATE, Row, Value
from services.review.library.schemas.feeds import Feed
from shared.platform.languages import direction_of

# Also in their full-width forms, which some spreadsheets fold.
FORMULA_SIGNS = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def as_csv(feed: Feed, *, hxl: bool) -> bytes:
    """Comma-separated, UTF-8; with `hxl` a second row of HXL tags.

    The plain one starts with a byte order mark, so that spreadsheets read accents and Arabic right.
    """
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\r\n")
    writer.writerow(_headings(feed))
    if hxl:
        writer.writerow(
            [column.tag for column in IDENTITY] + [STATE] + [c.tag for c in COLUMNS[feed.kind]]
        )
    for one in feed.seen:
        writer.writerow([_harmless(value) for value, _ in _cells(feed, one)])
    return written.getvalue().encode("utf-8" if hxl else "utf-8-sig")


def as_xlsx(feed: Feed) -> bytes:
    """A workbook with one sheet: headings frozen, figures as numbers, all else as text and never as
    a formula.
    """
    written = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    workbook = xlsxwriter.Workbook(written, options)
    # The same entries make the same bytes, so that an unchanged feed keeps its ETag.
    workbook.set_properties({"title": feed.title, "created": datetime(2011, 11, 11, tzinfo=UTC)})
    sheet = workbook.add_worksheet(feed.kind)
    if direction_of(feed.language) == "rtl":
        sheet.right_to_left()
    sheet.write_row(0, 0, _headings(feed), workbook.add_format({"bold": True}))
    sheet.freeze_panes(1, 1)
    for line, one in enumerate(feed.seen, start=1):
        for place, (value, is_number) in enumerate(_cells(feed, one)):
            if value is not None and is_number:
                sheet.write_number(line, place, float(value))
            elif value is not None:
                sheet.write_string(line, place, value[:32_000])
    workbook.close()
    return written.getvalue()


def _headings(feed: Feed) -> list[str]:
    return (
        [column.heading for column in IDENTITY]
        + ["state"]
        + [column.heading for column in COLUMNS[feed.kind]]
    )


def _cells(feed: Feed, one: Seen) -> Iterable[tuple[Value, bool]]:
    """The cells of a row; a tombstone has only its reference, version and state."""
    row = Row(
        one.entry,
        feed.catalogue.get(one.entry.indicator or ""),
        feed.catalogue,
        feed.site,
        feed.language,
    )
    yield row.entry.reference, False
    yield str(row.entry.version), False
    yield EntryState.PUBLISHED if one.gone_at is None else EntryState.WITHDRAWN, False
    for column in COLUMNS[feed.kind]:
        yield column.value(row) if one.gone_at is None else None, column.is_number


def _harmless(value: Value) -> str:
    """Text that no spreadsheet takes for a formula: OWASP ASVS 5.0, 1.2.10. Our figures never start
    with a sign.
    """
    text = value or ""
    return f"'{text}" if text.lstrip(" \t\r\n").startswith(FORMULA_SIGNS) else text
