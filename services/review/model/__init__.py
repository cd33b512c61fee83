"""Cases, entries and reviewers: the classes of review with their rules."""

from services.review.model.bands import Band, Group, Measured, compare
from services.review.model.base import Base
from services.review.model.cases import (
    NEVER_PUBLISHED,
    OPEN_STATES,
    OPEN_TO_ALL_REVIEWERS,
    RETURNED,
    SHARING,
    TIME_TO_DECIDE,
    UNDECIDED,
    Assignment,
    Case,
    Item,
)
from services.review.model.entries import (
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
from services.review.model.history import FIRST_VERSION, CaseMovedError, HistoryEvent
from services.review.model.reviewers import Candidate, Needs, Profile, choose, conflict_of, reason_for

__all__ = [
    "ANYONE",
    "DESK",
    "FIRST_VERSION",
    "NEVER_PUBLISHED",
    "OPEN_STATES",
    "OPEN_TO_ALL_REVIEWERS",
    "PARTNERS",
    "PREFIX",
    "RETURNED",
    "SHARING",
    "TIME_TO_DECIDE",
    "UNDECIDED",
    "AcceptedIndicator",
    "Assignment",
    "Band",
    "Base",
    "Candidate",
    "Case",
    "CaseMovedError",
    "Entry",
    "Facet",
    "Group",
    "HistoryEvent",
    "Item",
    "Measured",
    "Needs",
    "Profile",
    "ReferenceCounter",
    "Sight",
    "audience_of",
    "audiences_for",
    "choose",
    "compare",
    "conflict_of",
    "reason_for",
]
