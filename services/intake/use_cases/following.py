"""What became of a note: review's events, as the submitter sees them."""

from collections.abc import Sequence

from sqlalchemy import case, null, select, update
from sqlalchemy.orm import Session

from services.intake import queries
from services.intake.model import AcceptedIndicator, Item, Note, NoteState
from shared.domain import organisations
from shared.domain.events import (
    CaseAssigned,
    EntryPublished,
    EntrySharingChanged,
    EntryWithdrawn,
    IndicatorAccepted,
    ItemDecision,
    ItemsDecided,
    OrganisationConfirmed,
)
from shared.domain.states import UNTOUCHED, ItemState
from shared.platform.delivery import deliveries
from shared.platform.persistence.cache import cached, clear_recent

UNSEEN = {"synchronize_session": False}  # nothing that was loaded before is used afterwards


def record_assignment(session: Session, event: CaseAssigned) -> None:
    """A case was opened for this version of the note; with reviewers it is with them."""
    note = queries.note_locked(session, event.note_id)
    if event.reviewers == 0:
        return

    for item in note.items:
        is_of_case = event.version is None or item.version <= event.version
        if item.state == ItemState.SUBMITTED and is_of_case:
            item.assign()
    note.derive_state()


def record_decisions(session: Session, event: ItemsDecided) -> None:
    """Reviewers decided items of this version of the note: keep what they said, and write to the
    submitter.
    """
    note = queries.note_locked(session, event.note_id)

    decided = [_record(note, event, decision) for decision in event.decisions]
    for item in note.items:
        if item.state in UNTOUCHED and item.version <= event.version:
            item.take_up()
    note.derive_state()

    template = "returned" if note.state == NoteState.CHANGES_REQUESTED else "decided"
    _write(session, note, template, items=[item for item in decided if item is not None])


def record_publication(session: Session, event: EntryPublished) -> None:
    """An item became an entry, which shows the operation as this version of the note tells it.

    Where nobody says which version that is, it is known only of a note that has just one.
    """
    item = queries.item_locked(session, event.note_id, event.item_id)

    version = event.note_version or (1 if item.note.version == 1 else None)
    item.publish(event.reference, event.sharing, version)
    item.note.derive_state()


def record_sharing(session: Session, event: EntrySharingChanged) -> None:
    """An entry made from the note may now be read by others than before."""
    item = queries.item_locked(session, event.note_id, event.item_id)

    item.entry_sharing = event.sharing


def record_withdrawal(session: Session, event: EntryWithdrawn) -> None:
    """An entry made from the note was taken out of the library."""
    item = queries.item_locked(session, event.note_id, event.item_id)

    item.withdraw(event.reason)
    item.note.derive_state()

    _write(session, item.note, "withdrawn", items=[item])


def accept_indicator(session: Session, event: IndicatorAccepted) -> None:
    """The catalogue has a new indicator, or a new version of one."""
    known = session.get(AcceptedIndicator, event.code)
    if known is None:
        session.add(
            AcceptedIndicator(code=event.code, version=event.version, definition=event.definition)
        )
    elif event.version > known.version:
        known.version, known.definition = event.version, event.definition
    session.flush()  # whoever is written to next reads its name
    clear_recent()


def confirm_organisation(session: Session, event: OrganisationConfirmed) -> None:
    """An editor vouched for an organisation, or said that two records are the same one."""
    name, merged_id = event.organisation, event.merged_id
    organisation = session.get(organisations.Organisation, event.organisation_id)
    if organisation is None:
        organisation = organisations.Organisation(id=event.organisation_id, name=name)
        session.add(organisation)
        session.flush()
    organisation.name, organisation.parent_id, organisation.confirmed = name, event.parent_id, True
    organisations.add_names(session, organisation, [name, *event.aliases])
    merged = session.get(organisations.Organisation, merged_id) if merged_id else None
    if merged is not None and merged.merged_into is None:
        organisations.merge(session, merged.id, into_id=event.organisation_id)


def forget_decisions(session: Session) -> None:
    """Every note handed over is as if review had said nothing of it; what it says is then recorded
    again.

    What the submitter took back stays so. An item that was beyond its assignment when its note came
    back corrected was decided in an earlier version: it is in review.

    This is no act, so it goes past the models and their tables: nobody did it, it is forgotten.
    """
    version = select(Note.version).where(Note.id == Item.note_id).scalar_subquery()
    is_taken_back = (Item.state == ItemState.WITHDRAWN) & Item.entry_reference.is_(None)
    is_new = Item.state.in_(UNTOUCHED) | (version == 1)
    session.execute(
        update(Note)
        .where(Note.version > 0)
        .values(state=case((Note.version == 1, NoteState.SUBMITTED), else_=NoteState.IN_REVIEW)),
        execution_options=UNSEEN,
    )
    session.execute(
        update(Item)
        .where(~is_taken_back)
        .values(
            state=case((is_new, ItemState.SUBMITTED), else_=ItemState.IN_REVIEW),
            verdict=null(),
            comment=null(),
            duplicate_of=null(),
            sharing=null(),
            entry_reference=null(),
            entry_sharing=null(),
            published_version=null(),
            decided_at=null(),
        ),
        execution_options=UNSEEN,
    )


def _record(note: Note, event: ItemsDecided, decision: ItemDecision) -> Item | None:
    item = note.item_with(decision["item_id"])
    if item is None or item.state == ItemState.WITHDRAWN:
        return None
    item.decide(decision, event.decided_at)
    if item.state == ItemState.CHANGES_REQUESTED and event.version < note.version:
        item.hand_over_again(None)  # its team has done that meanwhile
    return item


def _write(session: Session, note: Note, template: str, *, items: Sequence[Item]) -> None:
    if note.contact is None or not items:
        return
    catalogue = cached(session, "catalogue", lambda: queries.catalogue(session))
    deliveries.ask_for(
        session,
        recipient=note.contact,
        template=template,
        language=note.language,
        details={
            "reference": note.reference,
            "title": note.title,
            "receipt": note.receipt,
            "items": [
                {
                    "title": item.title_in(note.language, catalogue),
                    "state": item.state,
                    "comment": item.comment,
                    "kept_by": item.kept_by,
                }
                for item in items
            ],
        },
    )
