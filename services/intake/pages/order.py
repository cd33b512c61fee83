"""What is wrong with a note, in the order of the page that says it, and what each is about."""

from collections.abc import Mapping, Sequence

from flask_babel import gettext as _

from services.intake.pages.steps import Step
from shared.domain.content.parts import NoteContent
from shared.domain.content.schemas import Content, fields_of, part_in
from shared.platform.errors import N_
from shared.platform.web.problems import translate

Errors = Mapping[str, Sequence[object]]

# The cards of the check page; what is in them stands in the order of the declaration.
_CARDS = (
    "operation",
    "organisation",
    "language",
    "partners",
    "lessons",
    "benchmarks",
    "sharing",
    "heard_from",
    "sources",
)
_NAMED = {
    "operation.countries": N_("Country %(number)s"),
    "partners": N_("Partner %(number)s"),
    "lessons": N_("Lesson %(number)s"),
    "benchmarks": N_("Number %(number)s"),
}


def of_step(step: Step, errors: Errors) -> dict[str, list[str]]:
    """The errors of a step of the form, as its page asks."""
    asked = {path: place for place, path in enumerate(step.in_order)}
    paths = sorted(errors, key=lambda path: asked.get(path, len(asked)))
    return {path: [translate(text) for text in errors[path]] for path in paths}


def of_all(errors: Errors) -> dict[str, list[str]]:
    """The errors of a whole note, as the check page shows it; each names the part that it is of."""
    paths = sorted(errors, key=_place)
    return {path: [named(path, translate(text)) for text in errors[path]] for path in paths}


def named(path: str, text: str) -> str:
    """What is wrong with the answer at this path, and which lesson or number it is of."""
    for root, name in _NAMED.items():
        place = path.removeprefix(f"{root}.").partition(".")[0]
        if path.startswith(f"{root}.") and place.isdecimal():
            part = _(name, number=int(place) + 1)
            return _("%(part)s: %(error)s", part=part, error=text)
    return text


def _place(path: str) -> list[int]:
    """Where an answer stands, from the card to the field in it."""
    place: list[int] = []
    part: Content | None = NoteContent
    for step in path.split("."):
        if step.isdecimal():
            place.append(int(step))
        elif part is not None:
            names = _CARDS if part is NoteContent else tuple(fields_of(part))
            place.append(names.index(step) if step in names else -1)
            part = part_in(part, step) if step in names else None
    return place
