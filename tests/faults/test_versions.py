"""Producer and consumer of different versions: what is new is ignored or waits for the upgrade,
what is old is read.
"""

import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from marshmallow import fields

from services.intake.handlers import HANDLERS as INTAKE_HANDLERS
from services.intake.model import Item, Note
from services.review.desk.handlers import HANDLERS as REVIEW_HANDLERS
from shared.domain.events import EVENTS
from shared.platform.events import INTAKE_STREAM, REVIEW_STREAM, Envelope, Event, TolerantSchema
from shared.platform.messaging import parking, subscription
from shared.platform.messaging.subscription import MOST_ATTEMPTS, Outcome
from shared.platform.persistence import inbox
from testbed.world import World

pytestmark = pytest.mark.faults

EXAMPLES = [
    json.loads(path.read_text(encoding="utf-8"))
    for path in sorted(Path("docs/events/examples").glob("*.json"))
]
OLDER = [
    json.loads(path.read_text(encoding="utf-8"))
    for path in sorted(Path("docs/events/examples/older").glob("*.json"))
]
NOTE_ID = UUID("f92c9c23-cbfd-59d9-b1ae-7b0d1b2838cb")


def stored(stream, examples=EXAMPLES):
    """The examples of a stream: events as a producer of each version wrote them, in their order."""
    wires = [wire for wire in examples if wire["stream"] == stream]
    return [Envelope.of_wire(wire) for wire in sorted(wires, key=lambda wire: wire["sequence"])]


def apply_all(database, envelopes, handlers):
    outcomes = []
    for envelope in envelopes:
        with database.sessions.begin() as session:
            outcomes.append(subscription.apply(session, envelope, handlers))
    return outcomes


def record_note(world, lesson, benchmark):
    """The note of which review's examples speak, as intake has it."""
    now = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
    note = Note(
        id=NOTE_ID,
        receipt="r",
        state="submitted",
        version=1,
        language="en",
        created_at=now,
        changed_at=now,
    )
    note.content = {"operation": {"title": "Return of migrants from Libya to Chad"}}
    for place, (item_id, kind) in enumerate(((lesson, "lesson"), (benchmark, "benchmark"))):
        note.items.append(
            Item(id=UUID(item_id), kind=kind, place=place, content={}, state="submitted", version=1)
        )
    with world.intake_db.sessions.begin() as session:
        session.add(note)


@pytest.mark.parametrize("wire", EXAMPLES, ids=[wire["type"] for wire in EXAMPLES])
def test_an_old_consumer_reads_a_newer_event_as_if_the_new_fields_were_not_there(wire):
    newer = {
        **wire,
        "newattribute": "surprise",
        "data": {**wire["data"], "new_field": {"nested": [1, 2]}},
    }

    read = Envelope.of_wire(newer)

    assert replace(read, data=wire["data"]) == Envelope.of_wire(wire)
    assert EVENTS[read.type].of_data(read.data) == EVENTS[read.type].of_data(wire["data"])


def test_every_stored_event_of_intake_is_applied_by_the_present_review(world: World, both_backends):
    envelopes = stored(INTAKE_STREAM)

    assert apply_all(world.review_db, envelopes, REVIEW_HANDLERS) == [Outcome.APPLIED] * len(
        envelopes
    )
    assert world.case_of("AAN-2026-0001")["note_version"] == 2


def test_every_stored_event_of_review_is_applied_by_the_present_intake(world: World, both_backends):
    record_note(
        world, "191faa35-9b75-5b07-98fb-f3da5b90a3de", "8debc0e1-d009-5e6d-8f0e-15975a2599d4"
    )
    envelopes = stored(REVIEW_STREAM)

    assert apply_all(world.intake_db, envelopes, INTAKE_HANDLERS) == [Outcome.APPLIED] * len(
        envelopes
    )
    with world.intake_db.readings() as session:
        item = session.get_one(Item, UUID("8debc0e1-d009-5e6d-8f0e-15975a2599d4"))
        assert (item.state, item.entry_reference) == ("withdrawn", "BM-2026-0001")


@pytest.mark.parametrize("older", OLDER, ids=[wire["type"] for wire in OLDER])
def test_an_event_of_an_older_shape_is_applied_in_the_place_of_the_present_one(
    world: World, older, both_backends
):
    record_note(
        world, "191faa35-9b75-5b07-98fb-f3da5b90a3de", "8debc0e1-d009-5e6d-8f0e-15975a2599d4"
    )
    wires = [older if wire["id"] == older["id"] else wire for wire in EXAMPLES]
    envelopes = stored(older["stream"], wires)
    is_at_review = older["stream"] == INTAKE_STREAM
    database = world.review_db if is_at_review else world.intake_db
    handlers = REVIEW_HANDLERS if is_at_review else INTAKE_HANDLERS
    assert older in wires

    assert apply_all(database, envelopes, handlers) == [Outcome.APPLIED] * len(envelopes)


@dataclass(frozen=True, kw_only=True)
class CasePraised(Event):
    """An event that the next version knows."""

    name = "case.praised.v1"
    stream = REVIEW_STREAM
    schema = TolerantSchema.from_dict({"note_id": fields.UUID(required=True)})()

    note_id: UUID

    @property
    def subject(self):
        return str(self.note_id)


def test_an_event_of_the_next_version_waits_with_those_behind_it_until_the_upgrade(
    world: World, monkeypatch, both_backends
):
    seen = []
    old = {
        EVENTS["case.assigned.v1"]: lambda _session, event: seen.append(
            f"assigned {event.reviewers}"
        )
    }
    first = stored(REVIEW_STREAM)[0]
    praised = replace(first, type="case.praised.v1", data={"note_id": str(NOTE_ID)})
    behind = replace(first, id=uuid4(), position=2, previous=praised.id)
    of_another = replace(behind, id=uuid4(), subject="another", position=3, previous=behind.id)

    for _attempt in range(MOST_ATTEMPTS):
        with pytest.raises(subscription.UnknownTypeError) as unknown:
            apply_all(world.intake_db, [praised], old)
        with world.intake_db.sessions.begin() as session:
            subscription.note_failure(session, praised, unknown.value)
    assert apply_all(world.intake_db, [behind, of_another], old) == [
        Outcome.PARKED,
        Outcome.APPLIED,
    ]
    assert seen == ["assigned 1"]

    monkeypatch.setitem(EVENTS, CasePraised.name, CasePraised)
    new = {**old, CasePraised: lambda _session, _event: seen.append("praised")}
    with world.intake_db.sessions.begin() as session:
        assert parking.retry(session, inbox.parked_events(session)[0].id, new) == 2
    assert seen == ["assigned 1", "praised", "assigned 1"]
