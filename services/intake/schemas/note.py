"""A note as people and programs send it: what holds between its fields, and the words for what is
wrong with it.
"""

import re
from collections.abc import Iterable

from flask_babel import lazy_gettext as _
from marshmallow import fields

from shared.domain.content.parts import (
    IdentifierContent,
    NoteContent,
    OperationContent,
    PartnerContent,
    PeriodContent,
)
from shared.domain.content.strict import Rule, strict
from shared.platform import clock
from shared.platform.typed import days

GLIDE = re.compile(r"[A-Z]{2}-\d{4}-\d{6}-[A-Z]{3}", re.ASCII)
_GLIDE_FORM = _("Write the GLIDE number like OT-2011-000025-LBY.")

Wrong = Iterable[tuple[str, str]]


def check_operation(content: OperationContent) -> Wrong:
    """An operation ends after it starts; a GLIDE number has its form."""
    if _runs_backward(content.get("started_on"), content.get("ended_on")):
        yield "ended_on", _("The operation cannot end before it started.")
    if _is_in_future(content.get("started_on")):
        yield "started_on", _("This date lies in the future. Enter when the operation started.")
    glide = content.get("glide")
    if glide and not GLIDE.fullmatch(glide):
        yield "glide", _GLIDE_FORM


def check_identifier(content: IdentifierContent) -> Wrong:
    """A GLIDE number has its form, and signs alone are no number."""
    number = content.get("id")
    if number and content.get("scheme") == "glide" and not GLIDE.fullmatch(number):
        yield "id", _GLIDE_FORM
    if number and not any(char.isalnum() for char in number):
        yield "id", _("Enter the number.")


def check_partner(content: PartnerContent) -> Wrong:
    """A partner leaves after it came."""
    if _runs_backward(content.get("entered_on"), content.get("left_on")):
        yield "left_on", _("A partner cannot leave before it joined.")


def check_period(content: PeriodContent) -> Wrong:
    """A period runs forward, and nothing is measured in the future."""
    if _runs_backward(content.get("start"), content.get("end")):
        yield "end", _("The period cannot end before it starts.")
    for name, day in (("start", content.get("start")), ("end", content.get("end"))):
        if _is_in_future(day):
            yield name, _("This date lies in the future. Enter when it was measured.")


def check_whole(content: NoteContent) -> Wrong:
    """A note says something, and its organisation has a name that can be found again."""
    if content.get("lessons") == [] == content.get("benchmarks"):
        yield "lessons", _("Add at least one lesson or one benchmark.")
    organisation = content.get("organisation")
    if organisation and not any(char.isalpha() for char in organisation):
        yield "organisation", _("Enter the name of your organisation.")


RULES: dict[type, Rule] = {
    OperationContent: check_operation,
    IdentifierContent: check_identifier,
    PartnerContent: check_partner,
    PeriodContent: check_period,
    NoteContent: check_whole,
}
NoteSchema = strict(NoteContent, RULES)


# it is made from the declaration
class CorrectionSchema(NoteSchema):  # type: ignore[valid-type,misc]
    """A returned note, corrected: the whole note again, and the version that was corrected."""

    version = fields.Integer(
        required=True,
        strict=True,
        error_messages={
            "required": _("Say which version of the note you corrected."),
            "invalid": _("Give the version as a whole number."),
        },
    )


def _is_in_future(day: str | None) -> bool:
    return day is not None and days.first_day(day) > clock.latest_day()


def _runs_backward(first: str | None, second: str | None) -> bool:
    return first is not None and second is not None and days.comes_before(second, first)
