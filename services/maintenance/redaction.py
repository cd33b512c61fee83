"""Redaction of a stored event and of its parked copy at the other service."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from services.maintenance.errors import MaintenanceError
from services.maintenance.redaction_leftovers import Databases, readable_texts
from shared.platform.logs import where_from
from shared.platform.persistence import redaction
from shared.platform.persistence.engine import Database
from shared.platform.persistence.inbox import ParkedEvent
from shared.platform.persistence.outbox import OutboxEvent


@dataclass(frozen=True)
class Redacted:
    """The stored event as it is now, and the texts that it held before."""

    event: OutboxEvent
    texts: set[str]


def redact(database: Database, event_id: UUID, paths: Sequence[str], *, reason: str) -> Redacted:
    """Put the marker in the place of free texts of a stored event.

    Raises NotFoundError for an unknown event, InvalidError for a path that is not there or is no
    free text.
    """
    with database.sessions.begin() as session:
        stored = session.scalar(select(OutboxEvent).where(OutboxEvent.event_id == event_id))
        before = readable_texts(stored) if stored is not None else {}
        event = redaction.redact(session, event_id, paths, reason=reason)
    database.overwrite_deleted()
    return Redacted(event, {text for path, text in before.items() if path in paths})


def redact_parked(database: Database, event: OutboxEvent) -> int:
    """Let the parked copies of a redacted event say what it says now. Returns how many."""
    with database.sessions.begin() as session:
        copies = session.scalars(
            select(ParkedEvent).where(ParkedEvent.event_id == event.event_id)
        ).all()
        for parked in copies:
            if parked.envelope:  # an old one was emptied by “lessons prune”
                parked.envelope = {**parked.envelope, "data": event.data}
            parked.error = "\n".join([redaction.REDACTED, *where_from(parked.error)])
    database.overwrite_deleted()
    return len(copies)


def require_readable(databases: Databases) -> None:
    """Raises MaintenanceError unless both databases can be read.

    What quotes an event is found by its text, which is gone once it is redacted: so all is done in
    one go.
    """
    for service, database in databases.items():
        if database.is_missing or not _can_be_read(database):
            raise MaintenanceError(
                f"The {service} database cannot be read, so nothing was redacted."
            )


def _can_be_read(database: Database) -> bool:
    try:
        with database.readings() as session:
            session.scalar(select(OutboxEvent.id).limit(1))
    except SQLAlchemyError:
        return False
    return True
