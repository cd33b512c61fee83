"""What intake does when review says something: each event is one use case."""

from sqlalchemy.orm import Session

from services.intake import use_cases
from shared.events import (
    CaseAssigned,
    EntryPublished,
    EntryWithdrawn,
    IndicatorAccepted,
    ItemsDecided,
    OrganisationConfirmed,
)
from shared.messaging.subscription import Handlers


def case_assigned(session: Session, event: CaseAssigned) -> None:
    """The note is with its reviewers."""
    use_cases.record_assignment(session, note_id=event.note_id, reviewers=event.reviewers)


def items_decided(session: Session, event: ItemsDecided) -> None:
    """Reviewers said what they think of items of the note."""
    use_cases.record_decisions(session, note_id=event.note_id, decided_at=event.decided_at, decisions=event.decisions)


def entry_published(session: Session, event: EntryPublished) -> None:
    """An item is in the library."""
    use_cases.record_publication(session, note_id=event.note_id, item_id=event.item_id, reference=event.reference)


def entry_withdrawn(session: Session, event: EntryWithdrawn) -> None:
    """An item is no longer in the library."""
    use_cases.record_withdrawal(session, note_id=event.note_id, item_id=event.item_id, reason=event.reason)


def indicator_accepted(session: Session, event: IndicatorAccepted) -> None:
    """The catalogue grew."""
    use_cases.accept_indicator(session, code=event.code, version=event.version, definition=event.definition)


def organisation_confirmed(session: Session, event: OrganisationConfirmed) -> None:
    """An editor vouched for an organisation."""
    use_cases.confirm_organisation(
        session,
        organisation_id=event.organisation_id,
        name=event.organisation,
        parent_id=event.parent_id,
        aliases=event.aliases,
        merged_id=event.merged_id,
    )


HANDLERS: Handlers = {
    CaseAssigned: case_assigned,
    ItemsDecided: items_decided,
    EntryPublished: entry_published,
    EntryWithdrawn: entry_withdrawn,
    IndicatorAccepted: indicator_accepted,
    OrganisationConfirmed: organisation_confirmed,
}
