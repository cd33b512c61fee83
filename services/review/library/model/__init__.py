"""Entries and what several values say together: the classes of the library with their rules."""

from services.review.library.model.bands import (
    Band,
    Group,
    Measured,
    compare,
)
from services.review.library.model.entries import (
    ANYONE,
    DESK,
    ENTRY_TRANSITIONS,
    PARTNERS,
    PREFIX,
    AcceptedIndicator,
    Entry,
    EntryAct,
    EntryState,
    Facet,
    ReferenceCounter,
    Sight,
    audience_of,
    audiences_for,
)

__all__ = [
    "ANYONE",
    "DESK",
    "ENTRY_TRANSITIONS",
    "PARTNERS",
    "PREFIX",
    "AcceptedIndicator",
    "Band",
    "Entry",
    "EntryAct",
    "EntryState",
    "Facet",
    "Group",
    "Measured",
    "ReferenceCounter",
    "Sight",
    "audience_of",
    "audiences_for",
    "compare",
]
