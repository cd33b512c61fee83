"""The contract between the services: one class per event, and the table that finds it by its wire
name.
"""

from shared.domain.events.content import (
    BenchmarkItem,
    LessonItem,
    NamedOperation,
    NoteItem,
    NoteOrganisation,
    RecordedOperation,
)
from shared.domain.events.notes import NoteCorrected, NoteOperationChanged, NoteSubmitted
from shared.domain.events.reviews import (
    CaseAssigned,
    EntryOperationChanged,
    EntryPublished,
    EntrySharingChanged,
    EntryWithdrawn,
    IndicatorAccepted,
    ItemDecision,
    ItemsDecided,
    OrganisationConfirmed,
)
from shared.platform.events import EVENTS

EVENTS.update(
    (event.name, event)
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
)

__all__ = [
    "EVENTS",
    "BenchmarkItem",
    "CaseAssigned",
    "EntryOperationChanged",
    "EntryPublished",
    "EntrySharingChanged",
    "EntryWithdrawn",
    "IndicatorAccepted",
    "ItemDecision",
    "ItemsDecided",
    "LessonItem",
    "NamedOperation",
    "NoteCorrected",
    "NoteItem",
    "NoteOperationChanged",
    "NoteOrganisation",
    "NoteSubmitted",
    "OrganisationConfirmed",
    "RecordedOperation",
]
