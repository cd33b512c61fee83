"""Everything that can be done at intake: the table of contents of the service.

The caller owns the transaction and gives the session first; a use case finds, decides and tells.
"""

from services.intake.use_cases.drafting import leave_contact, start_draft, write_draft
from services.intake.use_cases.following import (
    accept_indicator,
    confirm_organisation,
    forget_decisions,
    record_assignment,
    record_decisions,
    record_publication,
    record_sharing,
    record_withdrawal,
)
from services.intake.use_cases.forgetting import forget_person
from services.intake.use_cases.handing_over import hand_over_note
from services.intake.use_cases.receipts import mail_receipts, welcome_submitter
from services.intake.use_cases.separating import separate_notes, tell_operations
from services.intake.use_cases.submitting import (
    Request,
    begin_correction,
    correct_note,
    correct_once,
    repeated,
    submit_draft,
    submit_note,
)

__all__ = [
    "Request",
    "accept_indicator",
    "begin_correction",
    "confirm_organisation",
    "correct_note",
    "correct_once",
    "forget_decisions",
    "forget_person",
    "hand_over_note",
    "leave_contact",
    "mail_receipts",
    "record_assignment",
    "record_decisions",
    "record_publication",
    "record_sharing",
    "record_withdrawal",
    "repeated",
    "separate_notes",
    "start_draft",
    "submit_draft",
    "submit_note",
    "tell_operations",
    "welcome_submitter",
    "write_draft",
]
