"""Which indicator a number is about: what its pages ask, and what goes when another is chosen.

What was answered about one indicator means nothing under another, so it goes and the next page
names it. `removed` in the draft says until then which answers went, what they were about, and why.
"""

from collections.abc import Iterable, Mapping
from typing import cast

from flask_babel import gettext as _

from services.intake.model import Draft, PartDraft
from services.intake.pages.steps import STEPS as PAGES
from services.intake.pages.steps import Step
from shared.domain.codelists.indicator import Indicator
from shared.domain.content.fields import Code
from shared.domain.content.parts import BenchmarkContent
from shared.domain.content.schemas import fields_of
from shared.platform.errors import N_
from shared.platform.web import forms, languages
from shared.platform.web.pages import listed

Catalogue = Mapping[str, Indicator]

NO_NUMBER, PROPOSE = "none", "propose"
STEPS = ("number", "number-more")  # whose answers are about what was chosen

# What the answers are called where a page names those that went; a field that has no label, here.
_CALLED = {
    "value": N_("Value"),
    "numerator": N_("The two numbers that it is made of"),
    "denominator": N_("The two numbers that it is made of"),
    "precision": N_("Precision"),
    "unit": N_("Unit"),
    "proposed": N_("Proposed indicator"),
    "period": N_("Period"),
    "role": N_("Its part in the operation"),
}
LATE = "late"  # a page that was shown before another indicator was chosen
_FIELDS = {asked.path: asked.field for step in PAGES.values() for asked in step.questions}
ANSWERS = tuple(name for name in fields_of(BenchmarkContent) if name != "indicator")
STAYS = {"period", "place", "phase", "stage", "source", "remark"}  # true whatever was measured


def chosen(part: PartDraft) -> str | None:
    """What a number is about: an indicator by its code, PROPOSE, or None before that is chosen."""
    return part.get("indicator") or (PROPOSE if part.get("proposed") is not None else None)


def asked(step: Step, indicator: Indicator | None) -> tuple[str, ...]:
    """The fields that the page of a step asks of an indicator; of a proposal, all."""
    if indicator is None:
        return step.fields
    useless = set() if indicator.is_share else {"numerator", "denominator"}
    if "mode" not in indicator.split_by:
        useless |= {"mode"} if "leg" in indicator.split_by else {"mode", "leg"}
    return tuple(name for name in step.fields if name not in useless)


def expected(
    draft: Draft,
    step: Step,
    part: PartDraft,
    form: Mapping[str, str],
    about: str | None,
    catalogue: Catalogue,
) -> list[str]:
    """The fields in a form that fit what this number is about now. Others are not kept, and shown.

    `about` is what the page was about: it may have been shown before another choice.
    """
    is_late = about is not None and chosen(part) not in (None, about)
    fields = asked(step, catalogue.get(part.get("indicator") or ""))
    if is_late:
        fields = tuple(name for name in fields if _answer(name) in STAYS)
    others = {name: form.get(name, "").strip() for name in step.fields if name not in fields}
    others = {name: typed for name, typed in others.items() if typed}
    about, reason = (about, LATE) if is_late else (chosen(part), "not asked")
    if step.name != "indicator":  # sent twice, it changes nothing the second time
        note_removed(draft, map(_answer, others), about, reason)
        if others:
            draft["removed"]["typed"] = others
    return [name for name in fields if name in form]


def is_refused(draft: Draft) -> bool:
    """Whether answers of the page that was just read are about what was chosen before."""
    return "removed" in draft and draft["removed"]["reason"] == LATE


def choose(draft: Draft, place: int, was: str | None, now: str | None) -> None:
    """Let a number be about what was chosen `now`; where nothing was, about what it `was`."""
    part = draft["benchmarks"].pop(place)
    now = now or was
    if now != was and (was or now != NO_NUMBER):
        stays = set() if now == NO_NUMBER else STAYS | ({"proposed"} if now == PROPOSE else set())
        about = (part.get("proposed") or {}).get("name") if was == PROPOSE else was
        reason = "none" if now == NO_NUMBER else "another"
        note_removed(draft, _answered(part) - stays, about, reason)
        part = _only(part, stays)
    if now not in (None, NO_NUMBER):
        proposed = (part.get("proposed") or {}) if now == PROPOSE else None
        code = None if now == PROPOSE else now
        draft["benchmarks"].insert(place, {**part, "indicator": code, "proposed": proposed})


def note_removed(draft: Draft, names: Iterable[str], about: str | None, reason: str) -> None:
    """Let the next page say which answers went, if any did."""
    gone = set(names)
    answers = [name for name in (*ANSWERS, "role") if name in gone]
    draft.pop("removed", None)
    if answers:
        draft["removed"] = {"answers": answers, "about": about, "reason": reason}


def what_went(draft: Draft, catalogue: Catalogue) -> dict[str, object] | None:
    """What the next page says of answers that went, in the words of its language."""
    removed = draft.get("removed")
    if not removed:
        return None
    known = catalogue.get(removed["about"] or "")
    about = known.name(languages.language()) if known else removed["about"]
    names = dict.fromkeys(name_of(answer) for answer in removed["answers"])  # some share a name
    return {
        "reason": removed["reason"],
        "about": about if about and about != PROPOSE else _("Proposed indicator"),
        "answers": listed(list(names)),
        "typed": _rows(removed.get("typed") or {}),
    }


def name_of(answer: str) -> str:
    """What an answer is called, in the language of the page."""
    return _(_CALLED[answer]) if answer in _CALLED else _(fields_of(BenchmarkContent)[answer].label)


def _rows(typed: Mapping[str, str]) -> dict[str, str]:
    """What was typed, by what it is called, as people read it."""
    rows: dict[str, list[str]] = {}
    for name, text in typed.items():
        field = _FIELDS[name]
        said = field.shown(text, languages.language()) if isinstance(field, Code) else text
        rows.setdefault(name_of(_answer(name)), []).append(said)
    return {name: listed(texts) for name, texts in rows.items()}


def _answered(part: PartDraft) -> set[str]:
    """The answers that were given, those among them that no one way of reading fits."""
    given = {name for name in ANSWERS if _is_given(forms.dig(part, name))}
    return given | (part.get("unclear") or {}).keys()


def _is_given(answer: object) -> bool:
    return any(answer.values()) if isinstance(answer, dict) else bool(answer)


def _only(part: PartDraft, stays: set[str]) -> PartDraft:
    """A part with only these answers, as if the pages that ask for others had never been kept."""
    answers = {name: answer for name, answer in part.items() if name in {*stays, "item"}}
    kept, marks = cast("PartDraft", answers), part.get("marks") or {}
    unclear = part.get("unclear") or {}
    kept["unclear"] = {path: typed for path, typed in unclear.items() if _answer(path) in stays}
    kept["marks"] = {name: mark for name, mark in marks.items() if name not in STEPS}
    return kept


def _answer(name: str) -> str:
    """The answer that a field is a part of: `period` of “period.start”."""
    return name.partition(".")[0]
