"""The register as real processes, started as anyone would start it, on a port and data of
its own.
"""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import psutil
import psycopg
import urllib3
from kombu import Connection

from testbed.databases import ADDRESS, SERVER, drop_kept_aside
from testbed.machine import RABBITMQ_URL, free_port

START_SECONDS = 150  # longer than the register itself waits before it says what is not ready
PATIENCE_SECONDS = 60.0  # for a busy machine; what comes at once is seen at once
ROOT = Path(__file__).parent.parent


class System:
    """A running demonstration.

    `backend` is sqlite, with the embedded broker, or postgres, with RabbitMQ.
    """

    def __init__(self, backend: str, folder: Path, more: Mapping[str, str]) -> None:
        self.backend = backend
        self._more = more
        self.folder = folder
        self.name = f"lessons_test_{uuid4().hex[:10]}"
        self.port = free_port()
        self.url = f"http://localhost:{self.port}"
        self.process: subprocess.Popen[bytes] | None = None
        self._pool = urllib3.PoolManager(timeout=30.0, retries=False)

    @property
    def environment(self) -> dict[str, str]:
        """What it is started with."""
        here = {**os.environ, "LESSONS_DATA_DIR": str(self.folder), **self._more}
        if self.backend == "postgres":
            intake, review = self.databases
            here |= {
                "LESSONS_INTAKE_DATABASE_URL": intake,
                "LESSONS_REVIEW_DATABASE_URL": review,
                "LESSONS_BROKER_URL": RABBITMQ_URL,
                "LESSONS_BROKER_NAMESPACE": self.name,
            }
        return here

    @property
    def databases(self) -> tuple[str, str]:
        """The URLs of intake's database and of review's."""
        if self.backend == "postgres":
            return f"{ADDRESS}/{self.name}_intake", f"{ADDRESS}/{self.name}_review"
        return f"sqlite:///{self.folder}/intake.db", f"sqlite:///{self.folder}/review.db"

    @property
    def keys(self) -> dict[str, str]:
        """The demonstration's API keys."""
        found: dict[str, str] = json.loads((self.folder / "demo.json").read_text(encoding="utf-8"))[
            "keys"
        ]
        return found

    @property
    def log(self) -> str:
        """What its processes have written."""
        return (self.folder / "output.log").read_text(encoding="utf-8")

    def start(self) -> None:
        """Start it and wait until it says that it is ready, or that it answers and a consumer is
        held.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / "output.log").touch()
        said = self._started()
        with (self.folder / "output.log").open("ab") as output:
            command = [sys.executable, "-m", "services.cli", "up", "--port", str(self.port)]
            self.process = subprocess.Popen(
                command,
                cwd=ROOT,
                env=self.environment,
                stdout=output,
                stderr=output,
                stdin=subprocess.DEVNULL,
            )
        self.wait_for(lambda: self._started() > said, START_SECONDS)

    def _started(self) -> int:
        return self.log.count("The register is ready") + self.log.count("but a consumer is held")

    def stop(self) -> None:
        """Ask it to stop, as Ctrl-C does, and wait for that."""
        if self.process is not None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(30)

    def processes(self) -> dict[str, psutil.Process]:
        """Its processes by name; the workers of the front door as front-door-worker."""
        if self.process is None:
            return {}
        found = {}
        for child in psutil.Process(self.process.pid).children(recursive=True):
            try:
                arguments, parent = child.cmdline(), child.parent()
            except psutil.NoSuchProcess:
                continue
            name = arguments[arguments.index("run") + 1] if "run" in arguments else "?"
            is_worker = parent is not None and parent.pid != self.process.pid
            found[f"{name}-worker" if is_worker else name] = child
        return found

    def call(
        self, who: str | None, method: str, path: str, body: Any = None, **headers: str
    ) -> tuple[int, Any]:
        """Call the API with a demonstration key. Returns the status and the JSON or text."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if who is not None:
            sent["Authorization"] = f"Bearer {self.keys[who]}"
        answer = self._pool.request(method, self.url + path, json=body, headers=sent)
        is_json = "json" in answer.headers.get("content-type", "")
        return answer.status, answer.json() if is_json else answer.data.decode()

    def wait_for(self, look: Callable[[], Any], seconds: float = PATIENCE_SECONDS) -> Any:
        """Look until something true is seen; fail with the log when patience ends."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            found = look()
            if found:
                return found
            time.sleep(0.05)
        raise AssertionError(f"not seen within {seconds} s; the log ends:\n{self.log[-3000:]}")


@contextmanager
def running_system(backend: str, folder: Path, **more: str) -> Iterator[System]:
    """A demonstration that runs during the block, with `more` in its environment; it leaves nothing
    behind.
    """
    system = System(backend, folder, more)
    databases = [f"{system.name}_intake", f"{system.name}_review"] if backend == "postgres" else []
    for database in databases:
        _sql(f'CREATE DATABASE "{database}"')
    try:
        system.start()
        yield system
    finally:
        system.stop()
        drop_kept_aside(*(f"{ADDRESS}/{database}" for database in databases))
        for database in databases:
            _sql(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')
        if backend == "postgres":
            drop_topology(system.name)


def drop_topology(namespace: str) -> None:
    """Delete the exchange and the queues of a register on RabbitMQ."""
    with Connection(RABBITMQ_URL) as connection:
        channel = connection.default_channel
        for queue in ("intake.0.review", "review.0.intake"):
            channel.queue_delete(f"{namespace}.{queue}")
        channel.exchange_delete(namespace)


def _sql(statement: str) -> None:
    with psycopg.connect(SERVER, autocommit=True) as connection:
        connection.execute(statement)
