"""How the pipeline of a service stands: read from its database, so that every process says the
same.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from shared.platform import clock, scheduler
from shared.platform.delivery import deliveries
from shared.platform.delivery.deliveries import Delivery
from shared.platform.messaging.replay import REASON as REPLAYING
from shared.platform.persistence import heartbeat
from shared.platform.persistence.heartbeat import Unwell
from shared.platform.persistence.inbox import Cursor, ParkedEvent
from shared.platform.persistence.outbox import OutboxEvent, Stream

PARTS = ("relay", "consumer", "clockwork")


@dataclass(frozen=True)
class Log:
    """The service's own log.

    `unpublished` also counts what has no position yet; `oldest` is the age of the oldest.
    """

    head: int
    unnumbered: int
    unpublished: int
    oldest: float


@dataclass(frozen=True)
class Lag:
    """How far the other service's log is applied, as far as we know of it.

    `seconds` is the age of the oldest event that is known of and not applied; while halted, at
    least the time since then. `attempts` counts the failures of the event that comes next.
    """

    position: int
    events: int
    seconds: float
    attempts: int
    halted: str | None

    @property
    def replaying(self) -> bool:
        """Whether it is a replay that halts: nobody needs to decide, only to wait for its end."""
        return self.halted == REPLAYING


@dataclass(frozen=True)
class Pipeline:
    """All figures of one service.

    `beats` says when each part last showed a sign of life, `wrong` what is amiss.

    `mails_unsent` counts those that a person holds back after a restore, too; `mails_held` counts
    them alone. `mails_given_up` are those that nobody has dealt with yet, `jobs_failing` the jobs
    with what went wrong.
    """

    log: Log
    lag: Lag
    parked: int
    mails_unsent: int
    mails_held: int
    mails_given_up: int
    jobs_failing: Mapping[str, str]
    beats: Mapping[str, datetime]
    wrong: Mapping[str, Unwell]


def read_pipeline(session: Session) -> Pipeline:
    """The pipeline of the service whose database this is, as it stands now."""
    lag = _lag(session)
    wrong = heartbeat.unwell(session, PARTS)
    if lag.halted:
        wrong["consumer"] = Unwell("replaying" if lag.replaying else "halted", lag.halted)
    return Pipeline(
        log=_log(session),
        lag=lag,
        parked=count_parked(session),
        mails_unsent=session.scalar(select(func.count()).where(Delivery.due_at.is_not(None))) or 0,
        mails_held=deliveries.count_held(session),
        mails_given_up=count_given_up(session),
        jobs_failing={job.name: job.error or "" for job in scheduler.failing(session)},
        beats={row.part: row.at for row in session.scalars(select(heartbeat.Heartbeat))},
        wrong=wrong,
    )


def count_parked(session: Session) -> int:
    """How many events of the other service wait for a person."""
    return session.scalar(select(func.count()).where(ParkedEvent.state == "parked")) or 0


def count_given_up(session: Session) -> int:
    """How many mails were given up and wait for an administrator."""
    return session.scalar(select(func.count()).select_from(deliveries.given_up().subquery())) or 0


def _log(session: Session) -> Log:
    waiting = select(func.count(), func.min(OutboxEvent.occurred_at)).where(
        OutboxEvent.published_at.is_(None)
    )
    unpublished, oldest = session.execute(waiting).one()
    return Log(
        head=session.scalar(select(Stream.head)) or 0,
        unnumbered=session.scalar(select(func.count()).where(OutboxEvent.position.is_(None))) or 0,
        unpublished=unpublished,
        oldest=_age(oldest),
    )


def _lag(session: Session) -> Lag:
    cursor = session.scalar(select(Cursor))
    if cursor is None:
        return Lag(position=0, events=0, seconds=0.0, attempts=0, halted=None)
    return Lag(
        position=cursor.position,
        events=max(0, cursor.producer_head - cursor.position),
        seconds=_age(cursor.behind_since or cursor.halted_at),
        attempts=cursor.attempts,
        halted=cursor.halted_reason,
    )


def _age(moment: datetime | None) -> float:
    """Seconds since then; 0 for none, and for a moment that a clock running ahead put into the
    future.
    """
    return max(0.0, (clock.now() - moment).total_seconds()) if moment is not None else 0.0
