"""`/feeds/…`: the library in the formats that partners' own tools read."""

from collections.abc import Mapping
from urllib.parse import urlencode

from flask import Blueprint, Response, current_app, json, request
from sqlalchemy.orm import Session

from services.review.library import queries
from services.review.library.schemas.entries import read_cursor, write_cursor
from services.review.library.schemas.feeds import Feed, as_atom, as_json_feed
from services.review.library.schemas.requests import (
    FeedQuery,
    FeedQuerySchema,
    filters_of,
    require_known,
)
from services.review.library.schemas.site import site
from services.review.library.schemas.tables import as_csv, as_xlsx
from shared.platform.typed import sent
from shared.platform.web import database, languages
from shared.platform.web.access import actor, public_feed

feeds = Blueprint("feeds", __name__, url_prefix="/feeds")

KINDS = {"benchmarks": "benchmark", "lessons": "lesson"}
PAGE = 100
WHOLE = 20_000  # tables hold everything, up to this

MIMETYPES = {
    "json": "application/feed+json",
    "atom": "application/atom+xml",
    "csv": "text/csv",
    "hxl.csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@feeds.get("/<any(benchmarks, lessons):name>.<any(json, atom, csv, 'hxl.csv', xlsx):extension>")
@public_feed
def feed(name: str, extension: str) -> Response:
    """What this reader may read, newest change first: feeds by the page, tables whole.

    With a tombstone for each entry of the kind that the reader lost, whatever the filters. A filter
    that means nothing is refused, a parameter that is not known is passed over.
    """
    is_paged = extension in ("json", "atom")
    wanted: FeedQuery = FeedQuerySchema().load(_asked())
    with database.reading() as session:
        body = _written(
            _feed(session, KINDS[name], wanted, limit=PAGE if is_paged else WHOLE), extension
        )
    response = Response(body, content_type=f"{MIMETYPES[extension]}; charset=utf-8")
    if extension == "xlsx":
        response.content_type = MIMETYPES["xlsx"]
    if not is_paged:
        response.headers["Content-Disposition"] = f'attachment; filename="{name}.{extension}"'
    response.add_etag()
    response.headers["Cache-Control"] = "private, no-cache" if actor() else "public, no-cache"
    response.vary.update(("Authorization", "Cookie", "Accept-Language"))
    # werkzeug types its parent
    return response.make_conditional(request)  # type: ignore[return-value]


def _feed(session: Session, kind: str, wanted: FeedQuery, *, limit: int) -> Feed:
    filters = {**filters_of(wanted), "kind": kind}
    catalogue = queries.catalogue(session)
    require_known(filters, catalogue)
    epoch, head = queries.library_state(session)
    before = head + 1
    if wanted["before"]:
        before = read_cursor(wanted["before"], epoch, head, field="before")
    seen = queries.newest_with_tombstones(
        session,
        queries.audiences_of(session, actor()),
        before=before,
        limit=limit + 1,
        filters=filters,
    )
    next_address = None
    if len(seen) > limit:
        seen = seen[:limit]
        next_address = _address({**_asked(), "before": write_cursor(epoch, seen[-1].position or 0)})
    return Feed(
        kind=kind,
        seen=seen,
        catalogue=catalogue,
        site=site(),
        language=languages.language(),
        epoch=epoch,
        address=_address(_asked()),
        next_address=next_address,
    )


def _asked() -> dict[str, str]:
    """What is asked of the feed. Feed readers add to the address what is not for us."""
    return sent.query(of=FeedQuerySchema().fields).to_dict()


def _written(feed: Feed, extension: str) -> bytes:
    if extension == "json":
        return json.dumps(as_json_feed(feed), ensure_ascii=False).encode()
    if extension == "atom":
        return as_atom(feed)
    return as_xlsx(feed) if extension == "xlsx" else as_csv(feed, hxl=extension == "hxl.csv")


def _address(arguments: Mapping[str, str]) -> str:
    query = f"?{urlencode(arguments)}" if arguments else ""
    return f"{current_app.config['PUBLIC_URL']}{request.path}{query}"
