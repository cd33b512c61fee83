"""What the API of review takes."""

from typing import TypedDict
from uuid import UUID

from flask_babel import lazy_gettext as _
from marshmallow import ValidationError, fields, post_load, validate, validates_schema
from marshmallow.types import ErrorMessages

from services.review.desk.model import CaseState
from services.review.desk.use_cases import Decision
from shared.domain.content.fields import LONG
from shared.domain.inputs import Code, Listed, Reference, Strict, Text, Value

MOST_READERS = 50  # organisations that are named

_WHOLE: ErrorMessages = {
    "required": _("Say which version of the case you read."),
    "null": _("Say which version of the case you read."),
    "invalid": _("Give the version as a whole number."),
}
_BOOLEAN: ErrorMessages = {
    "invalid": _("Answer true or false."),
    "null": _("Answer true or false."),
}


class DecisionSent(TypedDict):
    """What someone sent of one item."""

    item: UUID
    verdict: str
    comment: str | None
    duplicate_of: str | None
    checklist: dict[str, bool] | None
    sharing: str | None
    readers: list[str]


class DecisionSchema(Strict):
    """One item decided.

    To approve, every code of the item's checklist must be answered with true. `sharing` and
    `readers` go with an approval, `readers` name the organisations at amber, and `duplicate_of`
    goes with a duplicate.
    """

    item = fields.UUID(
        required=True,
        error_messages={
            "required": _("Say which item this is about."),
            "invalid_uuid": _("Give the id of an item."),
            "null": _("Say which item this is about."),
        },
    )
    verdict = Code("verdicts", missing=_("Choose a verdict."))
    comment = Text(most=LONG)
    duplicate_of = Reference(most=40)
    checklist = fields.Dict(
        keys=fields.String(),
        values=fields.Boolean(truthy={True}, falsy={False}, error_messages=_BOOLEAN),
        load_default=dict,
        allow_none=True,
    )
    sharing = Code("sharing")
    readers = Listed(Text(), most=MOST_READERS)

    @post_load
    def make(self, data: DecisionSent, **_options: object) -> Decision:
        """As a use case takes it."""
        return Decision(**data)


def _seen(*, required: bool = False) -> fields.Integer:
    """The version at which someone read the case on which they act."""
    meaning = (
        "The case's `version` as you read it; answers 409 when more has been done to it since."
    )
    if required:
        return fields.Integer(
            required=True,
            strict=True,
            error_messages=_WHOLE,
            metadata={"description": meaning, "example": 1002},
        )
    return fields.Integer(
        load_default=None,
        allow_none=True,
        strict=True,
        error_messages=_WHOLE,
        metadata={"description": f"{meaning} Without it the act is done whatever that was."},
    )


class DecisionsSent(TypedDict):
    """Decisions as a use case takes them."""

    version: int
    decisions: list[Decision]
    sensitive: bool


class DecisionsSchema(Strict):
    """Decisions on items of a case as it was read: all are stored, or none.

    `sensitive` marks the case, with decisions or without: a second person then publishes what is
    approved.
    """

    version = _seen(required=True)
    decisions = Listed(fields.Nested(DecisionSchema), most=200)
    sensitive = fields.Boolean(load_default=False, error_messages=_BOOLEAN)

    @validates_schema(skip_on_field_errors=False)
    def check(self, data: DecisionsSent, **_options: object) -> None:
        """It decides something or marks the case."""
        if data.get("decisions") == [] and not data.get("sensitive"):
            raise ValidationError(_("Decide at least one item."), "decisions")


class ReasonSent(TypedDict):
    """A reason, and the version of the case that someone saw."""

    version: int | None
    reason: str


class ReasonSchema(Strict):
    """Why something is done."""

    version = _seen()
    reason = Text(most=LONG, missing=_("Say why."))


class OptionalReasonSent(TypedDict):
    """The same, where no rule asks for a reason."""

    version: int | None
    reason: str | None


class OptionalReasonSchema(Strict):
    """Why something is done, where a rule does not ask for it."""

    version = _seen()
    reason = Text(most=LONG)


class SharingSent(ReasonSent):
    """Who may read an entry from now on, and why."""

    sharing: str
    readers: list[str]


class SharingSchema(Strict):
    """Who may read an entry. `readers` name the organisations at amber."""

    version = _seen()
    sharing = Code("sharing", missing=_("Choose who may read it."))
    readers = Listed(Text(), most=MOST_READERS)
    reason = Text(most=LONG, missing=_("Say why."))


class IndicatorSent(TypedDict):
    """What an editor says of a proposed indicator."""

    version: int | None
    indicator: str | None
    accept: bool
    code: str | None
    family: str | None


class IndicatorSchema(Strict):
    """What a proposed indicator is: `indicator` is the catalogue's; or `accept` takes it into the
    catalogue.
    """

    version = _seen()
    indicator = Value(most=80)
    accept = fields.Boolean(load_default=False, error_messages=_BOOLEAN)
    code = Value(most=60)
    family = Code("families")

    @validates_schema
    def check(self, data: IndicatorSent, **_options: object) -> None:
        """It is one of the two."""
        if data["indicator"] and data["accept"]:
            raise ValidationError(
                _("Map it to an indicator or accept it as a new one, not both."), "indicator"
            )


class CasesQuery(TypedDict):
    """Which cases someone asks for."""

    state: str
    note: str | None
    after: UUID | None
    limit: int


class CasesQuerySchema(Strict):
    """Which cases to list."""

    state = fields.String(
        load_default="open",
        validate=validate.OneOf(
            ("open", "closed", "all", *CaseState),
            error=_("Ask for open, closed, all, or one state."),
        ),
    )
    note = Reference(most=20)
    after = fields.UUID(
        load_default=None, error_messages={"invalid_uuid": _("Give the “next” of the page before.")}
    )
    limit = fields.Integer(
        load_default=50,
        validate=validate.Range(1, 200, error=_("Ask for 1 to 200 at a time.")),
        error_messages={"invalid": _("Give a whole number.")},
    )
