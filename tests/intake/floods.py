"""Notes about floods: who sends which, and about which operations they are taken to be."""

from typing import Any

from sqlalchemy import select
from werkzeug.test import TestResponse

from services.intake.model import Note, Operation
from testbed.notes import make_note
from testbed.world import World

NOTES = "/intake/api/v1/notes"


def flood(**changes: Any) -> dict[str, Any]:
    """A note about a flood of May 2011, without numbers of others."""
    own = {"title": "Flood response", "type": "other", "started_on": "2011-05", "glide": None}
    country = [{"code": "TCD", "role": "host"}]
    values = {"countries": country, **own, **changes}
    return make_note(**{f"operation__{name}": value for name, value in values.items()})


def hand_in(world: World, note: dict[str, Any], *, who: str = "field") -> TestResponse:
    """Hand a note in, under a key of its own."""
    key = f"k{len(operations_of(world))}"
    return world.call(who, "POST", NOTES, note, Idempotency_Key=key)


def submit(world: World, *, who: str = "field", sharing: str = "clear", **changes: Any) -> Any:
    """Hand in a note about a flood. Returns the answer."""
    answer = hand_in(world, {**flood(**changes), "sharing": sharing}, who=who)
    assert answer.status_code == 201, answer.json
    return answer.json


def operations_of(world: World) -> list[str]:
    """The reference of the operation of each note, in the order of the notes."""
    with world.intake_db.readings() as session:
        joined = select(Operation.reference).join(Note, Note.operation_id == Operation.id)
        return list(session.scalars(joined.order_by(Note.number)))


def numbers(world: World) -> list[int]:
    """The same as the numbers of the references."""
    return [int(reference.rpartition("-")[2]) for reference in operations_of(world)]


def returned(world: World, reference: str) -> None:
    """Let the reviewers ask for changes of a note's lesson."""
    world.carry()
    case = world.case_of(reference)
    change = {"item": case["items"][0]["id"], "verdict": "request_changes", "comment": "When?"}
    assert world.decide(case, [change]).status_code == 200
