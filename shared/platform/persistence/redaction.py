"""Redaction: what must not stay readable in a stored event is replaced in its place, so that the
log keeps no gap.

An event's schema says which of its fields somebody wrote in their own words: `FREE_TEXT` in the
metadata of the field. Of a dictionary that has no schema it names the keys below which the text is
free.
"""

from collections.abc import Iterator, Sequence
from copy import deepcopy
from typing import Any
from uuid import UUID

from marshmallow import Schema, fields
from sqlalchemy import select
from sqlalchemy.orm import Session

from shared.platform import clock
from shared.platform.errors import N_, InvalidError, NotFoundError
from shared.platform.events import EVENTS, FREE_TEXT
from shared.platform.persistence.outbox import OutboxEvent

REDACTED = "[redacted]"


def free_texts(type_: str, data: dict[str, Any]) -> dict[str, str]:
    """The free texts of what an event of this type says, by their paths:
    "items.0.lesson.observation".
    """
    return dict(_in_schema(EVENTS[type_].schema, data, ""))


def redact(session: Session, event_id: UUID, paths: Sequence[str], *, reason: str) -> OutboxEvent:
    """Put a marker in the place of free texts of a stored event; its id, its place and its type
    stay.

    `paths` are such as "items.0.lesson.observation". Raises NotFoundError for an unknown event,
    InvalidError for a path that is not there or is no free text.
    """
    row = session.scalar(
        select(OutboxEvent).where(OutboxEvent.event_id == event_id).with_for_update()
    )
    if row is None:
        raise NotFoundError(N_("There is no event %(id)s."), id=event_id)

    data = deepcopy(row.data)
    free = free_texts(row.type, data)
    for path in paths:
        _replace(data, path, is_free=path in free)
    EVENTS[row.type].of_data(data)  # its subscriber must still be able to read it

    row.data, row.redacted_at = data, clock.now()
    row.redacted_because = "\n".join(filter(None, (row.redacted_because, reason)))
    return row


def _in_schema(schema: Schema, said: object, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(said, dict):
        for name, field in schema.fields.items():
            yield from _in_field(field, said.get(name), f"{path}{name}")


def _in_field(field: fields.Field[Any], said: object, path: str) -> Iterator[tuple[str, str]]:
    match field, said:
        case fields.Nested(), _:
            yield from _in_schema(field.schema, said, f"{path}.")
        case fields.List(), list():
            for place, one in enumerate(said):
                yield from _in_field(field.inner, one, f"{path}.{place}")
        case fields.Dict(), dict():
            for name in field.metadata.get(FREE_TEXT, ()):
                yield from _everything_in(said.get(name), f"{path}.{name}")
        case _, str() if field.metadata.get(FREE_TEXT):
            yield path, said


def _everything_in(said: object, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(said, str):
        yield path, said
    named = (
        said.items()
        if isinstance(said, dict)
        else enumerate(said)
        if isinstance(said, list)
        else ()
    )
    for name, one in named:
        yield from _everything_in(one, f"{path}.{name}")


def _replace(data: dict[str, Any], path: str, *, is_free: bool) -> None:
    *way, last = path.split(".")
    part: Any = data
    try:
        for step in way:
            part = part[int(step)] if isinstance(part, list) else part[step]
        key = int(last) if isinstance(part, list) else last
        part[key]
    except (LookupError, TypeError, ValueError):
        raise InvalidError({path: [N_("The event has no such field.")]}) from None
    if not is_free:
        raise InvalidError({path: [N_("Only free text can be redacted.")]})
    part[key] = REDACTED
