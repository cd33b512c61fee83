"""A case as the API shows it."""

from marshmallow import Schema, fields

from services.review.base import ITEMS, Background, Operation
from services.review.desk.model import Case, Item
from services.review.desk.use_cases import checklist_for
from shared.domain.content.schemas import in_order


class CaseItemSchema(Schema):
    """A lesson or benchmark of a case."""

    id = fields.UUID()
    kind = fields.String()
    state = fields.String()
    title = fields.String()
    content = fields.Dict()
    checklist = fields.List(fields.String())
    verdict = fields.String(allow_none=True)
    comment = fields.String(allow_none=True)
    proposed = fields.Boolean()


class CaseSummarySchema(Schema):
    """A case in a list."""

    id = fields.UUID()
    note = fields.String(metadata={"example": "AAN-2026-0001"})
    version = fields.Integer(
        metadata={
            "description": "Moves with every act on the case; give it back when you act",
            "example": 1002,
        }
    )
    note_version = fields.Integer(
        metadata={"description": "That of the note; moves when its team corrects it", "example": 1}
    )
    state = fields.String()
    title = fields.String()
    language = fields.String()
    sharing = fields.String()
    due_at = fields.AwareDateTime(format="iso")
    waits_for = fields.List(fields.String())


class CaseSchema(CaseSummarySchema):
    """A case, whole."""

    items = fields.List(fields.Nested(CaseItemSchema))
    operation = fields.Dict()
    background = fields.Dict()
    reviewers = fields.List(fields.Dict())
    history = fields.List(fields.Dict())


class CasesSchema(Schema):
    """A page of cases, the oldest due first. Give `next` back as `after`; null is the end."""

    cases = fields.List(fields.Nested(CaseSummarySchema))
    next = fields.UUID(allow_none=True)


def summary(case: Case) -> dict[str, object]:
    """A case for a list."""
    turns = {
        "reviewer": case.reviewer_turn,
        "editor": case.editor_turn,
        "submitter": case.submitter_turn,
    }
    return {
        "id": case.id,
        "note": case.reference,
        "version": case.version,
        "note_version": case.note_version,
        "state": case.state,
        "title": case.title,
        "language": case.language,
        "sharing": case.sharing,
        "due_at": case.due_at,
        "waits_for": [who for who, waits in turns.items() if waits],
    }


def whole(case: Case) -> dict[str, object]:
    """A case with everything in it."""
    return summary(case) | {
        "items": [_item(item) for item in case.items if not item.is_taken_back],
        "operation": in_order(Operation, case.operation),
        "background": in_order(Background, case.background),
        "reviewers": [{"account": str(a.account_id), "reason": a.reason} for a in case.reviewers],
        "history": [
            {
                "at": event.at.isoformat(),
                "who": event.who,
                "action": event.action,
                "version": event.version,
                "note_version": event.note_version,
                "item": str(event.item_id) if event.item_id else None,
                "detail": in_order(None, event.detail),
            }
            for event in case.history
        ],
    }


def _item(item: Item) -> dict[str, object]:
    return {
        "id": item.id,
        "kind": item.kind,
        "state": item.state,
        "title": item.title,
        "content": in_order(ITEMS[item.kind], item.resolved_content),
        "checklist": list(checklist_for(item)),
        "verdict": item.verdict,
        "comment": item.comment,
        "proposed": item.is_proposal,
    }
