"""The contract between the services: one class per event, and the table that finds it by its wire name."""

from shared.events.content import FREE_TEXT
from shared.events.envelope import CONTENT_TYPE, Envelope, Event, UndecodableError
from shared.events.notes import INTAKE_STREAM, NoteCorrected, NoteSubmitted
from shared.events.reviews import (
    REVIEW_STREAM,
    CaseAssigned,
    EntryPublished,
    EntrySharingChanged,
    EntryWithdrawn,
    IndicatorAccepted,
    ItemsDecided,
    OrganisationConfirmed,
)

EVENTS: dict[str, type[Event]] = {
    event.name: event
    for event in (
        NoteSubmitted,
        NoteCorrected,
        CaseAssigned,
        ItemsDecided,
        EntryPublished,
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
    "EntryPublished",
    "EntrySharingChanged",
    "EntryWithdrawn",
    "Envelope",
    "Event",
    "IndicatorAccepted",
    "ItemsDecided",
    "NoteCorrected",
    "NoteSubmitted",
    "OrganisationConfirmed",
    "UndecodableError",
]
