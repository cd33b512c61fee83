"""What happened to a note, step by step, as far as the databases still know it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.intake.model import Note, NoteVersion
from services.review.desk.model import Assignment, Case, HistoryEvent
from shared.platform.delivery.deliveries import Delivery
from shared.platform.persistence.inbox import AppliedEvent, Cursor, ParkedEvent
from shared.platform.persistence.outbox import OutboxEvent
from shared.platform.settings import PEER, Service

Sessions = Mapping[Service, Session]
Events = Sequence[tuple[Service, OutboxEvent]]


@dataclass(frozen=True)
class Step:
    """One thing that happened to a note; without a time when that was not or is no longer kept."""

    at: datetime | None
    where: Service
    what: str


def steps_of(sessions: Sessions, note_id: UUID, events: Events) -> list[Step]:
    """What happened to a note and to the events about it; its mails are left out."""
    steps = [step for service, row in events for step in _way_of_event(sessions, service, row)]
    steps += _at_intake(sessions["intake"], note_id) if "intake" in sessions else []
    steps += _at_review(sessions["review"], note_id) if "review" in sessions else []
    return steps


def _way_of_event(sessions: Sessions, service: Service, row: OutboxEvent) -> Iterator[Step]:
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
    if there is not None and row.position is not None:
        yield from _way_there(there, PEER[service], row, place)


def _way_there(session: Session, service: Service, row: OutboxEvent, place: str) -> Iterator[Step]:
    """What became of an event at its subscriber."""
    parked = session.scalar(select(ParkedEvent).where(ParkedEvent.event_id == row.event_id))
    if parked is not None:
        yield Step(parked.parked_at, service, f"parked: {place}")
        if parked.settled_at is not None:
            yield Step(parked.settled_at, service, f"{parked.state}: {place}")
    applied = (
        select(AppliedEvent.applied_at)
        .where(AppliedEvent.event_id == row.event_id)
        .order_by(AppliedEvent.id)
    )
    moments = session.scalars(applied).all()
    for moment in moments:
        yield Step(moment, service, f"applied: {place}")
    if not moments and parked is None:
        is_behind = (row.position or 0) <= (session.scalar(select(Cursor.position)) or 0)
        yield Step(None, service, f"{'applied' if is_behind else 'not applied yet'}: {place}")


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


def way_of_mails(
    sessions: Sessions, about: str | None, names: set[str], alone: set[str]
) -> Iterator[Step]:
    """The mails that requests with these names asked for about the note with this reference.

    A mail forgets what it was about when it went out. Then only a name that the note has `alone`
    leads to it.
    """
    asked = select(Delivery).where(Delivery.correlation_id.in_(names)).order_by(Delivery.asked_at)
    for service, session in sessions.items():
        for mail in session.scalars(asked):
            if mail.details:
                is_about_it = mail.details.get("reference") == about
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
