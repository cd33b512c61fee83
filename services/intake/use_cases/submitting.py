"""Handing a note over to review, the first time and again after changes."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.intake import queries
from services.intake.model import Draft, IdempotencyKey, Item, Note, NoteAct, NoteState
from services.intake.queries import KnownParties
from services.intake.use_cases.drafting import start_draft
from services.intake.use_cases.identifying import identify, identify_again
from shared.domain import organisations
from shared.domain.content.parts import NoteContent
from shared.domain.events import NoteCorrected, NoteItem, NoteSubmitted
from shared.platform import clock
from shared.platform.accounts.actor import Actor
from shared.platform.errors import N_, ConflictError, NotAllowedError
from shared.platform.persistence import outbox


@dataclass(frozen=True)
class Request:
    """A request of a program that may come twice: the key its sender gave it, and a fingerprint of
    what it says.
    """

    key: str
    fingerprint: str


def repeated(session: Session, *, actor: Actor, request: Request) -> Note | None:
    """The note that this request concerned when it came before, None when it is new.

    Raises ConflictError when the key was used for another request.
    """
    used = session.get(IdempotencyKey, (_owner(actor), request.key))
    if used is None:
        return None
    if used.fingerprint != request.fingerprint:
        raise ConflictError(
            N_("This Idempotency-Key was used for another request. Use a new key for a new note.")
        )
    return session.scalars(select(Note).where(Note.id == used.note_id)).one()


def submit_note(
    session: Session,
    *,
    content: NoteContent,
    actor: Actor,
    request: Request,
    known: KnownParties | None = None,
) -> Note:
    """Take a whole note from a program and hand it over to review; with `known` (see queries), only
    rows are added.

    A request that came before, or whose twin is under way, fails at the end of the transaction on
    the key's constraint: ask `repeated` then.
    """
    note = start_draft(
        session,
        language=content["language"],
        draft={},
        account_id=actor.account_id,
        contact=actor.email,
    )
    _use_key(session, actor, request, note)

    _hand_over(session, note, content, actor, known)
    return note


def submit_draft(
    session: Session, *, note: Note, content: NoteContent, actor: Actor | None
) -> None:
    """Hand a draft over to review.

    A draft that was sent already is left as it is: a second click is no second note.
    """
    if note.state != NoteState.DRAFT:
        return

    if actor is not None:
        note.account_id = note.account_id or actor.account_id
        note.contact = note.contact or actor.email
    _hand_over(session, note, content, actor)


def begin_correction(session: Session, *, note: Note, actor: Actor | None, draft: Draft) -> None:
    """Open a returned note for writing.

    `draft` is what was handed over, as its working copy; one begun is kept.
    """
    if not queries.may_read(session, actor, note):
        raise NotAllowedError(
            N_("Only someone from the organisation that sent this note can correct it.")
        )

    note.begin_correction(draft, actor)


def correct_note(
    session: Session, *, note: Note, version: int, content: NoteContent, actor: Actor
) -> Note:
    """Hand a returned note over again, as its next version.

    `version` is the one that was corrected.
    """
    note.require(NoteAct.CORRECT, actor)
    if version != note.version:
        raise ConflictError(
            N_(
                "Version %(theirs)s was corrected, but the note is at version %(ours)s. "
                "Fetch it and try again."
            ),
            theirs=version,
            ours=note.version,
        )

    _hand_over(session, note, content, actor)
    return note


def correct_once(
    session: Session,
    *,
    note: Note,
    version: int,
    content: NoteContent,
    actor: Actor,
    request: Request,
) -> Note:
    """`correct_note` for programs, whose request may come twice."""
    _use_key(session, actor, request, note)
    return correct_note(session, note=note, version=version, content=content, actor=actor)


def _hand_over(
    session: Session,
    note: Note,
    content: NoteContent,
    actor: Actor | None,
    known: KnownParties | None = None,
) -> None:
    known = known or _found_or_recorded(session, note, content, actor)
    note.operation_id, note.organisation_id = known.operation_id, known.organisation_id
    note.language = content["language"]

    note.hand_over(content, actor)

    event_class = NoteSubmitted if note.version == 1 else NoteCorrected
    vouched = _vouched(session, actor, known.organisation_id)
    office = actor.office if actor else None
    outbox.record(
        session, _event(event_class, note, content, known, office=office, vouched=vouched)
    )


def _vouched(session: Session, actor: Actor | None, organisation_id: UUID) -> bool:
    """Whether an administrator stands for the sender's belonging to this organisation."""
    if actor is None or not actor.vouched or actor.organisation_id is None:
        return False
    if actor.organisation_id == organisation_id:
        return True
    return organisations.family_of(session, actor.organisation_id) == organisations.family_of(
        session, organisation_id
    )


def _found_or_recorded(
    session: Session,
    note: Note,
    content: NoteContent,
    actor: Actor | None,
) -> KnownParties:
    described = content["operation"]
    if note.operation_id is None:
        operation = identify(session, described, actor)
    else:
        operation = identify_again(session, note, described, actor)
    organisation = organisations.find_or_record(session, content["organisation"])
    return KnownParties(
        organisation_id=organisation.id,
        name=organisation.name,
        confirmed=organisation.confirmed,
        operation_id=operation.id,
        operation_reference=operation.reference,
    )


def _event(
    event_class: type[NoteSubmitted | NoteCorrected],
    note: Note,
    content: NoteContent,
    known: KnownParties,
    *,
    office: str | None,
    vouched: bool,
) -> NoteSubmitted | NoteCorrected:
    return event_class(
        note_id=note.id,
        reference=note.reference or "",
        version=note.version,
        submitted_at=note.changed_at,
        organisation={
            "id": known.organisation_id,
            "name": known.name,
            "confirmed": known.confirmed,
        },
        office=office,
        vouched=vouched,
        language=note.language,
        sharing=note.sharing,
        operation={
            **content["operation"],
            "id": known.operation_id,
            "reference": known.operation_reference,
        },
        partners=content["partners"],
        items=[_item(item) for item in note.current_items],
        heard_from=content["heard_from"],
        sources=content["sources"],
    )


def _item(item: Item) -> NoteItem:
    if "title" in item.content:
        return {"id": item.id, "kind": "lesson", "lesson": item.content}
    return {"id": item.id, "kind": "benchmark", "benchmark": item.content}


def _use_key(session: Session, actor: Actor, request: Request, note: Note) -> None:
    used = IdempotencyKey(
        owner_id=_owner(actor),
        key=request.key,
        fingerprint=request.fingerprint,
        note_id=note.id,
        note=note,
        used_at=clock.now(),
    )
    session.add(used)


def _owner(actor: Actor) -> UUID:
    if actor.key_id is None:
        raise NotAllowedError(N_("Use an API key here."))
    return actor.key_id
