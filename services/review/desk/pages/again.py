"""What was refused at the desk comes again: the page as it now is, with all that was typed."""

from collections.abc import Mapping
from uuid import UUID

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from services.review.desk import queries
from services.review.desk.model import Case, CaseMovedError
from services.review.desk.pages.case import case_page
from services.review.desk.pages.deciding import by_field
from services.review.desk.pages.typed import VERSION, Typed, typed_texts
from services.review.desk.schemas.wording import history_words, title_words
from services.review.library import queries as library
from services.review.library.pages.browse import entry_page
from shared.domain.codelists.indicator import Indicator
from shared.platform.errors import DomainError, InvalidError, NotFoundError
from shared.platform.web import database
from shared.platform.web.access import signed_in
from shared.platform.web.forms import Form
from shared.platform.web.problems import translate

HEADING = "version"  # its anchor on both pages


def show_again(error: DomainError) -> ResponseReturnValue:
    """The page from which an act on a case or an entry was sent, with why nothing was stored.

    Whoever sent it from a page that was too old sees what was done since.
    """
    sent = request.view_args or {}
    try:
        with database.reading() as session:
            if "reference" in sent:
                return _entry_again(session, sent["reference"], error)
            return _case_again(session, sent["case_id"], error)
    except NotFoundError as gone:  # or not for this reader any more
        page = render_template("gone.html", detail=translate(gone), texts=typed_texts())
        return page, gone.status


def _case_again(session: Session, case_id: UUID, error: DomainError) -> ResponseReturnValue:
    case = queries.case_for(session, signed_in(), case_id)
    form = Form(Typed(), _with_titles(case, _errors(case, error), library.catalogue(session)))
    since = case.done_since(error.version) if isinstance(error, CaseMovedError) else None
    return case_page(session, case, form, since=since), error.status


def _entry_again(session: Session, reference: str, error: DomainError) -> ResponseReturnValue:
    case, since = queries.case_of_entry(session, reference), None
    form = Form(Typed(), _errors(case, error))
    version = form.value(VERSION)
    if isinstance(error, CaseMovedError):
        version, since = case.version, case.done_since(error.version)
    words = {"since": since, "texts": typed_texts(), "history_words": history_words}
    page, _status = entry_page(session, reference, form, version=version, **words)
    return page, error.status


def _errors(case: Case, error: DomainError) -> dict[str, list[str]]:
    """What is wrong, by the name of the field on the page, or that of the heading."""
    item_id = (request.view_args or {}).get("item_id")
    if not isinstance(error, InvalidError):
        is_about_indicator = request.endpoint == "editing.resolve"
        return {f"indicator-{item_id}" if is_about_indicator else HEADING: [translate(error)]}
    if item_id is None:
        return by_field(case, error.errors)
    return {f"{name}-{item_id}": [*map(translate, texts)] for name, texts in error.errors.items()}


def _with_titles(
    case: Case, errors: Mapping[str, list[str]], catalogue: Mapping[str, Indicator]
) -> dict[str, list[str]]:
    """The errors, each that is about an item with its title: the page may show a hundred items."""
    titles = {str(item.id): title_words(item.title, catalogue) for item in case.items}
    named = {}
    for field, texts in errors.items():
        title = titles.get(field.partition("-")[2])
        named[field] = [
            _("“%(title)s”: %(message)s", title=title, message=text) if title else text
            for text in texts
        ]
    return named
