"""The columns of the library's tables: where each stands, its heading, its HXL tag, and what an
entry has in it.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from services.review.library.model import Entry
from services.review.library.schemas.entries import (
    Catalogue,
    Site,
    citation_of,
    indicator_name,
    rights_of,
    sectors_of,
)
from shared.domain import codelists
from shared.domain.codelists.indicator import Indicator
from shared.domain.content.fields import Number
from shared.domain.content.parts import BenchmarkContent, LessonContent, OperationContent
from shared.domain.content.schemas import Content, fields_of, in_order, part_in
from shared.platform.typed import days

Value = str | None


@dataclass(frozen=True)
class Row:
    """An entry on its way into a table."""

    entry: Entry
    indicator: Indicator | None
    catalogue: Catalogue
    site: Site
    language: str

    def period(self, end: Literal["start", "end"]) -> Value:
        """When it was measured from ("start") or to ("end")."""
        period = self.entry.benchmark.get("period")
        return period.get(end) if period else None


@dataclass(frozen=True)
class Column:
    """A column: its heading for programs, its HXL tag, and what stands in it.

    `is_number` matters to spreadsheets.
    """

    heading: str
    tag: str
    value: Callable[[Row], Value]
    is_number: bool = False


def _first(day: Value) -> Value:
    return days.first_day(day).isoformat() if day else None


def _last(day: Value) -> Value:
    return days.last_day(day).isoformat() if day else None


def _as_given(start: Value, end: Value) -> Value:
    """The period as precise as it was given, as ISO 8601 writes an interval: "2011-03/2011-05"."""
    return "/".join(dict.fromkeys(filter(None, (start, end)))) or None


def _declared(part: Content, said: Callable[[Row], Mapping[str, object]]) -> dict[str, Column]:
    """The columns that the declaration gives a part, by their headings."""
    return {
        field.column: Column(
            field.column,
            field.tag,
            _value_of(name, part_in(part, name), said),
            is_number=isinstance(field, Number),
        )
        for name, field in fields_of(part).items()
        if field.column
    }


def _value_of(
    name: str, inner: Content | None, said: Callable[[Row], Mapping[str, object]]
) -> Callable[[Row], Value]:
    def value(row: Row) -> Value:
        found = said(row).get(name)
        if isinstance(found, list):
            return _several(found, inner)
        return None if found is None else str(found)

    return value


def _several(found: Sequence[object], inner: Content | None) -> Value:
    """Countries as their codes, what others call an operation as "appeal MDRTD012"."""
    if all(isinstance(one, dict) and "code" in one for one in found):
        return " ".join(one["code"] for one in found if isinstance(one, dict)) or None
    return "; ".join(
        " ".join(map(str, in_order(inner, one).values())) if isinstance(one, dict) else str(one)
        for one in found
    )


IDENTITY = (
    Column("reference", "#meta+id", lambda row: row.entry.reference),
    Column("version", "#meta+version", lambda row: str(row.entry.version)),
)
STATE = "#status+code"
_ENTRY = (
    Column("sharing", "#meta+restriction", lambda row: row.entry.sharing),
    Column("organisation", "#org+reporting+name", lambda row: row.entry.organisation),
    Column(
        "sectors",
        "#sector+code+v_mcof",
        lambda row: " ".join(map(str, sectors_of(row.entry, row.catalogue))) or None,
    ),
    Column("language", "#meta+language", lambda row: row.entry.language),
    Column(
        "published_on", "#date+published", lambda row: row.entry.published_at.date().isoformat()
    ),
    Column("url", "#meta+url", lambda row: row.site.address_of(row.entry.reference)),
    Column("licence", "#meta+license", lambda row: rights_of(row.entry, row.site)),
    Column(
        "citation", "#meta+citation", lambda row: citation_of(row.entry, row.catalogue, row.site)
    ),
)
_OF_LESSONS = (
    Column("started_on", "#date+start", lambda row: str(row.entry.operation["started_on"])),
)
_OF_BENCHMARKS = (
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
    Column(
        "direction",
        "#indicator+direction",
        lambda row: row.indicator.direction if row.indicator else None,
    ),
    Column("norm", "#indicator+norm+num", lambda row: _norm(row, "value"), is_number=True),
    Column("norm_source", "#indicator+norm+source", lambda row: _norm(row, "source")),
    Column("period_start", "#date+start", lambda row: _first(row.period("start"))),
    Column("period_end", "#date+end", lambda row: _last(row.period("end"))),
    Column(
        "period_as_given",
        "#date+period",
        lambda row: _as_given(row.period("start"), row.period("end")),
    ),
)

# Where the columns stand that spreadsheets have learned to find; what is declared later comes
# behind them.
_PLACES = {
    "lesson": [
        "sharing",
        "operation",
        "operation_type",
        "glide",
        "countries",
        "organisation",
        "lead_agency",
        "sectors",
        "phase",
        "stage",
        "kind",
        "title",
        "observation",
        "discussion",
        "conclusion",
        "recommendation",
        "started_on",
        "language",
        "published_on",
        "url",
        "licence",
        "citation",
    ],
    "benchmark": [
        "sharing",
        "operation",
        "operation_type",
        "glide",
        "countries",
        "organisation",
        "lead_agency",
        "sectors",
        "phase",
        "stage",
        "place",
        "indicator",
        "indicator_name",
        "measure",
        "unit",
        "direction",
        "value",
        "precision",
        "how_known",
        "numerator",
        "denominator",
        "baseline",
        "target",
        "norm",
        "norm_source",
        "mode",
        "leg",
        "period_start",
        "period_end",
        "period_as_given",
        "source",
        "remark",
        "language",
        "published_on",
        "url",
        "licence",
        "citation",
    ],
}


def _columns(kind: str, part: Content, computed: Iterable[Column]) -> tuple[Column, ...]:
    found = {column.heading: column for column in (*_ENTRY, *computed)}
    found |= _declared(OperationContent, lambda row: row.entry.operation)
    found |= _declared(part, lambda row: row.entry.content)
    places = _PLACES[kind]
    return tuple(
        found[heading] for heading in (*places, *(name for name in found if name not in places))
    )


COLUMNS = {
    "lesson": _columns("lesson", LessonContent, _OF_LESSONS),
    "benchmark": _columns("benchmark", BenchmarkContent, _OF_BENCHMARKS),
}


def _norm(row: Row, part: str) -> Value:
    norm = row.indicator.norm if row.indicator else None
    if norm is None:
        return None
    if part == "value":
        return norm.value
    title = codelists.norm_sources().get(norm.source, {}).get("title", norm.source)
    return f"{title}, {norm.reference} ({norm.edition})"
