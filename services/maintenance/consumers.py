"""The consumers of both services: how far they are, and what a person does with one that halted."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.intake.handlers import HANDLERS as INTAKE_HANDLERS
from services.intake.handlers import apply_again
from services.intake.use_cases import forget_decisions
from services.maintenance.errors import MaintenanceError
from services.review.desk.handlers import HANDLERS as REVIEW_HANDLERS
from shared.platform.events import STREAMS
from shared.platform.messaging import replay, subscription
from shared.platform.messaging.pull import ContradictionError, Source
from shared.platform.messaging.replay import REASON as REPLAYING
from shared.platform.messaging.replay import ReplayError
from shared.platform.persistence.engine import Database
from shared.platform.persistence.inbox import Cursor
from shared.platform.persistence.outbox import Stream
from shared.platform.settings import PEER, Service, Settings

HANDLERS = {"intake": INTAKE_HANDLERS, "review": REVIEW_HANDLERS}


@dataclass(frozen=True)
class Resumed:
    """A consumer that goes on: it had applied the log as it was up to position `before`.

    `is_replayed` says that a replay was under way, which is still to be repeated.
    """

    before: int
    is_replayed: bool


def logs(session: Session) -> Sequence[Stream]:
    """The logs that are written in this database."""
    return session.scalars(select(Stream)).all()


def cursors(session: Session) -> Sequence[Cursor]:
    """How far logs are applied in this database."""
    return session.scalars(select(Cursor)).all()


def log_of_peer(of_service: Settings) -> Source:
    """Where the log of the other service is read."""
    peer = PEER[of_service.service]
    return Source(of_service.peer_url, f"/{peer}/events", of_service.service_key)


def resume(database: Database, service: Service, log: Source, position: int) -> Resumed:
    """Let a halted consumer go on behind `position` of the log as it is now.

    Raises MaintenanceError when it is not halted, or held by a replay of this log, or when the log
    has no such position; SourceAwayError when nobody answers.
    """
    epoch, event_id = _place(log, position)
    with database.sessions.begin() as session:
        cursor = subscription.cursor_of(session, STREAMS[PEER[service]])
        is_replayed, before = cursor.halted_reason == REPLAYING, cursor.position
        if not cursor.halted_reason and cursor.epoch in (None, epoch):
            raise MaintenanceError(
                f"The consumer of {service} is not halted: it goes on by itself."
            )
        if is_replayed and cursor.epoch == epoch:
            raise MaintenanceError(
                "Its events are being replayed. If that was interrupted, repeat the replay."
            )
        subscription.resume(
            session, cursor.stream, epoch=epoch, position=position, event_id=event_id
        )
        # of a log that was restored meanwhile, so that what was forgotten is still to be derived
        if is_replayed:
            subscription.halt(cursor, REPLAYING)
    return Resumed(before, is_replayed)


def require_derived(service: Service) -> None:
    """Raises MaintenanceError for review, whose decisions are derived from nothing."""
    if service == "review":
        raise MaintenanceError(
            "What review decided cannot be derived from any log: it comes back from a backup."
        )


def derive_again(database: Database, service: Service, log: Source) -> int:
    """Forget what `service` derived from the other's log, and derive it again.

    Returns how many events that were. Raises MaintenanceError when it cannot begin or go on, and
    as `require_derived` does.
    """
    require_derived(service)
    stream = STREAMS[PEER[service]]
    try:
        return replay.replay(database, log, stream, forget_decisions, apply_again)
    except (ReplayError, ContradictionError) as error:
        raise MaintenanceError(str(error)) from error


def _place(log: Source, position: int) -> tuple[UUID, UUID | None]:
    """The epoch of a log, and which event stands at `position` there; None at 0."""
    try:
        page = log.page_after(max(0, position - 1), None)
    except ContradictionError:
        raise MaintenanceError(f"The log has no position {position}.") from None
    if position == 0:
        return page.epoch, None
    if not page.events or page.events[0].position != position:
        raise MaintenanceError(f"The log has no position {position}; it ends at {page.head}.")
    return page.epoch, page.events[0].id
