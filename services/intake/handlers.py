"""What intake does when review says something: each event is one use case."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.orm import Session

from services.intake import queries, use_cases
from services.intake.model import Note
from shared.domain.events import (
    CaseAssigned,
    EntryPublished,
    EntrySharingChanged,
    EntryWithdrawn,
    IndicatorAccepted,
    ItemsDecided,
    OrganisationConfirmed,
)
from shared.platform.delivery import deliveries
from shared.platform.events import Envelope
from shared.platform.messaging import subscription
from shared.platform.messaging.subscription import Handlers


def case_assigned(session: Session, event: CaseAssigned) -> None:
    """The note is with its reviewers."""
    use_cases.record_assignment(session, event)


def items_decided(session: Session, event: ItemsDecided) -> None:
    """Reviewers said what they think of items of the note."""
    use_cases.record_decisions(session, event)


def entry_published(session: Session, event: EntryPublished) -> None:
    """An item is in the library."""
    use_cases.record_publication(session, event)


def entry_sharing_changed(session: Session, event: EntrySharingChanged) -> None:
    """An entry may be read by others than before."""
    use_cases.record_sharing(session, event)


def entry_withdrawn(session: Session, event: EntryWithdrawn) -> None:
    """An item is no longer in the library."""
    use_cases.record_withdrawal(session, event)


def indicator_accepted(session: Session, event: IndicatorAccepted) -> None:
    """The catalogue grew."""
    use_cases.accept_indicator(session, event)


def organisation_confirmed(session: Session, event: OrganisationConfirmed) -> None:
    """An editor vouched for an organisation."""
    use_cases.confirm_organisation(session, event)


HANDLERS: Handlers = {
    CaseAssigned: case_assigned,
    ItemsDecided: items_decided,
    EntryPublished: entry_published,
    EntrySharingChanged: entry_sharing_changed,
    EntryWithdrawn: entry_withdrawn,
    IndicatorAccepted: indicator_accepted,
    OrganisationConfirmed: organisation_confirmed,
}


def prefetch(session: Session, envelopes: Sequence[Envelope]) -> Sequence[Note]:
    """Read and lock the notes that these events are about in one go, so that no handler has to ask
    for its own.
    """
    return queries.notes_locked(
        session,
        [UUID(envelope.data["note_id"]) for envelope in envelopes if "note_id" in envelope.data],
    )


def apply_again(session: Session, envelopes: Sequence[Envelope]) -> None:
    """Let events have their effect again: nobody is written to, and no note counts as changed by
    it.
    """
    deliveries.switch_off(session)
    changed = [(note, note.changed_at) for note in prefetch(session, envelopes)]
    for envelope in envelopes:
        subscription.have_effect(session, envelope, HANDLERS)
    for note, changed_at in changed:
        note.changed_at = changed_at
