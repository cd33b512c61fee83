"""What happens by the clock in a service: each job in its own time, apart from the others.

A job has its row, with when it is due and how often it failed. It runs in a thread of its own, so
one that fails is tried again later and one that hangs makes nothing else late.
"""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Mapped, Session, mapped_column

from shared.platform import clock
from shared.platform.logs import log
from shared.platform.persistence import heartbeat
from shared.platform.persistence.base import SharedBase
from shared.platform.persistence.engine import Database
from shared.platform.persistence.lock import SoleHolder

LOOK_SECONDS = 1.0
# what hangs is a thread; the process that holds the lock asks for it each second
LEASE_SECONDS = 600.0
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=1)
# its name in the figures, in locks and in compose files, where others rely on it
PART = "clockwork"


class JobState(SharedBase):
    """How a job stands: when it is due, when it last ended well, and what went wrong since."""

    __tablename__ = "job"

    name: Mapped[str] = mapped_column(primary_key=True)
    due_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    error: Mapped[str | None]

    def note_done(self, every: timedelta) -> None:
        """It ended well."""
        self.finished_at, self.due_at = clock.now(), clock.now() + every
        self.attempts, self.error = 0, None

    def note_failure(self, error: str) -> None:
        """It failed: it is due again after a pause that doubles, up to an hour."""
        self.attempts, self.error = self.attempts + 1, error
        self.due_at = clock.now() + pause_after(self.attempts)


@dataclass(frozen=True)
class Job:
    """Something to do `every` so often. It opens its own transactions."""

    name: str
    every: timedelta
    run: Callable[[Database], object]


def pause_after(attempts: int) -> timedelta:
    """How long to wait after so many failures in a row."""
    return min(FIRST_PAUSE * int(2 ** (min(attempts, 20) - 1)), LONGEST_PAUSE)


def in_transaction(*acts: Callable[[Session], object]) -> Callable[[Database], None]:
    """A job that is one transaction."""

    def run(database: Database) -> None:
        with database.sessions.begin() as session:
            for act in acts:
                act(session)

    return run


def failing(session: Session) -> list[JobState]:
    """The jobs that failed when they were last tried."""
    return list(
        session.scalars(select(JobState).where(JobState.attempts > 0).order_by(JobState.name))
    )


class Scheduler:
    """Start as many as you like: one works, the others stand by.

    `deliver` is called each second, in a thread of its own; what it delivers has its own attempts
    and pauses.
    """

    def __init__(
        self, database: Database, service: str, jobs: Sequence[Job], deliver: Callable[[], object]
    ) -> None:
        self._database = database
        self._jobs = jobs
        self._deliver = deliver
        self._running: dict[str, threading.Thread] = {}
        self._lock = SoleHolder(database, f"{PART}-{service}", lease=LEASE_SECONDS)
        self._next_sign = 0.0

    def run(self, stop: threading.Event) -> None:
        """Work until `stop` is set."""
        while not stop.is_set():
            try:
                if self._lock.holds():
                    self.look()
            except DBAPIError as error:
                log.warning("the scheduler waits for its database", error=str(error.orig))
            stop.wait(LOOK_SECONDS)
        self._lock.release()

    def look(self) -> None:
        """Start what is due and does not run yet, and show a sign of life. Waits for nothing."""
        self._start("deliveries", self._deliver)
        with self._database.readings() as session:
            due_at = {state.name: state.due_at for state in session.scalars(select(JobState))}
        for job in self._jobs:
            if is_due(due_at.get(job.name), job.every):
                self._start(job.name, partial(attempt, self._database, job))
        if clock.ticks() >= self._next_sign:
            with self._database.sessions.begin() as session:
                heartbeat.beat(session, PART)
            self._next_sign = clock.ticks() + heartbeat.BEAT_EVERY

    def wait(self, *names: str) -> None:
        """Until these jobs, or all, have ended. For tests."""
        for name in names or list(self._running):
            self._running[name].join()

    def _start(self, name: str, act: Callable[[], object]) -> None:
        before = self._running.get(name)
        if before is not None and before.is_alive():
            return
        self._running[name] = threading.Thread(
            target=_guarded, args=(name, act), name=name, daemon=True
        )
        self._running[name].start()


def is_due(due_at: datetime | None, every: timedelta) -> bool:
    """Whether a job is to be done now.

    One that lies further off than any pause was set by another clock.
    """
    now = clock.now()
    return due_at is None or due_at <= now or due_at > now + max(every, LONGEST_PAUSE)


def attempt(database: Database, job: Job) -> None:
    """Do a job now, and note how it ended."""
    error = None
    try:
        job.run(database)
    except Exception as failure:
        # whatever it is: the other jobs go on, and this one is tried again
        error = f"{type(failure).__name__}: {failure}"[:500]
        log.exception("a job failed and is tried again", job=job.name)
    with database.sessions.begin() as session:
        state = session.get(JobState, job.name)
        if state is None:
            state = JobState(name=job.name, due_at=clock.now(), attempts=0)
            session.add(state)
        if error is None:
            state.note_done(job.every)
        else:
            state.note_failure(error)


def _guarded(name: str, act: Callable[[], object]) -> None:
    try:
        act()
    except DBAPIError as error:
        log.warning("a job waits for its database", job=name, error=str(error.orig))
    except Exception:  # it ends this thread only, and the next look starts it again
        log.exception("a job failed", job=name)
