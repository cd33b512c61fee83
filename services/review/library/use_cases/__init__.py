"""Everything that can be done in the library: its table of contents.

The desk calls these. It hands over a snapshot, and the library never looks back at it.
"""

from services.review.library.use_cases.publishing import (
    change_operation,
    publish_entry,
    share_entry,
    withdraw_entry,
)
from services.review.library.use_cases.readers import NAMED_IN_VAIN, find_readers
from services.review.library.use_cases.snapshots import Snapshot

__all__ = [
    "NAMED_IN_VAIN",
    "Snapshot",
    "change_operation",
    "find_readers",
    "publish_entry",
    "share_entry",
    "withdraw_entry",
]
