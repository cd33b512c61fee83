"""Everything that can be done at the desk: its table of contents.

The caller owns the transaction and gives the session first; a use case finds, decides and tells.
"""

from services.review.desk.use_cases.assigning import (
    CONFLICTS,
    assign_case,
    find_unfit,
    give_case,
    release_case,
    release_unfit,
    take_case,
)
from services.review.desk.use_cases.catalogue import accept_indicator, map_indicator
from services.review.desk.use_cases.deciding import decide_items, mark_sensitive
from services.review.desk.use_cases.decisions import Decision, checklist_for
from services.review.desk.use_cases.opening import change_operation, open_case, revise_case
from services.review.desk.use_cases.organisations import confirm_organisation, merge_organisation
from services.review.desk.use_cases.profiles import Knowledge, edit_profile
from services.review.desk.use_cases.publishing import publish_item, share_entry, withdraw_entry

__all__ = [
    "CONFLICTS",
    "Decision",
    "Knowledge",
    "accept_indicator",
    "assign_case",
    "change_operation",
    "checklist_for",
    "confirm_organisation",
    "decide_items",
    "edit_profile",
    "find_unfit",
    "give_case",
    "map_indicator",
    "mark_sensitive",
    "merge_organisation",
    "open_case",
    "publish_item",
    "release_case",
    "release_unfit",
    "revise_case",
    "share_entry",
    "take_case",
    "withdraw_entry",
]
