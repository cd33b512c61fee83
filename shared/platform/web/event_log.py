"""`/<service>/events?after=N&id=…`: the log for its subscriber, who pulls here what the broker did
not bring.

Only for the other service; a production proxy answers 404 here.
"""

from uuid import UUID

from flask import Blueprint, Response, current_app, jsonify
from sqlalchemy.orm import Session

from shared.platform.accounts.roles import Role
from shared.platform.errors import N_, ConflictError, InvalidError
from shared.platform.persistence import outbox
from shared.platform.persistence.outbox import Stream
from shared.platform.typed import sent
from shared.platform.web import database
from shared.platform.web.access import allow

MOST = 500


event_log = Blueprint("event_log", __name__)


@event_log.get("/events")
@allow(Role.SERVICE)
def events() -> Response:
    """The events behind a position. 409 when the subscriber's cursor does not lie on this log."""
    after, limit = _whole_number("after"), min(_whole_number("limit", default=MOST), MOST)
    with database.reading() as session:
        stream = outbox.stream_named(session, current_app.config["STREAM"])
        _check_cursor(session, stream, after)
        rows = outbox.events_after(session, stream.name, position=after, limit=limit)
        return jsonify(
            stream=stream.name,
            epoch=str(stream.epoch),
            head=stream.head,
            events=[row.envelope(stream.epoch).to_wire() for row in rows],
        )


def _check_cursor(session: Session, stream: Stream, after: int) -> None:
    believed = sent.asked("id")
    if after > stream.head:
        raise ConflictError(
            N_(
                "The cursor is at %(after)s and the log ends at %(head)s. Was the database "
                "restored?"
            ),
            after=after,
            head=stream.head,
        )
    if after == 0 or not believed:
        return
    (row,) = outbox.events_after(session, stream.name, position=after - 1, limit=1)
    if row.event_id != _uuid(believed):
        raise ConflictError(
            N_("Another event stands at position %(after)s of the log."), after=after
        )


def _whole_number(name: str, *, default: int = 0) -> int:
    text = sent.asked(name) or str(default)
    if not text.isascii() or not text.isdecimal() or len(text) > 18:
        raise InvalidError({name: [N_("Give a whole number.")]})
    return int(text)


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise InvalidError({"id": [N_("Give the id of an event.")]}) from None
