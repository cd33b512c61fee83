"""Signs of life: each long-running part writes when it last did its round, so that any web worker
can tell.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Mapped, Session, mapped_column

from shared.platform import clock
from shared.platform.persistence.base import SharedBase

STALE_AFTER = timedelta(seconds=30)
BEAT_EVERY = 5.0  # seconds


class Heartbeat(SharedBase):
    """When a part of the service (relay, consumer, clockwork) last finished a round, and what it
    has to say.
    """

    __tablename__ = "heartbeat"

    part: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    trouble: Mapped[str | None]


@dataclass(frozen=True)
class Unwell:
    """What is wrong with a part: one `word` for everyone, the `detail` only for who runs the
    register.

    A detail may hold what a server or a library said, with addresses of the inside.
    """

    word: str
    detail: str


def beat(session: Session, part: str, *, trouble: str | None = None) -> None:
    """Say that `part` is alive now; `trouble` says what keeps it from its work, if
    anything does.
    """
    row = session.get(Heartbeat, part)
    if row is None:
        row = Heartbeat(part=part)
        session.add(row)
    row.at, row.trouble = clock.now(), trouble


def unwell(session: Session, parts: tuple[str, ...]) -> dict[str, Unwell]:
    """The parts that are silent or in trouble, each with what is wrong. Empty when all are well."""
    beats = {row.part: row for row in session.scalars(select(Heartbeat))}
    wrong = {}
    for part in parts:
        row = beats.get(part)
        if row is None:
            wrong[part] = Unwell("not started", "has not started")
        elif abs(clock.now() - row.at) > STALE_AFTER:
            # a sign from the future is older than a jump of the clock
            wrong[part] = Unwell("silent", f"silent since {row.at:%Y-%m-%d %H:%M:%S} UTC")
        elif row.trouble:
            wrong[part] = Unwell("in trouble", row.trouble)
    return wrong


def last(session: Session, part: str) -> datetime | None:
    """When `part` last showed a sign of life."""
    row = session.get(Heartbeat, part)
    return row.at if row is not None else None
