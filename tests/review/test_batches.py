"""What comes together is stored in one statement on PostgreSQL, and is the same as if each came by
itself.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import pytest
from sqlalchemy import event, select

from services.review.desk.handlers import HANDLERS, prefetch
from services.review.desk.model import Assignment, Case, HistoryEvent, Item
from shared.platform.delivery.deliveries import Delivery
from shared.platform.events import INTAKE_STREAM, REVIEW_STREAM, Envelope
from shared.platform.messaging import subscription
from shared.platform.persistence import outbox
from shared.platform.persistence.inbox import AppliedEvent
from shared.platform.persistence.outbox import OutboxEvent
from testbed.notes import make_lesson, make_note
from testbed.world import World
from tests.review.desk import correct, open_case

TABLES = (Case, Item, Assignment, HistoryEvent, Delivery, OutboxEvent, AppliedEvent)
OWN = {
    "id",
    "note_id",
    "case_id",
    "reference",
    "event_id",
    "subject",
    "position",
    "previous",
    "operation_id",
}


def hand_in(world: World, *titles: str) -> None:
    for title in titles:
        note = make_note(operation__title=title)
        headers = {"Idempotency_Key": title, "X_Correlation_Id": "correlated"}
        assert (
            world.call("field", "POST", "/intake/api/v1/notes", note, **headers).status_code == 201
        )


def next_events(world: World) -> list[Envelope]:
    with world.intake_db.sessions.begin() as session:
        return [
            Envelope.of_bytes(event.to_bytes())
            for event in outbox.number_pending(session, INTAKE_STREAM)
        ]


def apply_together(world: World, envelopes: Sequence[Envelope]) -> None:
    with world.review_db.sessions.begin() as session:
        outcomes = subscription.apply_all(session, envelopes, HANDLERS, prefetch)
    assert set(outcomes) == {subscription.Outcome.APPLIED}


def rows_of(world: World, table: type) -> list[dict]:
    """All rows in the order of their ids or places, without what each has of its own."""
    order = {Case: Case.opened_at, Item: Item.place, Delivery: Delivery.asked_at}.get(
        table
    ) or table.id
    with world.review_db.readings() as session:
        rows = session.execute(select(table.__table__).order_by(order)).mappings()
        kept = [
            {
                name: row[name]
                for name in row
                if name not in OWN and name != "at" and not name.endswith("_at")
            }
            for row in rows
        ]
    for row in kept:
        for name in ("operation", "details", "data"):
            row.pop(name, None)
        for reason in (row.get("reason"), row.get("detail", {}).get("reason")):
            if reason is not None:
                del reason["open_cases"]
    return kept


@contextmanager
def inserts(world: World) -> Iterator[list[str]]:
    """The statements that insert something."""
    seen: list[str] = []

    def note(_connection, _cursor, statement, *_rest) -> None:
        if "INSERT INTO" in statement:
            seen.append(statement)

    event.listen(world.review_db.engine, "before_cursor_execute", note)
    yield seen
    event.remove(world.review_db.engine, "before_cursor_execute", note)


@pytest.mark.postgres
@pytest.mark.parametrize("backend", ["postgres"])
def test_all_that_a_batch_adds_goes_in_one_statement(world: World, backend):
    world.reviewer("reviewer")
    hand_in(world, "first")
    apply_together(world, next_events(world))  # makes the organisation known
    hand_in(world, "second", "third", "fourth")
    together = next_events(world)
    with inserts(world) as seen:
        apply_together(world, together)

    assert len(seen) == 1
    for table in (
        "review_case",
        "item",
        "assignment",
        "history_event",
        "delivery",
        "outbox",
        "applied_event",
    ):
        assert f'INSERT INTO "{table}"' in seen[0]


def test_a_batch_leaves_the_same_rows_as_the_unit_of_work(world: World, both_backends):
    world.reviewer("reviewer")
    hand_in(world, "first", "second")
    one, other = next_events(world)

    with world.review_db.sessions.begin() as session:
        subscription.handle(session, one, HANDLERS)
        cursor = subscription.cursor_of(session, INTAKE_STREAM)
        cursor.position, cursor.event_id, cursor.epoch = 1, one.id, one.epoch
    apply_together(world, [other])

    assert [len(rows_of(world, table)) for table in TABLES] == [2, 4, 2, 4, 2, 2, 2]
    for table in (Case, Assignment, Delivery, OutboxEvent, AppliedEvent):
        slow, fast = rows_of(world, table)
        assert slow == fast
    items, history = rows_of(world, Item), rows_of(world, HistoryEvent)
    assert (items[0], items[2]) == (items[1], items[3])
    assert history[:2] == history[2:]
    assert [row["action"] for row in history] == ["opened", "assigned", "opened", "assigned"]


def test_what_a_batch_adds_keeps_its_order(world: World, both_backends):
    world.reviewer("reviewer", capacity=100)
    hand_in(world, *(f"operation {number}" for number in range(12)))

    apply_together(world, next_events(world))

    with world.review_db.sessions.begin() as session:
        numbered = outbox.number_pending(session, REVIEW_STREAM)
        cases = session.scalars(select(Case).order_by(Case.reference)).all()
        assert [event.subject for event in numbered] == [str(case.note_id) for case in cases]
        assert [case.title for case in cases] == [f"operation {number}" for number in range(12)]
        for case in cases:
            assert [event.action for event in case.history] == ["opened", "assigned"]


# without one nothing is asked, so nothing is flushed before
@pytest.mark.parametrize("has_reviewer", [True, False])
def test_a_correction_that_adds_an_item_goes_along_with_new_notes(
    world: World, both_backends, has_reviewer
):
    if has_reviewer:
        world.reviewer("reviewer")
    note = make_note(operation__title="first")
    case = open_case(world, note)
    sent_back = {
        "item": case["items"][0]["id"],
        "verdict": "request_changes",
        "comment": "Say when.",
    }
    assert world.decide(case, [sent_back]).status_code == 200
    note["lessons"].append(make_lesson(title="Another lesson"))
    hand_in(world, "second")
    assert correct(world, case["note"], 1, note).status_code == 200
    hand_in(world, "third")

    apply_together(world, next_events(world))

    again = world.case_of(case["note"])
    assert (again["note_version"], len(again["items"])) == (2, 3)
    done = [
        event["action"]
        for event in again["history"]
        if event["action"] not in ("assigned", "nobody_fits")
    ]
    assert done == ["opened", "decided", "corrected"]
    with world.review_db.readings() as session:
        titles = session.scalars(
            select(Case.operation["title"].as_string()).order_by(Case.reference)
        ).all()
    assert titles == ["first", "second", "third"]
