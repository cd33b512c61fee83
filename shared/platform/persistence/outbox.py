"""The log of a service: what happened, recorded in the same transaction as the change itself.

A row gets its `position` later, from the one relay of its stream, when it is committed and
therefore certain. That is why a position is gap-free and in order, and an automatic id is neither:
ids are drawn before the commit.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import orjson
import structlog
from sqlalchemy import (
    BigInteger,
    Index,
    Integer,
    Text,
    UniqueConstraint,
    bindparam,
    cast,
    func,
    literal,
    select,
    update,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from shared.platform import clock
from shared.platform.events import Envelope, Event
from shared.platform.persistence.base import BigId, SharedBase
from shared.platform.persistence.engine import RECORDED

MOST_NUMBERED = 500  # at a time


class Stream(SharedBase):
    """One log: how far it is numbered, and which life of it this is.

    A database that was restored from a backup starts a new epoch, so that nobody mistakes its new
    position 100 for the position 100 it had before.
    """

    __tablename__ = "stream"

    name: Mapped[str] = mapped_column(primary_key=True)
    epoch: Mapped[UUID]
    head: Mapped[int] = mapped_column(BigInteger)
    head_event_id: Mapped[UUID | None]


class OutboxEvent(SharedBase):
    """One event of the log. Rows are never deleted: the log is what a subscriber pulls from.

    What must not stay readable is redacted in its place: a marker stands for it, and the row says
    when and why.
    """

    __tablename__ = "outbox"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    event_id: Mapped[UUID] = mapped_column(unique=True)
    stream: Mapped[str]
    position: Mapped[int | None] = mapped_column(BigInteger)
    previous: Mapped[UUID | None]
    type: Mapped[str]
    subject: Mapped[str] = mapped_column(index=True)
    data: Mapped[dict[str, Any]]
    occurred_at: Mapped[datetime]
    correlation_id: Mapped[str | None]
    traceparent: Mapped[str | None]
    published_at: Mapped[datetime | None]
    redacted_at: Mapped[datetime | None]
    redacted_because: Mapped[str | None]

    __table_args__ = (UniqueConstraint("stream", "position"),)

    def envelope(self, epoch: UUID) -> Envelope:
        """The event in its place. Only for a numbered row."""
        if self.position is None:
            raise ValueError(f"event {self.event_id} has no position yet")
        return Envelope(
            id=self.event_id,
            type=self.type,
            subject=self.subject,
            time=self.occurred_at,
            data=self.data,
            stream=self.stream,
            epoch=epoch,
            position=self.position,
            previous=self.previous,
            correlationid=self.correlation_id,
            traceparent=self.traceparent,
        )


# What the relay asks for again and again stays small, however long the log grows.
Index(
    "ix_outbox_unnumbered",
    OutboxEvent.stream,
    OutboxEvent.id,
    postgresql_where=OutboxEvent.position.is_(None),
    sqlite_where=OutboxEvent.position.is_(None),
)
Index(
    "ix_outbox_unpublished",
    OutboxEvent.stream,
    OutboxEvent.position,
    postgresql_where=OutboxEvent.published_at.is_(None),
    sqlite_where=OutboxEvent.published_at.is_(None),
)


def record(session: Session, event: Event) -> UUID:
    """Record that `event` happened, in the caller's transaction: it is told if and only if the
    change is kept.

    Returns the id of the event. Raises UndecodableError for one that breaks its own contract.
    """
    context, data = structlog.contextvars.get_contextvars(), event.data()
    # what its subscriber could not read fails here, before anything is promised
    event.of_data(data)
    row = OutboxEvent(
        event_id=uuid4(),
        stream=event.stream,
        type=event.name,
        subject=event.subject,
        data=data,
        occurred_at=clock.now(),
        correlation_id=context.get("correlation_id"),
        traceparent=context.get("traceparent"),
    )
    session.add(row)
    session.info[RECORDED] = True
    return row.event_id


def open_stream(session: Session, name: str) -> Stream:
    """The stream called `name`, begun now if there was none."""
    stream = session.get(Stream, name)
    if stream is None:
        stream = Stream(name=name, epoch=uuid4(), head=0, head_event_id=None)
        session.add(stream)
    return stream


def stream_named(session: Session, name: str, *, lock: bool = False) -> Stream:
    """The stream called `name`; it must have been opened.

    With `lock`, nobody else numbers it until we are done.
    """
    return session.get_one(Stream, name, with_for_update=lock)


def has_unnumbered(session: Session, name: str) -> bool:
    """Whether committed rows wait for their positions.

    A look that takes no lock, for the relay's many idle rounds.
    """
    waiting = (
        select(OutboxEvent.id)
        .where(OutboxEvent.stream == name, OutboxEvent.position.is_(None))
        .limit(1)
    )
    return session.scalar(waiting) is not None


# What an event is made of. Its data stay the JSON text that is stored: they pass through and nobody
# here reads them.
_ENVELOPE = (
    OutboxEvent.event_id.label("id"),
    OutboxEvent.type,
    OutboxEvent.subject,
    OutboxEvent.occurred_at.label("time"),
    cast(OutboxEvent.data, Text).label("data"),
    OutboxEvent.position,
    OutboxEvent.previous,
    OutboxEvent.correlation_id.label("correlationid"),
    OutboxEvent.traceparent,
)
_UNPUBLISHED = (
    select(*_ENVELOPE)
    .where(
        OutboxEvent.stream == bindparam("stream"),
        OutboxEvent.position.is_not(None),
        OutboxEvent.published_at.is_(None),
    )
    .order_by(OutboxEvent.position)
    .limit(bindparam("limit", type_=Integer))
)


def number_pending(session: Session, name: str, *, limit: int = MOST_NUMBERED) -> list[Envelope]:
    """Give the committed rows of a stream their positions, in order of their ids.

    Returns those events, in order.

    The lock on the stream's row makes this safe even when a second relay believes itself to be
    alone.
    """
    stream = stream_named(session, name, lock=True)
    before = literal(stream.head_event_id, OutboxEvent.event_id.type)
    pending = (
        select(
            OutboxEvent.id,
            (func.row_number().over(order_by=OutboxEvent.id) + stream.head).label("position"),
            func.coalesce(
                func.lag(OutboxEvent.event_id).over(order_by=OutboxEvent.id), before
            ).label("previous"),
        )
        .where(OutboxEvent.stream == name, OutboxEvent.position.is_(None))
        .order_by(OutboxEvent.id)
        .limit(limit)
        .subquery()
    )
    rows = session.execute(
        update(OutboxEvent)
        .where(OutboxEvent.id == pending.c.id)
        .values(position=pending.c.position, previous=pending.c.previous)
        .returning(*_ENVELOPE),
        execution_options={"synchronize_session": False},
    ).mappings()
    numbered = sorted(_envelopes(stream, rows), key=lambda envelope: envelope.position)
    if numbered:
        stream.head, stream.head_event_id = numbered[-1].position, numbered[-1].id
    return numbered


def unpublished(session: Session, name: str, *, limit: int) -> list[Envelope]:
    """Numbered events that the broker has not confirmed, in order."""
    rows = session.execute(_UNPUBLISHED, {"stream": name, "limit": limit}).mappings()
    return _envelopes(stream_named(session, name), rows)


def _envelopes(stream: Stream, rows: Iterable[Mapping[Any, Any]]) -> list[Envelope]:
    return [
        Envelope(
            **{**row, "data": orjson.Fragment(row["data"])}, stream=stream.name, epoch=stream.epoch
        )
        for row in rows
    ]


def mark_published(session: Session, name: str, *, upto: int) -> None:
    """Note that the broker has the events of a stream up to this position, all of which were
    `unpublished`.
    """
    session.execute(
        update(OutboxEvent)
        .where(
            OutboxEvent.stream == name,
            OutboxEvent.position <= upto,
            OutboxEvent.published_at.is_(None),
        )
        .values(published_at=clock.now()),
        execution_options={"synchronize_session": False},
    )


def events_after(
    session: Session, name: str, *, position: int, limit: int
) -> Sequence[OutboxEvent]:
    """The numbered rows behind `position`, in order."""
    return session.scalars(
        select(OutboxEvent)
        .where(OutboxEvent.stream == name, OutboxEvent.position > position)
        .order_by(OutboxEvent.position)
        .limit(limit)
    ).all()
