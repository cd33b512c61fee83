"""Applying a stream: strictly by position, effect and cursor in one transaction, and what cannot be applied set aside.

Nothing of this depends on the broker, so the embedded one and RabbitMQ behave alike.
"""

import traceback
from collections.abc import Callable, Mapping
from datetime import timedelta
from enum import Enum, auto
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from shared import clock
from shared.errors import N_, ConflictError, NotFoundError
from shared.events import EVENTS, Envelope, Event
from shared.persistence.inbox import Cursor, ParkedEvent

Handler = Callable[[Session, Any], None]
Handlers = Mapping[type[Event], Handler]

MOST_ATTEMPTS = 5
FIRST_PAUSE = timedelta(milliseconds=200)  # doubled after each further failure


class Outcome(Enum):
    """What became of an event that arrived."""

    APPLIED = auto()  # effect and cursor are stored
    DUPLICATE = auto()  # was applied before
    GAP = auto()  # lies beyond the next position: the ones between must be pulled
    FAILED = auto()  # its handler failed; it will be tried again
    PARKED = auto()  # set aside for a person
    HALTED = auto()  # the producer's log does not continue what was applied: nothing more until a person decides


class UnknownTypeError(Exception):
    """An event type that this version does not know: it may be from a newer producer."""


def cursor_of(session: Session, stream: str) -> Cursor:
    """The cursor of `stream`, locked until the transaction ends; begun at 0 if there was none."""
    cursor = session.get(Cursor, stream, with_for_update=True)
    if cursor is None:
        cursor = Cursor(stream=stream, position=0, producer_head=0, attempts=0)
        session.add(cursor)
        session.flush()
    return cursor


def apply(session: Session, envelope: Envelope, handlers: Handlers) -> Outcome:
    """Apply one event if it is the next one. Whatever the handler raises comes out: roll back, call `note_failure`."""
    cursor = cursor_of(session, envelope.stream)
    if cursor.halted_reason:
        return Outcome.HALTED
    if contradiction := _contradiction(cursor, envelope):
        halt(cursor, contradiction)
        return Outcome.HALTED
    if envelope.position <= cursor.position:
        return Outcome.DUPLICATE
    if envelope.position > cursor.position + 1:
        cursor.producer_head = max(cursor.producer_head, envelope.position)
        return Outcome.GAP

    blocker = _parked_before(session, envelope)
    if blocker is None:
        handle(session, envelope, handlers)
    else:
        _park(session, envelope, f"waits behind event {blocker.event_id}", attempts=0)
    _advance(cursor, envelope)
    return Outcome.APPLIED if blocker is None else Outcome.PARKED


def handle(session: Session, envelope: Envelope, handlers: Handlers) -> None:
    """Give the event to its handler; a known type without a handler is of no interest here and passes."""
    event_class = EVENTS.get(envelope.type)
    if event_class is None:
        raise UnknownTypeError(f"{envelope.type} is unknown here; upgrade this service, then retry")
    handler = handlers.get(event_class)
    if handler is not None:
        handler(session, event_class.of_data(envelope.data))
        session.flush()


def note_failure(session: Session, envelope: Envelope, error: Exception) -> Outcome:
    """Count a failed attempt at the next event; after the last one park it, so that the rest of the stream goes on."""
    cursor = cursor_of(session, envelope.stream)
    if envelope.position != cursor.position + 1:
        return Outcome.DUPLICATE
    if cursor.failing_id != envelope.id:
        cursor.failing_id, cursor.attempts = envelope.id, 0
    cursor.attempts += 1
    if cursor.attempts < MOST_ATTEMPTS:
        cursor.retry_at = clock.now() + FIRST_PAUSE * 2 ** (cursor.attempts - 1)
        return Outcome.FAILED
    trace = "".join(traceback.format_exception(error))[-8000:]
    _park(session, envelope, trace, attempts=cursor.attempts)
    _advance(cursor, envelope)
    return Outcome.PARKED


def halt(cursor: Cursor, reason: str) -> None:
    """Stop applying this stream until a person has decided."""
    cursor.halted_reason, cursor.halted_at = reason, clock.now()


def note_head(cursor: Cursor, *, epoch: UUID, head: int) -> None:
    """Note how far the producer says it is. Another life of its log halts us even when nothing new stands in it."""
    cursor.producer_head = head
    if cursor.epoch is not None and cursor.epoch != epoch and not cursor.halted_reason:
        halt(cursor, f"{cursor.stream} is in epoch {epoch}, we applied epoch {cursor.epoch}: was it restored?")


def resume(session: Session, stream: str, *, epoch: UUID, position: int, event_id: UUID | None) -> None:
    """A person decided: go on from this place of the producer's log as it is now, and forget the halt."""
    cursor = cursor_of(session, stream)
    cursor.epoch, cursor.position, cursor.event_id = epoch, position, event_id
    cursor.halted_reason = cursor.halted_at = cursor.failing_id = cursor.retry_at = None
    cursor.attempts, cursor.producer_head = 0, position


def retry(session: Session, parked_id: int, handlers: Handlers) -> int:
    """Apply a parked event and those that wait behind it, in order. Returns how many.

    All or nothing: if one fails again, its exception comes out and everything stays parked.
    """
    waiting = _parked_with(session, parked_id)
    for parked in waiting:
        handle(session, Envelope.of_wire(parked.envelope), handlers)
        parked.state, parked.settled_at = "retried", clock.now()
    return len(waiting)


def skip(session: Session, parked_id: int, *, reason: str) -> None:
    """A person decided that a parked event shall have no effect here. Those behind it are then retried by hand."""
    parked = _parked_with(session, parked_id)[0]
    parked.state, parked.reason, parked.settled_at = "skipped", reason, clock.now()


def parked_events(session: Session) -> list[ParkedEvent]:
    """What waits for a person, in the order in which it happened."""
    return list(
        session.scalars(select(ParkedEvent).where(ParkedEvent.state == "parked").order_by(ParkedEvent.position))
    )


def _contradiction(cursor: Cursor, envelope: Envelope) -> str | None:
    if cursor.epoch is not None and envelope.epoch != cursor.epoch:
        return f"{envelope.stream} is in epoch {envelope.epoch}, we applied epoch {cursor.epoch}: was it restored?"
    if envelope.position == cursor.position and envelope.id != cursor.event_id:
        return f"position {envelope.position} of {envelope.stream} is another event than the one we applied"
    if envelope.position == cursor.position + 1 and envelope.previous != cursor.event_id:
        return f"position {envelope.position} of {envelope.stream} does not follow the event that we applied last"
    return None


def _advance(cursor: Cursor, envelope: Envelope) -> None:
    cursor.epoch, cursor.position, cursor.event_id = envelope.epoch, envelope.position, envelope.id
    cursor.applied_at = clock.now()
    cursor.producer_head = max(cursor.producer_head, envelope.position)
    cursor.failing_id = cursor.retry_at = None
    cursor.attempts = 0


def _parked_before(session: Session, envelope: Envelope) -> ParkedEvent | None:
    return session.scalar(
        select(ParkedEvent)
        .where(
            ParkedEvent.stream == envelope.stream,
            ParkedEvent.subject == envelope.subject,
            ParkedEvent.state == "parked",
        )
        .order_by(ParkedEvent.position)
        .limit(1)
    )


def _park(session: Session, envelope: Envelope, error: str, *, attempts: int) -> None:
    session.add(
        ParkedEvent(
            stream=envelope.stream,
            position=envelope.position,
            event_id=envelope.id,
            type=envelope.type,
            subject=envelope.subject,
            envelope=envelope.to_wire(),
            error=error,
            attempts=attempts,
            parked_at=clock.now(),
            state="parked",
        )
    )


def _parked_with(session: Session, parked_id: int) -> list[ParkedEvent]:
    first = session.get(ParkedEvent, parked_id, with_for_update=True)
    if first is None:
        raise NotFoundError(N_("There is no parked event %(id)s."), id=parked_id)
    if first.state != "parked":
        raise ConflictError(N_("Event %(id)s is no longer parked."), id=parked_id)
    waiting = list(
        session.scalars(
            select(ParkedEvent)
            .where(
                ParkedEvent.stream == first.stream,
                ParkedEvent.subject == first.subject,
                ParkedEvent.state == "parked",
            )
            .order_by(ParkedEvent.position)
        )
    )
    if waiting[0].id != parked_id:
        raise ConflictError(N_("Event %(id)s waits behind event %(first)s."), id=parked_id, first=waiting[0].id)
    return waiting
