"""What review says: facts about cases, entries and the catalogue."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, TypedDict
from uuid import UUID

from marshmallow import fields

from shared.domain.codelists import Definition
from shared.domain.content.fields import IN_OWN_WORDS
from shared.domain.events.content import code, text, texts
from shared.platform.events import FREE_TEXT, REVIEW_STREAM, Event, TolerantSchema


class _CaseAssignedSchema(TolerantSchema):
    case_id = fields.UUID(required=True)
    note_id = fields.UUID(required=True)
    reviewers = fields.Integer(required=True)
    version = fields.Integer(load_default=None, allow_none=True)


@dataclass(frozen=True, kw_only=True)
class CaseAssigned(Event):
    """A case has its reviewers, or none yet and waits for an editor (`reviewers` is how many; never
    who).

    `version` is that of the note; older events do not say it.
    """

    name = "case.assigned.v1"
    stream = REVIEW_STREAM
    schema: ClassVar[_CaseAssignedSchema] = _CaseAssignedSchema()

    case_id: UUID
    note_id: UUID
    reviewers: int
    version: int | None = None

    @property
    def subject(self) -> str:
        return str(self.note_id)


class ItemDecision(TypedDict):
    """What was decided of one item of a note; `state` is the one it is in now."""

    item_id: UUID
    state: str
    verdict: str | None
    comment: str | None
    duplicate_of: str | None
    sharing: str | None


class _DecisionSchema(TolerantSchema):
    item_id = fields.UUID(required=True)
    state = fields.String(required=True)
    verdict = code()
    comment = text()
    duplicate_of = code()
    sharing = code()


class _ItemsDecidedSchema(TolerantSchema):
    case_id = fields.UUID(required=True)
    note_id = fields.UUID(required=True)
    version = fields.Integer(required=True)
    decided_at = fields.AwareDateTime(required=True, format="iso")
    decisions = fields.List(fields.Nested(_DecisionSchema), required=True)


@dataclass(frozen=True, kw_only=True)
class ItemsDecided(Event):
    """A reviewer or editor decided items of one version of a note; the comments are for its
    submitter.

    `sharing` is the level that an approval chose instead of what the team asked for: what that
    keeps to the reviewers (red, amber_strict) is not published. Older events do not say it.
    """

    name = "items.decided.v1"
    stream = REVIEW_STREAM
    schema: ClassVar[_ItemsDecidedSchema] = _ItemsDecidedSchema()

    case_id: UUID
    note_id: UUID
    version: int
    decided_at: datetime
    decisions: list[ItemDecision]

    @property
    def subject(self) -> str:
        return str(self.note_id)


class _EntrySchema(TolerantSchema):
    reference = fields.String(required=True)
    kind = fields.String(required=True)
    version = fields.Integer(required=True)
    sharing = fields.String(required=True)
    note_id = fields.UUID(required=True)
    item_id = fields.UUID(required=True)
    at = fields.AwareDateTime(required=True, format="iso")


@dataclass(frozen=True, kw_only=True)
class _Entry(Event):
    stream = REVIEW_STREAM
    schema: ClassVar[_EntrySchema] = _EntrySchema()

    reference: str
    kind: str
    version: int
    sharing: str
    note_id: UUID
    item_id: UUID
    at: datetime

    @property
    def subject(self) -> str:
        return str(self.note_id)


class _EntryPublishedSchema(_EntrySchema):
    note_version = fields.Integer(load_default=None, allow_none=True)


@dataclass(frozen=True, kw_only=True)
class EntryPublished(_Entry):
    """An item became an entry of the library.

    Thin on purpose: the content is read where it can be withdrawn. `note_version` is the version of
    the note whose operation the entry shows; older events do not say it.
    """

    name = "entry.published.v1"
    schema: ClassVar[_EntryPublishedSchema] = _EntryPublishedSchema()

    note_version: int | None = None


class EntrySharingChanged(_Entry):
    """An entry may now be read by others than before: its sharing level or its named readers
    changed.
    """

    name = "entry.sharing_changed.v1"


class EntryOperationChanged(_Entry):
    """An entry counts for another operation than before; what it says is the same."""

    name = "entry.operation_changed.v1"


class _EntryWithdrawnSchema(_EntrySchema):
    reason = fields.String(required=True, metadata=IN_OWN_WORDS)


@dataclass(frozen=True, kw_only=True)
class EntryWithdrawn(_Entry):
    """An entry was taken out of the library; a tombstone stays. `reason` is for the submitter."""

    name = "entry.withdrawn.v1"
    schema: ClassVar[_EntryWithdrawnSchema] = _EntryWithdrawnSchema()

    reason: str


# What a field team proposed, in its own words; the rest of a definition is codes and figures.
DEFINITION_TEXTS = (
    "name",
    "definition",
    "ask",
    "unit",
    "start",
    "stop",
    "caution",
    "numerator",
    "denominator",
)


class _IndicatorAcceptedSchema(TolerantSchema):
    code = fields.String(required=True)
    version = fields.Integer(required=True)
    definition = fields.Dict(required=True, metadata={FREE_TEXT: DEFINITION_TEXTS})


@dataclass(frozen=True, kw_only=True)
class IndicatorAccepted(Event):
    """The catalogue has a new or changed indicator.

    `definition` is shaped as in the starter catalogue.
    """

    name = "indicator.accepted.v1"
    stream = REVIEW_STREAM
    schema: ClassVar[_IndicatorAcceptedSchema] = _IndicatorAcceptedSchema()

    code: str
    version: int
    definition: Definition

    @property
    def subject(self) -> str:
        return f"indicator:{self.code}"


class _OrganisationConfirmedSchema(TolerantSchema):
    organisation_id = fields.UUID(required=True)
    organisation = fields.String(required=True, metadata=IN_OWN_WORDS)
    parent_id = fields.UUID(load_default=None, allow_none=True)
    aliases = texts()
    merged_id = fields.UUID(load_default=None, allow_none=True)


@dataclass(frozen=True, kw_only=True)
class OrganisationConfirmed(Event):
    """An editor vouches for an organisation.

    Where `merged_id` is given, that record was another spelling of it.
    """

    name = "organisation.confirmed.v1"
    stream = REVIEW_STREAM
    schema: ClassVar[_OrganisationConfirmedSchema] = _OrganisationConfirmedSchema()

    organisation_id: UUID
    organisation: str
    parent_id: UUID | None
    aliases: list[str]
    merged_id: UUID | None

    @property
    def subject(self) -> str:
        return f"organisation:{self.organisation_id}"
