"""Applying a stream: strictly by position, effect and cursor in one transaction, and what cannot be
applied set aside.

Nothing of this depends on the broker, so the embedded one and RabbitMQ behave alike.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from enum import Enum, auto
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy.orm import Session

from shared.platform import clock
from shared.platform.events import EVENTS, Envelope, Event
from shared.platform.logs import trace_of
from shared.platform.persistence import bulk_insert, inbox
from shared.platform.persistence.inbox import AppliedEvent, Cursor

Handler = Callable[..., None]  # of the session and the event
Handlers = Mapping[type[Event], Handler]
# what the handlers of these events will ask for
Prefetch = Callable[[Session, Sequence[Envelope]], Any]

MOST_ATTEMPTS = 5
FIRST_PAUSE = timedelta(milliseconds=200)  # doubled after each further failure
LONGEST_PAUSE = FIRST_PAUSE * 2**MOST_ATTEMPTS


class Outcome(Enum):
    """What became of an event that arrived."""

    APPLIED = auto()  # effect and cursor are stored
    DUPLICATE = auto()  # was applied before
    GAP = auto()  # lies beyond the next position: the ones between must be pulled
    FAILED = auto()  # its handler failed; it will be tried again
    PARKED = auto()  # set aside for a person
    # the producer's log does not continue what was applied: nothing more until a person decides
    HALTED = auto()


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
    """Apply one event if it is the next one.

    Whatever the handler raises comes out: roll back, call `note_failure`.
    """
    return apply_all(session, [envelope], handlers)[0]


def apply_all(
    session: Session,
    envelopes: Sequence[Envelope],
    handlers: Handlers,
    prefetch: Prefetch | None = None,
    *,
    are_hints: bool = False,
) -> list[Outcome]:
    """Apply events of one stream in this order, each if it is the next one then; one outcome for
    each.

    They are kept together or not at all: whatever a handler raises comes out. Roll back and apply
    them one by one. `are_hints` says that the broker brought them. It may bring what is of another
    life of the log, or again what is to be tried later: neither counts before the producer itself
    was asked.
    """
    cursor = cursor_of(session, envelopes[0].stream)
    blocked = inbox.parked_subjects(session, cursor.stream)
    if prefetch is not None and not cursor.halted_reason:
        prefetch(session, envelopes)
    outcomes = []
    for envelope in envelopes:
        outcome = _doubted(cursor, envelope) if are_hints else None
        outcomes.append(outcome or _apply(session, cursor, envelope, handlers, blocked))
    bulk_insert.insert_pending(session)
    return outcomes


def _doubted(cursor: Cursor, envelope: Envelope) -> Outcome | None:
    """What becomes of a hint that cannot be taken as it is; None for a good one."""
    if _contradiction(cursor, envelope):
        return Outcome.GAP
    if envelope.id == cursor.failing_id and must_wait(cursor):
        return Outcome.FAILED
    return None


def _apply(
    session: Session,
    cursor: Cursor,
    envelope: Envelope,
    handlers: Handlers,
    blocked: Mapping[str, UUID],
) -> Outcome:
    if cursor.halted_reason:
        return Outcome.HALTED
    if contradiction := _contradiction(cursor, envelope):
        halt(cursor, contradiction)
        return Outcome.HALTED
    if envelope.position <= cursor.position:
        return Outcome.DUPLICATE
    if envelope.position > cursor.position + 1:
        cursor.producer_head = max(cursor.producer_head, envelope.position)
        cursor.behind_since = cursor.behind_since or envelope.time
        return Outcome.GAP

    blocker = blocked.get(envelope.subject)
    if blocker is None:
        handle(session, envelope, handlers)
    else:
        inbox.park(session, envelope, f"waits behind event {blocker}", attempts=0)
    _advance(cursor, envelope)
    return Outcome.APPLIED if blocker is None else Outcome.PARKED


def handle(session: Session, envelope: Envelope, handlers: Handlers) -> None:
    """Give the event to its handler, and note when."""
    have_effect(session, envelope, handlers)
    session.add(AppliedEvent(event_id=envelope.id, applied_at=clock.now()))


def have_effect(session: Session, envelope: Envelope, handlers: Handlers) -> None:
    """Give the event to its handler; a known type without a handler is of no interest here and
    passes.
    """
    event_class = EVENTS.get(envelope.type)
    if event_class is None:
        raise UnknownTypeError(f"{envelope.type} is unknown here; upgrade this service, then retry")
    handler = handlers.get(event_class)
    if handler is not None:
        context = {"correlation_id": envelope.correlationid, "traceparent": envelope.traceparent}
        # what follows from the event carries its names
        with structlog.contextvars.bound_contextvars(**context):
            handler(session, event_class.of_data(envelope.data))


def note_failure(session: Session, envelope: Envelope, error: Exception) -> Outcome:
    """Count a failed attempt at the next event; after the last one park it, so that the rest of the
    stream goes on.
    """
    cursor = cursor_of(session, envelope.stream)
    if envelope.position != cursor.position + 1:
        return Outcome.DUPLICATE if envelope.position <= cursor.position else Outcome.GAP
    if cursor.failing_id != envelope.id:
        cursor.failing_id, cursor.attempts = envelope.id, 0
    cursor.attempts += 1
    cursor.behind_since, cursor.producer_head = (
        envelope.time,
        max(cursor.producer_head, envelope.position),
    )
    if cursor.attempts < MOST_ATTEMPTS:
        cursor.retry_at = clock.now() + FIRST_PAUSE * 2 ** (cursor.attempts - 1)
        return Outcome.FAILED
    inbox.park(session, envelope, trace_of(error)[-8000:], attempts=cursor.attempts)
    _advance(cursor, envelope)
    return Outcome.PARKED


def must_wait(cursor: Cursor) -> bool:
    """Whether the next attempt is still to come.

    One that lies further off than any pause was set by another clock.
    """
    return (
        cursor.retry_at is not None
        and timedelta(0) < cursor.retry_at - clock.now() <= LONGEST_PAUSE
    )


def halt(cursor: Cursor, reason: str) -> None:
    """Stop applying this stream until a person has decided."""
    cursor.halted_reason, cursor.halted_at = reason, clock.now()


def halt_at(session: Session, stream: str, place: tuple[int, UUID | None], reason: str) -> None:
    """Halt, unless a person has moved the cursor away from this place (position and event)
    meanwhile.
    """
    cursor = cursor_of(session, stream)
    if (cursor.position, cursor.event_id) == place:
        halt(cursor, reason)


def note_head(cursor: Cursor, *, epoch: UUID, head: int) -> None:
    """Note how far the producer says it is.

    Another life of its log halts us even when nothing new stands in it.
    """
    cursor.producer_head = head
    cursor.behind_since = cursor.behind_since or clock.now() if head > cursor.position else None
    if cursor.epoch is not None and cursor.epoch != epoch and not cursor.halted_reason:
        halt(
            cursor,
            (
                f"{cursor.stream} is in epoch {epoch}, we applied epoch {cursor.epoch}: was it "
                "restored?"
            ),
        )


def resume(
    session: Session, stream: str, *, epoch: UUID, position: int, event_id: UUID | None
) -> None:
    """A person decided: go on from this place of the producer's log as it is now, and forget the
    halt.

    What was parked of the events behind it waits no longer: those that are still in the log come
    again.
    """
    cursor = cursor_of(session, stream)
    inbox.settle_behind(session, stream, position=position)
    cursor.epoch, cursor.position, cursor.event_id = epoch, position, event_id
    cursor.halted_reason = cursor.halted_at = cursor.failing_id = cursor.retry_at = None
    cursor.attempts, cursor.producer_head, cursor.behind_since = 0, position, None


def _contradiction(cursor: Cursor, envelope: Envelope) -> str | None:
    if cursor.epoch is not None and envelope.epoch != cursor.epoch:
        return (
            f"{envelope.stream} is in epoch {envelope.epoch}, we applied epoch {cursor.epoch}: was "
            "it restored?"
        )
    if envelope.position == cursor.position and envelope.id != cursor.event_id:
        return (
            f"position {envelope.position} of {envelope.stream} is another event than the one we "
            "applied"
        )
    if envelope.position == cursor.position + 1 and envelope.previous != cursor.event_id:
        return (
            f"position {envelope.position} of {envelope.stream} does not follow the event that we "
            "applied last"
        )
    return None


def _advance(cursor: Cursor, envelope: Envelope) -> None:
    cursor.epoch, cursor.position, cursor.event_id = envelope.epoch, envelope.position, envelope.id
    cursor.applied_at = clock.now()
    cursor.producer_head = max(cursor.producer_head, envelope.position)
    # the next is no older
    cursor.behind_since = envelope.time if cursor.producer_head > cursor.position else None
    cursor.failing_id = cursor.retry_at = None
    cursor.attempts = 0
