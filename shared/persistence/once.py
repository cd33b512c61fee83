"""Reading a thing once in a transaction: when many events are applied together, each asks the same questions."""

from collections.abc import Callable, Hashable
from typing import Any, TypeVar, cast

from sqlalchemy import event
from sqlalchemy.orm import Session

Answer = TypeVar("Answer")
KNOWN = "known"


def once(session: Session, question: Hashable, read: Callable[[], Answer]) -> Answer:
    """What `read` returned when this question was first asked; asked again after anything was flushed.

    Asking flushes nothing, so that a batch is written in one go at its end: what a use case holds unflushed, it must
    count in by itself.
    """
    known = cast("dict[Hashable, Any]", session.info.setdefault(KNOWN, {}))
    if question not in known:
        with session.no_autoflush:
            known[question] = read()
    return cast("Answer", known[question])


def know(session: Session, question: Hashable, answer: Any) -> None:
    """Answer a question before it is asked with `once`: many of them are read faster together."""
    session.info.setdefault(KNOWN, {})[question] = answer


@event.listens_for(Session, "after_flush")
@event.listens_for(Session, "after_soft_rollback")
@event.listens_for(Session, "after_commit")
def _forget(session: Session, *_context: Any) -> None:
    session.info.pop(KNOWN, None)
