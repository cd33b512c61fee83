"""The parts of a note as they travel: the snapshot of an operation, a lesson, a benchmark.

These read tolerantly and check nothing but shape: intake has checked the meaning before it recorded the event.
Values are JSON-ready; numbers are decimal strings, days are "2011", "2011-03" or "2011-03-09".
"""

from marshmallow import fields

from shared.platform.events import TolerantSchema

# The fields in which someone wrote what they liked; all others are codes, figures, days and ids that others rely on.
FREE_TEXT = frozenset(
    {
        "title",
        "places",
        "requested_by",
        "lead_agency",
        "organisation",
        "role",
        "entry_criterion",
        "exit_criterion",
        "observation",
        "discussion",
        "conclusion",
        "recommendation",
        "name",
        "aliases",
        "definition",
        "place",
        "leg",
        "source",
        "sources",
        "remark",
        "comment",
        "reason",
    }
)


def text() -> fields.String:
    """Text that may be absent."""
    return fields.String(load_default=None, allow_none=True)


def texts() -> fields.List[str]:
    """A list of texts that may be empty."""
    return fields.List(fields.String(), load_default=list)


class CountryContent(TolerantSchema):
    """A country and the part it played."""

    code = fields.String(required=True)
    role = text()


class IdentifierContent(TolerantSchema):
    """What someone else calls an operation."""

    scheme = fields.String(required=True)
    id = fields.String(required=True)


class OperationContent(TolerantSchema):
    """The operation as this note tells it.

    `id` and `reference` are the same for every note about the same operation; older events have no
    reference.
    """

    id = fields.UUID(required=True)
    title = fields.String(required=True)
    type = fields.String(required=True)
    countries = fields.List(fields.Nested(CountryContent), required=True)
    started_on = fields.String(required=True)
    ended_on = text()
    information_to = text()
    reference = text()
    glide = text()
    identifiers = fields.List(fields.Nested(IdentifierContent), load_default=list)
    requested_by = text()
    lead_agency = text()
    places = texts()


class OrganisationContent(TolerantSchema):
    """The organisation whose team wrote the note. `confirmed` is false while no editor has vouched for the name."""

    id = fields.UUID(required=True)
    name = fields.String(required=True)
    confirmed = fields.Boolean(load_default=False)


class PartnerContent(TolerantSchema):
    """A partner organisation in the operation, with its entry and its exit."""

    organisation = fields.String(required=True)
    role = text()
    entered_on = text()
    left_on = text()
    entry_criterion = text()
    exit_criterion = text()
    partners_told_on = text()


class LessonContent(TolerantSchema):
    """A lesson in the four parts of the field's standard form."""

    kind = fields.String(required=True)
    phase = fields.String(required=True)
    stage = text()
    sector = fields.Integer(load_default=None, allow_none=True)
    title = fields.String(required=True)
    observation = fields.String(required=True)
    discussion = text()
    conclusion = text()
    recommendation = fields.String(required=True)


class ProposalContent(TolerantSchema):
    """An indicator that the catalogue does not have yet."""

    name = fields.String(required=True)
    definition = fields.String(required=True)
    unit = fields.String(required=True)
    direction = fields.String(required=True)


class PeriodContent(TolerantSchema):
    """From and to, each to the day, month or year."""

    start = text()
    end = text()


class BenchmarkContent(TolerantSchema):
    """One measured value. `entered` keeps the value and unit as typed where they were converted."""

    indicator = text()
    proposed = fields.Nested(ProposalContent, load_default=None, allow_none=True)
    value = fields.String(required=True)
    unit = fields.String(required=True)
    entered = fields.Dict(load_default=None, allow_none=True)
    period = fields.Nested(PeriodContent, load_default=None, allow_none=True)
    place = text()
    phase = fields.String(required=True)
    stage = text()
    mode = text()
    leg = text()
    baseline = text()
    target = text()
    numerator = text()
    denominator = text()
    how_known = fields.String(required=True)
    precision = text()
    source = text()
    remark = text()


class ItemContent(TolerantSchema):
    """One lesson or benchmark of the note; exactly one of the two is there, as `kind` says."""

    id = fields.UUID(required=True)
    kind = fields.String(required=True)
    lesson = fields.Nested(LessonContent, load_default=None, allow_none=True)
    benchmark = fields.Nested(BenchmarkContent, load_default=None, allow_none=True)
