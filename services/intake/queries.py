"""Larger reads of intake."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import bindparam, func, select, text, true
from sqlalchemy.orm import Session, selectinload

from services.intake.model import AcceptedIndicator, Item, Note, Operation, codes_of
from shared.codelists.indicator import Indicator, starter_catalogue
from shared.errors import N_, NotFoundError
from shared.people import organisations
from shared.people.actor import Actor
from shared.people.organisations import Organisation, OrganisationName, fold
from shared.persistence.once import know, of_late, once

_NUMBERS = func.nextval("note_number_seq")


class Known(NamedTuple):
    """Organisation and operation of a note, as events tell of them, and a number that was drawn for it, if one was."""

    organisation_id: UUID
    name: str
    confirmed: bool
    operation_id: UUID
    number: int | None = None


def next_number(session: Session) -> int:
    """A number for a new note, never given before. Numbers may be left out."""
    if session.get_bind().dialect.name == "postgresql":
        return int(session.scalars(select(_NUMBERS)).one())
    highest = session.scalar(text("SELECT seq FROM sqlite_sequence WHERE name = 'note'"))
    return int(highest or 0) + 1  # who writes is alone


def note_with_receipt(session: Session, receipt: str, *, lock: bool = False) -> Note:
    """The note that this receipt opens. Raises NotFoundError."""
    query = select(Note).where(Note.receipt == receipt)
    note = session.scalar(query.with_for_update() if lock else query)
    if note is None:
        raise NotFoundError(N_("No note has this receipt. Check that all of it was copied."))
    return note


def note_for(session: Session, actor: Actor, reference: str, *, lock: bool = False) -> Note:
    """The note with this reference, if the actor may read it. Raises NotFoundError either way."""
    query = select(Note).where(Note.reference == reference)
    note = session.scalar(query.with_for_update() if lock else query)
    if note is None or not may_read(session, actor, note):
        raise NotFoundError(N_("There is no note %(reference)s, or it is not yours to see."), reference=reference)
    return note


def may_read(session: Session, actor: Actor | None, note: Note) -> bool:
    """Whether someone may read the text of a note and correct it.

    Who sent it may, and so may everyone of the same organisation for whom an administrator stands: a successor must be
    able to answer. Whoever came in only through a mail address may touch the notes that gave that address.
    """
    if actor is None:
        return False
    if actor.role == "admin" or (note.account_id is not None and note.account_id == actor.account_id):
        return True
    if actor.email is not None and note.contact == actor.email:
        return True
    own = organisations.family_of(session, actor.organisation_id)
    return actor.vouched and own is not None and own == organisations.family_of(session, note.organisation_id)


def notes_of(session: Session, actor: Actor, *, most: int = 50) -> Sequence[Note]:
    """The notes that someone sent or is the contact of, newest first."""
    mine = (Note.account_id == actor.account_id) | (Note.contact == actor.email)
    return session.scalars(select(Note).where(mine).order_by(Note.changed_at.desc()).limit(most)).all()


def count_unsigned_drafts(session: Session, *, since: datetime) -> int:
    """How many notes people who were not signed in have begun since then."""
    query = select(func.count()).where(Note.account_id.is_(None), Note.created_at > since)
    return session.scalar(query) or 0


def find_operation(session: Session, told: Mapping[str, Any]) -> Operation | None:
    """The operation that someone tells of, if it is known: same title and type, and a country in common."""
    codes = codes_of(told)
    candidates = session.scalars(
        select(Operation).where(Operation.folded == fold(told["title"]), Operation.type == told["type"])
    )
    for operation in candidates:
        if codes & codes_of(operation.details):
            return operation
    return None


# Built once, and columns instead of objects: every note of a program asks this. Each row draws a number, and there is
# one row as a rule.
_NAMED = (
    select(Organisation.id, Organisation.name, Organisation.confirmed, Operation.id, _NUMBERS, Operation.details)
    .join(OrganisationName, OrganisationName.organisation_id == Organisation.id)
    .join(Operation, true())
    .where(
        OrganisationName.folded == bindparam("organisation"),
        Organisation.merged_into.is_(None),
        Operation.folded == bindparam("operation"),
        Operation.type == bindparam("type"),
    )
)
_ACCEPTED = select(AcceptedIndicator).order_by(AcceptedIndicator.code)


def known_to_us(session: Session, content: Mapping[str, Any]) -> Known | None:
    """Organisation, operation and number of a note in one look; None when one is new or became another, and on SQLite.

    SQLite has no round trips to save.
    """
    if session.get_bind().dialect.name == "sqlite":
        return None
    told = content["operation"]
    names = {"organisation": fold(content["organisation"]), "operation": fold(told["title"]), "type": told["type"]}
    rows = session.execute(_NAMED, names)
    codes = codes_of(told)
    return next((Known(*known) for *known, details in rows if codes & codes_of(details)), None)


def operation_titled(session: Session, title: str) -> Operation | None:
    """The operation with this title, if there is exactly one: the rest of it need not be typed again."""
    found = session.scalars(select(Operation).where(Operation.folded == fold(title)).limit(2)).all()
    return found[0] if len(found) == 1 else None


def operation_titles(session: Session, *, most: int = 100) -> Sequence[str]:
    """Titles to offer while someone types."""
    return session.scalars(select(Operation.title).order_by(Operation.title).limit(most)).all()


def catalogue(session: Session) -> dict[str, Indicator]:
    """All indicators: the starter catalogue, and over it what the editors accepted since."""
    accepted = session.scalars(_ACCEPTED)
    return starter_catalogue() | {
        row.code: Indicator(code=row.code, version=row.version, definition=row.definition) for row in accepted
    }


def catalogue_of_late(session: Session) -> dict[str, Indicator]:
    """The catalogue as it was within the last second: every note of a program asks, and it seldom changes."""
    return of_late(session, "catalogue", lambda: catalogue(session))


def remark_on(session: Session, item_id: str | None) -> str | None:
    """What a reviewer said of the item that a part of a draft corrects."""
    item = session.get(Item, UUID(item_id)) if item_id else None
    return item.comment if item is not None else None


def notes_locked(session: Session, note_ids: Iterable[UUID]) -> Sequence[Note]:
    """These notes with their items, locked; `note_locked` finds them without asking until something is flushed."""
    query = select(Note).where(Note.id.in_(set(note_ids))).options(selectinload(Note.items))
    notes = session.scalars(query.order_by(Note.number).with_for_update()).all()
    for note in notes:
        know(session, ("note", note.id), note)
    return notes


def note_locked(session: Session, note_id: UUID) -> Note:
    """The note with this id, locked. Raises NotFoundError."""
    query = select(Note).where(Note.id == note_id).with_for_update()
    note = once(session, ("note", note_id), lambda: session.scalar(query))
    if note is None:
        raise NotFoundError(N_("There is no such note."))
    return note


def item_locked(session: Session, note_id: UUID, item_id: UUID) -> Item:
    """An item of a note, with its note locked. Raises NotFoundError."""
    item = note_locked(session, note_id).item_with(item_id)
    if item is None:
        raise NotFoundError(N_("There is no such item."))
    return item
