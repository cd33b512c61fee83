"""The parts of a note as they travel: what the note says, with the ids that review needs.

These read tolerantly and check nothing but shape: intake has checked the meaning before it recorded
the event. Values are JSON-ready; numbers are decimal strings, days are "2011", "2011-03" or
"2011-03-09".
"""

from typing import Literal, TypedDict
from uuid import UUID

from marshmallow import fields

from shared.domain.content.fields import IN_OWN_WORDS
from shared.domain.content.parts import (
    BenchmarkContent,
    LessonContent,
    OperationContent,
    PartnerContent,
)
from shared.domain.content.schemas import tolerant
from shared.platform.events import FREE_TEXT, TolerantSchema


def code() -> fields.String:
    """A code, a reference or a day that may be absent."""
    return fields.String(load_default=None, allow_none=True)


def text() -> fields.String:
    """Text in people's own words that may be absent. It can be redacted."""
    return fields.String(load_default=None, allow_none=True, metadata=IN_OWN_WORDS)


def texts() -> fields.List[str]:
    """A list of texts in people's own words that may be empty. Each can be redacted."""
    return fields.List(fields.String(metadata=IN_OWN_WORDS), load_default=list)


class NoteOrganisation(TypedDict):
    """The organisation whose team wrote the note."""

    id: UUID
    name: str
    confirmed: bool


class NamedOperation(TypedDict):
    """An operation without what notes say of it."""

    id: UUID
    reference: str


class RecordedOperation(OperationContent):
    """An operation as a note describes it, with the id under which intake has recorded it."""

    id: UUID


class LessonItem(TypedDict):
    """A lesson of a note."""

    id: UUID
    kind: Literal["lesson"]
    lesson: LessonContent


class BenchmarkItem(TypedDict):
    """A benchmark of a note."""

    id: UUID
    kind: Literal["benchmark"]
    benchmark: BenchmarkContent


NoteItem = LessonItem | BenchmarkItem


class OrganisationContent(TolerantSchema):
    """The organisation whose team wrote the note.

    `confirmed` is false while no editor has vouched for the name.
    """

    id = fields.UUID(required=True)
    name = fields.String(required=True, metadata=IN_OWN_WORDS)
    confirmed = fields.Boolean(load_default=False)


# `id` and `reference` are the same for every note about the same operation; older events have no
# reference.
Operation = tolerant(OperationContent, id=fields.UUID(required=True))
Partner = tolerant(PartnerContent)
Lesson = tolerant(LessonContent)
# `entered` keeps the value and unit as typed where they were converted.
Benchmark = tolerant(
    BenchmarkContent,
    value=fields.String(required=True),
    entered=fields.Dict(load_default=None, allow_none=True, metadata={FREE_TEXT: ("unit",)}),
)


class ItemContent(TolerantSchema):
    """One lesson or benchmark of the note; exactly one of the two is there, as `kind` says."""

    id = fields.UUID(required=True)
    kind = fields.String(required=True)
    lesson = fields.Nested(Lesson, load_default=None, allow_none=True)
    benchmark = fields.Nested(Benchmark, load_default=None, allow_none=True)
