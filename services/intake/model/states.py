"""The states of notes and their items: what leads from one to another, and who may do it."""

from enum import StrEnum

from shared.domain.states import OPEN, UNTOUCHED, WAITING, ItemState
from shared.platform.accounts.roles import ROLES
from shared.platform.errors import N_
from shared.platform.transitions import table


class NoteState(StrEnum):
    """Where a note stands; once handed over, `Note.derive_state` says how its items decide that."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    ASSIGNED = "assigned"
    IN_REVIEW = "in_review"
    CHANGES_REQUESTED = "changes_requested"
    DECIDED = "decided"


class NoteAct(StrEnum):
    """What its team can do with a note."""

    WRITE = "write"
    HAND_OVER = "hand_over"
    BEGIN_CORRECTION = "begin_correction"
    CORRECT = "correct"


class ItemAct(StrEnum):
    """What is done with an item. The first four are decisions of its reviewers."""

    APPROVE = "approve"
    REQUEST_CHANGES = "request_changes"
    REJECT = "reject"
    DUPLICATE = "duplicate"
    ASSIGN = "assign"
    TAKE_UP = "take_up"
    PUBLISH = "publish"
    WITHDRAW = "withdraw"
    REVISE = "revise"
    TAKE_BACK = "take_back"


TEAM = (*ROLES["intake"], None)  # None: whoever has the receipt
THEIR_TURN = (NoteState.DRAFT, NoteState.CHANGES_REQUESTED)

# What follows is derived from the items.
NOTE_TRANSITIONS = table(
    (NoteAct.WRITE, THEIR_TURN, TEAM, None),
    (NoteAct.HAND_OVER, THEIR_TURN, TEAM, None),
    (NoteAct.BEGIN_CORRECTION, [NoteState.CHANGES_REQUESTED], TEAM, None),
    (NoteAct.CORRECT, [NoteState.CHANGES_REQUESTED], TEAM, None),
)

_NOT_RETURNED = N_("This note has not been returned, so there is nothing to correct.")
NOTE_NOT_NOW = {
    NoteAct.WRITE: N_(
        "This note has been sent. It can be changed only when the reviewers return it."
    ),
    NoteAct.HAND_OVER: N_(
        "This note is with the reviewers. It can be changed only when they return it."
    ),
    NoteAct.BEGIN_CORRECTION: _NOT_RETURNED,
    NoteAct.CORRECT: _NOT_RETURNED,
}

_THERE = [state for state in ItemState if state != ItemState.WITHDRAWN]

# Review decides and intake follows: what review says is taken in every state, for the two may have
# crossed on the way. Only what is withdrawn is not decided any more.
ITEM_TRANSITIONS = table(
    (ItemAct.ASSIGN, [ItemState.SUBMITTED], [None], ItemState.ASSIGNED),
    (ItemAct.TAKE_UP, UNTOUCHED, [None], ItemState.IN_REVIEW),
    (ItemAct.APPROVE, _THERE, [None], ItemState.APPROVED),
    (ItemAct.REQUEST_CHANGES, _THERE, [None], ItemState.CHANGES_REQUESTED),
    (ItemAct.REJECT, _THERE, [None], ItemState.REJECTED),
    (ItemAct.DUPLICATE, _THERE, [None], ItemState.DUPLICATE),
    # an editor may publish what its team takes back at the same moment
    (ItemAct.PUBLISH, ItemState, [None], ItemState.PUBLISHED),
    (ItemAct.WITHDRAW, ItemState, [None], ItemState.WITHDRAWN),
    # the team hands its note over again
    (ItemAct.REVISE, WAITING, TEAM, None),
    (ItemAct.REVISE, [ItemState.CHANGES_REQUESTED], TEAM, ItemState.IN_REVIEW),
    (ItemAct.TAKE_BACK, OPEN, TEAM, ItemState.WITHDRAWN),
)

DECISIONS = {
    ItemState.APPROVED: ItemAct.APPROVE,
    ItemState.CHANGES_REQUESTED: ItemAct.REQUEST_CHANGES,
    ItemState.REJECTED: ItemAct.REJECT,
    ItemState.DUPLICATE: ItemAct.DUPLICATE,
}
"""The act by which an item came into the state that an event tells."""

IS_DECIDED = N_(
    "“%(title)s” has been decided and cannot be changed or left out. Send it as it was.",
)
