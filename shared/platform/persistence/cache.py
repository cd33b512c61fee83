"""Answers that are kept for a while: within a transaction, where many events that are applied
together ask the same, or for a second.
"""

from collections.abc import Callable, Hashable
from typing import Any, TypeVar, cast

from sqlalchemy import URL, event
from sqlalchemy.orm import Session

from shared.platform import clock

Answer = TypeVar("Answer")
ANSWERS = "answers"  # in a session's info
RECENT = 1.0  # seconds
_recent: dict[tuple[URL, Hashable], tuple[float, Any]] = {}


def cached(session: Session, question: Hashable, read: Callable[[], Answer]) -> Answer:
    """What `read` returned when this question was first asked; asked again after anything was
    flushed.

    Asking flushes nothing, so that a batch is written in one go at its end: what the session holds
    unflushed is not in the answer.
    """
    answers = cast("dict[Hashable, Any]", session.info.setdefault(ANSWERS, {}))
    if question not in answers:
        with session.no_autoflush:
            answers[question] = read()
    return cast("Answer", answers[question])


def prime(session: Session, question: Hashable, answer: Any) -> None:
    """Answer a question before `cached` asks it: many of them are read faster together."""
    session.info.setdefault(ANSWERS, {})[question] = answer


def recent(session: Session, question: Hashable, read: Callable[[], Answer]) -> Answer:
    """What `read` returned within the last second, in whichever transaction of this process on this
    database.
    """
    place = session.get_bind().engine.url, question
    read_at, answer = _recent.get(place, (-RECENT, None))
    if answer is None or clock.ticks() - read_at > RECENT:
        read_at, answer = clock.ticks(), read()
        _recent[place] = read_at, answer
    return cast("Answer", answer)


def clear_recent() -> None:
    """Let `recent` read anew: this process has changed something."""
    _recent.clear()


@event.listens_for(Session, "after_flush")
@event.listens_for(Session, "after_soft_rollback")
@event.listens_for(Session, "after_commit")
def _forget(session: Session, *_context: Any) -> None:
    session.info.pop(ANSWERS, None)
