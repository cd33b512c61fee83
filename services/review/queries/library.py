"""Reading the library: what a reader may see, and what remains of what they could see once."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from sqlalchemy import ColumnElement, Select, false, func, select
from sqlalchemy.orm import Session

from services.review.model import ANYONE, DESK, PARTNERS, Entry, Facet, Sight, audience_of
from shared.errors import N_, NotFoundError
from shared.events import REVIEW_STREAM
from shared.people import organisations
from shared.people.actor import Actor
from shared.people.organisations import fold
from shared.persistence.outbox import OutboxEvent, Stream

FACETS = ("country", "sector", "phase", "indicator")
STAFF = ("reviewer", "editor", "admin")
MOST_WORDS = 8
REFERENCE = re.compile(r"(LL|BM)-\d{4}-\d{4,}", re.ASCII)

Audiences = frozenset[str]
Query = TypeVar("Query", Select[Entry, int | None, bool], Select[Entry], Select[int])


@dataclass(frozen=True)
class Seen:
    """An entry as one reader sees it. `gone_at` is when it was withdrawn or lost to this reader; None while visible.

    `position` is None for the moment between a change and the relay's next round, in which it gets one.
    """

    entry: Entry
    position: int | None
    gone_at: datetime | None


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
    session: Session, audiences: Audiences, *, position: int, limit: int, filters: Mapping[str, str]
) -> list[Seen]:
    """The entries behind a position in the order of their positions, with tombstones for what this reader lost."""
    query = _seen_by(audiences, filters).where(OutboxEvent.position > position)
    return _seen(session, query.order_by(OutboxEvent.position).limit(limit))


def newest_entries(
    session: Session, audiences: Audiences, *, before: int | None, limit: int, filters: Mapping[str, str]
) -> list[Seen]:
    """The visible entries, newest first, below a position."""
    return _newest(session, _seen_by(audiences, filters).where(_visible_to(audiences)), before, limit)


def newest_with_tombstones(
    session: Session, audiences: Audiences, *, before: int | None, limit: int, filters: Mapping[str, str]
) -> list[Seen]:
    """The entries that this reader can or could see, newest change first, below a position."""
    return _newest(session, _seen_by(audiences, filters), before, limit)


def count_entries(session: Session, audiences: Audiences, *, filters: Mapping[str, str]) -> int:
    """How many entries this reader can see."""
    query = _filtered(select(func.count()).select_from(Entry), filters).where(_visible_to(audiences))
    return session.scalar(query) or 0


def entry_seen(session: Session, audiences: Audiences, reference: str) -> Seen:
    """One entry as this reader sees it. Raises NotFoundError when they never could."""
    found = _seen(session, _ever_seen_by(audiences, {}).where(Entry.reference == reference))
    if not found:
        raise NotFoundError(N_("The library has no entry %(reference)s that you may read."), reference=reference[:40])
    return found[0]


def entry_locked(session: Session, reference: str) -> Entry:
    """The entry, locked, for those who may change it. Raises NotFoundError."""
    entry = session.scalar(select(Entry).where(Entry.reference == reference).with_for_update())
    if entry is None:
        raise NotFoundError(N_("The library has no entry %(reference)s that you may read."), reference=reference[:40])
    return entry


def benchmarks_of(session: Session, audiences: Audiences, code: str) -> Sequence[Entry]:
    """The visible benchmarks of one indicator, by the start of their operation."""
    query = _filtered(select(Entry), {"indicator": code}).where(_visible_to(audiences), Entry.kind == "benchmark")
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


def _seen_by(audiences: Audiences, filters: Mapping[str, str]) -> Select[Entry, int | None, bool]:
    """What has its place in the order in which the library is read."""
    return _ever_seen_by(audiences, filters).where(OutboxEvent.position.is_not(None))


def _ever_seen_by(audiences: Audiences, filters: Mapping[str, str]) -> Select[Entry, int | None, bool]:
    query = select(Entry, OutboxEvent.position, _visible_to(audiences).label("visible")).join(
        OutboxEvent, OutboxEvent.event_id == Entry.event_id
    )
    ever = select(Sight.entry_id).where(Sight.entry_id == Entry.id, Sight.audience.in_(audiences)).exists()
    return _filtered(query.where(ever), filters)


def _newest(session: Session, query: Select[Entry, int | None, bool], before: int | None, limit: int) -> list[Seen]:
    if before is not None:
        query = query.where(OutboxEvent.position < before)
    return _seen(session, query.order_by(OutboxEvent.position.desc()).limit(limit))


def _visible_to(audiences: Audiences) -> ColumnElement[bool]:
    holds = select(Sight.entry_id).where(
        Sight.entry_id == Entry.id, Sight.audience.in_(audiences), Sight.holds.is_(True)
    )
    return (Entry.state == "published") & holds.exists()


def _filtered(query: Query, filters: Mapping[str, str]) -> Query:
    for name in FACETS:
        if filters.get(name):
            has = select(Facet.entry_id).where(
                Facet.entry_id == Entry.id, Facet.name == name, Facet.value == filters[name]
            )
            query = query.where(has.exists())
    if filters.get("kind"):
        query = query.where(Entry.kind == filters["kind"])
    if REFERENCE.fullmatch(asked := filters.get("q", "").strip().upper()):
        return query.where(Entry.reference == asked)
    words = fold(filters.get("q", "")).split()[:MOST_WORDS]
    if filters.get("q") and not words:
        query = query.where(false())  # signs only: nothing holds them
    for word in words:
        query = query.where(Entry.search_text.contains(word, autoescape=True))
    return query


def _seen(session: Session, query: Select[Entry, int | None, bool]) -> list[Seen]:
    return [
        Seen(entry, position, None if visible else _gone_at(entry))
        for entry, position, visible in session.execute(query)
    ]


def _gone_at(entry: Entry) -> datetime:
    return entry.withdrawn_at or entry.changed_at
