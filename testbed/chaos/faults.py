"""What goes wrong, drawn from the seed: processes die or freeze, the broker forgets, the database
throws all out.
"""

import contextlib
import os
import random
import signal
import threading
from collections import Counter
from collections.abc import Callable

import psutil
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from services.processes import LOOPS
from shared.platform.messaging.broker import BROKER_ERRORS, SUBSCRIBERS
from shared.platform.persistence.engine import Database
from testbed.chaos.outcome import Outcome
from testbed.queues import drop_queue
from testbed.register import Register

PROCESSES = ("front-door", *LOOPS)
Fault = Callable[[], str]
PAUSE_SECONDS = 0.3, 2.0
FREEZE_SECONDS = 1.0, 8.0
PAST_A_LEASE = 25.0  # seconds: a standby has taken over by then, where there is one


class Faults:
    """Lets one thing after the other go wrong until it is told to stop, and counts them by kind."""

    def __init__(
        self, register: Register, outcome: Outcome, seed: int, stop: threading.Event
    ) -> None:
        self._register, self._stop = register, stop
        self._databases = {"intake": outcome.intake, "review": outcome.review}
        self._dice = random.Random(seed)  # drawn again from the same seed
        self.injected: Counter[str] = Counter()
        other = self._hold_database if outcome.intake.is_sqlite else self._disconnect
        self._kinds: list[tuple[int, Fault]] = [
            (12, self._kill),
            (5, self._freeze),
            (2, self._forget),
            (2, other),
        ]

    def run(self) -> None:
        """One fault after the other."""
        weights, kinds = zip(*self._kinds, strict=True)
        while not self._stop.wait(self._dice.uniform(*PAUSE_SECONDS)):
            (strike,) = self._dice.choices(kinds, weights)
            # it was down already
            with contextlib.suppress(psutil.NoSuchProcess, DBAPIError, *BROKER_ERRORS):
                self.injected[strike()] += 1

    def _kill(self) -> str:
        name, process = self._any_process()
        workers = process.children()
        if workers and self._dice.random() < 0.5:
            self._dice.choice(workers).kill()
            return f"kill -9 of a worker of {name}"
        process.kill()
        return f"kill -9 of {name}"

    def _freeze(self) -> str:
        name, process = self._any_process()
        seconds = self._dice.choices((self._dice.uniform(*FREEZE_SECONDS), PAST_A_LEASE), (9, 1))[0]
        os.killpg(process.pid, signal.SIGSTOP)  # its number is also that of its group
        self._stop.wait(seconds)
        os.killpg(process.pid, signal.SIGCONT)
        return f"{name} frozen for {'25 s' if seconds == PAST_A_LEASE else '1 to 8 s'}"

    def _forget(self) -> str:
        stream = self._dice.choice(list(SUBSCRIBERS))
        drop_queue(self._register.broker, stream)
        return f"queue of {stream} deleted"

    def _disconnect(self) -> str:
        service, database = self._any_database()
        end = (
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = "
            "current_database() AND pid <> "
        )
        with database.readings() as session:
            session.execute(text(end + "pg_backend_pid()"))
        return f"all connections to the {service} database terminated"

    def _hold_database(self) -> str:
        service, database = self._any_database()
        with database.sessions.begin():
            self._stop.wait(self._dice.uniform(*FREEZE_SECONDS))
        return f"{service} database locked by another for 1 to 8 s"

    def _any_process(self) -> tuple[str, psutil.Process]:
        """A process by its name. Raises NoSuchProcess while it is down."""
        name = self._dice.choice(PROCESSES)
        process = self._register.processes().get(name)
        if process is None:
            raise psutil.NoSuchProcess(0, name)
        return name, process

    def _any_database(self) -> tuple[str, Database]:
        return self._dice.choice(list(self._databases.items()))
