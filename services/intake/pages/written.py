"""Numbers and days as people write them: read in their language, or asked back.

What no one way of reading fits is kept beside the answers as it was typed, and the page offers what
it may mean as buttons: who has no comma on their keys can choose it.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from services.intake.model import Draft, PartDraft, Unclear
from services.intake.pages.steps import STEPS, Step
from shared.platform.typed import UnclearError
from shared.platform.typed.days import last_day
from shared.platform.typed.numbers import PLAIN, read_number, type_number
from shared.platform.typed.written_days import read_day
from shared.platform.web import forms

READING = "reading"  # the name of the buttons; their values are like "value=36.5"
_DAYS = {path for step in STEPS.values() for path in step.days}


def take(
    part: PartDraft,
    before: PartDraft,
    step: Step,
    taken: Collection[str],
    form: MultiDict[str, str],
    language: str,
) -> None:
    """Read the numbers and days of a step among those `taken`, in the part that holds them as
    typed.

    What stands there as the page showed it stays what it was `before`.
    """
    unclear: dict[str, Unclear] = dict(part.get("unclear") or {})
    chosen_path, _equals, chosen = form.get(READING, "").partition("=")
    for path in (*step.numbers, *step.days):
        if path not in taken:
            continue
        unclear.pop(path, None)
        typed, kept = forms.dig(part, path), forms.dig(before, path)
        if path == chosen_path and _is_value(step, path, chosen):
            forms.put(part, path, chosen)
        elif kept and typed == shown(step, path, kept, language):
            forms.put(part, path, kept)
        elif typed:
            try:
                forms.put(part, path, _read(step, path, typed, language))
            except UnclearError as error:
                forms.put(part, path, None)
                unclear[path] = {"typed": typed, "meant": list(error.meant)}
    part["unclear"] = unclear


def shown(step: Step, path: str, value: str, language: str) -> str:
    """A number or day as it stands in a form in this language."""
    return type_number(value, language) if path in step.numbers else value


def ask_back(draft: Draft) -> dict[str, Sequence[object]]:
    """What to say of everything that was not clear, by its place in the note."""
    asked = dict(_ask_about(draft, ""))
    for place, part in enumerate(draft.get("benchmarks") or []):
        asked |= _ask_about(part, f"benchmarks.{place}.")
    return asked


def _ask_about(part: PartDraft, prefix: str) -> Iterable[tuple[str, Sequence[object]]]:
    for path, unclear in (part.get("unclear") or {}).items():
        yield prefix + path, [_question(path, unclear)]


def _question(path: str, unclear: Mapping[str, object]) -> str:
    if unclear["meant"]:
        return _("This can be read in another way. Choose what you mean, or write it differently.")
    if path in _DAYS:
        return _(
            "Write the date as day, month and year (9 March 2011), month and year (March 2011) or "
            "year (2011)."
        )
    return _(
        "Write one number in digits, such as 900: at most 15 of them before the decimal sign and at"
        " most 9 behind it."
    )


def _read(step: Step, path: str, typed: str, language: str) -> str:
    return read_number(typed, language) if path in step.numbers else read_day(typed, language)


def _is_value(step: Step, path: str, chosen: str) -> bool:
    if path in step.numbers:
        return PLAIN.fullmatch(chosen) is not None
    try:
        last_day(chosen)
    except ValueError:
        return False
    return True
