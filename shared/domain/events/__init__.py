"""The contract between the services: one class per event, and the table that finds it by its wire name."""

from shared.domain.events.content import FREE_TEXT
from shared.domain.events.notes import (
    INTAKE_STREAM,
    NoteCorrected,
    NoteOperationChanged,
    NoteSubmitted,
)
from shared.domain.events.reviews import (
    REVIEW_STREAM,
    CaseAssigned,
    EntryOperationChanged,
    EntryPublished,
    EntrySharingChanged,
    EntryWithdrawn,
    IndicatorAccepted,
    ItemsDecided,
    OrganisationConfirmed,
)
from shared.platform.events import CONTENT_TYPE, Envelope, Event, UndecodableError

EVENTS: dict[str, type[Event]] = {
    event.name: event
    for event in (
        NoteSubmitted,
        NoteCorrected,
        NoteOperationChanged,
        CaseAssigned,
        ItemsDecided,
        EntryPublished,
        EntryOperationChanged,
        EntrySharingChanged,
        EntryWithdrawn,
        IndicatorAccepted,
        OrganisationConfirmed,
    )
}

__all__ = [
    "CONTENT_TYPE",
    "EVENTS",
    "FREE_TEXT",
    "INTAKE_STREAM",
    "REVIEW_STREAM",
    "CaseAssigned",
    "EntryOperationChanged",
    "EntryPublished",
    "EntrySharingChanged",
    "EntryWithdrawn",
    "Envelope",
    "Event",
    "IndicatorAccepted",
    "ItemsDecided",
    "NoteCorrected",
    "NoteOperationChanged",
    "NoteSubmitted",
    "OrganisationConfirmed",
    "UndecodableError",
]
