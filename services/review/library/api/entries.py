"""The library for programs: every entry in the order of its position, with tombstones."""

from collections.abc import Mapping

from flask import Response, json, request
from flask_smorest import Blueprint
from marshmallow import RAISE

from services.review.library import queries
from services.review.library.schemas.entries import (
    EntriesSchema,
    EntrySchema,
    IndicatorsSchema,
    read_cursor,
    shown,
    write_cursor,
)
from services.review.library.schemas.requests import (
    EntriesQuery,
    EntriesQuerySchema,
    filters_of,
    require_known,
)
from services.review.library.schemas.site import site
from shared.domain.codelists import Definition
from shared.domain.content.schemas import in_order
from shared.platform.web import database
from shared.platform.web.access import actor, public_feed

library = Blueprint(
    "library_api", __name__, url_prefix="/api/v1", description="Published lessons and benchmarks"
)

_FOR_ALL: list[dict[str, list[str]]] = [{}, {"key": []}]  # a key shows more


@library.get("/indicators")
@library.doc(security=_FOR_ALL)
@library.response(200, IndicatorsSchema)
@public_feed
def list_indicators() -> Response:
    """The catalogue: what can be measured, in which unit, and against which standard."""
    with database.reading() as session:
        known = queries.catalogue(session).values()
        return _answer(
            {
                "indicators": [
                    {"code": i.code, "version": i.version, **in_order(Definition, i.definition)}
                    for i in known
                ]
            }
        )


@library.get("/entries")
@library.doc(security=_FOR_ALL)
@library.arguments(EntriesQuerySchema, location="query", unknown=RAISE)
@library.response(200, EntriesSchema)
@library.alt_response(
    410, description="The cursor belongs to another life of the register: start again without it"
)
@public_feed
def list_entries(wanted: EntriesQuery) -> Response:
    """The entries that you may read, in the order of their positions, from where you were.

    Give `next` back as `since` until a page is empty; come back with it for what is new. An entry
    that changed comes again at its new position; one that was withdrawn, or that you may no longer
    read, comes as a tombstone.

    Filters choose among the entries that you may read. A tombstone comes whatever they are, save
    for `kind`: which tombstones you get must not tell what the entries said. Pass over those of
    entries that you never had.
    """
    filters = filters_of(wanted)
    with database.reading() as session:
        known = queries.catalogue(session)
        require_known(filters, known)
        epoch, head = queries.library_state(session)
        since = read_cursor(wanted["since"], epoch, head)
        audiences = queries.audiences_of(session, actor())
        seen = queries.entries_after(
            session,
            audiences,
            position=since,
            until=head,
            limit=wanted["limit"],
            filters=filters,
        )
        entries = [shown(one, known, site()) for one in seen]
    is_full = len(seen) == wanted["limit"]
    reached = (seen[-1].position if is_full else None) or head
    return _answer({"epoch": epoch, "entries": entries, "next": write_cursor(epoch, reached)})


@library.get("/entries/<reference:reference>")
@library.doc(security=_FOR_ALL)
@library.response(200, EntrySchema)
@library.alt_response(
    410, schema=EntrySchema, description="The entry was withdrawn; this is its tombstone"
)
@public_feed
def show_entry(reference: str) -> Response:
    """One entry; for one that was withdrawn its tombstone, with status 410."""
    with database.reading() as session:
        seen = queries.entry_seen(session, queries.audiences_of(session, actor()), reference)
        body = shown(seen, queries.catalogue(session), site())
    return _answer(body, status=200 if seen.gone_at is None else 410)


def _answer(body: Mapping[str, object], *, status: int = 200) -> Response:
    """JSON with a strong ETag, 304 for a reader who has it."""
    response = Response(
        json.dumps(body, ensure_ascii=False), status=status, mimetype="application/json"
    )
    response.add_etag()
    response.headers["Cache-Control"] = "private, no-cache" if actor() else "public, no-cache"
    response.vary.add("Authorization")
    if status != 200:
        return response
    return response.make_conditional(request)  # type: ignore[return-value] # as in feeds
