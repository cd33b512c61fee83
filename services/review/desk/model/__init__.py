"""Cases and reviewers: the classes of the desk with their rules."""

from services.review.desk.model.cases import (
    OPEN_TO_ALL_REVIEWERS,
    TIME_TO_DECIDE,
    Assignment,
    Case,
)
from services.review.desk.model.history import (
    FIRST_VERSION,
    CaseMovedError,
    Detail,
    Fit,
    Given,
    HistoryEvent,
    Reason,
    Taken,
)
from services.review.desk.model.items import Item
from services.review.desk.model.reviewers import (
    Candidate,
    Needs,
    Profile,
    choose,
    conflict_of,
    reason_for,
)
from services.review.desk.model.states import (
    CASE_TRANSITIONS,
    ITEM_TRANSITIONS,
    UNDECIDED,
    CaseAct,
    CaseState,
    ItemAct,
)

__all__ = [
    "CASE_TRANSITIONS",
    "FIRST_VERSION",
    "ITEM_TRANSITIONS",
    "OPEN_TO_ALL_REVIEWERS",
    "TIME_TO_DECIDE",
    "UNDECIDED",
    "Assignment",
    "Candidate",
    "Case",
    "CaseAct",
    "CaseMovedError",
    "CaseState",
    "Detail",
    "Fit",
    "Given",
    "HistoryEvent",
    "Item",
    "ItemAct",
    "Needs",
    "Profile",
    "Reason",
    "Taken",
    "choose",
    "conflict_of",
    "reason_for",
]
