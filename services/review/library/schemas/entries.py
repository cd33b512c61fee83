"""An entry as partners get it: the same facts in every format."""

import base64
from dataclasses import dataclass
from uuid import UUID

from marshmallow import Schema, fields

from services.review.base import ITEMS, Background, Operation
from services.review.library.model import Entry, EntryState
from services.review.library.queries import Seen
from shared.domain import codelists
from shared.domain.codelists.indicator import Indicator
from shared.domain.content.schemas import in_order
from shared.platform.errors import N_, GoneError, InvalidError
from shared.platform.typed.numbers import write_number

Catalogue = dict[str, Indicator]


@dataclass(frozen=True)
class Site:
    """What published content says of itself: where it lives, and under which licence."""

    public_url: str
    licence_name: str
    licence_url: str

    def address_of(self, reference: str) -> str:
        """The page of an entry."""
        return f"{self.public_url}/library/entries/{reference}"


def title_of(entry: Entry, catalogue: Catalogue, language: str) -> str:
    """The title of a lesson; the indicator and figure of a benchmark, in this language."""
    if "title" in entry.content:
        return entry.content["title"]
    place = f", {entry.content['place']}" if entry.content.get("place") else ""
    return f"{indicator_name(entry, catalogue, language)}: {figure_of(entry, language)}{place}"


def indicator_name(entry: Entry, catalogue: Catalogue, language: str) -> str:
    """The name of the indicator that a benchmark measures."""
    known = catalogue.get(entry.indicator or "")
    return known.name(language) if known else entry.indicator or ""


def figure_of(entry: Entry, language: str) -> str:
    """The value with its bound and unit: “at least 1,500 persons a week”."""
    precision, unit = entry.benchmark.get("precision") or "exact", entry.benchmark["unit"]
    bound = "" if precision == "exact" else codelists.label("precisions", precision, language) + " "
    return (
        f"{bound}{write_number(entry.value, language)} {codelists.label('units', unit, language)}"
    )


def citation_of(entry: Entry, catalogue: Catalogue, site: Site) -> str:
    """How to cite an entry. Always in English, as its title is where it has no other."""
    lead = entry.operation.get("lead_agency")
    operation = f"{entry.operation['title']}{f' (lead agency: {lead})' if lead else ''}"
    title = title_of(entry, catalogue, "en")
    return (
        f"{entry.organisation} ({entry.published_at.year}). {title}. {operation}. Lessons "
        f"register, {entry.reference}, version {entry.version}. "
        f"{site.address_of(entry.reference)}. {rights_of(entry, site)}."
    )


def rights_of(entry: Entry, site: Site) -> str:
    """The licence of what is for anyone; the sharing level of everything else, which no licence may
    widen.
    """
    return (
        site.licence_name
        if entry.sharing == "clear"
        else (f"TLP:{entry.sharing.upper()}, not for publication")
    )


def shown(seen: Seen, catalogue: Catalogue, site: Site) -> dict[str, object]:
    """An entry for the API; a tombstone for one that this reader has lost."""
    entry = seen.entry
    if seen.gone_at is not None:
        return {
            "reference": entry.reference,
            "position": seen.position,
            "state": EntryState.WITHDRAWN,
            "withdrawn_at": seen.gone_at.isoformat(),
        }
    background = in_order(Background, entry.background)
    return {
        "reference": entry.reference,
        "kind": entry.kind,
        "version": entry.version,
        "position": seen.position,
        "state": entry.state,
        "sharing": entry.sharing,
        "published_at": entry.published_at.isoformat(),
        "changed_at": entry.changed_at.isoformat(),
        "url": site.address_of(entry.reference),
        "title": title_of(entry, catalogue, "en"),
        "language": entry.language,
        "organisation": entry.organisation,
        "operation": in_order(Operation, entry.operation),
        "countries": sorted(country["code"] for country in entry.operation["countries"]),
        "sectors": sectors_of(entry, catalogue),
        entry.kind: in_order(ITEMS[entry.kind], entry.content),
        "partners": background["partners"],
        "heard_from": background["heard_from"],
        "sources": background["sources"],
        "licence": {"name": site.licence_name, "url": site.licence_url}
        if entry.sharing == "clear"
        else None,
        "citation": citation_of(entry, catalogue, site),
    }


def sectors_of(entry: Entry, catalogue: Catalogue) -> list[int]:
    """The sectors of an entry: a lesson's own, a benchmark's by its indicator."""
    return entry.sectors(catalogue.get(entry.indicator or ""))


def write_cursor(epoch: str, position: int) -> str:
    """Where a reader is in the stream, as an opaque text.

    The epoch comes last: what is cut off or added at the end spoils it, and is noticed.
    """
    return _encoded(f"{position}/{epoch}")


def read_cursor(text: str | None, epoch: str, head: int, *, field: str = "since") -> int:
    """The position that a cursor stands for; 0 without one.

    Raises GoneError when it belongs to another life of the stream: the reader starts again. Raises
    InvalidError when it is no cursor of ours: garbled, or beyond the head of the stream.
    """
    if not text:
        return 0
    try:
        theirs, position = _decoded(text)
    except (ValueError, UnicodeError):
        raise _no_cursor(field) from None
    if theirs != epoch:
        raise GoneError(
            N_("The register was restored from a backup since. Start again without “since”.")
        )
    if not 0 <= position <= head:
        raise _no_cursor(field)
    return position


def _encoded(words: str) -> str:
    return base64.urlsafe_b64encode(words.encode()).decode().rstrip("=")


def _decoded(text: str) -> tuple[str, int]:
    """The epoch and position in a cursor.

    Raises ValueError for any text that `_encoded` would not have written.
    """
    padded = text.encode("ascii") + b"=" * (-len(text) % 4)
    words = base64.b64decode(padded, altchars=b"-_", validate=True).decode("ascii")
    # earlier cursors, which stay good, begin with the epoch
    position, theirs = sorted(words.split("/"), key=len)
    if _encoded(words) != text or str(UUID(theirs)) != theirs or str(int(position)) != position:
        raise ValueError(f"{text!r} is not what the register writes")
    return theirs, int(position)


def _no_cursor(field: str) -> InvalidError:
    return InvalidError(
        {field: [N_("This “next” was not given by the register. Start again without it.")]}
    )


_MOMENT = {"format": "date-time"}


class EntrySchema(Schema):
    """A published lesson or benchmark; or, with state “withdrawn”, what remains of one: the first
    four fields.
    """

    reference = fields.String(metadata={"example": "BM-2026-0001"})
    position = fields.Integer(
        allow_none=True,
        metadata={
            "description": (
                "That of its latest event; null for the moment after a change until it has one"
            )
        },
    )
    state = fields.String(metadata={"enum": [*EntryState]})
    withdrawn_at = fields.String(metadata={**_MOMENT, "description": "When you lost sight of it"})
    kind = fields.String(metadata={"enum": ["lesson", "benchmark"]})
    version = fields.Integer()
    sharing = fields.String()
    published_at = fields.String(metadata=_MOMENT)
    changed_at = fields.String(metadata=_MOMENT)
    url = fields.Url()
    title = fields.String()
    language = fields.String()
    organisation = fields.String()
    operation = fields.Dict()
    countries = fields.List(fields.String())
    sectors = fields.List(fields.Integer())
    lesson = fields.Dict()
    benchmark = fields.Dict()
    partners = fields.List(fields.Dict())
    heard_from = fields.List(fields.String())
    sources = fields.List(fields.String())
    licence = fields.Dict(
        allow_none=True, metadata={"description": ("Only of what is for anyone (clear)")}
    )
    citation = fields.String()


class ChangedEntrySchema(EntrySchema):
    """An entry as an act at the desk left it: its new position comes only after that."""

    class Meta:
        """Without it."""

        exclude = ("position",)


class EntriesSchema(Schema):
    """A page of entries in the order of their positions.

    Give `next` back as `since`; an empty page is the end.
    """

    epoch = fields.String()
    entries = fields.List(fields.Nested(EntrySchema))
    next = fields.String()


class CatalogueEntrySchema(Schema):
    """An indicator of the catalogue. Names, definitions and questions are texts by language."""

    code = fields.String(metadata={"example": "transit-centre-capacity"})
    version = fields.Integer()
    name = fields.Dict()
    ask = fields.Dict()
    definition = fields.Dict()
    start = fields.Dict()
    stop = fields.Dict()
    caution = fields.Dict()
    numerator = fields.Dict()
    denominator = fields.Dict()
    whose = fields.Dict()
    types = fields.List(fields.String())
    sectors = fields.List(fields.Integer())
    family = fields.String()
    use = fields.String(metadata={"enum": ["comparable", "context"]})
    measure = fields.String(metadata={"enum": ["unit", "percentage", "ratio"]})
    unit = fields.String()
    whole = fields.Boolean(metadata={"description": "It counts things of which there is no half."})
    at_most = fields.String(metadata={"description": "The most that a value can be."})
    direction = fields.String()
    pool = fields.String()
    split_by = fields.List(fields.String())
    norm = fields.Dict(allow_none=True)


class IndicatorsSchema(Schema):
    """The catalogue."""

    indicators = fields.List(fields.Nested(CatalogueEntrySchema))
