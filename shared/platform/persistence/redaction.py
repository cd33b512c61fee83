"""Redaction: what must not stay readable in a stored event is replaced in its place, so that the log keeps no gap."""

from collections.abc import Sequence, Set
from copy import deepcopy
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from shared.platform import clock
from shared.platform.errors import N_, InvalidError, NotFoundError
from shared.platform.events import EVENTS
from shared.platform.persistence.outbox import OutboxEvent

REDACTED = "[redacted]"


def redact(session: Session, event_id: UUID, fields: Sequence[str], *, free_text: Set[str], reason: str) -> OutboxEvent:
    """Put a marker in the place of free texts of a stored event; its id, its place and its type stay.

    `fields` are paths such as "items.0.lesson.observation", `free_text` the names of the fields that may be redacted.
    Raises NotFoundError for an unknown event, InvalidError for a path that is not there or is no free text.
    """
    row = session.scalar(select(OutboxEvent).where(OutboxEvent.event_id == event_id).with_for_update())
    if row is None:
        raise NotFoundError(N_("There is no event %(id)s."), id=event_id)

    data = deepcopy(row.data)
    for path in fields:
        _redact_field(data, path, free_text)
    EVENTS[row.type].of_data(data)  # its subscriber must still be able to read it

    row.data, row.redacted_at = data, clock.now()
    row.redacted_because = "\n".join(filter(None, (row.redacted_because, reason)))
    return row


def _redact_field(data: dict[str, Any], path: str, free_text: Set[str]) -> None:
    *way, last = path.split(".")
    part: Any = data
    try:
        for step in way:
            part = part[int(step)] if isinstance(part, list) else part[step]
        key = int(last) if isinstance(part, list) else last
        is_text = isinstance(part[key], str)
    except (LookupError, TypeError, ValueError):
        raise InvalidError({path: [N_("The event has no such field.")]}) from None
    if not is_text or (way[-1] if isinstance(part, list) else last) not in free_text:
        raise InvalidError({path: [N_("Only free text can be redacted.")]})
    part[key] = REDACTED
