"""Larger reads of the library."""

from services.review.library.queries.catalogue import (
    catalogue,
)
from services.review.library.queries.entries import (
    FACETS,
    Audiences,
    Seen,
    audiences_of,
    benchmark_counts,
    benchmarks_of,
    count_entries,
    entries_after,
    entry_seen,
    library_state,
    newest_entries,
    newest_with_tombstones,
)

__all__ = [
    "FACETS",
    "Audiences",
    "Seen",
    "audiences_of",
    "benchmark_counts",
    "benchmarks_of",
    "catalogue",
    "count_entries",
    "entries_after",
    "entry_seen",
    "library_state",
    "newest_entries",
    "newest_with_tombstones",
]
