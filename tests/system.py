"""The register as real processes, started as anyone would start it, on a port and data of its own."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import psutil
import psycopg
import urllib3
from kombu import Connection

from tests.databases import ADDRESS, SERVER
from tests.requirements import RABBITMQ_URL

START_SECONDS = 90
ROOT = Path(__file__).parent.parent


class System:
    """A running demonstration. `backend` is sqlite, with the embedded broker, or postgres, with RabbitMQ."""

    def __init__(self, backend: str, folder: Path) -> None:
        self.backend = backend
        self.folder = folder
        self.name = f"lessons_test_{uuid4().hex[:10]}"
        self.port = _free_port()
        self.url = f"http://localhost:{self.port}"
        self.process: subprocess.Popen[bytes] | None = None
        self._pool = urllib3.PoolManager(timeout=30.0, retries=False)

    @property
    def environment(self) -> dict[str, str]:
        """What it is started with."""
        here = {**os.environ, "LESSONS_DATA_DIR": str(self.folder)}
        if self.backend == "postgres":
            here |= {
                "LESSONS_INTAKE_DATABASE_URL": f"{ADDRESS}/{self.name}_intake",
                "LESSONS_REVIEW_DATABASE_URL": f"{ADDRESS}/{self.name}_review",
                "LESSONS_BROKER_URL": RABBITMQ_URL,
                "LESSONS_BROKER_NAMESPACE": self.name,
            }
        return here

    @property
    def keys(self) -> dict[str, str]:
        """The demonstration's API keys."""
        found: dict[str, str] = json.loads((self.folder / "demo.json").read_text(encoding="utf-8"))["keys"]
        return found

    @property
    def log(self) -> str:
        """What its processes have written."""
        return (self.folder / "output.log").read_text(encoding="utf-8")

    def start(self) -> None:
        """Start it and wait until it says that it is ready."""
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / "output.log").touch()
        said = self.log.count("The register is ready")
        with (self.folder / "output.log").open("ab") as output:
            command = [sys.executable, "-m", "services.cli", "up", "--port", str(self.port)]
            self.process = subprocess.Popen(
                command, cwd=ROOT, env=self.environment, stdout=output, stderr=output, stdin=subprocess.DEVNULL
            )
        self.wait_for(lambda: self.log.count("The register is ready") > said, START_SECONDS)

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

    def call(self, who: str | None, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, Any]:
        """Call the API with a demonstration key. Returns the status and the JSON or text."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if who is not None:
            sent["Authorization"] = f"Bearer {self.keys[who]}"
        answer = self._pool.request(method, self.url + path, json=body, headers=sent)
        is_json = "json" in answer.headers.get("content-type", "")
        return answer.status, answer.json() if is_json else answer.data.decode()

    def wait_for(self, look: Callable[[], Any], seconds: float = 10.0) -> Any:
        """Look until something true is seen; fail with the log when patience ends."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            found = look()
            if found:
                return found
            time.sleep(0.05)
        raise AssertionError(f"not seen within {seconds} s; the log ends:\n{self.log[-3000:]}")


@contextmanager
def running_system(backend: str, folder: Path) -> Iterator[System]:
    """A demonstration that runs during the block; it leaves nothing behind."""
    system = System(backend, folder)
    databases = [f"{system.name}_intake", f"{system.name}_review"] if backend == "postgres" else []
    for database in databases:
        _sql(f'CREATE DATABASE "{database}"')
    try:
        system.start()
        yield system
    finally:
        system.stop()
        for database in databases:
            _sql(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')
        if backend == "postgres":
            _drop_topology(system.name)


def _drop_topology(namespace: str) -> None:
    with Connection(RABBITMQ_URL) as connection:
        channel = connection.default_channel
        for queue in ("intake.0.review", "review.0.intake"):
            channel.queue_delete(f"{namespace}.{queue}")
        channel.exchange_delete(namespace)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _sql(statement: str) -> None:
    with psycopg.connect(SERVER, autocommit=True) as connection:
        connection.execute(statement)
