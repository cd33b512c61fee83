"""Larger reads of review."""

from services.review.queries.cases import (
    case_for,
    case_of_note,
    count_my_turn,
    may_see,
    my_turn,
    open_case_counts,
    operations,
    visible_cases,
)
from services.review.queries.catalogue import catalogue
from services.review.queries.library import (
    FACETS,
    Audiences,
    Seen,
    audiences_of,
    benchmark_counts,
    benchmarks_of,
    count_entries,
    entries_after,
    entry_locked,
    entry_seen,
    library_state,
    newest_entries,
    newest_with_tombstones,
)
from services.review.queries.reviewers import candidate, candidates, needs_of

__all__ = [
    "FACETS",
    "Audiences",
    "Seen",
    "audiences_of",
    "benchmark_counts",
    "benchmarks_of",
    "candidate",
    "candidates",
    "case_for",
    "case_of_note",
    "catalogue",
    "count_entries",
    "count_my_turn",
    "entries_after",
    "entry_locked",
    "entry_seen",
    "library_state",
    "may_see",
    "my_turn",
    "needs_of",
    "newest_entries",
    "newest_with_tombstones",
    "open_case_counts",
    "operations",
    "visible_cases",
]
