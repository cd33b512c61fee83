"""What review does when intake says something: each event is one use case."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from services.review.desk import queries, use_cases
from shared.domain.events import NoteCorrected, NoteOperationChanged, NoteSubmitted
from shared.platform.events import Envelope
from shared.platform.messaging.subscription import Handlers


def note_submitted(session: Session, event: NoteSubmitted) -> None:
    """A case is opened and a reviewer found."""
    use_cases.open_case(session, event)


def note_corrected(session: Session, event: NoteCorrected) -> None:
    """The case goes on with the next version."""
    use_cases.revise_case(session, event)


def note_operation_changed(session: Session, event: NoteOperationChanged) -> None:
    """The case counts for another operation, and so does what was published from it."""
    use_cases.change_operation(session, event)


def prefetch(session: Session, envelopes: Sequence[Envelope]) -> None:
    """What the handlers of these events will ask for, in fewer questions."""
    if len(envelopes) > 1:
        queries.expect_many_cases(session)


HANDLERS: Handlers = {
    NoteSubmitted: note_submitted,
    NoteCorrected: note_corrected,
    NoteOperationChanged: note_operation_changed,
}
