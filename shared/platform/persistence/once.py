"""Reading a thing once: in a transaction, where many events that are applied together ask the same;
or in a second.
"""

from collections.abc import Callable, Hashable
from typing import Any, TypeVar, cast

from sqlalchemy import URL, event
from sqlalchemy.orm import Session

from shared.platform import clock

Answer = TypeVar("Answer")
KNOWN = "known"
LATELY = 1.0  # seconds
_lately: dict[tuple[URL, Hashable], tuple[float, Any]] = {}


def once(session: Session, question: Hashable, read: Callable[[], Answer]) -> Answer:
    """What `read` returned when this question was first asked; asked again after anything was
    flushed.

    Asking flushes nothing, so that a batch is written in one go at its end: what a use case holds
    unflushed, it must count in by itself.
    """
    known = cast("dict[Hashable, Any]", session.info.setdefault(KNOWN, {}))
    if question not in known:
        with session.no_autoflush:
            known[question] = read()
    return cast("Answer", known[question])


def know(session: Session, question: Hashable, answer: Any) -> None:
    """Answer a question before it is asked with `once`: many of them are read faster together."""
    session.info.setdefault(KNOWN, {})[question] = answer


def of_late(session: Session, question: Hashable, read: Callable[[], Answer]) -> Answer:
    """What `read` returned within the last second, in whichever transaction of this process on this
    database.
    """
    place = session.get_bind().engine.url, question
    read_at, answer = _lately.get(place, (-LATELY, None))
    if answer is None or clock.ticks() - read_at > LATELY:
        read_at, answer = clock.ticks(), read()
        _lately[place] = read_at, answer
    return cast("Answer", answer)


def forget_lately() -> None:
    """Read anew what is asked `of_late`: this process has changed it."""
    _lately.clear()


@event.listens_for(Session, "after_flush")
@event.listens_for(Session, "after_soft_rollback")
@event.listens_for(Session, "after_commit")
def _forget(session: Session, *_context: Any) -> None:
    session.info.pop(KNOWN, None)
