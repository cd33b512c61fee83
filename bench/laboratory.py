"""Registers to measure, on databases that are copied from one prepared pair and queues of their
own.
"""

import json
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

from bench.rows import stored_by
from services import demonstration
from shared.platform.messaging.broker import Broker
from shared.platform.settings import SERVICES
from testbed.databases import ADDRESS, create_database, drop_database, open_both, set_up
from testbed.machine import RABBITMQ_URL
from testbed.queues import drop_topology
from testbed.register import Register
from testbed.world import World

NOTE: dict[str, Any] = demonstration.notes()[-1][1]
"""The note that is handed in again and again: one of the demonstration's, three lessons
and five benchmarks.
"""


@dataclass(frozen=True)
class Plan:
    """How much is measured: rounds, seconds of a slice if not each part's own, notes for replay and
    memory.
    """

    rounds: int = 5
    seconds: float | None = None
    notes: int = 100_000

    @property
    def backlog(self) -> int:
        """Events for a slice of the relay; half as many for one of the consumer."""
        return min(2000, self.notes)


class Laboratory:
    """One back end, prepared: a pair of databases with people and two notes, to be copied for each
    register.
    """

    def __init__(self, backend: str, folder: Path) -> None:
        self.backend = backend
        self._folder = folder
        self._run = f"lessons_bench_{uuid4().hex[:8]}"
        self._made: list[str] = []
        self._registers: list[Register] = []
        self.seed: dict[str, str] = {}

    def register(self) -> Register:
        """One more register, with nothing running."""
        folder = self._folder / f"register-{len(self._registers)}"
        folder.mkdir()
        url = RABBITMQ_URL if self.backend == "postgres" else f"sqla+sqlite:///{folder}/broker.db"
        broker = Broker(url, f"{self._run}_{len(self._registers)}")
        broker.prepare()
        urls = self.copy("intake"), self.copy("review")
        made = Register(folder, *urls, broker, keys={**self.keys})
        self._registers.append(made)
        return made

    def copy(self, service: str) -> str:
        """The URL of one more copy of a prepared database."""
        if self.backend == "sqlite":
            path = self._folder / f"{service}-{uuid4().hex[:8]}.db"
            shutil.copyfile(self.seed[service].removeprefix("sqlite:///"), path)
            return f"sqlite:///{path}"
        return self._new(service, template=self.seed[service].rpartition("/")[2])

    def close(self) -> None:
        """Leave nothing behind."""
        with ExitStack() as leaving:  # one that fails does not keep the others
            for name in self._made:
                leaving.callback(drop_database, name)
            for register in self._registers:
                leaving.callback(drop_topology, register.broker)
                leaving.callback(register.stop)

    def _new(self, service: str, *, template: str = "template1") -> str:
        name = f"{self._run}_{service}_{len(self._made)}"
        if self.backend == "sqlite":
            return f"sqlite:///{self._folder}/seed-{service}.db"
        create_database(name, template=template)
        self._made.append(name)
        return f"{ADDRESS}/{name}"

    def prepare(self) -> None:
        """Fill the pair; keep the rows that a note leaves at intake, and the event by which review
        answers.
        """
        for service in SERVICES:
            self.seed[service] = self._new(service)
            set_up(self.seed[service], service)
        intake, review = open_both(self.seed["intake"], self.seed["review"])
        world = World(intake, review, self.seed["intake"], self.seed["review"])
        world.person("field", "field", organisation=NOTE["organisation"])
        world.reviewer_of_all("reviewer")
        self.keys = world.keys
        world.submit(NOTE)
        headers = {"Idempotency_Key": "the one that is looked at"}
        self.note = stored_by(
            self.seed["intake"],
            lambda: world.call("field", "POST", "/intake/api/v1/notes", NOTE, **headers),
        )
        self.assigned = stored_by(self.seed["review"], world.carry, tables=["outbox"])
        intake.close()
        review.close()


@contextmanager
def laboratory(backend: str) -> Iterator[Laboratory]:
    """A back end to measure on, gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="lessons-bench-") as folder:
        made = Laboratory(backend, Path(folder))
        try:
            made.prepare()
            yield made
        finally:
            made.close()


def body(content: str | None = None) -> tuple[str, str]:
    """A note as JSON in two halves, between which a number makes each note another one."""
    note = json.loads(content or json.dumps(NOTE))
    note["lessons"][0]["title"] += " @@@"
    before, _mark, after = json.dumps(note, ensure_ascii=False).partition("@@@")
    return before, after
