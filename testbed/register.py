"""A register of its own: its configuration, and its processes, which are started as anyone would
start them.
"""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property, partial
from pathlib import Path
from typing import Any
from uuid import uuid4

import psutil

from services import lifeline
from shared.platform.messaging.broker import Broker
from shared.platform.settings import Service, Settings, read
from testbed.client import Answer, Client, answers, wait_for
from testbed.databases import SERVERS, new_pair
from testbed.machine import RABBITMQ_URL, free_port
from testbed.processes import ROOT, Processes
from testbed.queues import drop_topology
from testbed.world import SECRET, World

OURS = ("services.cli",)
START_SECONDS = 150.0  # longer than the register itself waits before it says what is not ready
COMMAND_SECONDS = 1800.0  # a replay of very many events
PATIENCE_SECONDS = 60.0  # for a busy machine; what comes at once is seen at once


@dataclass
class Register(Processes):
    """A register on a folder, databases and queues of its own, of which any processes may be
    started.

    `more` is what else stands in its environment, `keys` are those of its API by who has them.
    """

    intake_url: str
    review_url: str
    broker: Broker
    more: Mapping[str, str] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)
    ports: dict[str, int] = field(default_factory=dict)

    @classmethod
    def on(cls, world: World, folder: Path, broker: Broker | None = None) -> "Register":
        """A register on the databases of a world, with the embedded broker if no other is given."""
        broker = broker or Broker(f"sqla+sqlite:///{folder}/broker.db")
        return cls(folder, world.intake_url, world.review_url, broker, keys=world.keys)

    @property
    def environment(self) -> dict[str, str]:
        """What its processes are started with."""
        return {
            **super().environment,
            "LESSONS_DATA_DIR": str(self.folder),
            "LESSONS_INTAKE_DATABASE_URL": self.intake_url,
            "LESSONS_REVIEW_DATABASE_URL": self.review_url,
            "LESSONS_BROKER_URL": self.broker.url,
            "LESSONS_BROKER_NAMESPACE": self.broker.namespace,
            "LESSONS_INTAKE_URL": self.address("intake-web"),
            "LESSONS_REVIEW_URL": self.address("review-web"),
            "LESSONS_SECRET_KEY": SECRET,
            **self.more,
        }

    def settings(self, service: Service) -> Settings:
        """The configuration of one of its services."""
        return read(service, self.environment)

    @property
    def port(self) -> int:
        """Where its front door listens, or will."""
        return self.ports.get("front-door") or self.ports.setdefault("front-door", free_port())

    @property
    def url(self) -> str:
        """Where people open it."""
        return f"http://localhost:{self.port}"

    def address(self, web: str) -> str:
        """Where a web process listens; the front door is both services."""
        return f"http://127.0.0.1:{self.ports.get(web) or self.port}"

    @cached_property
    def client(self) -> Client:
        """Whoever calls its API at the front door."""
        return Client(self.url, self.keys)

    def call(self, who: str | None, method: str, path: str, *body: Any, **headers: str) -> Answer:
        """Call its API, as `Client.call` does."""
        return self.client.call(who, method, path, *body, **headers)

    def up(self) -> None:
        """Start it whole, as a demonstration; wait until it says that it is ready, or that a
        consumer is held.
        """
        self._start_whole("up")
        demonstration = json.loads((self.folder / "demo.json").read_text(encoding="utf-8"))
        self.keys.update(demonstration["keys"])

    def serve(self) -> None:
        """Start it whole, for real use, and wait as `up` does."""
        self._start_whole("serve")

    def start(self, *names: str, program: Sequence[str] = OURS) -> None:
        """Start processes, and wait until those of the web answer.

        `program` is a module, with its first arguments, that stands in for the register's command.
        """
        webs = [name for name in names if name.endswith(("-web", "-door"))]
        self.ports |= {name: self.ports.get(name) or free_port() for name in webs}
        for name in names:
            port = ["--port", str(self.ports[name])] if name in webs else []
            self.run(name, [*program, "run", name, *port, lifeline.FLAG])
        for name in webs:
            health = "/review/healthz" if name == "review-web" else "/intake/healthz"
            self.wait_for(partial(answers, self.address(name) + health), START_SECONDS)

    def lessons(self, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
        """Run the `lessons` command on it to its end, as a person would; `more` is for its
        environment.
        """
        return subprocess.run(
            [*self.inside, sys.executable, "-m", *OURS, *arguments],
            cwd=ROOT,
            env={**self.environment, **more},
            capture_output=True,
            text=True,
            timeout=COMMAND_SECONDS,
            check=False,
        )

    def processes(self) -> dict[str, psutil.Process]:
        """What a supervisor of it keeps running, by name; the workers of the front door as
        front-door-worker.
        """
        found = {}
        for ours in self.started.values():
            for child in psutil.Process(ours.pid).children(recursive=True):
                try:
                    arguments, parent = child.cmdline(), child.parent()
                except psutil.NoSuchProcess:
                    continue
                name = arguments[arguments.index("run") + 1] if "run" in arguments else "?"
                is_worker = parent is not None and parent.pid != ours.pid
                found[f"{name}-worker" if is_worker else name] = child
        return found

    def wait_for(self, look: Callable[[], Any], seconds: float = PATIENCE_SECONDS) -> Any:
        """Look until something true is seen. Raises TimeoutError, with the end of the log."""
        try:
            return wait_for(look, seconds, "what is waited for")
        except TimeoutError as error:
            raise TimeoutError(f"{error}; the log ends:\n{self.log[-3000:]}") from None

    def _start_whole(self, command: str) -> None:
        said = self._times_ready()
        self.run(command, ["testbed.held", command, "--port", str(self.port)])
        self.wait_for(lambda: self._times_ready() > said, START_SECONDS)

    def _times_ready(self) -> int:
        self.require_running()
        said = self.log
        return said.count("The register is ready") + said.count("but a consumer is held")


@contextmanager
def new_register(
    folder: Path, server: str | None = None, broker_url: str | None = None, **more: str
) -> Iterator[Register]:
    """A register on new databases and queues, with `more` in its environment and nothing running;
    nothing of it stays but what lies in the folder.

    `server` is any database of the server that its databases are to be on, or None for SQLite;
    `broker_url` is None for the embedded broker.
    """
    folder.mkdir(parents=True, exist_ok=True)
    broker = Broker(
        broker_url or f"sqla+sqlite:///{folder}/broker.db", f"lessons_test_{uuid4().hex[:10]}"
    )
    with new_pair(server, folder) as urls:
        made = Register(folder, urls["intake"], urls["review"], broker, more)
        try:
            yield made
        finally:
            made.stop()
            drop_topology(broker)


@contextmanager
def running_demonstration(backend: str, folder: Path, **more: str) -> Iterator[Register]:
    """A demonstration that runs during the block: on "sqlite" with the embedded broker, or on
    "postgres" with RabbitMQ.
    """
    broker_url = RABBITMQ_URL if backend == "postgres" else None
    with new_register(folder, SERVERS[backend], broker_url, **more) as made:
        made.up()
        yield made
