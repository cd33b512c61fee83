"""Reading the library: what a reader may see, and what remains of what they could see once.

Filters and searches are asked only of what the reader sees now. Asked of what was hidden from
them, they would tell what it says; a search tells it letter by letter.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select, true
from sqlalchemy.orm import Session

from services.review.library.model import ANYONE, DESK, PARTNERS, Entry, Facet, Sight, audience_of
from shared.domain import organisations
from shared.domain.organisations import fold
from shared.platform.accounts.actor import Actor
from shared.platform.errors import N_, NotFoundError
from shared.platform.events import REVIEW_STREAM
from shared.platform.persistence.outbox import OutboxEvent, Stream

FACETS = ("country", "sector", "phase", "indicator")
STAFF = ("reviewer", "editor", "admin")
MOST_WORDS = 8
REFERENCE = re.compile(r"(LL|BM)-\d{4}-\d{4,}", re.ASCII)

Audiences = frozenset[str]
Filters = Mapping[str, str]
SeenRows = Select[Entry, int | None, bool, datetime | None]


@dataclass(frozen=True)
class Seen:
    """An entry as one reader sees it. `gone_at` is when they lost sight of it; None while visible.

    `position` is None for the moment between a change and the relay's next round, in which it gets one.
    """

    entry: Entry
    position: int | None
    gone_at: datetime | None

    @property
    def changed_at(self) -> datetime:
        """When what this reader sees of it last changed."""
        return self.gone_at or self.entry.changed_at


def audiences_of(session: Session, actor: Actor | None) -> Audiences:
    """The audiences that someone belongs to: anyone; partners and their own organisation with what it is part of."""
    if actor is None or actor.account_id is None:
        return frozenset({ANYONE})
    if actor.role in STAFF:
        return frozenset({ANYONE, PARTNERS, DESK})
    audiences = {ANYONE, PARTNERS}
    organisation = organisations.current(session, actor.organisation_id) if actor.organisation_id else None
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
    limit: int,
    filters: Filters,
) -> list[Seen]:
    """The entries behind a position in the order of their positions.

    With a tombstone for each that this reader lost, whatever the filters but `kind`.
    """
    query = _with_tombstones(audiences, filters).where(OutboxEvent.position > position)
    return _seen(session, query.order_by(OutboxEvent.position).limit(limit))


def newest_entries(
    session: Session, audiences: Audiences, *, before: int | None, limit: int, filters: Filters
) -> list[Seen]:
    """The visible entries, newest first, below a position."""
    query = _in_their_order(audiences).where(_found_by(audiences, filters))
    return _newest(session, query, before, limit)


def newest_with_tombstones(
    session: Session, audiences: Audiences, *, before: int | None, limit: int, filters: Filters
) -> list[Seen]:
    """The same, with a tombstone for each that the reader lost, whatever the filters but `kind`."""
    return _newest(session, _with_tombstones(audiences, filters), before, limit)


def count_entries(session: Session, audiences: Audiences, *, filters: Filters) -> int:
    """How many entries this reader can see."""
    query = select(func.count()).select_from(Entry).where(_found_by(audiences, filters))
    return session.scalar(query) or 0


def entry_seen(session: Session, audiences: Audiences, reference: str) -> Seen:
    """One entry as this reader sees it. Raises NotFoundError when they never could."""
    found = _seen(session, _ever_seen_by(audiences).where(Entry.reference == reference))
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
    return sorted(session.scalars(query), key=lambda entry: (entry.operation["started_on"], entry.reference))


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
    """The epoch and head of review's stream: while both stay, no reader's view of the library has changed."""
    stream = session.get_one(Stream, REVIEW_STREAM)
    return str(stream.epoch), stream.head


def _with_tombstones(audiences: Audiences, filters: Filters) -> SeenRows:
    """What a reader sees and asks for, and what they lost, whatever they ask for.

    The kind may choose among tombstones: it stands in the reference.
    """
    asked_for_or_lost = or_(~_visible_to(audiences), _about(filters))
    return _in_their_order(audiences).where(_of_kind(filters), asked_for_or_lost)


def _in_their_order(audiences: Audiences) -> SeenRows:
    """What has its place in the order in which the library is read."""
    return _ever_seen_by(audiences).where(OutboxEvent.position.is_not(None))


def _ever_seen_by(audiences: Audiences) -> SeenRows:
    theirs = (Sight.entry_id == Entry.id) & Sight.audience.in_(audiences)
    lost_at = select(func.max(Sight.lost_at)).where(theirs).scalar_subquery()
    return (
        select(Entry, OutboxEvent.position, _visible_to(audiences).label("visible"), lost_at)
        .join(OutboxEvent, OutboxEvent.event_id == Entry.event_id)
        .where(select(Sight.entry_id).where(theirs).exists())
    )


def _newest(session: Session, query: SeenRows, before: int | None, limit: int) -> list[Seen]:
    if before is not None:
        query = query.where(OutboxEvent.position < before)
    return _seen(session, query.order_by(OutboxEvent.position.desc()).limit(limit))


def _visible_to(audiences: Audiences) -> ColumnElement[bool]:
    holds = select(Sight.entry_id).where(
        Sight.entry_id == Entry.id, Sight.audience.in_(audiences), Sight.holds.is_(True)
    )
    return (Entry.state == "published") & holds.exists()


def _found_by(audiences: Audiences, filters: Filters) -> ColumnElement[bool]:
    """What a reader sees now and asks for."""
    return and_(_visible_to(audiences), _of_kind(filters), _about(filters))


def _of_kind(filters: Filters) -> ColumnElement[bool]:
    return Entry.kind == filters["kind"] if filters.get("kind") else true()


def _about(filters: Filters) -> ColumnElement[bool]:
    """What has every property and word that is asked for. Ask it only of what a reader can see."""
    has = (_has(name, filters[name]) for name in FACETS if filters.get(name))
    return and_(true(), *has, *_searched(filters.get("q", "")))


def _has(name: str, value: str) -> ColumnElement[bool]:
    of_entry = select(Facet.entry_id).where(Facet.entry_id == Entry.id)
    return of_entry.where(Facet.name == name, Facet.value == value).exists()


def _searched(text: str) -> Iterator[ColumnElement[bool]]:
    if REFERENCE.fullmatch(asked := text.strip().upper()):
        yield Entry.reference == asked
        return
    words = fold(text).split()[:MOST_WORDS]
    if text and not words:
        yield false()  # signs only: nothing holds them
    for word in words:
        yield Entry.search_text.contains(word, autoescape=True)


def _seen(session: Session, query: SeenRows) -> list[Seen]:
    return [
        Seen(entry, position, None if visible else lost_at or entry.changed_at)
        for entry, position, visible, lost_at in session.execute(query)
    ]
