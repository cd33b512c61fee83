"""Which operation a note is about: one that the register knows, or a new one."""

from collections.abc import Sequence
from uuid import uuid4

from sqlalchemy.orm import Session

from services.intake import queries
from services.intake.model import Note, Operation, OperationCounter
from shared.domain.content.parts import OperationContent
from shared.domain.operations import Traits, are_same, fit_together
from shared.platform import clock
from shared.platform.accounts.actor import Actor
from shared.platform.errors import N_, InvalidError
from shared.platform.persistence.lock import take_turns


def identify(session: Session, described: OperationContent, actor: Actor | None) -> Operation:
    """The operation that a note is about, recorded if it is surely none that is known.

    What the note says more of it is kept with it. Raises InvalidError as `named_operation` does.
    """
    new = Traits.of(described)
    if described.get("reference"):
        wait_for_turn(session)
    operation = _find(session, described, actor)
    if operation is None or operation.traits.with_more(new) != operation.traits:
        wait_for_turn(session)
        operation = _find(session, described, actor)
    if operation is None:
        return record_operation(session, [described])
    operation.learn(new)
    return operation


def identify_again(
    session: Session,
    note: Note,
    described: OperationContent,
    actor: Actor | None,
) -> Operation:
    """The operation of a note that comes back corrected; its other notes stay where they are.

    It stays while the note describes it alike. Otherwise it is found as for a new note, but a note
    that has its operation for itself keeps it unless that turns out to be another one.
    """
    own, new = session.get_one(Operation, note.operation_id), Traits.of(described)
    before = note.handed_over["operation"]
    if (new, described["reference"]) == (Traits.of(before), before.get("reference")):
        return own
    wait_for_turn(session)
    session.refresh(own)
    others = queries.descriptions_of(session, own.id, but_not=note.id)
    if not others:
        return _identify_alone(session, note, described, actor)
    own.describe(others)
    if described["reference"] or not are_same(own.traits, new):
        return identify(session, described, actor)
    own.learn(new)
    return own


def named_operation(
    session: Session,
    described: OperationContent,
    actor: Actor | None,
) -> Operation | None:
    """The operation whose reference a note gives; None when it gives none.

    Raises InvalidError when the sender may not know of it or it is of another type or in other
    countries: whether there is one with this reference is not told.
    """
    reference = described.get("reference")
    if not reference:
        return None
    operation = queries.operation_with(session, reference)
    fits = operation is not None and fit_together(operation.traits, Traits.of(described))
    if operation is None or not fits or not queries.may_know_of(session, actor, operation.id):
        raise InvalidError({"operation.reference": [_UNKNOWN]})
    return operation


_UNKNOWN = N_(
    "You can see no operation with this reference, of this type and in one of these countries."
    " Check all three, or leave the reference out."
)


def record_operation(session: Session, descriptions: Sequence[OperationContent]) -> Operation:
    """A new operation, as these notes tell it. The caller has the turn of those who record one."""
    operation = Operation(id=uuid4(), reference=_next_reference(session))
    operation.describe(descriptions)
    session.add(operation)
    session.flush()
    return operation


def _find(session: Session, described: OperationContent, actor: Actor | None) -> Operation | None:
    if described.get("reference"):
        return named_operation(session, described, actor)
    return queries.find_operation(session, Traits.of(described))


def _identify_alone(
    session: Session,
    note: Note,
    described: OperationContent,
    actor: Actor | None,
) -> Operation:
    own, new = session.get_one(Operation, note.operation_id), Traits.of(described)
    other = named_operation(session, described, actor)
    other = other or queries.find_operation(session, new, but_not=own.id)
    if other is None or other is own:
        own.describe([described])
        return own
    other.learn(new)
    note.operation_id = other.id
    session.flush()  # nothing may refer to the one that goes
    session.delete(own)
    return other


def wait_for_turn(session: Session) -> None:
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
