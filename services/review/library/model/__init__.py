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
    PARTNERS,
    PREFIX,
    AcceptedIndicator,
    Entry,
    Facet,
    ReferenceCounter,
    Sight,
    audience_of,
    audiences_for,
)

__all__ = [
    "ANYONE",
    "DESK",
    "PARTNERS",
    "PREFIX",
    "AcceptedIndicator",
    "Band",
    "Entry",
    "Facet",
    "Group",
    "Measured",
    "ReferenceCounter",
    "Sight",
    "audience_of",
    "audiences_for",
    "compare",
]
