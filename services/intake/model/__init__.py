"""The classes of intake with their rules."""

from services.intake.model.base import Base
from services.intake.model.drafts import Draft, OperationDraft, PartDraft, Row, Unclear
from services.intake.model.items import Item
from services.intake.model.notes import (
    AcceptedIndicator,
    IdempotencyKey,
    Note,
    NoteVersion,
)
from services.intake.model.operations import (
    Operation,
    OperationCounter,
    OperationIdentifier,
    traits_of,
)
from services.intake.model.states import (
    IS_DECIDED,
    ITEM_TRANSITIONS,
    NOTE_TRANSITIONS,
    ItemAct,
    NoteAct,
    NoteState,
)

__all__ = [
    "IS_DECIDED",
    "ITEM_TRANSITIONS",
    "NOTE_TRANSITIONS",
    "AcceptedIndicator",
    "Base",
    "Draft",
    "IdempotencyKey",
    "Item",
    "ItemAct",
    "Note",
    "NoteAct",
    "NoteState",
    "NoteVersion",
    "Operation",
    "OperationCounter",
    "OperationDraft",
    "OperationIdentifier",
    "PartDraft",
    "Row",
    "Unclear",
    "traits_of",
]
