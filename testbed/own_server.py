"""A server of a test's own: a process as an account without rights, with a folder and a port of its
own.
"""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

import psutil

from testbed.machine import free_port

ACCOUNT = "nobody"  # neither server runs as root
READY_SECONDS = 60.0


class Server:
    """A process with its children, its folder and its log."""

    def __init__(self, host: str, inside: Sequence[str]) -> None:
        self.host = host
        self.port = free_port(host, inside)
        self.folder = Path(tempfile.mkdtemp(prefix="lessons-own-"))
        self._inside = [*inside]
        self._process: subprocess.Popen[bytes] | None = None
        self.own(self.folder)

    @property
    def log(self) -> str:
        """What it has written since its last start."""
        return (self.folder / "output.log").read_text(encoding="utf-8", errors="replace")

    def own(self, path: Path) -> None:
        """Give a file to the account that the server runs as."""
        if os.geteuid() == 0:
            shutil.chown(path, ACCOUNT)

    def kill(self) -> None:
        """Kill it with all its processes (SIGKILL), as a crash of the machine would."""
        for process in self._processes():
            with suppress(psutil.NoSuchProcess):  # its children end when they notice
                process.kill()
        self._gone()

    def terminate(self, number: int = signal.SIGTERM) -> None:
        """Ask it to stop, and wait for that."""
        if self._process is not None:
            self._process.send_signal(number)
            self._gone()

    def freeze(self) -> None:
        """Stop all its processes where they are (SIGSTOP): connections stay open and nothing
        answers.
        """
        for process in self._processes():
            process.suspend()

    def thaw(self) -> None:
        """Let its processes go on."""
        for process in self._processes():
            process.resume()

    def remove(self) -> None:
        """Kill what still runs and delete its folder."""
        self.kill()
        shutil.rmtree(self.folder)

    def command(self, *words: str | Path, **environment: str) -> list[str]:
        """A command as the server's account, where the server is."""
        variables = [
            f"{name}={value}" for name, value in {"HOME": str(self.folder), **environment}.items()
        ]
        become = []
        if os.geteuid() == 0:
            become = [
                "setpriv",
                f"--reuid={ACCOUNT}",
                f"--regid={pwd.getpwnam(ACCOUNT).pw_gid}",
                "--clear-groups",
            ]
        return [*self._inside, *become, "env", *variables, *map(str, words)]

    def run(self, *words: str | Path, **environment: str) -> None:
        """Run a command to its end. Raises with its output when it fails."""
        command = self.command(*words, **environment)
        done = subprocess.run(
            command, cwd=self.folder, capture_output=True, text=True, timeout=60, check=False
        )
        if done.returncode != 0:
            raise RuntimeError(f"{words[0]} failed:\n{done.stdout}{done.stderr}")

    def launch(self, command: list[str], is_ready: Callable[[], bool]) -> None:
        """Start the server and wait until it is ready."""
        with (self.folder / "output.log").open("wb") as output:
            self._process = subprocess.Popen(
                command,
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        deadline = time.monotonic() + READY_SECONDS
        while not is_ready():
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"{command} did not start:\n{self.log[-3000:]}")
            time.sleep(0.05)

    def _processes(self) -> list[psutil.Process]:
        if self._process is None or self._process.poll() is not None:
            return []
        main = psutil.Process(self._process.pid)
        return [main, *main.children(recursive=True)]

    def _gone(self) -> None:
        if self._process is not None:
            self._process.wait(READY_SECONDS)
            self._process = None
