"""An item as the desk hands it over to be published."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from services.review.base import Background, ItemContent, Operation


@dataclass(frozen=True, kw_only=True)
class Snapshot:
    """An item as it is published: what it says, of which operation, and who may read it.

    The ids say where it came from; the library only keeps them. `organisation_id` is who wrote the
    note. `readers` are organisations named for amber, by name or id; without any they are those
    of the operation.
    """

    case_id: UUID
    note_id: UUID
    note_version: int
    item_id: UUID
    kind: str
    content: ItemContent
    language: str
    sharing: str
    readers: Sequence[str]
    organisation_id: UUID
    operation_id: UUID
    operation: Operation
    background: Background
