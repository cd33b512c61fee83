"""Taking notes out of an operation that they are not about, and telling review which is which."""

from collections.abc import Iterable, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.intake import queries
from services.intake.model import Note, Operation
from services.intake.use_cases.identifying import record_operation, wait_for_turn
from shared.domain.events import NoteOperationChanged
from shared.platform.errors import N_, ConflictError, NotFoundError
from shared.platform.events import INTAKE_STREAM
from shared.platform.persistence import outbox
from shared.platform.persistence.outbox import OutboxEvent


def separate_notes(session: Session, *, reference: str, notes: Sequence[str]) -> Operation:
    """Give these notes of an operation, by their references, a new one of their own.

    Raises NotFoundError for an operation that is not there, ConflictError when not all of the notes
    are about it or none would be left in it.
    """
    operation = queries.operation_with(session, reference)
    if operation is None:
        raise NotFoundError(N_("There is no operation %(reference)s."), reference=reference)
    leaving = _notes_of(session, operation, notes)  # locked first, as where a note is corrected
    wait_for_turn(session)

    new = record_operation(session, [note.handed_over["operation"] for note in leaving])
    for note in leaving:
        note.operation_id = new.id
    staying = queries.descriptions_of(session, operation.id)
    if not staying:
        text = N_("All notes would leave %(reference)s. Keep one.")
        raise ConflictError(text, reference=reference)
    operation.describe(staying)

    for note in leaving:
        _tell(session, note, new)
    return new


def tell_operations(session: Session) -> int:
    """Tell review the references of operations that it has not heard of. Returns of how many notes.

    Notes that were handed over before operations had references did not tell them.
    """
    heard = select(OutboxEvent.subject).where(
        OutboxEvent.stream == INTAKE_STREAM,
        OutboxEvent.data["operation"]["reference"].as_string().is_not(None),
    )
    known = set(session.scalars(heard))
    both = select(Note, Operation).join(Operation, Operation.id == Note.operation_id)
    rows = session.execute(both.order_by(Note.number))
    missing = [(note, operation) for note, operation in rows if str(note.id) not in known]

    for note, operation in missing:
        _tell(session, note, operation)
    return len(missing)


def _notes_of(session: Session, operation: Operation, references: Iterable[str]) -> list[Note]:
    wanted = set(references)
    found = session.scalars(
        select(Note)
        .where(Note.operation_id == operation.id, Note.reference.in_(wanted))
        .order_by(Note.number)
        .with_for_update()
    ).all()
    others = sorted(wanted - {note.reference for note in found})
    if others or not found:
        text = N_("Not about %(operation)s: %(notes)s.")
        raise ConflictError(text, operation=operation.reference, notes=", ".join(others) or "–")
    return list(found)


def _tell(session: Session, note: Note, operation: Operation) -> None:
    outbox.record(
        session,
        NoteOperationChanged(
            note_id=note.id,
            reference=note.reference or "",
            version=note.version,
            operation={"id": operation.id, "reference": operation.reference},
        ),
    )
