"""Tracing: the whole way of one note with its times, from both databases.

Never a name, an address or free text.
"""

import errno
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from services.intake.model import Item, Note
from services.maintenance.errors import MaintenanceError
from services.maintenance.steps import Events, Sessions, Step, steps_of, way_of_mails
from services.review.desk.model import Case
from services.review.library.model import Entry
from shared.platform.persistence.engine import Database
from shared.platform.persistence.inbox import Cursor
from shared.platform.persistence.outbox import OutboxEvent
from shared.platform.settings import Service


@dataclass(frozen=True)
class Recorded:
    """An event in the log of a service; without a position while it is not numbered yet."""

    service: Service
    event_id: UUID
    type: str
    position: int | None


@dataclass(frozen=True)
class Trace:
    """The way of a note.

    `events` are those about it, in the order of each log. `correlation_ids` are those by which the
    logs name what happened to it; with `shares_ids` other notes came with one of them, so that
    mails which went out cannot be told apart and are left out.
    """

    note_id: UUID
    steps: list[Step]
    events: list[Recorded]
    correlation_ids: set[str]
    shares_ids: bool


def trace(
    databases: Mapping[Service, Database],
    reference: str,
    is_away: Callable[[Service, Exception], None],
) -> Trace:
    """The way of the note behind a reference of a note or an entry, or a correlation id.

    Steps are in the order of their times. Hands to `is_away` each database that cannot be read,
    whose part is left out. Raises MaintenanceError when nothing is known of the reference, or when
    it belongs to several notes.
    """
    with _readable(databases, is_away) as sessions:
        note_id = _note_behind(sessions, reference)
        events = _events(sessions, note_id)
        names = {row.correlation_id for _service, row in events if row.correlation_id}
        alone = {name for name in names if _notes_named(sessions, name) == {note_id}}
        steps = steps_of(sessions, note_id, events)
        steps += way_of_mails(sessions, _reference_of(sessions, note_id), names, alone)
        recorded = [Recorded(each, row.event_id, row.type, row.position) for each, row in events]
    return Trace(
        note_id,
        sorted(steps, key=lambda step: (step.at is None, step.at)),
        recorded,
        correlation_ids=names,
        shares_ids=names != alone,
    )


@contextmanager
def _readable(
    databases: Mapping[Service, Database], is_away: Callable[[Service, Exception], None]
) -> Iterator[Sessions]:
    """A session on each database that can be read."""
    with ExitStack() as opened:
        sessions: dict[Service, Session] = {}
        for service, database in databases.items():
            try:
                _require_file(database)
                session = opened.enter_context(database.readings())
                session.execute(select(Cursor.stream))
                sessions[service] = session
            except (SQLAlchemyError, OSError) as error:
                is_away(service, error)
        yield sessions


def _require_file(database: Database) -> None:
    if database.is_missing:
        path = database.engine.url.database
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), path)


def _note_behind(sessions: Sessions, reference: str) -> UUID:
    """The id of the note that a reference or a correlation id leads to."""
    asked: dict[Service, Sequence[Select[UUID]]] = {
        "intake": (
            select(Note.id).where(Note.reference == reference),
            select(Item.note_id).where(Item.entry_reference == reference),
        ),
        "review": (
            select(Case.note_id).where(Case.reference == reference),
            select(Entry.note_id).where(Entry.reference == reference),
        ),
    }
    for service, session in sessions.items():
        for query in asked[service]:
            if (note_id := session.scalar(query.limit(1))) is not None:
                return note_id
    return _note_named(sessions, reference)


def _note_named(sessions: Sessions, correlation_id: str) -> UUID:
    notes = _notes_named(sessions, correlation_id)
    if not notes:
        raise MaintenanceError(
            f"Nothing is known of {correlation_id}: no note, entry or correlation id."
        )
    if len(notes) > 1:
        known = ", ".join(
            sorted(_reference_of(sessions, note_id) or str(note_id) for note_id in notes)
        )
        raise MaintenanceError(
            f"{correlation_id} belongs to {len(notes)} notes: {known}. Trace one of them."
        )
    return notes.pop()


def _notes_named(sessions: Sessions, correlation_id: str) -> set[UUID]:
    """The notes about which a request with this correlation id told something: a program may give
    many the same.
    """
    caused = select(OutboxEvent.data).where(OutboxEvent.correlation_id == correlation_id)
    data = [data for session in sessions.values() for data in session.scalars(caused)]
    return {UUID(said["note_id"]) for said in data if "note_id" in said}


def _reference_of(sessions: Sessions, note_id: UUID) -> str | None:
    for service, session in sessions.items():
        of_note = select(Note.reference).where(Note.id == note_id)
        of_case = select(Case.reference).where(Case.note_id == note_id)
        if reference := session.scalar(of_note if service == "intake" else of_case):
            return reference
    return None


def _events(sessions: Sessions, note_id: UUID) -> Events:
    about = select(OutboxEvent).where(OutboxEvent.subject == str(note_id))
    return [
        (service, row)
        for service, session in sessions.items()
        for row in session.scalars(about.order_by(OutboxEvent.id))
    ]
