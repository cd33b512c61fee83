"""Where a text that was redacted in one stored event may still be read."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select

from services.intake.model import Note
from services.review.library.model import Entry
from shared.platform.delivery.deliveries import Delivery
from shared.platform.persistence import redaction
from shared.platform.persistence.engine import Database
from shared.platform.persistence.outbox import OutboxEvent
from shared.platform.persistence.redaction import REDACTED
from shared.platform.settings import SERVICES, Service

Databases = Mapping[Service, Database]


@dataclass(frozen=True)
class Leftover:
    """A stored event of `service` about the same.

    Its `fields` hold a redacted text, or something in a redacted place; where there are none it may
    have other free text.
    """

    service: Service
    event: OutboxEvent
    fields: tuple[str, ...]
    has_free_text: bool


@dataclass(frozen=True)
class Derived:
    """What was made from a note: the note itself at intake, and its entries at review."""

    notes: list[Note]
    entries: list[Entry]


def readable_texts(row: OutboxEvent) -> dict[str, str]:
    """The free texts of a stored event that can still be read, by their paths."""
    found = redaction.free_texts(row.type, row.data)
    return {path: text for path, text in found.items() if text != REDACTED}


def events_about(
    databases: Databases, row: OutboxEvent, fields: Collection[str], texts: Collection[str]
) -> list[Leftover]:
    """The other stored events of the same subject in both services, and this one if it holds more.

    `fields` and `texts` are what was redacted in `row`.
    """
    found = []
    for service in SERVICES:
        with databases[service].readings() as session:
            about = select(OutboxEvent).where(OutboxEvent.subject == row.subject)
            for event in session.scalars(about.order_by(OutboxEvent.id)):
                left = readable_texts(event)
                holding = tuple(
                    path
                    for path, text in left.items()
                    if path in fields or any(one in text for one in texts)
                )
                if holding or event.event_id != row.event_id:
                    found.append(Leftover(service, event, holding, bool(left)))
    return found


def redact_mails(databases: Databases, texts: Collection[str]) -> int:
    """Put the marker into mails that are still to be sent and quote one of the texts.

    Returns how many.
    """
    count = 0
    for database in databases.values():
        with database.sessions.begin() as session:
            for mail in session.scalars(select(Delivery).where(Delivery.due_at.is_not(None))):
                details = _without(mail.details, texts)
                if details != mail.details:
                    mail.details, count = details, count + 1
        database.overwrite_deleted()
    return count


def derived_from(databases: Databases, row: OutboxEvent) -> Derived:
    """What was made from the note that the event is about."""
    if (said := row.data.get("note_id")) is None:
        return Derived([], [])
    note_id = UUID(said)
    with databases["intake"].readings() as session:
        notes = session.scalars(select(Note).where(Note.id == note_id)).all()
    with databases["review"].readings() as session:
        of_note = select(Entry).where(Entry.note_id == note_id).order_by(Entry.reference)
        entries = session.scalars(of_note).all()
    return Derived(list(notes), list(entries))


def _without(part: Any, texts: Collection[str]) -> Any:
    if isinstance(part, dict):
        return {name: _without(value, texts) for name, value in part.items()}
    if isinstance(part, list):
        return [_without(value, texts) for value in part]
    return REDACTED if part in texts else part
