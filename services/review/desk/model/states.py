"""The states of items and cases at the desk: what leads from one to another, and who may do it."""

from enum import StrEnum

from shared.domain.states import OPEN, UNTOUCHED, WAITING, ItemState
from shared.platform.accounts.roles import REVIEWERS, Role
from shared.platform.errors import N_
from shared.platform.transitions import table


class ItemAct(StrEnum):
    """What can be done with an item. The first four are the verdicts."""

    APPROVE = "approve"
    REQUEST_CHANGES = "request_changes"
    REJECT = "reject"
    DUPLICATE = "duplicate"
    ASSIGN = "assign"
    TAKE_UP = "take_up"
    PUBLISH = "publish"
    PUBLISH_DIRECTLY = "publish_directly"
    WITHDRAW = "withdraw"
    REVISE = "revise"
    TAKE_BACK = "take_back"


ITEM_TRANSITIONS = table(
    (ItemAct.ASSIGN, [ItemState.SUBMITTED], [*REVIEWERS, None], ItemState.ASSIGNED),
    # a verdict on another item of the case
    (ItemAct.TAKE_UP, UNTOUCHED, REVIEWERS, ItemState.IN_REVIEW),
    (ItemAct.APPROVE, OPEN, REVIEWERS, ItemState.APPROVED),
    (ItemAct.REQUEST_CHANGES, OPEN, REVIEWERS, ItemState.CHANGES_REQUESTED),
    (ItemAct.REJECT, OPEN, REVIEWERS, ItemState.REJECTED),
    (ItemAct.DUPLICATE, OPEN, REVIEWERS, ItemState.DUPLICATE),
    # after a second pair of eyes, or where no rule asks for one
    (ItemAct.PUBLISH, [ItemState.APPROVED], [Role.EDITOR], ItemState.PUBLISHED),
    (ItemAct.PUBLISH_DIRECTLY, [ItemState.APPROVED], REVIEWERS, ItemState.PUBLISHED),
    (ItemAct.WITHDRAW, [ItemState.PUBLISHED], [Role.EDITOR], ItemState.WITHDRAWN),
    # the team corrects its note
    (ItemAct.REVISE, WAITING, [None], None),
    (ItemAct.REVISE, [ItemState.CHANGES_REQUESTED], [None], ItemState.IN_REVIEW),
    (ItemAct.TAKE_BACK, OPEN, [None], ItemState.WITHDRAWN),
)

_DECIDED = N_("“%(title)s” has been decided already.")
DOES_NOT_WAIT = N_("This item does not wait to be published.")
ITEM_NOT_NOW = {
    ItemAct.APPROVE: _DECIDED,
    ItemAct.REQUEST_CHANGES: _DECIDED,
    ItemAct.REJECT: _DECIDED,
    ItemAct.DUPLICATE: _DECIDED,
    ItemAct.PUBLISH: DOES_NOT_WAIT,
    ItemAct.PUBLISH_DIRECTLY: DOES_NOT_WAIT,
}
ONLY_AN_EDITOR = N_("Only an editor can publish this.")
ITEM_NOT_THEIRS = {
    ItemAct.PUBLISH: ONLY_AN_EDITOR,
    ItemAct.PUBLISH_DIRECTLY: ONLY_AN_EDITOR,
}


class CaseState(StrEnum):
    """Where a case stands; `Case.derive_state` says how that follows from its items."""

    SUBMITTED = "submitted"
    ASSIGNED = "assigned"
    IN_REVIEW = "in_review"
    CHANGES_REQUESTED = "changes_requested"
    DECIDED = "decided"


UNDECIDED = (
    CaseState.SUBMITTED,
    CaseState.ASSIGNED,
    CaseState.IN_REVIEW,
    CaseState.CHANGES_REQUESTED,
)


class CaseAct(StrEnum):
    """What can be done with a case as a whole."""

    ASSIGN = "assign"
    GIVE = "give"
    TAKE = "take"
    RELEASE = "release"
    DECIDE = "decide"
    MARK_SENSITIVE = "mark_sensitive"
    RESOLVE = "resolve"
    CORRECT = "correct"
    CHANGE_OPERATION = "change_operation"


# What can be done in a state is mostly a matter of the items, and so is what follows: see theirs.
CASE_TRANSITIONS = table(
    (CaseAct.ASSIGN, UNDECIDED, [None], None),
    # who reviewed a decided case stays on record
    (CaseAct.GIVE, UNDECIDED, [Role.EDITOR], None),
    (CaseAct.TAKE, UNDECIDED, REVIEWERS, None),
    (CaseAct.RELEASE, UNDECIDED, [*REVIEWERS, None], None),
    (CaseAct.DECIDE, CaseState, REVIEWERS, None),
    (CaseAct.MARK_SENSITIVE, UNDECIDED, REVIEWERS, None),
    (CaseAct.RESOLVE, CaseState, [Role.EDITOR], None),
    (CaseAct.CORRECT, CaseState, [None], None),
    (CaseAct.CHANGE_OPERATION, CaseState, [None], None),
)

_IS_DECIDED = N_("This case is decided.")
CASE_NOT_NOW = {
    CaseAct.GIVE: _IS_DECIDED,
    CaseAct.TAKE: _IS_DECIDED,
    CaseAct.RELEASE: _IS_DECIDED,
    CaseAct.MARK_SENSITIVE: _IS_DECIDED,
}
CASE_NOT_THEIRS = {
    CaseAct.TAKE: N_("Only an active reviewer or editor can review a case."),
    CaseAct.DECIDE: N_("Only reviewers and editors decide."),
    CaseAct.RESOLVE: N_("Only an editor can say which indicator this is."),
}
