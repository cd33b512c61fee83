"""What became of a note: review's events, as the submitter sees them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.intake import queries
from services.intake.model import RETURNED, AcceptedIndicator, Item, Note
from shared import mail
from shared.errors import N_, NotFoundError
from shared.people import organisations


def record_assignment(session: Session, *, note_id: UUID, reviewers: int) -> None:
    """A case was opened for the note; with reviewers it is with them."""
    note = _note(session, note_id)
    if reviewers == 0:
        return

    for item in note.items:
        if item.state == "submitted":
            item.state = "assigned"
    note.settle()


def record_decisions(
    session: Session, *, note_id: UUID, decided_at: datetime, decisions: Sequence[Mapping[str, Any]]
) -> None:
    """Reviewers decided items of the note: keep what they said, and write to the submitter."""
    note = _note(session, note_id)

    told = [_record(note, decision, decided_at) for decision in decisions]
    for item in note.items:
        if item.state in ("submitted", "assigned"):
            item.state = "in_review"
    note.settle()

    template = "returned" if note.state == RETURNED else "decided"
    _write(session, note, template, items=[item for item in told if item is not None])


def record_publication(session: Session, *, note_id: UUID, item_id: UUID, reference: str) -> None:
    """An item of the note became an entry of the library."""
    item = queries.item_locked(session, note_id, item_id)

    item.state, item.entry_reference = "published", reference
    item.note.settle()


def record_withdrawal(session: Session, *, note_id: UUID, item_id: UUID, reason: str) -> None:
    """An entry made from the note was taken out of the library."""
    item = queries.item_locked(session, note_id, item_id)

    item.state, item.comment = "withdrawn", reason
    item.note.settle()

    _write(session, item.note, "withdrawn", items=[item])


def accept_indicator(session: Session, *, code: str, version: int, definition: dict[str, Any]) -> None:
    """The catalogue has a new indicator, or a new version of one."""
    known = session.get(AcceptedIndicator, code)
    if known is None:
        session.add(AcceptedIndicator(code=code, version=version, definition=definition))
    elif version > known.version:
        known.version, known.definition = version, definition


def confirm_organisation(
    session: Session,
    *,
    organisation_id: UUID,
    name: str,
    parent_id: UUID | None,
    aliases: list[str],
    merged_id: UUID | None,
) -> None:
    """An editor vouched for an organisation, or said that two records are the same one."""
    organisation = session.get(organisations.Organisation, organisation_id)
    if organisation is None:
        organisation = organisations.Organisation(id=organisation_id, name=name)
        session.add(organisation)
        session.flush()
    organisation.name, organisation.parent_id, organisation.confirmed = name, parent_id, True
    organisations.add_names(session, organisation, [name, *aliases])
    merged = session.get(organisations.Organisation, merged_id) if merged_id else None
    if merged is not None and merged.merged_into is None:
        organisations.merge(session, merged.id, into_id=organisation_id)


def _note(session: Session, note_id: UUID) -> Note:
    note = session.scalar(select(Note).where(Note.id == note_id).with_for_update())
    if note is None:
        raise NotFoundError(N_("There is no such note."))
    return note


def _record(note: Note, decision: Mapping[str, Any], decided_at: datetime) -> Item | None:
    item = note.item_with(decision["item_id"])
    if item is None or item.state == "withdrawn":
        return None
    item.state = decision["state"]
    item.verdict, item.comment = decision["verdict"], decision["comment"]
    item.duplicate_of, item.decided_at = decision["duplicate_of"], decided_at
    return item


def _write(session: Session, note: Note, template: str, *, items: Sequence[Item]) -> None:
    if note.contact is None or not items:
        return
    catalogue = queries.catalogue(session)
    mail.ask_for(
        session,
        recipient=note.contact,
        template=template,
        language=note.language,
        details={
            "reference": note.reference,
            "title": note.title,
            "receipt": note.receipt,
            "items": [
                {"title": item.title_in(note.language, catalogue), "state": item.state, "comment": item.comment}
                for item in items
            ],
        },
    )
