"""Notes in one statement: the same rows as the unit of work stores, all or none."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from services.intake.model import IdempotencyKey, Item, Note, NoteVersion, Operation
from shared.platform.persistence import bulk_insert
from shared.platform.persistence.outbox import OutboxEvent
from testbed.notes import make_note
from testbed.world import World

NOTES = "/intake/api/v1/notes"
OWN = {
    "id",
    "number",
    "event_id",
    "note_id",
    "receipt",
    "reference",
    "key",
    "subject",
    "position",
    "previous",
}
TABLES = (Note, NoteVersion, Item, IdempotencyKey, OutboxEvent)


def rows_of(world, table):
    """All rows in the order of their making, without what each has of its own."""
    order = {
        Note: Note.number,
        NoteVersion: NoteVersion.id,
        Item: Item.kind,
        IdempotencyKey: IdempotencyKey.key,
    }
    with world.intake_db.readings() as session:
        rows = session.execute(
            select(table.__table__).order_by(order.get(table, OutboxEvent.id))
        ).mappings()
        return [
            {name: row[name] for name in row if name not in OWN and not name.endswith("_at")}
            for row in rows
        ]


def counts(world):
    with world.intake_db.readings() as session:
        return [session.scalar(select(func.count()).select_from(table)) for table in TABLES]


def test_one_statement_stores_the_same_rows_as_the_unit_of_work(world: World, both_backends):
    for key in ("first: operation and organisation are new", "second: both are known"):
        answer = world.call(
            "field", "POST", NOTES, make_note(), Idempotency_Key=key, X_Correlation_Id="correlated"
        )
        assert answer.status_code == 201, answer.json

    assert counts(world) == [2, 2, 4, 2, 2]
    for table in (Note, NoteVersion, IdempotencyKey):
        slow, fast = rows_of(world, table)
        assert slow == fast
    items = rows_of(world, Item)
    assert (items[0], items[2]) == (items[1], items[3])
    slow, fast = rows_of(world, OutboxEvent)
    for row in (slow, fast):
        for name in ("note_id", "reference", "submitted_at"):
            del row["data"][name]
        for item in row["data"]["items"]:
            del item["id"]
    assert slow == fast


def test_a_row_that_contradicts_another_lets_none_be_stored(world: World, both_backends):
    world.call("field", "POST", NOTES, make_note(), Idempotency_Key="taken")
    with world.intake_db.readings() as session:
        used = session.scalars(select(IdempotencyKey)).one()
        note = session.scalars(select(Note)).one()
    before = counts(world)

    def add_both():
        with bulk_insert.begin(world.intake_db) as session:
            session.add(
                Item(
                    note_id=note.id,
                    kind="lesson",
                    place=7,
                    content={},
                    state="submitted",
                    version=1,
                )
            )
            session.add(
                IdempotencyKey(
                    owner_id=used.owner_id,
                    key="taken",
                    fingerprint="other",
                    note_id=note.id,
                    used_at=used.used_at,
                )
            )

    with pytest.raises(IntegrityError):
        add_both()

    assert counts(world) == before


@pytest.mark.postgres
@pytest.mark.parametrize("backend", ["postgres"])
def test_a_part_cannot_be_stored_before_the_end(world: World, backend):
    def flush_early():
        with bulk_insert.begin(world.intake_db) as session:
            session.add(
                Operation(
                    title="An operation", folded="an operation", type="evacuation", details={}
                )
            )
            session.flush()

    with pytest.raises(RuntimeError, match="would store a part"):
        flush_early()
