"""What intake says: facts about notes. None of them names the person who reported."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from marshmallow import fields

from shared.domain.content.parts import PartnerContent
from shared.domain.events.content import (
    ItemContent,
    NamedOperation,
    NoteItem,
    NoteOrganisation,
    Operation,
    OrganisationContent,
    Partner,
    RecordedOperation,
    code,
    texts,
)
from shared.platform.events import INTAKE_STREAM, Event, TolerantSchema


class _NoteSchema(TolerantSchema):
    note_id = fields.UUID(required=True)
    reference = fields.String(required=True)
    version = fields.Integer(required=True)
    submitted_at = fields.AwareDateTime(required=True, format="iso")
    organisation = fields.Nested(OrganisationContent, required=True)
    office = code()
    vouched = fields.Boolean(load_default=False)
    language = fields.String(required=True)
    sharing = fields.String(required=True)
    operation = fields.Nested(Operation, required=True)
    partners = fields.List(fields.Nested(Partner), load_default=list)
    items = fields.List(fields.Nested(ItemContent), required=True)
    heard_from = fields.List(fields.String(), load_default=list)
    sources = texts()


class _OperationSchema(TolerantSchema):
    id = fields.UUID(required=True)
    reference = fields.String(required=True)


class _NoteOperationChangedSchema(TolerantSchema):
    note_id = fields.UUID(required=True)
    reference = fields.String(required=True)
    version = fields.Integer(required=True)
    operation = fields.Nested(_OperationSchema, required=True)


@dataclass(frozen=True, kw_only=True)
class _Note(Event):
    stream = INTAKE_STREAM
    schema: ClassVar[_NoteSchema] = _NoteSchema()

    note_id: UUID
    reference: str
    version: int
    submitted_at: datetime
    organisation: NoteOrganisation
    office: str | None
    vouched: bool
    language: str
    sharing: str
    operation: RecordedOperation
    partners: list[PartnerContent]
    items: list[NoteItem]
    heard_from: list[str]
    sources: list[str]

    @property
    def subject(self) -> str:
        return str(self.note_id)


class NoteSubmitted(_Note):
    """A field team handed a note over to review.

    `office` is the country where the team works, if that is known; `vouched` says that an
    administrator stands for the sender's belonging to the organisation.
    """

    name = "note.submitted.v1"


class NoteCorrected(_Note):
    """A returned note came back as its next version.

    Items keep their ids; a missing one was taken back.
    """

    name = "note.corrected.v1"


@dataclass(frozen=True, kw_only=True)
class NoteOperationChanged(Event):
    """A note is about another operation than it was taken for; what it says is the same.

    It also tells the reference of an operation to who has not heard of it yet.
    """

    name = "note.operation_changed.v1"
    stream = INTAKE_STREAM
    schema: ClassVar[_NoteOperationChangedSchema] = _NoteOperationChangedSchema()

    note_id: UUID
    reference: str
    version: int
    operation: NamedOperation

    @property
    def subject(self) -> str:
        return str(self.note_id)
