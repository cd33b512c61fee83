"""Reading notes: who may, what became of them, and the catalogue that they use."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, func, or_, select, text, true
from sqlalchemy.orm import Session, selectinload

from services.intake.model import AcceptedIndicator, Item, Note, NoteVersion
from shared.domain import organisations
from shared.domain.codelists.indicator import Indicator, starter_catalogue
from shared.domain.content.parts import OperationContent
from shared.domain.sharing import NEVER_PUBLISHED
from shared.platform.accounts.actor import Actor
from shared.platform.accounts.roles import Role
from shared.platform.errors import N_, NotFoundError
from shared.platform.persistence.cache import cached, prime, recent
from shared.platform.typed.texts import fold

MOST_NOTES, MOST_TITLES = 1000, 100  # that are looked at, and offered


def next_number(session: Session) -> int:
    """A number for a new note, never given before. Numbers may be left out."""
    if session.get_bind().dialect.name == "postgresql":
        return int(session.scalars(select(func.nextval("note_number_seq"))).one())
    highest = session.scalar(text("SELECT seq FROM sqlite_sequence WHERE name = 'note'"))
    return int(highest or 0) + 1  # who writes is alone


def note_with_receipt(session: Session, receipt: str, *, lock: bool = False) -> Note:
    """The note that this receipt opens. Raises NotFoundError."""
    query = select(Note).where(Note.receipt == receipt)
    note = session.scalar(query.with_for_update() if lock else query)
    if note is None:
        raise NotFoundError(N_("No note has this receipt. Check that all of it was copied."))
    return note


def note_with_reference(session: Session, reference: str) -> Note:
    """The note with this reference, locked, whoever may read it. Raises NotFoundError."""
    note = session.scalar(select(Note).where(Note.reference == reference).with_for_update())
    if note is None:
        raise NotFoundError(N_("There is no note %(reference)s."), reference=reference)
    return note


def note_for(session: Session, actor: Actor, reference: str, *, lock: bool = False) -> Note:
    """The note with this reference, if the actor may read it. Raises NotFoundError either way."""
    query = select(Note).where(Note.reference == reference)
    note = session.scalar(query.with_for_update() if lock else query)
    if note is None or not may_read(session, actor, note):
        raise NotFoundError(
            N_("There is no note %(reference)s, or it is not yours to see."), reference=reference
        )
    return note


def may_read(session: Session, actor: Actor | None, note: Note) -> bool:
    """Whether someone may read the text of a note and correct it.

    Who sent it may, and so may everyone of the same organisation for whom an administrator stands:
    a successor must be able to answer. Whoever came in only through a mail address may touch the
    notes that gave that address. One that is kept to its reviewers is for who sent it alone; to a
    successor it is handed over (`hand_over_note`).
    """
    readable = select(Note.id).where(_readable_by(session, actor))
    return session.scalar(readable.where(Note.id == note.id)) is not None


def _readable_by(session: Session, actor: Actor | None) -> ColumnElement[bool]:
    """The rule of `may_read`, for notes that are being looked for."""
    if actor is None:
        return false()
    organisation_id = actor.organisation_id if actor.vouched else None
    family = organisations.family_members(session, organisation_id)
    is_theirs = true() if actor.role == Role.ADMIN else Note.organisation_id.in_(family)
    return or_(_sent_by(actor), and_(is_theirs, ~_is_close()))


def _is_close() -> ColumnElement[bool]:
    """Whether a note is kept to its reviewers. A draft that was never sent says nothing yet."""
    return func.coalesce(Note.content["sharing"].as_string(), "").in_(NEVER_PUBLISHED)


def _sent_by(actor: Actor) -> ColumnElement[bool]:
    """Whether someone sent a note or is its contact."""
    by_account = Note.account_id == actor.account_id if actor.account_id is not None else false()
    return or_(by_account, Note.contact == actor.email if actor.email is not None else false())


def notes_of(session: Session, actor: Actor, *, most: int = 50) -> Sequence[Note]:
    """The notes that someone sent or is the contact of, newest first."""
    query = select(Note).where(_sent_by(actor)).order_by(Note.changed_at.desc())
    return session.scalars(query.limit(most)).all()


def count_unsigned_drafts(session: Session, *, since: datetime) -> int:
    """How many notes people who were not signed in have begun since then."""
    query = select(func.count()).where(Note.account_id.is_(None), Note.created_at > since)
    return session.scalar(query) or 0


_ACCEPTED = select(AcceptedIndicator).order_by(AcceptedIndicator.code)


def operation_titles(session: Session, actor: Actor | None) -> Sequence[str]:
    """Titles to offer while someone types: the latest operations that they may be told of.

    Anybody can ask this as often as they like, so it looks at the latest notes only.
    """
    query = select(NoteVersion.id, NoteVersion.folded).join(Note, Note.id == NoteVersion.note_id)
    query = query.where(_may_be_told(session, actor)).order_by(NoteVersion.id.desc())
    latest = query.limit(MOST_NOTES).subquery()
    newest = func.max(latest.c.id)
    offered = select(newest).group_by(latest.c.folded).order_by(newest.desc()).limit(MOST_TITLES)
    titles = select(NoteVersion.content["operation"]["title"].as_string())
    titles = titles.where(NoteVersion.id.in_(offered)).order_by(NoteVersion.folded)
    return session.scalars(titles).all()


def operation_titled(session: Session, actor: Actor | None, title: str) -> OperationContent | None:
    """The operation with this title, as the latest note tells it that someone may be told of.

    None where they may be told of several: nobody knows which one they mean.
    """
    folded = fold(title)
    query = select(Note.operation_id, NoteVersion.content["operation"])
    query = query.join(Note, Note.id == NoteVersion.note_id).where(_may_be_told(session, actor))
    query = query.where(NoteVersion.folded == folded, NoteVersion.folded != "")
    found = session.execute(query.order_by(NoteVersion.id.desc())).all()
    are_one = len({operation_id for operation_id, _operation in found}) == 1
    return found[0][1] if are_one else None


def _may_be_told(session: Session, actor: Actor | None) -> ColumnElement[bool]:
    """Whether someone may be told of the operation of a version of a note: what may be suggested.

    Everybody may where an entry shows it that anyone may read now. Accounts may where they may
    read the note, as it is now; of those kept close only who sent them.
    """
    shown = select(Item.id).where(
        Item.note_id == NoteVersion.note_id,
        Item.published_version == NoteVersion.version,
        Item.entry_sharing == "clear",
    )
    if actor is None:
        return shown.exists()
    theirs = _readable_by(session, actor)
    return or_(shown.exists(), and_(NoteVersion.version == Note.version, theirs))


def catalogue(session: Session) -> dict[str, Indicator]:
    """All indicators: the starter catalogue, and over it what the editors accepted since."""
    accepted = session.scalars(_ACCEPTED)
    return starter_catalogue() | {
        row.code: Indicator(code=row.code, version=row.version, definition=row.definition)
        for row in accepted
    }


def recent_catalogue(session: Session) -> dict[str, Indicator]:
    """The catalogue as it was within the last second: every note of a program asks, and it seldom
    changes.
    """
    return recent(session, "catalogue", lambda: catalogue(session))


def remark_on(session: Session, item_id: str | None) -> str | None:
    """What a reviewer said of the item that a part of a draft corrects."""
    item = session.get(Item, UUID(item_id)) if item_id else None
    return item.comment if item is not None else None


def notes_locked(session: Session, note_ids: Iterable[UUID]) -> Sequence[Note]:
    """These notes with their items, locked; `note_locked` finds them without asking until something
    is flushed.
    """
    query = select(Note).where(Note.id.in_(set(note_ids))).options(selectinload(Note.items))
    notes = session.scalars(query.order_by(Note.number).with_for_update()).all()
    for note in notes:
        prime(session, ("note", note.id), note)
    return notes


def note_locked(session: Session, note_id: UUID) -> Note:
    """The note with this id, locked. Raises NotFoundError."""
    query = select(Note).where(Note.id == note_id).with_for_update()
    note = cached(session, ("note", note_id), lambda: session.scalar(query))
    if note is None:
        raise NotFoundError(N_("There is no such note."))
    return note


def item_locked(session: Session, note_id: UUID, item_id: UUID) -> Item:
    """An item of a note, with its note locked. Raises NotFoundError."""
    item = note_locked(session, note_id).item_with(item_id)
    if item is None:
        raise NotFoundError(N_("There is no such item."))
    return item
