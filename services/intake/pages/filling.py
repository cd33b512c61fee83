"""What the form fills in for its writer, so that nobody types what the register may tell them."""

from sqlalchemy.orm import Session

from services.intake import queries
from services.intake.model import Draft
from shared.domain import organisations
from shared.platform.web.access import actor


def prefilled(session: Session) -> Draft:
    """The first page for someone who is signed in."""
    who = actor()
    own = (
        organisations.current(session, who.organisation_id) if who and who.organisation_id else None
    )
    return {"organisation": own.name} if own else {}


def complete_operation(session: Session, draft: Draft) -> None:
    """Fill in what is known of an operation whose title was picked, where it was not typed."""
    operation = draft.get("operation") or {}
    known = queries.operation_titled(session, actor(), operation.get("title") or "")
    if known is None:
        return
    operation["type"] = operation.get("type") or known["type"]
    operation["started_on"] = operation.get("started_on") or known["started_on"]
    if not any(row.get("code") for row in operation.get("countries") or []):
        operation["countries"] = known["countries"]
    draft["operation"] = operation
