"""A note arrives, comes back corrected, or is about another operation than it was taken for."""

from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.review.base import Background, ItemContent, Operation
from services.review.desk import queries
from services.review.desk.model import FIRST_VERSION, TIME_TO_DECIDE, Case, CaseAct, Item, Profile
from services.review.desk.use_cases.assigning import assign_case, release_unfit
from services.review.library import use_cases as library
from shared.domain import organisations
from shared.domain.events import (
    NoteCorrected,
    NoteItem,
    NoteOperationChanged,
    NoteSubmitted,
    RecordedOperation,
)
from shared.platform import clock
from shared.platform.persistence.cache import cached

Handover = NoteSubmitted | NoteCorrected


def open_case(session: Session, event: NoteSubmitted) -> Case:
    """Open a case for a note and give it to a reviewer; to the editors if nobody fits."""
    organisation_id = _organisation(session, event)
    now = clock.now()
    case_id = uuid4()
    case = Case(
        id=case_id,
        note_id=event.note_id,
        reference=event.reference,
        version=FIRST_VERSION,
        note_version=event.version,
        language=event.language,
        sharing=event.sharing,
        organisation_id=organisation_id,
        office=event.office,
        vouched=event.vouched,
        operation_id=event.operation["id"],
        operation=_operation(event.operation),
        background=_background(event),
        opened_at=now,
        changed_at=now,
        due_at=now + TIME_TO_DECIDE,
        items=[
            _item(case_id, item, place, event.version) for place, item in enumerate(event.items)
        ],
    )
    session.add(case)
    case.note_done(None, "opened")

    assign_case(session, case=case)
    return case


def revise_case(session: Session, event: NoteCorrected) -> None:
    """The submitter corrected the note: its open items change, and it is the reviewers'
    turn again.
    """
    case = queries.case_of_note(session, event.note_id)
    if case is None or event.version <= case.note_version:
        return

    case.require(CaseAct.CORRECT, None)
    case.note_version = event.version
    case.operation, case.background = _operation(event.operation), _background(event)
    case.sharing, case.due_at = event.sharing, clock.now() + TIME_TO_DECIDE
    case.language, case.office, case.vouched = event.language, event.office, event.vouched
    case.organisation_id = _organisation(session, event)
    _place(session, case, event.operation["id"], event.operation["reference"])
    known = {item.id: item for item in case.items}
    kept = set()
    for place, item in enumerate(event.items):
        kept.add(item["id"])
        if item["id"] in known:
            known[item["id"]].revise(place, _content(item), event.version)
        else:
            case.items.append(_item(case.id, item, place, event.version))
    for item_id, gone in known.items():
        if item_id not in kept and gone.is_open:
            gone.take_back()
    case.derive_state()
    case.note_done(None, "corrected")
    release_unfit(session, case=case)


def change_operation(session: Session, event: NoteOperationChanged) -> None:
    """The note is about another operation than it was taken for."""
    case = queries.case_of_note(session, event.note_id)
    if case is None:
        return

    case.require(CaseAct.CHANGE_OPERATION, None)
    _place(session, case, event.operation["id"], event.operation["reference"])
    case.derive_state()
    case.note_done(None, "operation_changed", reference=event.operation["reference"])
    release_unfit(session, case=case)


def _place(session: Session, case: Case, operation_id: UUID, reference: str | None) -> None:
    """Let the case count for this operation, and with it what was published from it."""
    left, case.operation_id = case.operation_id, operation_id
    case.operation = {
        **case.operation,
        "id": str(operation_id),
        "reference": reference,
    }
    library.change_operation(
        session,
        case_id=case.id,
        operation_id=operation_id,
        reference=reference,
    )
    if left != operation_id and not queries.has_case(session, left):
        _let_profiles_follow(session, str(left), str(operation_id))


def _let_profiles_follow(session: Session, left: str, now: str) -> None:
    """Who worked on an operation that turned out to be another one worked on that one."""
    for profile in session.scalars(select(Profile)):
        if left in profile.operations:
            profile.operations = sorted({*profile.operations, now})


def _organisation(session: Session, event: Handover) -> UUID:
    """Our record of the organisation: the one with its id, or the one with its name."""
    given_id = event.organisation["id"]
    known = cached(
        session, ("organisation", given_id), lambda: organisations.current(session, given_id)
    )
    if known is None:
        known = organisations.find_or_record(
            session, event.organisation["name"], organisation_id=given_id
        )
    return known.id


def _item(case_id: UUID, item: NoteItem, place: int, version: int) -> Item:
    return Item(
        id=item["id"],
        case_id=case_id,
        kind=item["kind"],
        place=place,
        content=_content(item),
        version=version,
        readers=[],
    )


def _content(item: NoteItem) -> ItemContent:
    return item["lesson"] if item["kind"] == "lesson" else item["benchmark"]


def _background(event: Handover) -> Background:
    return {"partners": event.partners, "heard_from": event.heard_from, "sources": event.sources}


def _operation(said: RecordedOperation) -> Operation:
    return {**said, "id": str(said["id"])}
