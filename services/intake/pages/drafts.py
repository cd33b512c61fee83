"""Between what people type and a note: their numbers and dates, their lines, and what they left out
on the short path.

A number that no one way of reading fits is asked back and never guessed.
"""

from collections.abc import Mapping, Sequence
from copy import deepcopy
from itertools import zip_longest
from typing import Any

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from services.intake.model import Draft, PartDraft, Row
from services.intake.pages import choosing, marks, written
from services.intake.pages.steps import Step
from services.intake.pages.titles import first_words
from services.intake.schemas import check_note
from shared.domain.codelists.indicator import Indicator
from shared.domain.content.parts import NoteContent
from shared.platform.errors import InvalidError
from shared.platform.web import forms

Errors = dict[str, Sequence[object]]

_ROLE = "operation.countries.0.role"
_OWN = ("item", "unclear", "marks", "removed", "set_aside")


def take_answers(
    draft: Draft,
    step: Step,
    place: int,
    form: MultiDict[str, str],
    language: str,
    catalogue: Mapping[str, Indicator],
) -> Draft:
    """The draft with the answers of one step in it."""
    draft = deepcopy(draft)
    part = _part(draft, step, place)
    before = deepcopy(part)
    taken = choosing.expected(draft, step, part, form, marks.about(form), catalogue)
    had_role = _ROLE not in step.fields and forms.dig(part, _ROLE)
    _overlay(part, forms.read(form, taken, lists=step.lists))
    if had_role and not forms.dig(part, _ROLE):
        choosing.note_removed(draft, ["role"], None, "country")
    for path in step.lines:
        lines = [line.strip() for line in form.get(path, "").splitlines()]
        forms.put(part, path, [line for line in lines if line])
    written.take(part, before, step, taken, form, language)
    return draft


def shown(draft: Draft, step: Step, place: int, language: str) -> PartDraft:
    """The answers of one step as its form shows them: numbers as typed in this language, lists a
    line each.
    """
    part: PartDraft = deepcopy(forms.dig(draft, step.path(place)) if step.root else draft) or {}
    unclear = part.get("unclear") or {}
    for path in (*step.numbers, *step.days):
        value = forms.dig(part, path)
        if path in unclear:
            forms.put(part, path, unclear[path]["typed"])
        elif value:
            forms.put(part, path, written.shown(step, path, value, language))
    for path in step.lines:
        forms.put(part, path, "\n".join(forms.dig(part, path) or []))
    return part


def check(draft: Draft, catalogue: Mapping[str, Indicator], language: str) -> NoteContent:
    """The content that a draft makes. Raises InvalidError with all that is wrong or missing."""
    typed, unclear = content_of(draft, catalogue, language), written.ask_back(draft)
    if not draft.get("sharing"):
        unclear["sharing"] = [_("Choose who may read it.")]
    try:
        content = check_note(typed, catalogue)
    except InvalidError as error:
        raise InvalidError({**error.errors, **unclear}) from None
    if unclear:
        raise InvalidError(dict(unclear))
    return content


def errors_of(step: Step, place: int, errors: Mapping[str, Sequence[object]]) -> Errors:
    """The errors that belong to the answers of one step, by the names that its form uses."""
    prefix = step.path(place)
    below = forms.below(errors, prefix) if prefix else dict(errors)
    mine: Errors = {}
    for path, texts in below.items():
        asked = [
            name
            for name in step.asked
            if path == name or name.startswith(path + ".") or path.startswith(name + ".")
        ]
        if asked:
            mine[path if path in step.asked else asked[0]] = texts
    return mine


def content_of(
    draft: Draft, catalogue: Mapping[str, Indicator], language: str
) -> dict[str, object]:
    """The content that is to be checked, with what the short path does not ask for."""
    content = {name: value for name, value in draft.items() if name not in _OWN}
    content["language"] = draft.get("language") or language
    operation = draft.get("operation") or {}
    content["operation"] = {
        **operation,
        "countries": _filled(operation.get("countries")),
        "identifiers": _filled(operation.get("identifiers")),
    }
    content["partners"] = _filled(draft.get("partners"))
    content["lessons"] = [_lesson(typed) for typed in draft.get("lessons") or []]
    content["benchmarks"] = [
        _benchmark(typed, catalogue) for typed in draft.get("benchmarks") or []
    ]
    return content


def _filled(rows: Sequence[Row] | None) -> list[Row]:
    """The rows in which something stands."""
    return [row for row in rows or () if row and any(row.values())]


def _lesson(typed: PartDraft) -> dict[str, object]:
    lesson = {name: value for name, value in typed.items() if name not in _OWN}
    lesson["kind"] = typed.get("kind") or "lesson"
    lesson["phase"] = typed.get("phase") or "during"
    lesson["title"] = typed.get("title") or first_words(typed.get("observation") or "")
    sector = typed.get("sector")
    lesson["sector"] = int(sector) if isinstance(sector, str) and sector.isdecimal() else sector
    return lesson


def _benchmark(typed: PartDraft, catalogue: Mapping[str, Indicator]) -> dict[str, object]:
    benchmark = {name: value for name, value in typed.items() if name not in _OWN}
    indicator = catalogue.get(typed.get("indicator") or "")
    proposed = typed.get("proposed")
    benchmark["proposed"] = proposed if proposed is not None and not indicator else None
    if indicator is None and benchmark["proposed"] is not None:
        benchmark["indicator"] = None
    unit = indicator.unit if indicator else (proposed or {}).get("unit")
    benchmark["unit"] = typed.get("unit") or unit
    benchmark["phase"] = typed.get("phase") or "during"
    return {
        name: value
        for name, value in benchmark.items()
        if value is not None or name in ("unit", "how_known")
    }


def _part(draft: Draft, step: Step, place: int) -> PartDraft:
    """The part of a draft that a step writes; a list grows by the one place that follows
    its end.
    """
    if not step.root:
        return draft
    parts = draft.setdefault(step.root, [])
    if place == len(parts):
        parts.append({})
    return parts[place]


def _overlay(part: Any, answers: Mapping[str, object]) -> None:
    """Put answers over a part without losing what another step asked for."""
    for name, value in answers.items():
        if isinstance(value, dict):
            if not isinstance(part.get(name), dict):
                part[name] = {}
            _overlay(part[name], value)
        elif isinstance(value, list) and value and isinstance(value[0], dict):
            old: list[Row] = part.get(name) or []
            nothing: Row = {}
            rows = zip_longest(old[: len(value)], value, fillvalue=nothing)
            part[name] = [_row(before, row) for before, row in rows]
            part[name] += old[len(value) :]
        else:
            part[name] = value


def _row(old: Row, row: Row) -> Row:
    """A row over the one before. What was said of another country is not true of this one."""
    return row if old.get("code") != row.get("code") else {**old, **row}
