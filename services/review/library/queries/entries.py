"""Reading the library: what a reader may see, and what remains of what they could see once.

Filters and searches are asked only of what the reader sees now. Asked of what was hidden from
them, they would tell what it says; a search tells it letter by letter. So tombstones are read by
a query of their own, which knows nothing of filters but the kind.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import (
    ColumnElement,
    Select,
    SQLColumnExpression,
    and_,
    case,
    false,
    func,
    select,
    true,
)
from sqlalchemy.orm import Session

from services.review.library.model import (
    ANYONE,
    DESK,
    PARTNERS,
    Entry,
    EntryState,
    Facet,
    Sight,
    audience_of,
)
from shared.domain import organisations
from shared.platform.accounts.actor import Actor
from shared.platform.accounts.roles import STAFF
from shared.platform.errors import N_, NotFoundError
from shared.platform.events import REVIEW_STREAM
from shared.platform.persistence.outbox import OutboxEvent, Stream
from shared.platform.typed.texts import clean_reference, fold, is_reference

FACETS = ("country", "sector", "phase", "indicator")
MOST_WORDS = 8

Audiences = frozenset[str]
Filters = Mapping[str, str]
SeenRows = Select[Entry, int | None, datetime | None]


@dataclass(frozen=True)
class Seen:
    """An entry as one reader sees it. `gone_at` is when they lost sight of it; None while visible.

    `position` is None for the moment between a change and the relay's next round, in which it gets
    one.
    """

    entry: Entry
    position: int | None
    gone_at: datetime | None

    @property
    def changed_at(self) -> datetime:
        """When what this reader sees of it last changed."""
        return self.gone_at or self.entry.changed_at


def audiences_of(session: Session, actor: Actor | None) -> Audiences:
    """The audiences that someone belongs to: anyone; partners and their own organisation with what
    it is part of.
    """
    if actor is None or actor.account_id is None:
        return frozenset({ANYONE})
    if actor.role in STAFF:
        return frozenset({ANYONE, PARTNERS, DESK})
    audiences = {ANYONE, PARTNERS}
    organisation = (
        organisations.current(session, actor.organisation_id) if actor.organisation_id else None
    )
    while organisation is not None and audience_of(organisation.id) not in audiences:
        audiences.add(audience_of(organisation.id))
        parent_id = organisation.parent_id
        organisation = organisations.current(session, parent_id) if parent_id else None
    return frozenset(audiences)


def entries_after(
    session: Session,
    audiences: Audiences,
    *,
    position: int,
    until: int,
    limit: int,
    filters: Filters,
) -> list[Seen]:
    """The entries behind a position in the order of their positions.

    With a tombstone for each that this reader lost, whatever the filters but `kind`. `until` is the
    head of the log as it was read before: what changes meanwhile comes behind it, another time.
    """
    place = OutboxEvent.position
    behind = place > position
    found = _read(session, _found(audiences, filters).where(behind, place <= until), limit)
    end = _end_of(found, limit) or until
    lost = _read(session, _lost(audiences, filters).where(behind, place <= end), limit)
    return sorted([*found, *lost], key=_place)[:limit]


def newest_entries(
    session: Session, audiences: Audiences, *, before: int | None, limit: int, filters: Filters
) -> list[Seen]:
    """The visible entries, newest first, below a position."""
    place = OutboxEvent.position
    below = place.is_not(None) if before is None else place < before
    return _read(session, _found(audiences, filters).where(below), limit, newest_first=True)


def newest_with_tombstones(
    session: Session, audiences: Audiences, *, before: int, limit: int, filters: Filters
) -> list[Seen]:
    """The same, with a tombstone for each that the reader lost, whatever the filters but `kind`."""
    place = OutboxEvent.position
    found = newest_entries(session, audiences, before=before, limit=limit, filters=filters)
    end = _end_of(found, limit) or 0
    behind = _lost(audiences, filters).where(place < before, place >= end)
    lost = _read(session, behind, limit, newest_first=True)
    return sorted([*found, *lost], key=_place, reverse=True)[:limit]


def count_entries(session: Session, audiences: Audiences, *, filters: Filters) -> int:
    """How many entries this reader can see."""
    query = select(func.count()).select_from(Entry).where(_found_by(audiences, filters))
    return session.scalar(query) or 0


def entry_seen(session: Session, audiences: Audiences, reference: str) -> Seen:
    """One entry as this reader sees it. Raises NotFoundError when they never could."""
    gone_at = case((~_visible_to(audiences), _lost_at(audiences)))
    query = _entries(gone_at).where(_ever_seen_by(audiences), Entry.reference == reference)
    found = _read(session, query, 1)
    if not found:
        raise no_such_entry(reference)
    return found[0]


def no_such_entry(reference: str) -> NotFoundError:
    """What to raise when the library has no such entry, or none for this reader."""
    text = N_("The library has no entry %(reference)s that you may read.")
    return NotFoundError(text, reference=reference[:40])


def benchmarks_of(session: Session, audiences: Audiences, code: str) -> Sequence[Entry]:
    """The visible benchmarks of one indicator, by the start of their operation."""
    query = select(Entry).where(_found_by(audiences, {"kind": "benchmark", "indicator": code}))
    return sorted(
        session.scalars(query), key=lambda entry: (entry.operation["started_on"], entry.reference)
    )


def benchmark_counts(session: Session, audiences: Audiences) -> dict[str, tuple[int, int]]:
    """For each indicator how many visible values, from how many operations."""
    rows = session.execute(
        select(Facet.value, func.count(), func.count(Entry.operation_id.distinct()))
        .join(Entry)
        .where(Facet.name == "indicator", _visible_to(audiences))
        .group_by(Facet.value)
    )
    return {code: (values, operations) for code, values, operations in rows}


def library_state(session: Session) -> tuple[str, int]:
    """The epoch and head of review's stream: while both stay, no reader's view of the library has
    changed.
    """
    stream = session.get_one(Stream, REVIEW_STREAM)
    return str(stream.epoch), stream.head


def _found(audiences: Audiences, filters: Filters) -> SeenRows:
    """What a reader sees now and asks for."""
    return _entries(Entry.withdrawn_at).where(_found_by(audiences, filters))


def _lost(audiences: Audiences, filters: Filters) -> SeenRows:
    """What a reader saw once and does not see now. Its kind is no secret: the reference says it."""
    is_lost = _ever_seen_by(audiences) & ~_visible_to(audiences)
    return _entries(_lost_at(audiences)).where(is_lost, _of_kind(filters))


def _entries(gone_at: SQLColumnExpression[datetime | None]) -> SeenRows:
    latest_event = OutboxEvent.event_id == Entry.event_id
    return select(Entry, OutboxEvent.position, gone_at).join(OutboxEvent, latest_event)


def _read(
    session: Session,
    query: SeenRows,
    limit: int,
    *,
    newest_first: bool = False,
) -> list[Seen]:
    """Read a page. As the stream is named, the database walks its log until the page is full."""
    place = OutboxEvent.position
    query = query.where(OutboxEvent.stream == REVIEW_STREAM)
    rows = session.execute(query.order_by(place.desc() if newest_first else place).limit(limit))
    return [Seen(entry, position, gone_at) for entry, position, gone_at in rows]


def _end_of(seen: Sequence[Seen], limit: int) -> int | None:
    """The position at which a full page ends; None when there is room left."""
    return seen[-1].position if len(seen) == limit else None


def _place(one: Seen) -> int:
    return one.position or 0


def _found_by(audiences: Audiences, filters: Filters) -> ColumnElement[bool]:
    return and_(_visible_to(audiences), _of_kind(filters), *_about(filters))


def _visible_to(audiences: Audiences) -> ColumnElement[bool]:
    holds = select(Sight.entry_id).where(_sights_of(audiences), Sight.holds.is_(True))
    return (Entry.state == EntryState.PUBLISHED) & holds.exists()


def _ever_seen_by(audiences: Audiences) -> ColumnElement[bool]:
    return select(Sight.entry_id).where(_sights_of(audiences)).exists()


def _lost_at(audiences: Audiences) -> ColumnElement[datetime]:
    lost_at = select(func.max(Sight.lost_at)).where(_sights_of(audiences)).scalar_subquery()
    return func.coalesce(lost_at, Entry.changed_at)


def _sights_of(audiences: Audiences) -> ColumnElement[bool]:
    return (Sight.entry_id == Entry.id) & Sight.audience.in_(audiences)


def _of_kind(filters: Filters) -> ColumnElement[bool]:
    return Entry.kind == filters["kind"] if filters.get("kind") else true()


def _about(filters: Filters) -> Iterator[ColumnElement[bool]]:
    for name in FACETS:
        if filters.get(name):
            facet = (Facet.name == name) & (Facet.value == filters[name])
            yield select(Facet.entry_id).where(Facet.entry_id == Entry.id, facet).exists()
    yield from _searched(filters.get("q", ""))


def _searched(text: str) -> Iterator[ColumnElement[bool]]:
    if is_reference(asked := clean_reference(text)):
        yield Entry.reference == asked
        return
    words = fold(text).split()[:MOST_WORDS]
    if text and not words:
        yield false()  # signs only: nothing holds them
    for word in words:
        yield Entry.search_text.contains(word, autoescape=True)
