"""A note as people and programs send it: its shape, its rules, and the words for what is wrong with it."""

import re
from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _
from marshmallow import ValidationError, fields, validates_schema

from shared.domain.inputs import (
    LONG,
    Code,
    Country,
    Day,
    Listed,
    Number,
    Sector,
    Strict,
    Text,
)
from shared.domain.values import days
from shared.platform import clock

GLIDE = re.compile(r"[A-Z]{2}-\d{4}-\d{6}-[A-Z]{3}", re.ASCII)
OPERATION = re.compile(r"OP-\d{4}-\d{4,9}", re.ASCII)
_GLIDE_FORM = _("Write the GLIDE number like OT-2011-000025-LBY.")


class CountrySchema(Strict):
    """A country and the part it played."""

    code = Country(missing=_("Choose the country."), metadata={"example": "TCD"})
    role = Code("country_roles")


class OperationReference(Text):
    """The reference of an operation, in whatever letters it is written."""

    def _deserialize(
        self,
        value: Any,
        attr: str | None,
        data: Mapping[str, Any] | None,
        **kwargs: Any,
    ) -> Any:
        text = super()._deserialize(value, attr, data, **kwargs)
        if text is not None and not OPERATION.fullmatch(text.upper()):
            raise ValidationError(_("Write the reference of the operation like OP-2026-0001."))
        return text and text.upper()


class IdentifierSchema(Strict):
    """What someone else calls the operation."""

    scheme = Code("identifier_schemes", missing=_("Choose what kind of number it is."))
    id = Text(most=100, missing=_("Enter the number."), metadata={"example": "MDRTD012"})

    @validates_schema(skip_on_field_errors=False)
    def check(self, data: dict[str, Any], **_options: Any) -> None:
        """A GLIDE number has its form, and signs alone are no number."""
        number = data.get("id")
        if number and data.get("scheme") == "glide" and not GLIDE.fullmatch(number):
            raise ValidationError(_GLIDE_FORM, "id")
        if number and not any(char.isalnum() for char in number):
            raise ValidationError(_("Enter the number."), "id")


class OperationSchema(Strict):
    """What was done, where and when."""

    title = Text(missing=_("Enter the title of the operation, such as “Return of migrants from Libya to Chad”."))
    type = Code("operation_types", missing=_("Choose the type of operation."))
    countries = Listed(
        fields.Nested(CountrySchema), most=30, missing=_("Choose at least one country of the operation.")
    )
    started_on = Day(missing=_("Enter when the operation started, such as 2011-03."))
    ended_on = Day()
    information_to = Day()
    reference = OperationReference(most=20, metadata={"example": "OP-2026-0001"})
    glide = Text(most=20)
    identifiers = Listed(fields.Nested(IdentifierSchema), most=20)
    requested_by = Text()
    lead_agency = Text()
    places = Listed(Text(most=200), most=50)

    @validates_schema(skip_on_field_errors=False)
    def check(self, data: dict[str, Any], **_options: Any) -> None:
        """An operation ends after it starts; a GLIDE number has its form."""
        _in_order(data, "started_on", "ended_on", _("The operation cannot end before it started."))
        _not_in_future(data, "started_on", _("This date lies in the future. Enter when the operation started."))
        glide = data.get("glide")
        if glide and not GLIDE.fullmatch(glide):
            raise ValidationError(_GLIDE_FORM, "glide")


class PartnerSchema(Strict):
    """A partner organisation in the operation: its role, and when and why it came and left."""

    organisation = Text(missing=_("Enter the name of the partner organisation."))
    role = Text()
    entered_on = Day()
    left_on = Day()
    entry_criterion = Text(most=LONG)
    exit_criterion = Text(most=LONG)
    partners_told_on = Day()

    @validates_schema(skip_on_field_errors=False)
    def check(self, data: dict[str, Any], **_options: Any) -> None:
        """A partner leaves after it came."""
        _in_order(data, "entered_on", "left_on", _("A partner cannot leave before it joined."))


class LessonSchema(Strict):
    """A lesson: what happened, why, what follows from it and what to do."""

    kind = Code("kinds", missing=_("Choose whether it is a challenge, a lesson or a notable practice."))
    phase = Code("phases", missing=_("Choose when it was: before, during or after the operation."))
    stage = Code("stages")
    sector = Sector()
    title = Text(missing=_("Enter a title for this lesson."))
    observation = Text(most=LONG, missing=_("Tell what happened."))
    discussion = Text(most=LONG)
    conclusion = Text(most=LONG)
    recommendation = Text(most=LONG, missing=_("Tell what should be done differently, or again."))


class PeriodSchema(Strict):
    """From and to, each to the day, month or year."""

    start = Day()
    end = Day()

    @validates_schema(skip_on_field_errors=False)
    def check(self, data: dict[str, Any], **_options: Any) -> None:
        """A period runs forward, and nothing is measured in the future."""
        _in_order(data, "start", "end", _("The period cannot end before it starts."))
        for name in ("start", "end"):
            _not_in_future(data, name, _("This date lies in the future. Enter when it was measured."))


class ProposalSchema(Strict):
    """An indicator that the catalogue does not have yet."""

    name = Text(missing=_("Name what you measured."))
    definition = Text(most=LONG, missing=_("Say exactly what is counted, from when to when."))
    unit = Text(most=60, missing=_("Enter the unit, such as persons or hours."))
    direction = Code("directions", missing=_("Choose whether more or less of it is better."))


class BenchmarkSchema(Strict):
    """One measured value of an indicator. What the catalogue says of it is checked in `measures`."""

    indicator = Text(most=80, metadata={"example": "transit-centre-capacity"})
    proposed = fields.Nested(ProposalSchema, load_default=None, allow_none=True)
    value = Number(metadata={"example": "900"})
    unit = Text(most=60, missing=_("Enter the unit of the value."), metadata={"example": "persons"})
    period = fields.Nested(PeriodSchema, load_default=None, allow_none=True)
    place = Text(most=200)
    phase = Code("phases", missing=_("Choose when it was: before, during or after the operation."))
    stage = Code("stages")
    mode = Code("modes")
    leg = Text(most=200)
    baseline = Number()
    target = Number()
    numerator = Number()
    denominator = Number()
    how_known = Code("how_known", missing=_("Choose how this number is known."))
    precision = Code("precisions")
    source = Text(most=1000)
    remark = Text(most=LONG)


class NoteSchema(Strict):
    """An after-action note: one operation, its lessons and benchmarks."""

    operation = fields.Nested(
        OperationSchema,
        required=True,
        error_messages={"required": _("Describe the operation."), "null": _("Describe the operation.")},
    )
    organisation = Text(missing=_("Enter the name of your organisation."))
    language = Code("languages", missing=_("Say in which language the note is written: en, fr, es or ar."))
    sharing = Code("sharing", metadata={"default": "green"})
    partners = Listed(fields.Nested(PartnerSchema), most=50)
    lessons = Listed(fields.Nested(LessonSchema), most=50)
    benchmarks = Listed(fields.Nested(BenchmarkSchema), most=100)
    heard_from = Listed(Code("heard_from"), most=4)
    sources = Listed(Text(most=1000), most=50)

    @validates_schema(skip_on_field_errors=False)
    def check(self, data: dict[str, Any], **_options: Any) -> None:
        """A note says something, and its organisation has a name that can be found again."""
        if data.get("lessons") == [] == data.get("benchmarks"):
            raise ValidationError(_("Add at least one lesson or one benchmark."), "lessons")
        organisation = data.get("organisation")
        if organisation and not any(char.isalpha() for char in organisation):
            raise ValidationError(_("Enter the name of your organisation."), "organisation")


class CorrectionSchema(NoteSchema):
    """A returned note, corrected: the whole note again, and the version that was corrected."""

    version = fields.Integer(
        required=True,
        strict=True,
        error_messages={
            "required": _("Say which version of the note you corrected."),
            "invalid": _("Give the version as a whole number."),
        },
    )


def _not_in_future(data: dict[str, Any], name: str, message: Any) -> None:
    if data.get(name) and days.first_day(data[name]) > clock.today():
        raise ValidationError(message, name)


def _in_order(data: dict[str, Any], first: str, second: str, message: Any) -> None:
    if data.get(first) and data.get(second) and days.comes_before(data[second], data[first]):
        raise ValidationError(message, second)
