"""What a person does with a parked event: let it be applied after all, or let it have no effect."""

from uuid import UUID

from sqlalchemy.orm import Session

from shared.platform import clock
from shared.platform.errors import N_, ConflictError, InvalidError, NotFoundError
from shared.platform.events import Envelope
from shared.platform.messaging.replay import REASON as REPLAYING
from shared.platform.messaging.subscription import Handlers, cursor_of, handle
from shared.platform.persistence.engine import is_away
from shared.platform.persistence.inbox import ParkedEvent, parked_events

LONGEST_REASON = 500


def retry(session: Session, parked_id: int, handlers: Handlers, *, by: UUID | None = None) -> int:
    """Apply a parked event and those that wait behind it, in order.

    Returns how many. `by` is the account that asks.

    All or nothing: raises ConflictError, caused by what went wrong, if one fails again, and
    everything stays parked. So it does during a replay, behind an earlier event, and for one that
    was resolved.
    """
    waiting = _parked_with(session, parked_id)
    for parked in waiting:
        number = parked.id  # after a failure of the database nothing can be read any more
        try:
            handle(session, Envelope.of_wire(parked.envelope), handlers)
            session.flush()  # what the database refuses shows here
        except Exception as error:  # whatever a handler raises
            if is_away(error):
                raise
            text = N_(
                "Event %(id)s failed again (%(error)s). Nothing was changed: mend the cause, "
                "then try again."
            )
            # not what it says
            raise ConflictError(text, id=number, error=type(error).__name__) from error
        parked.state, parked.resolved_at, parked.resolved_by = "retried", clock.now(), by
    return len(waiting)


def skip(session: Session, parked_id: int, *, reason: str, by: UUID | None = None) -> None:
    """A person decided that a parked event shall have no effect here.

    Those behind it are then retried by hand.

    Raises ConflictError as `retry` does, InvalidError without a reason that someone can read later.
    """
    parked = _parked_with(session, parked_id)[0]
    if (
        not any(char.isalnum() for char in reason)
        or "\x00" in reason
        or len(reason) > LONGEST_REASON
    ):
        raise InvalidError({"reason": [N_("Say why, in at most 500 characters.")]})
    parked.state, parked.reason, parked.resolved_at, parked.resolved_by = (
        "skipped",
        reason.strip(),
        clock.now(),
        by,
    )


def _parked_with(session: Session, parked_id: int) -> list[ParkedEvent]:
    first = session.get(ParkedEvent, parked_id)
    if first is None:
        raise NotFoundError(N_("There is no parked event %(id)s."), id=parked_id)
    # until we are done the consumer parks nothing more behind it
    cursor = cursor_of(session, first.stream)
    # it has set aside what is parked now, and would go on without it
    if cursor.halted_reason == REPLAYING:
        raise ConflictError(N_("A replay is under way. Try again when it is done."))
    session.refresh(first)
    if first.state != "parked":
        raise ConflictError(N_("Event %(id)s is no longer parked."), id=parked_id)
    same = (first.stream, first.subject)
    waiting = [event for event in parked_events(session) if (event.stream, event.subject) == same]
    if waiting[0].id != parked_id:
        raise ConflictError(
            N_("Event %(id)s waits behind event %(first)s."), id=parked_id, first=waiting[0].id
        )
    return waiting
