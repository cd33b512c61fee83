"""Cases and reviewers: the classes of the desk with their rules."""

from services.review.desk.model.cases import (
    OPEN_STATES,
    OPEN_TO_ALL_REVIEWERS,
    RETURNED,
    TIME_TO_DECIDE,
    UNDECIDED,
    Assignment,
    Case,
    Item,
)
from services.review.desk.model.history import (
    FIRST_VERSION,
    CaseMovedError,
    HistoryEvent,
)
from services.review.desk.model.reviewers import (
    Candidate,
    Needs,
    Profile,
    choose,
    conflict_of,
    reason_for,
)

__all__ = [
    "FIRST_VERSION",
    "OPEN_STATES",
    "OPEN_TO_ALL_REVIEWERS",
    "RETURNED",
    "TIME_TO_DECIDE",
    "UNDECIDED",
    "Assignment",
    "Candidate",
    "Case",
    "CaseMovedError",
    "HistoryEvent",
    "Item",
    "Needs",
    "Profile",
    "choose",
    "conflict_of",
    "reason_for",
]
