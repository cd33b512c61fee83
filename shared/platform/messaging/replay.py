"""Replay: what was derived from a producer's log is forgotten and derived from it again."""

from collections.abc import Callable, Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from shared.platform.events import Envelope
from shared.platform.messaging import subscription
from shared.platform.messaging.pull import Source
from shared.platform.persistence.engine import Database
from shared.platform.persistence.inbox import Cursor, ParkedEvent

REASON = "its events are being replayed; if that was interrupted, repeat “lessons events replay”"

Forget = Callable[[Session], None]
ApplyAgain = Callable[[Session, Sequence[Envelope]], None]


class ReplayError(Exception):
    """The replay cannot begin or go on, with the reason for people.

    What it holds stays held until it is repeated.
    """


def replay(
    database: Database, source: Source, stream: str, forget: Forget, apply_again: ApplyAgain
) -> int:
    """Forget what was derived from `stream` and apply again what was applied, each page in one
    transaction.

    Nothing new is applied meanwhile: what lies behind the cursor is left to the consumer, for its
    effects are new. What was parked or skipped has had no effect and gets none. Returns how many
    events were looked at. Raises ReplayError, and what the source raises.
    """
    held, set_aside = _hold(database, stream, forget)
    position, event_id = 0, None
    while position < held.position:
        page = source.page_after(position, event_id)
        events = page.events[: held.position - position]
        _require_continued(held, events, position, event_id)
        with database.sessions.begin() as session:
            _require_held(session, held)
            apply_again(session, [envelope for envelope in events if envelope.id not in set_aside])
        position, event_id = events[-1].position, events[-1].id
    if event_id != held.event_id:
        raise ReplayError(
            f"Position {position} of {stream} is another event than the one that was applied."
        )
    with database.sessions.begin() as session:
        cursor = _require_held(session, held)
        cursor.halted_reason = cursor.halted_at = None
    return position


def _hold(database: Database, stream: str, forget: Forget) -> tuple[Cursor, set[UUID]]:
    """Halt the consumer and forget.

    Returns the cursor as it stays, and the events that have had no effect.
    """
    with database.sessions.begin() as session:
        cursor = subscription.cursor_of(session, stream)
        if cursor.halted_reason not in (None, REASON):
            raise ReplayError(f"Resume the consumer first, which is halted: {cursor.halted_reason}")
        subscription.halt(cursor, REASON)
        forget(session)
        parked = select(ParkedEvent.event_id).where(
            ParkedEvent.stream == stream, ParkedEvent.state != "retried"
        )
        return cursor, set(session.scalars(parked))


def _require_held(session: Session, held: Cursor) -> Cursor:
    """The cursor, locked, if it is still this replay that holds it."""
    cursor = subscription.cursor_of(session, held.stream)
    if (cursor.halted_reason, cursor.halted_at) != (REASON, held.halted_at):
        raise ReplayError(
            "Somebody resumed the consumer or began another replay. Repeat this one when "
            "that is done."
        )
    return cursor


def _require_continued(
    held: Cursor, events: Sequence[Envelope], position: int, event_id: UUID | None
) -> None:
    if not events:
        raise ReplayError(
            f"{held.stream} ends at {position}, but {held.position} events were applied."
        )
    for envelope in events:
        place = (envelope.epoch, envelope.position, envelope.previous)
        if place != (held.epoch, position + 1, event_id):
            raise ReplayError(
                f"{held.stream} is not the log that was applied: look at position "
                f"{envelope.position}."
            )
        position, event_id = envelope.position, envelope.id
