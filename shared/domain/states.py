"""The states of an item, as events carry them and both services show them."""

from enum import StrEnum


class ItemState(StrEnum):
    """Where an item stands between its note and the library."""

    SUBMITTED = "submitted"
    ASSIGNED = "assigned"
    IN_REVIEW = "in_review"
    CHANGES_REQUESTED = "changes_requested"
    APPROVED = "approved"
    REJECTED = "rejected"
    DUPLICATE = "duplicate"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


UNTOUCHED = (ItemState.SUBMITTED, ItemState.ASSIGNED)  # nothing was said of its case yet
WAITING = (*UNTOUCHED, ItemState.IN_REVIEW)  # the reviewers' turn
OPEN = (*WAITING, ItemState.CHANGES_REQUESTED)  # not decided; the last is the submitter's turn
