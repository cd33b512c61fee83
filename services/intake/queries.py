"""Larger reads of intake."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services.intake.model import AcceptedIndicator, Item, Note, Operation
from shared.codelists.indicator import Indicator, starter_catalogue
from shared.errors import N_, NotFoundError
from shared.people import organisations
from shared.people.actor import Actor
from shared.people.organisations import fold


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
    codes = {country["code"] for country in told["countries"]}
    candidates = session.scalars(
        select(Operation).where(Operation.folded == fold(told["title"]), Operation.type == told["type"])
    )
    for operation in candidates:
        if codes & {country["code"] for country in operation.details["countries"]}:
            return operation
    return None


def operation_titled(session: Session, title: str) -> Operation | None:
    """The operation with this title, if there is exactly one: the rest of it need not be typed again."""
    found = session.scalars(select(Operation).where(Operation.folded == fold(title)).limit(2)).all()
    return found[0] if len(found) == 1 else None


def operation_titles(session: Session, *, most: int = 100) -> Sequence[str]:
    """Titles to offer while someone types."""
    return session.scalars(select(Operation.title).order_by(Operation.title).limit(most)).all()


def catalogue(session: Session) -> dict[str, Indicator]:
    """All indicators: the starter catalogue, and over it what the editors accepted since."""
    accepted = session.scalars(select(AcceptedIndicator).order_by(AcceptedIndicator.code))
    return starter_catalogue() | {
        row.code: Indicator(code=row.code, version=row.version, definition=row.definition) for row in accepted
    }


def remark_on(session: Session, item_id: str | None) -> str | None:
    """What a reviewer said of the item that a part of a draft corrects."""
    item = session.get(Item, UUID(item_id)) if item_id else None
    return item.comment if item is not None else None


def item_locked(session: Session, note_id: UUID, item_id: UUID) -> Item:
    """An item of a note, with its note locked. Raises NotFoundError."""
    note = session.scalar(select(Note).where(Note.id == note_id).with_for_update())
    item = note.item_with(item_id) if note is not None else None
    if item is None:
        raise NotFoundError(N_("There is no such item."))
    return item
