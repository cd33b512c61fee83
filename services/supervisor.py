"""Keeps the processes of the register running on one machine: starts them, starts them again, ends them together."""

import contextlib
import os
import signal
import subprocess
import sys
import threading
from dataclasses import dataclass
from subprocess import Popen

from shared import clock
from shared.logs import log

LOOK_SECONDS = 0.2
END_SECONDS = 15.0
LONGEST_PAUSE = 30.0
SETTLED_SECONDS = 60.0  # a child that ran so long has earned a quick restart


@dataclass
class Child:
    """One process to keep running: its name and the arguments of the `lessons` command that it is."""

    name: str
    arguments: tuple[str, ...]
    process: Popen[bytes] | None = None
    failures: int = 0
    started_at: float = 0.0
    start_at: float = 0.0

    def start(self) -> None:
        """Start it in a process group of its own, with a lifeline as its standard input."""
        command = [sys.executable, "-m", "services.cli", *self.arguments]
        self.process = Popen(command, stdin=subprocess.PIPE, start_new_session=True)  # noqa: S603 - ourselves
        self.started_at = clock.ticks()

    def has_died(self) -> bool:
        """Whether it ran and runs no longer."""
        return self.process is not None and self.process.poll() is not None

    def plan_restart(self) -> float:
        """Make room for the next start, later after each quick failure. Returns the pause in seconds."""
        self.signal_all(signal.SIGKILL)  # what it may have left behind holds our port or our locks
        self.failures = 0 if clock.ticks() - self.started_at > SETTLED_SECONDS else self.failures + 1
        pause = 0.0 if self.failures == 1 else min(LONGEST_PAUSE, 0.5 * 2**self.failures)
        self.start_at, self.process = clock.ticks() + pause, None
        return pause

    def signal_all(self, number: signal.Signals) -> None:
        """Signal the process and everything in its group."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, number)


class Supervisor:
    """Runs children until told to stop."""

    def __init__(self, children: list[Child]) -> None:
        self._children = children

    def run(self, stop: threading.Event) -> None:
        """Start the children and keep them running until `stop` is set; then end them all."""
        try:
            while not stop.is_set():
                for child in self._children:
                    self._look_after(child)
                stop.wait(LOOK_SECONDS)
        finally:
            self.end()

    def end(self) -> None:
        """Ask all children to end, and end those that do not."""
        for child in self._children:
            child.signal_all(signal.SIGTERM)
        deadline = clock.ticks() + END_SECONDS
        for child in self._children:
            if child.process is not None:
                with contextlib.suppress(subprocess.TimeoutExpired):
                    child.process.wait(max(0.1, deadline - clock.ticks()))
            child.signal_all(signal.SIGKILL)

    def _look_after(self, child: Child) -> None:
        if child.has_died():
            code = child.process.returncode if child.process else None
            log.warning("process died", name=child.name, code=code, again_in=child.plan_restart())
        if child.process is None and clock.ticks() >= child.start_at:
            child.start()
