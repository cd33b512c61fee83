"""Larger reads of the desk."""

from services.review.desk.queries.cases import (
    assigned_cases,
    case_for,
    case_locked,
    case_of_entry,
    case_of_note,
    case_to_change,
    case_version,
    count_my_turn,
    entry_to_change,
    expect_many_cases,
    has_case,
    may_see,
    my_turn,
    open_case_counts,
    operations,
    visible_cases,
)
from services.review.desk.queries.reviewers import (
    candidate,
    candidates,
    is_unfit,
    needs_of,
)

__all__ = [
    "assigned_cases",
    "candidate",
    "candidates",
    "case_for",
    "case_locked",
    "case_of_entry",
    "case_of_note",
    "case_to_change",
    "case_version",
    "count_my_turn",
    "entry_to_change",
    "expect_many_cases",
    "has_case",
    "is_unfit",
    "may_see",
    "my_turn",
    "needs_of",
    "open_case_counts",
    "operations",
    "visible_cases",
]
