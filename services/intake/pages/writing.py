"""Writing a note, one question area at a time.

Every answer is kept on the server before it is judged.
"""

from flask import Blueprint, abort, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from services.intake import queries, use_cases
from services.intake.model import Draft, Item, Note, PartDraft
from services.intake.pages import (
    choosing,
    drafts,
    filling,
    finding,
    marks,
    meanwhile,
    showing,
    unsent,
)
from services.intake.pages.choosing import NO_NUMBER, PROPOSE, Catalogue
from services.intake.pages.leading import next_page
from services.intake.pages.steps import STEPS, Step
from shared.domain.content.parts import NoteContent
from shared.platform.errors import InvalidError
from shared.platform.typed import sent
from shared.platform.web import database, forms, languages
from shared.platform.web.access import actor, public
from shared.platform.web.arrival import stored

draft_pages = Blueprint("write", __name__, url_prefix="/intake/notes")

FIRST = STEPS["operation"]


@draft_pages.get("/new")
@public
def begin() -> str:
    """The first page of the form. Nothing is stored before something is typed."""
    with database.reading() as session:
        return showing.step_page(session, FIRST, 0, filling.prefilled(session), receipt=None)


@draft_pages.post("/new")
@public
def keep_first() -> ResponseReturnValue:
    """Keep the first answers as a draft, and from here on under its receipt."""
    who, language = actor(), languages.language()
    with database.begin() as session:
        draft = _taken(session, {}, FIRST, 0)
        filling.complete_operation(session, draft)
        note = use_cases.start_draft(
            session,
            language=language,
            draft=draft,
            account_id=who.account_id if who else None,
            contact=who.email if who else None,
        )
        return stored(_judge(session, note, FIRST, 0))


@draft_pages.get("/<token:receipt>/write/<step_name>/<int:place>")
@public
def show(receipt: str, step_name: str, place: int) -> ResponseReturnValue:
    """A page of the form with what was typed so far.

    Once the note was sent, its status page instead.
    """
    step = finding.step_named(step_name)
    with database.reading() as session:
        if not queries.note_with_receipt(session, receipt).may_be_written:
            return redirect(url_for("status.show", receipt=receipt))
        note = finding.writable(session, receipt)
        draft = meanwhile.with_decisions(note)
        finding.check_place(draft, step, place)
        if meanwhile.decided(note, forms.dig(draft, step.path(place))) is not None:
            return redirect(url_for("write.review", receipt=receipt))
        return showing.step_page(session, step, place, draft, receipt=receipt)


@draft_pages.post("/<token:receipt>/write/<step_name>/<int:place>")
@public
def keep(receipt: str, step_name: str, place: int) -> ResponseReturnValue:
    """Keep the answers of a page, right or wrong; then go on, or say what to mend or what was
    changed meanwhile.
    """
    step, mark = finding.step_named(step_name), marks.sent(sent.form())
    with database.begin() as session:
        note = queries.note_with_receipt(session, receipt, lock=True)
        if not note.may_be_written:
            return _late(session, note, step)
        finding.writable(session, receipt)
        draft = meanwhile.with_decisions(note)
        place = marks.place_of(draft, step, place, mark)
        finding.check_place(draft, step, place)
        item = meanwhile.decided(note, forms.dig(draft, step.path(place)))
        if item is not None:
            return _late(session, note, step, decided=item)
        typed = _taken(session, draft, step, place)
        if step is FIRST:
            filling.complete_operation(session, typed)
        if choosing.is_refused(typed) or marks.is_overtaken(draft, typed, step, place, mark):
            return showing.overtaken_page(session, note, step, place, typed), 409
        marks.leave(typed, step, place, mark)
        _tidy(draft, typed, step, place, queries.catalogue(session))
        use_cases.write_draft(session, note=note, draft=typed)
        return stored(_judge(session, note, step, place))


@draft_pages.post("/<token:receipt>/remove/<root>/<int:place>")
@public
def remove(receipt: str, root: str, place: int) -> ResponseReturnValue:
    """Take a lesson or a benchmark out of the draft, if it is still the one that the page
    showed.
    """
    if root not in ("lessons", "benchmarks"):
        abort(404)
    with database.begin() as session:
        note = finding.writable(session, receipt, lock=True)
        draft = meanwhile.with_decisions(note)
        parts: list[PartDraft] = forms.dig(draft, root) or []
        if place < len(parts) and marks.of_part(parts, place) == sent.form().get("mark"):
            finding.require_undecided(session, note, parts[place])
            del parts[place]
            use_cases.write_draft(session, note=note, draft=draft)
    return redirect(url_for("write.review", receipt=receipt))


@draft_pages.get("/<token:receipt>/check")
@public
def review(receipt: str) -> ResponseReturnValue:
    """All answers on one page, before they are sent. Once they were, the status page instead."""
    with database.reading() as session:
        if not queries.note_with_receipt(session, receipt).may_be_written:
            return redirect(url_for("status.show", receipt=receipt))
        return showing.check_page(session, finding.writable(session, receipt), {})


@draft_pages.post("/<token:receipt>/check")
@public
def send(receipt: str) -> ResponseReturnValue:
    """Hand the note over to review, or say what is still missing."""
    with database.begin() as session:
        note = queries.note_with_receipt(session, receipt, lock=True)
        if note.may_be_written:
            finding.writable(session, receipt)
            draft = meanwhile.with_decisions(note)
            if unsent.is_news(draft, sent.form()):
                return showing.check_page(session, note, showing.READ_FIRST), 409
            try:
                content = drafts.check(draft, queries.catalogue(session), note.language)
                with session.begin_nested():  # what is refused at the last leaves nothing behind
                    _hand_over(session, note, content)
            except InvalidError as error:
                return showing.check_page(session, note, error.errors), 422
        is_sent = note.draft is None
    return redirect(url_for("status.show", receipt=receipt, sent=1 if is_sent else None))


def _hand_over(session: Session, note: Note, content: NoteContent) -> None:
    who, version = actor(), note.version
    if version == 0:
        use_cases.submit_draft(session, note=note, content=content, actor=who)
    elif who is not None:
        use_cases.correct_note(session, note=note, version=version, content=content, actor=who)


def _judge(session: Session, note: Note, step: Step, place: int) -> ResponseReturnValue:
    """After keeping: the page again if an answer of it is wrong, else the next one."""
    draft = note.draft or {}
    errors: drafts.Errors = {}
    try:
        drafts.check(draft, queries.catalogue(session), note.language)
    except InvalidError as error:
        errors = drafts.errors_of(step, place, error.errors)
    if step.name == "indicator":
        return _after_indicator(session, note, place)
    if errors and not _left_out(draft, step, place):
        return showing.step_page(
            session, step, place, draft, receipt=note.receipt, errors=errors
        ), 422
    return redirect(next_page(note, step, place))


def _after_indicator(session: Session, note: Note, place: int) -> ResponseReturnValue:
    chosen = sent.form().get("indicator")
    if chosen in queries.catalogue(session):
        return redirect(
            url_for("write.show", receipt=note.receipt, step_name="number", place=place)
        )
    if chosen == PROPOSE:
        return redirect(
            url_for("write.show", receipt=note.receipt, step_name="proposal", place=place)
        )
    if chosen == NO_NUMBER:
        return redirect(next_page(note, STEPS["number"], place))
    errors = {"indicator": [_("Pick what you can give a number for, or say that you have none.")]}
    return showing.step_page(
        session, STEPS["indicator"], place, note.draft or {}, receipt=note.receipt, errors=errors
    ), 422


def _left_out(draft: Draft, step: Step, place: int) -> bool:
    """Whether a whole lesson was left empty on purpose: a note may have only numbers."""
    return step.name == "lesson" and place >= len(draft.get("lessons") or [])


def _taken(session: Session, draft: Draft, step: Step, place: int) -> Draft:
    """The draft with what was sent of a step."""
    language, catalogue = languages.language(), queries.catalogue(session)
    return drafts.take_answers(draft, step, place, sent.form(), language, catalogue)


def _late(
    session: Session,
    note: Note,
    step: Step,
    *,
    decided: Item | None = None,
) -> ResponseReturnValue:
    typed = _taken(session, {}, step, 0)
    return showing.late_page(session, note, step, typed, decided=decided), 409


def _tidy(draft: Draft, typed: Draft, step: Step, place: int, catalogue: Catalogue) -> None:
    """Leave out a lesson in which nothing was answered, and what was answered about something else.

    Whoever saves the page of a proposal has chosen to propose.
    """
    if step.name == "lesson" and not any(
        forms.dig(typed["lessons"][place], name) for name in step.fields
    ):
        typed["lessons"].pop(place)
    if step.name in ("indicator", "proposal"):
        before: PartDraft | None = forms.dig(draft, step.path(place))
        was = choosing.chosen(before or {})
        now = PROPOSE if step.name == "proposal" else sent.form().get("indicator")
        is_choice = now in catalogue or now in (PROPOSE, NO_NUMBER)
        choosing.choose(typed, place, was, now if is_choice else None)
