"""The library for people: browse and search, one entry, one indicator across operations, feeds."""

from uuid import UUID

from flask import Blueprint, abort, current_app, render_template
from flask.typing import ResponseReturnValue
from marshmallow import ValidationError
from sqlalchemy.orm import Session

from services.review.library import queries
from services.review.library.model import compare
from services.review.library.pages.chart import chart_of
from services.review.library.schemas.entries import citation_of, figure_of, title_of
from services.review.library.schemas.requests import taken_in
from services.review.library.schemas.site import site
from shared.domain import organisations
from shared.domain.codelists.indicator import Indicator
from shared.platform.accounts.roles import Role
from shared.platform.typed import sent
from shared.platform.web import database, languages
from shared.platform.web.access import actor, public
from shared.platform.web.forms import Form
from shared.platform.web.problems import flatten

library = Blueprint("library", __name__, url_prefix="/library")

PAGE = 20


@library.get("/")
@public
def browse() -> ResponseReturnValue:
    """The newest entries that this reader may read, filtered and searched."""
    typed = _typed()
    with database.reading() as session:
        try:
            filters = taken_in(typed, queries.catalogue(session))
        except ValidationError as error:
            form = Form(typed, flatten(error.messages))
            return render_template("library/browse.html", form=form, site=site()), 422
        audiences = queries.audiences_of(session, actor())
        seen = queries.newest_entries(
            session, audiences, before=_before(), limit=PAGE + 1, filters=filters
        )
        more, seen = seen[PAGE - 1].position if len(seen) > PAGE else None, seen[:PAGE]
        return render_template(
            "library/browse.html",
            seen=seen,
            filters=filters,
            form=Form(filters),
            count=queries.count_entries(session, audiences, filters=filters),
            more=more,
            **_words(session),
        )


@library.get("/entries/<reference:reference>")
@public
def entry(reference: str) -> ResponseReturnValue:
    """One entry; for one that was withdrawn its tombstone."""
    with database.reading() as session:
        return entry_page(session, reference, Form())


def entry_page(
    session: Session,
    reference: str,
    form: Form,
    *,
    version: int | str | None = None,
    **words: object,
) -> tuple[str, int]:
    """The page of an entry or its tombstone, for editors with what they typed to change it.

    `version` is that of the case which the page shows, if not the present one. Where an act came
    too late, the desk has further words for the templates: what was done `since`, which `texts`
    were typed.
    """
    if version is None and _is_editor():  # before the entry, which may only be newer
        version = current_app.extensions["case_version"](session, reference)
    seen = queries.entry_seen(session, queries.audiences_of(session, actor()), reference)
    words = {"since": None, "texts": [], **_words(session), **words}
    if seen.gone_at is not None:
        return render_template("library/tombstone.html", seen=seen, form=form, **words), 410
    page = render_template(
        "library/entry.html",
        entry=seen.entry,
        citation=citation_of(seen.entry, queries.catalogue(session), site()),
        named=[organisations.current(session, UUID(reader)) for reader in seen.entry.readers],
        form=form,
        version=version,
        **words,
    )
    return page, 200


def _is_editor() -> bool:
    who = actor()
    return who is not None and who.role == Role.EDITOR


@library.get("/benchmarks/")
@public
def indicators() -> str:
    """All indicators by family, with how many values there are."""
    with database.reading() as session:
        counts = queries.benchmark_counts(session, queries.audiences_of(session, actor()))
        families: dict[str, list[Indicator]] = {}
        for indicator in queries.catalogue(session).values():
            families.setdefault(indicator.family, []).append(indicator)
        return render_template("library/indicators.html", families=families, counts=counts)


@library.get("/benchmarks/<code:code>")
@public
def indicator(code: str) -> str:
    """One indicator across operations: every value with its bound, in groups that may be compared,
    with their bands.
    """
    with database.reading() as session:
        known = queries.catalogue(session).get(code)
        if known is None:
            abort(404)
        entries = queries.benchmarks_of(session, queries.audiences_of(session, actor()), code)
        groups = compare(known, entries)
        charts = [chart_of(group, known, languages.language()) for group in groups]
        return render_template(
            "library/indicator.html",
            indicator=known,
            groups=list(zip(groups, charts, strict=True)),
            operations=len({entry.operation_id for entry in entries}),
            **_words(session),
        )


@library.get("/feeds")
@public
def feeds() -> str:
    """Every format in which the library can be read, with its address."""
    return render_template("library/feeds.html", site=site())


def _words(session: Session) -> dict[str, object]:
    """What the templates need to put an entry into words."""
    catalogue = queries.catalogue(session)
    return {
        "catalogue": catalogue,
        "title_of": lambda entry: title_of(entry, catalogue, languages.language()),
        "figure_of": lambda entry: figure_of(entry, languages.language()),
        "site": site(),
    }


def _typed() -> dict[str, str]:
    names = (*queries.FACETS, "kind", "q")
    return {name: text for name in names if (text := sent.query().get(name, "").strip()[:200])}


def _before() -> int | None:
    text = sent.asked("before")
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 18 else None
