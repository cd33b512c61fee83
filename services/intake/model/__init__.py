"""The classes of intake with their rules."""

from services.intake.model.base import Base
from services.intake.model.notes import (
    IS_DECIDED,
    OPEN_STATES,
    RETURNED,
    AcceptedIndicator,
    Content,
    IdempotencyKey,
    Item,
    Note,
    NoteVersion,
)
from services.intake.model.operations import (
    Operation,
    OperationCounter,
    OperationIdentifier,
    traits_of,
)

__all__ = [
    "IS_DECIDED",
    "OPEN_STATES",
    "RETURNED",
    "AcceptedIndicator",
    "Base",
    "Content",
    "IdempotencyKey",
    "Item",
    "Note",
    "NoteVersion",
    "Operation",
    "OperationCounter",
    "OperationIdentifier",
    "traits_of",
]
