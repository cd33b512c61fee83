"""Which operation a note is about: one that the register knows, or a new one."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import uuid4

from sqlalchemy.orm import Session

from services.intake import queries
from services.intake.model import Note, Operation, OperationCounter
from shared import clock
from shared.operations import Traits, are_same
from shared.persistence.lock import take_turns

Description = Mapping[str, Any]
"""An operation as a note tells it."""


def identify(session: Session, described: Description) -> Operation:
    """The operation that a note is about, recorded if it is surely none that is known.

    What the note says more of it is kept with it.
    """
    new = Traits.of(described)
    operation = queries.find_operation(session, new)
    if operation is None or operation.traits.with_more(new) != operation.traits:
        _take_turns(session)
        operation = queries.find_operation(session, new)
    if operation is None:
        return record_operation(session, [described])
    operation.learn(new)
    return operation


def identify_again(session: Session, note: Note, described: Description) -> Operation:
    """The operation of a note that comes back corrected; its other notes stay where they are.

    It stays while the note describes it alike. Otherwise it is found as for a new note, but a note
    that has its operation for itself keeps it unless it turns out to be another one.
    """
    own = session.get_one(Operation, note.operation_id)
    new = Traits.of(described)
    if new == Traits.of((note.content or {})["operation"]):
        return own
    _take_turns(session)
    others = queries.descriptions_of(session, own.id, but_not=note.id)
    if not others:
        return _identify_alone(session, note, own, described)
    session.refresh(own)
    own.describe(others)
    if not are_same(own.traits, new):
        return identify(session, described)
    own.learn(new)
    return own


def record_operation(session: Session, descriptions: Sequence[Description]) -> Operation:
    """A new operation, as these notes tell it. The caller has the turn of those who record one."""
    operation = Operation(id=uuid4(), reference=_next_reference(session))
    operation.describe(descriptions)
    session.add(operation)
    session.flush()
    return operation


def _identify_alone(session: Session, note: Note, own: Operation, described: Description) -> Operation:
    new = Traits.of(described)
    other = queries.find_operation(session, new, but_not=own.id)
    if other is None:
        own.describe([described])
        return own
    other.learn(new)
    note.operation_id = other.id
    session.flush()  # nothing may refer to the one that goes
    session.delete(own)
    return other


def _take_turns(session: Session) -> None:
    """Two notes that name an operation for the first time must not both record it."""
    take_turns(session, "operations")


def _next_reference(session: Session) -> str:
    year = clock.today().year
    counter = session.get(OperationCounter, year, populate_existing=True)
    if counter is None:
        counter = OperationCounter(year=year, last=0)
        session.add(counter)
    counter.last += 1
    return f"OP-{year}-{counter.last:04d}"
