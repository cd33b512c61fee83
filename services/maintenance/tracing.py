"""Tracing: the whole way of one note with its times, from both databases.

Never a name, an address or free text.
"""

import errno
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from services.intake.model import Item, Note, NoteVersion
from services.maintenance.errors import MaintenanceError
from services.review.desk.model import Assignment, Case, HistoryEvent
from services.review.library.model import Entry
from shared.platform.delivery.deliveries import Delivery
from shared.platform.persistence.engine import Database
from shared.platform.persistence.inbox import AppliedEvent, Cursor, ParkedEvent
from shared.platform.persistence.outbox import OutboxEvent
from shared.platform.settings import PEER, Service

Sessions = dict[Service, Session]


@dataclass(frozen=True)
class Step:
    """One thing that happened to a note; without a time when that was not or is no longer kept."""

    at: datetime | None
    where: Service
    what: str


@dataclass(frozen=True)
class Trace:
    """The way of a note.

    `correlation_ids` are those by which the logs name what happened to it; with `shares_ids` other
    notes came with one of them, so that mails which went out cannot be told apart and are left out.
    """

    note_id: UUID
    steps: list[Step]
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
        if note_id is None:
            raise MaintenanceError(
                f"Nothing is known of {reference}: no note, entry or correlation id."
            )
        events = _events(sessions, note_id)
        names = {row.correlation_id for _service, row in events if row.correlation_id}
        alone = {name for name in names if _notes_named(sessions, name) == {note_id}}
        steps = [step for service, row in events for step in _way_of(sessions, service, row)]
        steps += _at_intake(sessions["intake"], note_id) if "intake" in sessions else []
        steps += _at_review(sessions["review"], note_id) if "review" in sessions else []
        steps += _mails(sessions, note_id, names, alone)
    return Trace(
        note_id,
        sorted(steps, key=lambda step: (step.at is None, step.at)),
        correlation_ids=names,
        shares_ids=names != alone,
    )


@contextmanager
def _readable(
    databases: Mapping[Service, Database], is_away: Callable[[Service, Exception], None]
) -> Iterator[Sessions]:
    """A session on each database that can be read."""
    with ExitStack() as opened:
        sessions: Sessions = {}
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


def _note_behind(sessions: Sessions, reference: str) -> UUID | None:
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
    notes = _notes_named(sessions, reference)
    if len(notes) > 1:
        known = ", ".join(
            sorted(_reference_of(sessions, note_id) or str(note_id) for note_id in notes)
        )
        raise MaintenanceError(
            f"{reference} belongs to {len(notes)} notes: {known}. Trace one of them."
        )
    return next(iter(notes), None)


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


def _events(sessions: Sessions, note_id: UUID) -> list[tuple[Service, OutboxEvent]]:
    about = select(OutboxEvent).where(OutboxEvent.subject == str(note_id))
    return [
        (service, row)
        for service, session in sessions.items()
        for row in session.scalars(about.order_by(OutboxEvent.id))
    ]


def _way_of(sessions: Sessions, service: Service, row: OutboxEvent) -> Iterator[Step]:
    """An event from where it was recorded to where it was applied."""
    place = f"{row.type}, position {row.position}" if row.position else row.type
    yield Step(
        row.occurred_at,
        service,
        f"recorded: {place}" + ("" if row.position else ", not numbered yet"),
    )
    if row.published_at is not None:
        yield Step(row.published_at, service, f"confirmed by the broker: {place}")
    there = sessions.get(PEER[service])
    if there is None or row.position is None:
        return
    parked = there.scalar(select(ParkedEvent).where(ParkedEvent.event_id == row.event_id))
    if parked is not None:
        yield Step(parked.parked_at, PEER[service], f"parked: {place}")
        if parked.settled_at is not None:
            yield Step(parked.settled_at, PEER[service], f"{parked.state}: {place}")
    applied = (
        select(AppliedEvent.applied_at)
        .where(AppliedEvent.event_id == row.event_id)
        .order_by(AppliedEvent.id)
    )
    moments = there.scalars(applied).all()
    for moment in moments:
        yield Step(moment, PEER[service], f"applied: {place}")
    if not moments and parked is None:
        is_behind = row.position <= (there.scalar(select(Cursor.position)) or 0)
        yield Step(None, PEER[service], f"{'applied' if is_behind else 'not applied yet'}: {place}")


def _at_intake(session: Session, note_id: UUID) -> Iterator[Step]:
    begun = session.scalar(select(Note.created_at).where(Note.id == note_id))
    yield Step(begun, "intake", "draft begun")
    for version in session.scalars(select(NoteVersion).where(NoteVersion.note_id == note_id)):
        yield Step(version.handed_over_at, "intake", f"version {version.version} submitted")


def _at_review(session: Session, note_id: UUID) -> Iterator[Step]:
    case = session.scalar(select(Case).where(Case.note_id == note_id))
    if case is None:
        return
    yield Step(case.opened_at, "review", "case opened")
    for assignment in session.scalars(select(Assignment).where(Assignment.case_id == case.id)):
        yield Step(assignment.assigned_at, "review", "assigned to a reviewer")
        if assignment.ended_at is not None:
            yield Step(assignment.ended_at, "review", "assignment ended")
    for done in session.scalars(select(HistoryEvent).where(HistoryEvent.case_id == case.id)):
        if done.action not in ("opened", "assigned"):
            codes = [
                done.detail[name] for name in ("verdict", "reference") if done.detail.get(name)
            ]
            yield Step(done.at, "review", " ".join([done.action, *codes]))


def _mails(sessions: Sessions, note_id: UUID, names: set[str], alone: set[str]) -> Iterator[Step]:
    """The mails that requests with these names asked for about this note.

    A mail forgets what it was about when it went out. Then only a name that the note has `alone`
    leads to it.
    """
    reference = _reference_of(sessions, note_id)
    asked = select(Delivery).where(Delivery.correlation_id.in_(names)).order_by(Delivery.asked_at)
    for service, session in sessions.items():
        for mail in session.scalars(asked):
            if mail.details:
                is_about_it = mail.details.get("reference") == reference
            else:
                is_about_it = mail.correlation_id in alone
            if is_about_it:
                yield from _way_of_mail(service, mail)


def _way_of_mail(service: Service, mail: Delivery) -> Iterator[Step]:
    yield Step(mail.asked_at, service, f"mail asked for: {mail.template}")
    if mail.sent_at is not None:
        yield Step(mail.sent_at, service, f"mail sent: {mail.template}")
    elif mail.due_at is None:
        yield Step(None, service, f"mail given up after {mail.attempts} attempts: {mail.template}")
    else:
        yield Step(None, service, f"mail not sent yet, {mail.attempts} attempts: {mail.template}")
