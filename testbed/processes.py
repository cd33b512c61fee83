"""Python modules that run as processes: each has a log, and is ended by its id."""

import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from subprocess import Popen

ROOT = Path(__file__).parent.parent
END_SECONDS = 30.0


@dataclass
class Processes:
    """Those that were started, by name; their logs are in the folder.

    `inside` are words before each command: `("ip", "netns", "exec", "one")` is within a network
    namespace.
    """

    folder: Path
    inside: Sequence[str] = field(default=(), kw_only=True)
    started: dict[str, Popen[bytes]] = field(default_factory=dict, kw_only=True)

    @property
    def environment(self) -> dict[str, str]:
        """What they are started with: nothing that is set for another register."""
        there = os.environ.items()
        return {name: value for name, value in there if not name.startswith("LESSONS_")}

    def run(self, name: str, arguments: Sequence[str], **more: str) -> None:
        """Start a module with its arguments, and with a lifeline as its standard input; `more` is
        for its environment.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / f"{name}.log").open("ab") as log:
            self.started[name] = Popen(
                [*self.inside, sys.executable, "-m", *arguments],
                cwd=ROOT,
                env={**self.environment, **more},
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    @property
    def log(self) -> str:
        """What all of them have written."""
        return "".join(self.log_of(path.stem) for path in sorted(self.folder.glob("*.log")))

    def log_of(self, name: str) -> str:
        """What one of them has written."""
        return (self.folder / f"{name}.log").read_text(encoding="utf-8", errors="replace")

    def died(self) -> dict[str, str]:
        """Those that ended by themselves, each with its exit code and the end of its log."""
        return {
            name: f"{name} ended with {process.returncode}: {self.log_of(name)[-3000:]}"
            for name, process in self.started.items()
            if process.poll() is not None
        }

    def require_running(self) -> None:
        """Raises RuntimeError when one has ended by itself."""
        if died := self.died():
            raise RuntimeError("\n".join(died.values()))

    def stop(self, *names: str) -> dict[str, int]:
        """Ask these, or all, to stop, as Ctrl-C does, and end those that do not.

        Returns their exit codes.
        """
        ending = {name: self.started[name] for name in names or tuple(self.started)}
        for process in ending.values():
            process.send_signal(signal.SIGTERM)
        for name, process in ending.items():
            with suppress(subprocess.TimeoutExpired):
                process.wait(END_SECONDS)
            self.kill(name)
        return {name: process.returncode for name, process in ending.items()}

    def kill(self, name: str) -> None:
        """End one at once (SIGKILL), with what is left of its group."""
        process = self.started.pop(name)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(END_SECONDS)
        if process.stdin is not None:
            process.stdin.close()
