"""Intake for programs: hand a note in, see what became of it, correct it."""

import hashlib
import json
from collections.abc import Callable
from typing import TypeVar

from flask import current_app, request, url_for
from flask.typing import ResponseReturnValue
from flask_smorest import Blueprint
from marshmallow import Schema
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from services.intake import queries, use_cases
from services.intake.model import Note
from services.intake.schemas import as_sent, check_correction, check_note
from services.intake.schemas.answers import NoteStateSchema, ReceivedSchema
from services.intake.schemas.note import CorrectionSchema, NoteSchema
from services.intake.use_cases import Request
from shared.platform.accounts.actor import Actor
from shared.platform.accounts.roles import Role
from shared.platform.errors import N_, BusyError, InvalidError, MalformedError
from shared.platform.logs import log
from shared.platform.typed import sent
from shared.platform.web import database
from shared.platform.web.access import allow, signed_in

PREFIX = "/intake/api/v1"

ATTEMPTS = 3
Answer = TypeVar("Answer")

notes = Blueprint("notes", __name__, url_prefix=f"{PREFIX}/notes", description="After-action notes")

_KEY_HEADER = {
    "in": "header",
    "name": "Idempotency-Key",
    "required": True,
    "description": (
        "Any text of your own, one per note: the same request sent again with it is carried "
        "out only once."
    ),
    "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[ -~]+$"},
}


def _body(schema: type[Schema]) -> dict[str, object]:
    return {"required": True, "content": {"application/json": {"schema": schema}}}


@notes.post("")
@notes.doc(parameters=[_KEY_HEADER], requestBody=_body(NoteSchema))
@notes.response(201, ReceivedSchema)
@notes.alt_response(200, schema=ReceivedSchema, description="The same request came before")
@allow(Role.FIELD, Role.ADMIN)
def submit_note() -> ResponseReturnValue:
    """Hand in a note.

    The same key with the same JSON again answers 200 with the same reference; with another body
    409. An invalid note answers 422 and names every bad field.
    """
    actor, body, wanted = signed_in(), sent.body(), _request()
    return _retried(lambda: _submit(actor, body, wanted))


@notes.get("/<reference:reference>")
@notes.response(200, NoteStateSchema)
@allow(Role.FIELD, Role.ADMIN)
def show_note(reference: str) -> dict[str, object]:
    """See a note, its state, and what was decided on each item."""
    with database.reading() as session:
        actor = signed_in()
        return _shown(session, actor, queries.note_for(session, actor, reference))


@notes.put("/<reference:reference>")
@notes.doc(parameters=[_KEY_HEADER], requestBody=_body(CorrectionSchema))
@notes.response(200, NoteStateSchema)
@allow(Role.FIELD, Role.ADMIN)
def correct_note(reference: str) -> dict[str, object]:
    """Hand in a returned note again, whole, with the `version` that was corrected.

    Answers 409 when the note was not returned, when the version is stale, or when a decided item
    was changed.
    """
    actor, body, wanted = signed_in(), sent.body(), _request()
    return _retried(lambda: _correct(actor, reference, body, wanted))


def _retried(store: Callable[[], Answer]) -> Answer:
    """What `store` answers, which is asked again when another request stored the same at the same
    moment.

    That may be the same organisation or operation, named for the first time. Raises BusyError when
    it goes on.
    """
    for attempt in range(1, ATTEMPTS + 1):
        try:
            return store()
        except IntegrityError as error:
            log.warning(
                "another request stored the same at this moment", attempt=attempt, exc_info=error
            )
    raise BusyError(
        N_("The register cannot store anything right now. Please try again in a moment.")
    )


def _submit(actor: Actor, body: object, wanted: Request) -> ResponseReturnValue:
    try:
        return _store(actor, body, wanted), 201
    except (IntegrityError, InvalidError):
        with database.reading() as session:
            earlier = use_cases.repeated(session, actor=actor, request=wanted)
            if earlier is None:
                raise
            return _received(session, actor, earlier), 200


def _store(actor: Actor, body: object, wanted: Request) -> dict[str, object]:
    with database.reading() as session:
        content = check_note(body, queries.recent_catalogue(session))
        known = queries.known_to_us(session, content)
    with database.inserting() if known is not None else database.begin() as session:
        note = use_cases.submit_note(
            session,
            content=content,
            actor=actor,
            request=wanted,
            known=known,
        )
        return _received(session, actor, note)


def _correct(actor: Actor, reference: str, body: object, wanted: Request) -> dict[str, object]:
    with database.reading() as session:
        note = queries.note_for(session, actor, reference)
        if use_cases.repeated(session, actor=actor, request=wanted) is not None:
            return _shown(session, actor, note)
        version, content = check_correction(body, queries.catalogue(session))
    with database.begin() as session:
        note = queries.note_for(session, actor, reference, lock=True)
        # its twin held the lock before us
        if use_cases.repeated(session, actor=actor, request=wanted) is not None:
            return _shown(session, actor, note)
        use_cases.correct_once(
            session, note=note, version=version, content=content, actor=actor, request=wanted
        )
        return _shown(session, actor, note)


def _request() -> Request:
    key = sent.header("Idempotency-Key")
    if not key or len(key) > 255 or not key.isascii() or not key.isprintable():
        raise MalformedError(
            N_("Send an Idempotency-Key of 1 to 255 ASCII characters, one for each note.")
        )
    said = json.dumps([request.method, request.path, sent.body()], sort_keys=True)
    return Request(key=key, fingerprint=hashlib.sha256(said.encode()).hexdigest())


def _received(session: Session, actor: Actor, note: Note) -> dict[str, object]:
    return {
        "reference": note.reference,
        "receipt": note.receipt,
        "status_url": current_app.config["PUBLIC_URL"]
        + url_for("status.show", receipt=note.receipt),
        "state": note.state,
        "version": note.version,
        "possible_operations": queries.possible_operations(session, actor, note),
    }


_OF_ITEMS = ("id", "kind", "title", "state", "verdict", "comment", "duplicate_of", "sharing")


def _shown(session: Session, actor: Actor, note: Note) -> dict[str, object]:
    items = [
        {name: getattr(item, name) for name in _OF_ITEMS}
        | {"place": number - 1, "entry": item.entry_reference}
        for number, item in note.numbered_items
    ]
    return _received(session, actor, note) | {
        "submitted_at": note.submitted_at,
        "changed_at": note.changed_at,
        "note": as_sent(note.handed_over),
        "items": items,
    }
