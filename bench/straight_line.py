"""The straight line: a Flask view that only inserts the rows of a note, through the ORM, in one
transaction.

No key, no validation, nothing is looked up. It inserts into the same tables with the same payload;
`bench.intake` compares the rows with the register's before it measures.
"""

import secrets
from typing import Any
from uuid import UUID, uuid4

from flask import Flask, request
from sqlalchemy import select
from sqlalchemy.orm import Session

from services.intake.model import IdempotencyKey, Item, Note, NoteVersion, Operation
from shared.platform import clock, settings
from shared.platform.accounts.accounts import Account
from shared.platform.accounts.keys import ApiKey
from shared.platform.persistence.engine import open_database
from shared.platform.persistence.outbox import OutboxEvent


def create_app() -> Flask:
    """The application, with the register's own engine and pool."""
    app = Flask("straight_line")
    engine = open_database(settings.read("intake").database_url).engine
    with Session(engine) as session:
        account = session.scalars(select(Account)).one()
        key_id = session.scalars(select(ApiKey.id)).one()
        operation_id = session.scalars(select(Operation.id)).one()
        event = (
            session.scalars(select(OutboxEvent).order_by(OutboxEvent.id.desc()).limit(1)).one().data
        )
        session.expunge_all()

    @app.get("/intake/healthz")
    def healthz() -> dict[str, str]:
        return {"status": "ok"}

    @app.post("/intake/api/v1/notes")
    def insert_note() -> tuple[dict[str, Any], int]:
        content, note_id = request.get_json(), uuid4()
        with Session(engine, expire_on_commit=False) as session, session.begin():
            note = _note(content, note_id, account, operation_id)
            session.add(note)
            # what points to the note without a relationship would be inserted before it
            session.flush()
            session.add(_key(note_id, key_id))
            session.add(_event(note, event))
        return {
            "reference": note.reference,
            "receipt": note.receipt,
            "state": note.state,
            "version": 1,
        }, 201

    return app


def _note(content: dict[str, Any], note_id: UUID, account: Account, operation_id: UUID) -> Note:
    now = clock.now()
    version = NoteVersion(
        version=1,
        content=content,
        folded=content["operation"]["title"].casefold(),
        account_id=account.id,
        handed_over_at=now,
    )
    return Note(
        id=note_id,
        receipt=secrets.token_urlsafe(16),
        reference=f"AAN-{secrets.token_hex(4)}",
        state="submitted",
        version=1,
        content=content,
        operation_id=operation_id,
        organisation_id=account.organisation_id,
        account_id=account.id,
        contact=account.email,
        language=content["language"],
        created_at=now,
        submitted_at=now,
        changed_at=now,
        versions=[version],
        items=[_item(place, kind, item) for place, (kind, item) in enumerate(_items(content))],
    )


def _items(content: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    lessons = [("lesson", lesson) for lesson in content["lessons"]]
    return lessons + [("benchmark", benchmark) for benchmark in content["benchmarks"]]


def _item(place: int, kind: str, content: dict[str, Any]) -> Item:
    return Item(kind=kind, place=place, content=content, state="submitted", version=1)


def _key(note_id: UUID, key_id: UUID) -> IdempotencyKey:
    fingerprint = secrets.token_hex(32)
    sent = request.headers["Idempotency-Key"]
    return IdempotencyKey(
        owner_id=key_id, key=sent, fingerprint=fingerprint, note_id=note_id, used_at=clock.now()
    )


def _event(note: Note, like: dict[str, Any]) -> OutboxEvent:
    items = [
        {"id": str(item.id), "kind": item.kind, item.kind: item.content} for item in note.items
    ]
    content = {"note_id": str(note.id), "reference": note.reference, "items": items}
    return OutboxEvent(
        event_id=uuid4(),
        stream="intake.0",
        type="note.submitted.v1",
        subject=str(note.id),
        data={**like, **content},
        occurred_at=clock.now(),
        correlation_id=uuid4().hex,
    )
