"""Keeps the processes of the register running on one machine: starts them, starts them again, ends
them together.
"""

import contextlib
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from subprocess import Popen

from shared.platform import clock
from shared.platform.logs import log

LOOK_SECONDS = 0.2
END_SECONDS = 15.0
LONGEST_PAUSE = 30.0
SIGN_SECONDS = 5.0
# longer than anything a loop waits for on its own: SQLite's other writers, a broker, a mail
PATIENCE_SECONDS = 60.0
STEADY_SECONDS = 60.0  # a child that ran so long has earned a quick restart


@dataclass
class Child:
    """One process to keep running: its name and the arguments of the `lessons` command
    that it is.
    """

    name: str
    arguments: tuple[str, ...]
    process: Popen[bytes] | None = None
    failures: int = 0
    started_at: float = 0.0
    start_at: float = 0.0
    sign: object = None
    sign_at: float = 0.0

    def start(self) -> None:
        """Start it in a process group of its own, with a lifeline as its standard input."""
        command = [sys.executable, "-m", "services.cli", *self.arguments]
        # standard output belongs to the command that people called
        log_of_ours = sys.stderr.fileno()
        self.process = Popen(  # noqa: S603 - our own command
            command, stdin=subprocess.PIPE, stdout=log_of_ours, start_new_session=True
        )
        self.started_at = clock.ticks()

    def has_died(self) -> bool:
        """Whether it ran and runs no longer."""
        return self.process is not None and self.process.poll() is not None

    def is_silent(self, sign: object) -> bool:
        """Whether it runs and has shown no new sign of life for too long.

        `sign` is the last one there is.
        """
        if sign != self.sign:
            self.sign, self.sign_at = sign, clock.ticks()
        return (
            self.process is not None
            and clock.ticks() - max(self.sign_at, self.started_at) > PATIENCE_SECONDS
        )

    def plan_restart(self) -> float:
        """Make room for the next start, later after each quick failure.

        Returns the pause in seconds.
        """
        self.signal_all(signal.SIGKILL)  # what it may have left behind holds our port or our locks
        self.failures = 0 if clock.ticks() - self.started_at > STEADY_SECONDS else self.failures + 1
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

    def __init__(
        self, children: list[Child], signs: Callable[[], Mapping[str, object]] = dict
    ) -> None:
        """`signs` tells the last sign of life by the name of a child: something that differs from
        the one before.
        """
        self._children = children
        self._signs = signs
        self._found: Mapping[str, object] = {}
        self._look: threading.Thread | None = None
        self._look_at = 0.0

    def run(self, stop: threading.Event) -> None:
        """Start the children and keep them running until `stop` is set; then end them all."""
        try:
            while not stop.is_set():
                for child in self._children:
                    self._look_after(child)
                self._end_silent()
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

    def _end_silent(self) -> None:
        """End those that live and do nothing, frozen or stuck; they are started again like any that
        died.
        """
        if clock.ticks() < self._look_at:
            return
        self._look_at = clock.ticks() + SIGN_SECONDS
        signs = self._signs_found()
        for child in self._children:
            if child.name not in signs:
                child.sign_at = clock.ticks()  # a database that is away is not the child's silence
            elif child.is_silent(signs[child.name]):
                log.warning("process shows no sign of life", name=child.name)
                child.signal_all(signal.SIGKILL)

    def _signs_found(self) -> Mapping[str, object]:
        """What the last look has found, and begin the next.

        Nothing while that one waits for a database that hangs.

        A thread of its own, because whoever died in the meantime must be started again all the
        same.
        """
        if self._look is not None and self._look.is_alive():
            return {}
        signs, self._found = self._found, {}
        self._look = threading.Thread(target=self._look_for_signs, daemon=True)
        self._look.start()
        return signs

    def _look_for_signs(self) -> None:
        self._found = self._signs()

    def _look_after(self, child: Child) -> None:
        if child.has_died():
            code = child.process.returncode if child.process else None
            log.warning("process died", name=child.name, code=code, again_in=child.plan_restart())
        if child.process is None and clock.ticks() >= child.start_at:
            child.start()
