"""The pages of the form: a step with what was typed, and all answers before they are sent."""

from collections.abc import Mapping, Sequence

from flask import render_template, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from services.intake import queries
from services.intake.model import Draft, Item, Note
from services.intake.pages import choosing, drafts, marks, meanwhile, order, unsent
from services.intake.pages.steps import ROWS, SHORT_PATH, STEPS, Step
from shared.domain import organisations
from shared.domain.codelists.indicator import Indicator
from shared.platform.errors import N_
from shared.platform.web import languages
from shared.platform.web.access import actor
from shared.platform.web.forms import Form

READ_FIRST = {
    "meanwhile": [
        N_(
            "Nothing was sent. Reviewers decided something meanwhile: read what it says below,"
            " then send the note again."
        )
    ]
}
"""The error of a check page that had not shown yet what was decided."""

_LISTS = ("lessons", "benchmarks")


def step_page(
    session: Session,
    step: Step,
    place: int,
    draft: Draft,
    *,
    receipt: str | None,
    errors: Mapping[str, Sequence[object]] | None = None,
) -> str:
    """A step of the form with what was typed so far, and what is wrong with it."""
    mark = marks.of_page(draft, step, place) if receipt else None
    return _page(session, step, place, draft, errors or {}, receipt=receipt, mark=mark)


def overtaken_page(session: Session, note: Note, step: Step, place: int, typed: Draft) -> str:
    """A step that another page changed meanwhile: what was typed here, and beside it what is kept
    now.
    """
    kept = meanwhile.with_decisions(note)
    if choosing.is_refused(typed):
        text = _(
            "This number is about another indicator now. Check what this page says, and save it"
            " again."
        )
    else:
        text = _(
            "This was changed elsewhere meanwhile. This page shows what it says now."
            " Save again to keep what you typed here."
        )
    return _page(
        session,
        step,
        place,
        typed,
        {step.asked[0]: [text]},
        receipt=note.receipt,
        mark=marks.of_page(kept, step, place),
        now=drafts.content_of(kept, queries.catalogue(session), note.language),
    )


def late_page(
    session: Session,
    note: Note,
    step: Step,
    typed: Draft,
    *,
    decided: Item | None = None,
) -> str:
    """A step that cannot be stored any more, of a note or of an item that was `decided` meanwhile.

    What was typed must not be lost.
    """
    if decided is not None:
        title = decided.title_in(languages.language(), queries.catalogue(session))
        why = _("“%(title)s” has been decided and cannot be changed or left out.", title=title)
    elif note.draft is not None:
        why = _("The reviewers decided meanwhile what they had returned of this note.")
    else:
        why = _("This note was sent meanwhile.")
    text = _("What you typed now is not part of it, but it is still here in this browser.")
    errors = {step.asked[0]: [f"{why} {text}"]}
    back = "write.review" if decided is not None else "status.show"
    return _page(session, step, 0, typed, errors, receipt=note.receipt, late=back)


def _page(
    session: Session,
    step: Step,
    place: int,
    draft: Draft,
    errors: Mapping[str, Sequence[object]],
    **more: object,
) -> str:
    catalogue = queries.catalogue(session)
    values = drafts.shown(draft, step, place, languages.language())
    is_short_path = step.name in SHORT_PATH and not draft.get("sharing") and place == 0
    number_of_step = SHORT_PATH.index(step.name) + 1 if is_short_path else None
    indicator = catalogue.get(values.get("indicator") or "")
    return render_template(
        step.template,
        form=Form(values, order.of_step(step, errors)),
        step=step,
        place=place,
        draft=draft,
        catalogue=catalogue,
        indicator=indicator,
        asked=choosing.asked(step, indicator),
        about=choosing.chosen(values) if step.name in choosing.STEPS else None,
        removed=choosing.what_went(draft, catalogue),
        offered=_offered(catalogue, draft) if step.name == "indicator" else {},
        operation_titles=_titles(session, step),
        organisation_names=queries.organisation_names(session)
        if step.name in ("operation", "partners")
        else (),
        rows=ROWS,
        number_of_step=number_of_step,
        before=SHORT_PATH[number_of_step - 2] if number_of_step and number_of_step > 1 else None,
        remark=queries.remark_on(session, values.get("item")),
        **more,
    )


def check_page(session: Session, note: Note, errors: Mapping[str, Sequence[object]]) -> str:
    """All answers, each with the way to change it, and above them what is still wrong."""
    catalogue, draft = queries.catalogue(session), meanwhile.with_decisions(note)
    content = drafts.content_of(draft, catalogue, note.language)
    found = organisations.find(session, draft.get("organisation") or "")
    return render_template(
        "write/check.html",
        note=note,
        draft=draft,
        content=content,
        items={str(item.id): item for item in note.items},
        catalogue=catalogue,
        known_as=found.name if found is not None and found.confirmed else None,
        form=Form({}, order.of_all(errors)),
        where=where,
        mark_of=marks.of_part,
        removed=choosing.what_went(draft, catalogue),
        set_aside=unsent.set_aside(note, draft, catalogue),
    )


def where(path: str, receipt: str) -> str:
    """The address of the page on which the answer with this path is changed."""
    if path in READ_FIRST:
        return f"#{path}"
    root, place, rest = _split(path)
    for step in STEPS.values():
        asks = any(_overlap(rest, name) for name in step.asked)
        if step.root == root and asks:
            page = url_for("write.show", receipt=receipt, step_name=step.name, place=place)
            field = next((name for name in step.asked if rest.startswith(name + ".")), rest)
            return f"{page}#{field}"
    return url_for("write.show", receipt=receipt, step_name="lesson", place=0)


def _split(path: str) -> tuple[str, int, str]:
    root, _dot, rest = path.partition(".")
    place, _dot, inner = rest.partition(".")
    return (root, int(place), inner) if root in _LISTS and place.isdecimal() else ("", 0, path)


def _overlap(path: str, name: str) -> bool:
    return path == name or path.startswith(name + ".") or name.startswith(path + ".")


def _titles(session: Session, step: Step) -> Sequence[str]:
    return queries.operation_titles(session, actor()) if step.name == "operation" else ()


def _offered(catalogue: Mapping[str, Indicator], draft: Draft) -> dict[str, list[Indicator]]:
    """The indicators asked in this type of operation, by family; all of them for a type that has
    none of its own.
    """
    kind = (draft.get("operation") or {}).get("type")
    fitting = [indicator for indicator in catalogue.values() if kind in indicator.operation_types]
    offered: dict[str, list[Indicator]] = {}
    for indicator in fitting or catalogue.values():
        offered.setdefault(indicator.family, []).append(indicator)
    return offered
