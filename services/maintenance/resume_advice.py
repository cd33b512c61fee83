"""How each consumer goes on after a restore: by itself, or by what somebody has to do."""

from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from enum import Enum, auto

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from services.maintenance.restored_database import Remembered, event_id_at, present
from shared.platform.events import STREAMS
from shared.platform.messaging import subscription
from shared.platform.messaging.replay import REASON as REPLAYING
from shared.platform.persistence import outbox
from shared.platform.persistence.inbox import Cursor
from shared.platform.persistence.outbox import Stream
from shared.platform.settings import PEER, Service, Settings


class Restart(Enum):
    """What becomes of a consumer when the register is started."""

    BY_ITSELF = auto()
    REPEAT_REPLAY = auto()  # it is held by a replay that the backup interrupted
    HALTS = auto()  # somebody must resume it
    NOT_KNOWN = auto()  # not both databases can be read now


@dataclass(frozen=True)
class Advice:
    """How the consumer of `service` goes on with the log of the other one.

    `applied` is the last position that it has applied, `position` the last one up to which the log
    says the same; None when nobody can tell. `halted` is why it was halted already.
    """

    service: Service
    restart: Restart
    applied: int = 0
    position: int | None = None
    halted: str | None = None

    @property
    def is_replayed(self) -> bool:
        """Whether a replay is under way, which is to be repeated."""
        return self.halted == REPLAYING


def advise(
    service: Service,
    settings: Mapping[Service, Settings],
    sessions: Mapping[Service, Session],
    remembered: Mapping[Service, Remembered],
) -> Advice:
    """How the consumer of `service` goes on.

    `sessions` are on the databases that were restored. A cursor there that fits its log is brought
    into its new life.
    """
    peer = PEER[service]
    with ExitStack() as opened:
        try:
            session, log = (
                sessions.get(each) or opened.enter_context(present(settings[each].database_url))
                for each in (service, peer)
            )
            cursor = subscription.cursor_of(session, STREAMS[peer])
            stream = outbox.stream_named(log, STREAMS[peer])
        except SQLAlchemyError:
            return Advice(service, Restart.NOT_KNOWN)
        if service in sessions and _goes_on(cursor, log, stream):
            return _going_on(service, cursor)
        return _halting(service, cursor, log, remembered.get(peer, Remembered({}, {})))


def _goes_on(cursor: Cursor, log: Session, stream: Stream) -> bool:
    """Bring a restored cursor into the new life of the log, if it fits and nobody halted it."""
    fits = stands_at(cursor, log) and cursor.halted_reason in (None, REPLAYING)
    if fits and cursor.position:
        cursor.epoch = stream.epoch
    return fits


def _halting(service: Service, cursor: Cursor, log: Session, remembered: Remembered) -> Advice:
    position = common_position(cursor, log, remembered)
    return Advice(service, Restart.HALTS, cursor.position, position, cursor.halted_reason)


def _going_on(service: Service, cursor: Cursor) -> Advice:
    restart = Restart.REPEAT_REPLAY if cursor.halted_reason else Restart.BY_ITSELF
    return Advice(service, restart, cursor.position, cursor.position, cursor.halted_reason)


def common_position(cursor: Cursor, log: Session, remembered: Remembered) -> int | None:
    """Up to where a log says what the subscriber at `cursor` has applied; None when nobody can
    tell.

    Each event names the one before it, so two logs with the same event at a position are the same
    up to there.
    """
    if stands_at(cursor, log):
        return cursor.position
    if remembered.event_ids.get(cursor.position) != cursor.event_id:
        return None  # it did not follow the replaced log either: that one was restored before
    head = outbox.stream_named(log, cursor.stream).head
    for position in range(min(head, cursor.position), 0, -1):
        if event_id_at(log, cursor.stream, position) == remembered.event_ids.get(position):
            return position
    return None


def stands_at(cursor: Cursor, log: Session) -> bool:
    """Whether the log has the event that was applied last at its place, so that it can be followed
    from there.
    """
    at = cursor.position
    return at == 0 or event_id_at(log, cursor.stream, at) == cursor.event_id
