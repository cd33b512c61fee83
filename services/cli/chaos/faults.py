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
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from services.cli.chaos.ground import Ground, drop_queue
from services.supervisor import Child
from shared.platform.messaging.broker import BROKER_ERRORS, SUBSCRIBERS
from shared.platform.persistence.engine import Database

Fault = Callable[[], str]
PAUSE_SECONDS = 0.3, 2.0
FREEZE_SECONDS = 1.0, 8.0
PAST_A_LEASE = 25.0  # seconds: a standby has taken over by then, where there is one


class Faults:
    """Lets one thing after the other go wrong until it is told to stop, and counts them by kind."""

    def __init__(self, ground: Ground, seed: int, stop: threading.Event) -> None:
        self._ground, self._stop = ground, stop
        self._dice = random.Random(seed)  # noqa: S311 - drawn again from the same seed
        self.injected: Counter[str] = Counter()
        other = self._disconnect if ground.on_servers else self._hold_database
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
            with contextlib.suppress(ProcessLookupError, DBAPIError, *BROKER_ERRORS):
                self.injected[strike()] += 1

    def _kill(self) -> str:
        child = self._dice.choice(self._ground.children)
        workers = _workers_of(child)
        if workers and self._dice.random() < 0.5:
            os.kill(self._dice.choice(workers), signal.SIGKILL)
            return f"kill -9 of a worker of {child.name}"
        os.kill(_pid(child), signal.SIGKILL)
        return f"kill -9 of {child.name}"

    def _freeze(self) -> str:
        child = self._dice.choice(self._ground.children)
        seconds = self._dice.choices((self._dice.uniform(*FREEZE_SECONDS), PAST_A_LEASE), (9, 1))[0]
        group = _pid(child)
        os.killpg(group, signal.SIGSTOP)
        self._stop.wait(seconds)
        os.killpg(group, signal.SIGCONT)
        return f"{child.name} frozen for {'25 s' if seconds == PAST_A_LEASE else '1 to 8 s'}"

    def _forget(self) -> str:
        stream = self._dice.choice(list(SUBSCRIBERS))
        drop_queue(self._ground.broker, stream)
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

    def _any_database(self) -> tuple[str, Database]:
        return self._dice.choice(list(self._ground.databases.items()))


def _pid(child: Child) -> int:
    """The process, which is also the number of its group.

    Raises ProcessLookupError while it is down.
    """
    if child.process is None or child.process.poll() is not None:
        raise ProcessLookupError
    return child.process.pid


def _workers_of(child: Child) -> list[int]:
    """What a process forked; none where the system does not say so (it does on Linux)."""
    pid = _pid(child)
    try:
        return [
            int(word)
            for word in Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
        ]
    except OSError:
        return []
