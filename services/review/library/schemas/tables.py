"""The library for spreadsheets and statistics: CSV, CSV with HXL tags, XLSX. One row an entry, the same columns."""

import csv
import io
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import xlsxwriter

from services.review.library.model import Entry
from services.review.library.queries import Seen
from services.review.library.schemas.entries import (
    Catalogue,
    Site,
    citation_of,
    indicator_name,
    rights_of,
    sectors_of,
)
from services.review.library.schemas.feeds import Feed
from shared.domain import codelists
from shared.domain.codelists.indicator import Indicator
from shared.domain.values import days

Value = str | None

# Also in their full-width forms, which some spreadsheets fold.
FORMULA_SIGNS = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")


@dataclass(frozen=True)
class Row:
    """An entry on its way into a table."""

    entry: Entry
    indicator: Indicator | None
    catalogue: Catalogue
    site: Site
    language: str

    def told(self, *path: str) -> Value:
        """What the entry's content says at this path."""
        found: Any = self.entry.content
        for name in path:
            found = (found or {}).get(name)
        return None if found is None else str(found)


@dataclass(frozen=True)
class Column:
    """A column: its heading for programs, its HXL tag, and what stands in it. `is_number` matters to spreadsheets."""

    heading: str
    tag: str
    value: Callable[[Row], Value]
    is_number: bool = False


def _first(day: Value) -> Value:
    return days.first_day(day).isoformat() if day else None


def _last(day: Value) -> Value:
    return days.last_day(day).isoformat() if day else None


def _as_given(start: Value, end: Value) -> Value:
    """The period as precise as it was told, as ISO 8601 writes an interval: "2011-03/2011-05"."""
    return "/".join(dict.fromkeys(filter(None, (start, end)))) or None


def _identifiers(operation: Mapping[str, Any]) -> Value:
    """What others call it, but for the GLIDE number that has a column: "appeal MDRTD012"."""
    named = operation.get("identifiers") or ()
    return "; ".join(f"{each['scheme']} {each['id']}" for each in named) or None


_IDENTITY = (
    Column("reference", "#meta+id", lambda row: row.entry.reference),
    Column("version", "#meta+version", lambda row: str(row.entry.version)),
)
_STATE = "#status+code"
_PLACE = (
    Column("sharing", "#meta+restriction", lambda row: row.entry.sharing),
    Column("operation", "#crisis+name", lambda row: row.entry.operation["title"]),
    Column(
        "operation_reference",
        "#crisis+id",
        lambda row: row.entry.operation.get("reference"),
    ),
    Column("operation_type", "#activity+type", lambda row: row.entry.operation["type"]),
    Column("glide", "#crisis+code+v_glide", lambda row: row.entry.operation.get("glide")),
    Column("identifiers", "#crisis+code", lambda row: _identifiers(row.entry.operation)),
    Column(
        "countries",
        "#country+code+v_iso3",
        lambda row: " ".join(country["code"] for country in row.entry.operation["countries"]),
    ),
    Column("organisation", "#org+reporting+name", lambda row: row.entry.organisation),
    Column("lead_agency", "#org+lead+name", lambda row: row.entry.operation.get("lead_agency")),
    Column(
        "sectors",
        "#sector+code+v_mcof",
        lambda row: " ".join(map(str, sectors_of(row.entry, row.catalogue))) or None,
    ),
    Column("phase", "#activity+phase", lambda row: row.told("phase")),
    Column("stage", "#activity+stage", lambda row: row.told("stage")),
)
_END = (
    Column("language", "#meta+language", lambda row: row.entry.language),
    Column("published_on", "#date+published", lambda row: row.entry.published_at.date().isoformat()),
    Column("url", "#meta+url", lambda row: row.site.address_of(row.entry.reference)),
    Column("licence", "#meta+license", lambda row: rights_of(row.entry, row.site)),
    Column("citation", "#meta+citation", lambda row: citation_of(row.entry, row.catalogue, row.site)),
)
_LESSON = (
    Column("kind", "#activity+kind", lambda row: row.told("kind")),
    Column("title", "#description+title", lambda row: row.told("title")),
    Column("observation", "#description+observation", lambda row: row.told("observation")),
    Column("discussion", "#description+discussion", lambda row: row.told("discussion")),
    Column("conclusion", "#description+conclusion", lambda row: row.told("conclusion")),
    Column("recommendation", "#description+recommendation", lambda row: row.told("recommendation")),
    Column("started_on", "#date+start", lambda row: row.entry.operation["started_on"]),
)
_BENCHMARK = (
    Column("place", "#loc+name", lambda row: row.told("place")),
    Column("indicator", "#indicator+code", lambda row: row.entry.indicator),
    Column(
        "indicator_name",
        "#indicator+name",
        lambda row: indicator_name(row.entry, row.catalogue, row.language),
    ),
    Column(
        "measure",
        "#indicator+type",
        lambda row: row.indicator.definition["measure"] if row.indicator else None,
    ),
    Column("unit", "#indicator+unit", lambda row: row.told("unit")),
    Column("direction", "#indicator+direction", lambda row: row.indicator.direction if row.indicator else None),
    Column("value", "#indicator+value+num", lambda row: row.told("value"), is_number=True),
    Column("precision", "#indicator+precision", lambda row: row.told("precision")),
    Column("how_known", "#indicator+method", lambda row: row.told("how_known")),
    Column("numerator", "#indicator+numerator+num", lambda row: row.told("numerator"), is_number=True),
    Column("denominator", "#indicator+denominator+num", lambda row: row.told("denominator"), is_number=True),
    Column("baseline", "#indicator+baseline+num", lambda row: row.told("baseline"), is_number=True),
    Column("target", "#indicator+target+num", lambda row: row.told("target"), is_number=True),
    Column("norm", "#indicator+norm+num", lambda row: _norm(row, "value"), is_number=True),
    Column("norm_source", "#indicator+norm+source", lambda row: _norm(row, "source")),
    Column("mode", "#activity+mode", lambda row: row.told("mode")),
    Column("leg", "#loc+leg", lambda row: row.told("leg")),
    Column("period_start", "#date+start", lambda row: _first(row.told("period", "start"))),
    Column("period_end", "#date+end", lambda row: _last(row.told("period", "end"))),
    Column(
        "period_as_given", "#date+period", lambda row: _as_given(row.told("period", "start"), row.told("period", "end"))
    ),
    Column("source", "#meta+source", lambda row: row.told("source")),
    Column("remark", "#meta+remark", lambda row: row.told("remark")),
)
COLUMNS = {"lesson": (*_PLACE, *_LESSON, *_END), "benchmark": (*_PLACE, *_BENCHMARK, *_END)}


def as_csv(feed: Feed, *, hxl: bool) -> bytes:
    """Comma-separated, UTF-8; with `hxl` a second row of HXL tags.

    The plain one starts with a byte order mark, so that spreadsheets read accents and Arabic right.
    """
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\r\n")
    writer.writerow(_headings(feed))
    if hxl:
        writer.writerow([column.tag for column in _IDENTITY] + [_STATE] + [c.tag for c in COLUMNS[feed.kind]])
    for one in feed.seen:
        writer.writerow([_harmless(value) for value, _ in _cells(feed, one)])
    return written.getvalue().encode("utf-8" if hxl else "utf-8-sig")


def as_xlsx(feed: Feed) -> bytes:
    """A workbook with one sheet: headings frozen, figures as numbers, all else as text and never as a formula."""
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
    if feed.language == "ar":
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
    return [column.heading for column in _IDENTITY] + ["state"] + [column.heading for column in COLUMNS[feed.kind]]


def _cells(feed: Feed, one: Seen) -> Iterable[tuple[Value, bool]]:
    """The cells of a row; a tombstone has only its reference and state."""
    row = Row(one.entry, feed.catalogue.get(one.entry.indicator or ""), feed.catalogue, feed.site, feed.language)
    yield row.entry.reference, False
    yield str(row.entry.version), False
    yield "published" if one.gone_at is None else "withdrawn", False
    for column in COLUMNS[feed.kind]:
        yield column.value(row) if one.gone_at is None else None, column.is_number


def _norm(row: Row, part: str) -> Value:
    norm = row.indicator.norm if row.indicator else None
    if norm is None:
        return None
    if part == "value":
        return norm.value
    title = codelists.norm_sources().get(norm.source, {}).get("title", norm.source)
    return f"{title}, {norm.reference} ({norm.edition})"


def _harmless(value: Value) -> str:
    """Text that no spreadsheet takes for a formula: OWASP ASVS 5.0, 1.2.10. Our figures never start with a sign."""
    text = value or ""
    return f"'{text}" if text.lstrip(" \t\r\n").startswith(FORMULA_SIGNS) else text
