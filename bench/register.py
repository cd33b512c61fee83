"""One register to measure: its configuration, and its processes, which are ended by their ids."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from subprocess import Popen
from typing import Any

import urllib3

from shared.platform.messaging.broker import Broker
from shared.platform.settings import Service, Settings, read
from testbed.machine import free_port
from testbed.world import SECRET

ROOT = Path(__file__).parent.parent
START_SECONDS, END_SECONDS = 60.0, 20.0


@dataclass
class Register:
    """One register on databases and queues of its own, of which any processes may be started."""

    folder: Path
    intake_url: str
    review_url: str
    broker: Broker
    key: str
    processes: dict[str, Popen[bytes]] = field(default_factory=dict)
    ports: dict[str, int] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        """What its processes are started with."""
        return {
            "LESSONS_DATA_DIR": str(self.folder),
            "LESSONS_INTAKE_DATABASE_URL": self.intake_url,
            "LESSONS_REVIEW_DATABASE_URL": self.review_url,
            "LESSONS_BROKER_URL": self.broker.url,
            "LESSONS_BROKER_NAMESPACE": self.broker.namespace,
            "LESSONS_INTAKE_URL": self.address("intake-web"),
            "LESSONS_REVIEW_URL": self.address("review-web"),
            "LESSONS_SECRET_KEY": SECRET,
        }

    def settings(self, service: Service) -> Settings:
        """The configuration of one of its services."""
        return read(service, self.environment)

    def address(self, web: str) -> str:
        """Where a web process listens; the front door is both."""
        port = self.ports.get(web) or self.ports.setdefault("front-door", free_port())
        return f"http://127.0.0.1:{port}"

    def start(self, *names: str, changed: str | None = None) -> None:
        """Start processes, and wait until those of the web answer.

        `changed` is one of bench.launcher's changes.
        """
        webs = [name for name in names if name.endswith(("-web", "-door"))]
        self.ports |= {name: self.ports.get(name) or free_port() for name in webs}
        program = ["bench.launcher", changed] if changed else ["services.cli"]
        for name in names:
            port = ["--port", str(self.ports[name])] if name in webs else []
            self.run(name, [*program, "run", name, *port, "--lifeline"])
        for name in webs:
            health = "/review/healthz" if name == "review-web" else "/intake/healthz"
            wait_for(
                lambda name=name, health=health: _answers(self.address(name) + health),
                START_SECONDS,
                name,
            )  # type: ignore[misc] # mypy knows no type of a default in a lambda

    def run(self, name: str, arguments: list[str]) -> None:
        """Start one Python module as a process of this register, with a lifeline as its standard
        input.
        """
        with (self.folder / f"{name}.log").open("ab") as log:
            self.processes[name] = Popen(
                [sys.executable, "-m", *arguments],
                cwd=ROOT,
                env={**os.environ, **self.environment},
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def require_running(self) -> None:
        """Raises RuntimeError when a process has ended by itself, with the end of its log."""
        for name, process in self.processes.items():
            if process.poll() is not None:
                said = (self.folder / f"{name}.log").read_text(encoding="utf-8", errors="replace")
                raise RuntimeError(f"{name} ended with {process.returncode}: {said[-500:]}")

    def stop(self, *names: str) -> None:
        """End these processes, or all, by their ids."""
        ending = [self.processes.pop(name) for name in names or tuple(self.processes)]
        for process in ending:
            process.send_signal(signal.SIGTERM)
        for process in ending:
            with suppress(subprocess.TimeoutExpired):
                process.wait(END_SECONDS)
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)  # what is left of its group
            process.wait(END_SECONDS)
            if process.stdin is not None:
                process.stdin.close()


def wait_for(look: Callable[[], Any], seconds: float, what: str, *, glance: float = 0.05) -> Any:
    """Look until something true is seen. Raises TimeoutError."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        found = look()
        if found:
            return found
        time.sleep(glance)
    raise TimeoutError(f"{what}: not seen within {seconds:.0f} s")


def _answers(url: str) -> bool:
    try:
        return bool(urllib3.request("GET", url, timeout=5.0, retries=False).status == 200)
    except urllib3.exceptions.HTTPError:
        return False
