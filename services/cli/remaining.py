"""Where a text that was redacted in one stored event may still be read, and by which command it
goes there.
"""

import shlex
from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.cli.installing import open_service
from services.intake.model import Note
from services.review.library.model import Entry
from shared.platform.delivery.deliveries import Delivery
from shared.platform.persistence import redaction
from shared.platform.persistence.outbox import OutboxEvent
from shared.platform.persistence.redaction import REDACTED
from shared.platform.settings import SERVICES, Service


def free_texts_of(session: Session, event_id: UUID) -> dict[str, str]:
    """The free texts of a stored event that can still be read, by their paths; none for an unknown
    event.
    """
    row = session.scalar(select(OutboxEvent).where(OutboxEvent.event_id == event_id))
    return _readable(row) if row is not None else {}


def _readable(row: OutboxEvent) -> dict[str, str]:
    return {
        path: text
        for path, text in redaction.free_texts(row.type, row.data).items()
        if text != REDACTED
    }


def events_about(
    row: OutboxEvent, fields: Collection[str], texts: Collection[str], reason: str
) -> list[str]:
    """The stored events of the same subject in both services, each with what to do about it: lines
    for people.

    One that holds one of the `texts`, or something in one of the `fields`, has its command.
    """
    lines, silent = [], 0
    for service in SERVICES:
        _settings, database = open_service(service)
        with database.readings() as session:
            about = (
                select(OutboxEvent)
                .where(OutboxEvent.subject == row.subject)
                .order_by(OutboxEvent.id)
            )
            for event in session.scalars(about):
                found = _readable(event)
                holding = [
                    path
                    for path, text in found.items()
                    if path in fields or any(one in text for one in texts)
                ]
                if holding:
                    lines.append(
                        "  lessons events redact "
                        f"{_arguments(service, event.event_id, holding, reason)}"
                    )
                elif event.event_id != row.event_id and found:
                    place = f"position {event.position or 'not yet numbered'} of {service}"
                    lines.append(
                        f"  {event.type}, {place} ({event.event_id}): other free text, look at it"
                    )
                elif event.event_id != row.event_id:
                    silent += 1
        database.close()
    return [*lines, f"  {silent} more without any free text"] if silent else lines


def _arguments(service: Service, event_id: UUID, fields: Collection[str], reason: str) -> str:
    named = " ".join(f"--field data.{path}" for path in fields)
    return f"--service {service} {named} --reason {shlex.quote(reason)} {event_id}"


def redact_mails(texts: Collection[str]) -> int:
    """Put the marker into mails that are still to be sent and quote one of the texts.

    Returns how many.
    """
    count = 0
    for service in SERVICES:
        _settings, database = open_service(service)
        with database.sessions.begin() as session:
            for mail in session.scalars(select(Delivery).where(Delivery.due_at.is_not(None))):
                details = _without(mail.details, texts)
                if details != mail.details:
                    mail.details, count = details, count + 1
        database.overwrite_deleted()
        database.close()
    return count


def _without(part: Any, texts: Collection[str]) -> Any:
    if isinstance(part, dict):
        return {name: _without(value, texts) for name, value in part.items()}
    if isinstance(part, list):
        return [_without(value, texts) for value in part]
    return REDACTED if part in texts else part


def derived_from(row: OutboxEvent) -> list[str]:
    """What was made from the note that the event is about."""
    note_id = row.data.get("note_id")
    if note_id is None:
        return []
    found = []
    for service in SERVICES:
        _settings, database = open_service(service)
        with database.readings() as session:
            found += _notes(session, note_id) if service == "intake" else _entries(session, note_id)
        database.close()
    return found


def _notes(session: Session, note_id: str) -> list[str]:
    notes = session.scalars(select(Note).where(Note.id == UUID(note_id)))
    return [
        (f"note {note.reference} with its {note.version} versions at intake, its case at review")
        for note in notes
    ]


def _entries(session: Session, note_id: str) -> list[str]:
    entries = session.scalars(
        select(Entry).where(Entry.note_id == UUID(note_id)).order_by(Entry.reference)
    )
    return [f"entry {entry.reference} ({entry.state})" for entry in entries]
