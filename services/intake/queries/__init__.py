"""Larger reads of intake."""

from services.intake.queries.notes import (
    catalogue,
    catalogue_of_late,
    count_unsigned_drafts,
    item_locked,
    may_read,
    next_number,
    note_for,
    note_locked,
    note_with_receipt,
    notes_locked,
    notes_of,
    operation_titled,
    operation_titles,
    remark_on,
)
from services.intake.queries.operations import (
    Known,
    descriptions_of,
    find_operation,
    known_to_us,
)

__all__ = [
    "Known",
    "catalogue",
    "catalogue_of_late",
    "count_unsigned_drafts",
    "descriptions_of",
    "find_operation",
    "item_locked",
    "known_to_us",
    "may_read",
    "next_number",
    "note_for",
    "note_locked",
    "note_with_receipt",
    "notes_locked",
    "notes_of",
    "operation_titled",
    "operation_titles",
    "remark_on",
]
