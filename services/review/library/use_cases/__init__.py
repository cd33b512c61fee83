"""Everything that can be done in the library: its table of contents.

The desk calls these. It hands over a snapshot, and the library never looks back at it.
"""

from services.review.library.use_cases.publishing import (
    NAMED_IN_VAIN,
    Snapshot,
    change_operation,
    publish_entry,
    share_entry,
    withdraw_entry,
)

__all__ = [
    "NAMED_IN_VAIN",
    "Snapshot",
    "change_operation",
    "publish_entry",
    "share_entry",
    "withdraw_entry",
]
