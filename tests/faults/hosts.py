"""Several hosts of one register: each runs processes of it (`lessons run …`) on the servers that
all share.
"""

import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from uuid import UUID, uuid4

import urllib3
from sqlalchemy import text

from services import lifeline
from shared.platform.delivery import deliveries
from shared.platform.persistence.engine import Database
from testbed.chaos.tally import Tally
from testbed.notes import make_note
from testbed.register import ROOT
from testbed.world import SECRET, World
from tests.faults.shown import Shown

START_SECONDS = 60
PATIENCE = 60.0


class Host:
    """One machine.

    `server` is where its processes are seen to be connected; `inside` are words before each
    command.
    """

    def __init__(
        self,
        folder: Path,
        environment: dict[str, str],
        server: Database,
        *,
        inside: Sequence[str] = (),
    ) -> None:
        folder.mkdir(parents=True)
        self._folder = folder
        self._environment = {
            **os.environ,
            "LESSONS_DATA_DIR": str(folder),
            "LESSONS_SECRET_KEY": SECRET,
            **environment,
        }
        self._server = server
        self._lessons = [*inside, sys.executable, "-m", "services.cli"]
        self._processes: dict[str, subprocess.Popen[bytes]] = {}

    def serve(self, port: int, address: str = "127.0.0.1") -> None:
        """Start the web processes of both services and wait until they answer."""
        self._launch("front-door", "--port", str(port), "--host", address)
        self._wait_until("front-door", lambda: _answers(f"http://{address}:{port}/healthz"))

    def start(self, *names: str) -> None:
        """Start loops and wait until each is connected: it works, or stands by."""
        for name in names:
            self._launch(name)
        self.wait_until_connected(*names)

    def wait_until_connected(self, *names: str) -> None:
        """Wait until PostgreSQL knows each of these loops."""
        for name in names:
            self._wait_until(name, lambda name=name: self._is_connected(name))  # type: ignore[misc] # mypy knows no type of a default in a lambda

    def run(self, *arguments: str) -> None:
        """Run a `lessons` command here to its end."""
        subprocess.run(
            [*self._lessons, *arguments], cwd=ROOT, env=self._environment, check=True, timeout=60
        )

    def kill(self, name: str) -> None:
        """SIGKILL, with all its workers."""
        process = self._processes.pop(name)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate(timeout=10)

    def stop(self) -> None:
        """Leave no process behind."""
        for name in [*self._processes]:
            self.kill(name)

    def died(self) -> dict[str, str]:
        """The processes that ended by themselves, each with the end of its log."""
        return {
            name: self.log(name)[-2000:]
            for name, process in self._processes.items()
            if process.poll() is not None
        }

    def log(self, name: str) -> str:
        """What a process has written."""
        return (self._folder / f"{name}.log").read_text(encoding="utf-8")

    def _launch(self, name: str, *options: str) -> None:
        with (self._folder / f"{name}.log").open("ab") as log:
            self._processes[name] = subprocess.Popen(
                # should these tests themselves be killed
                [*self._lessons, "run", name, *options, lifeline.FLAG],
                cwd=ROOT,
                env={**self._environment, "PGAPPNAME": self._called(name)},
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def _called(self, name: str) -> str:
        return f"{name} at {self._folder.name}"

    def _is_connected(self, name: str) -> bool:
        """Connected for a while: the first connection only looks whether these are demonstration
        data.
        """
        query = (
            "SELECT 1 FROM pg_stat_activity WHERE application_name = :name AND now() - "
            "backend_start > '0.5 s'"
        )
        with self._server.readings() as session:
            return session.scalar(text(query), {"name": self._called(name)}) is not None

    def _wait_until(self, name: str, look: Callable[[], bool]) -> None:
        deadline = time.monotonic() + START_SECONDS
        while not look():
            if time.monotonic() > deadline or self._processes[name].poll() is not None:
                raise AssertionError(f"{name} did not start:\n{self.log(name)[-3000:]}")
            time.sleep(0.1)


class FieldTeam:
    """Submits one note after the other until the block ends, each until some host
    acknowledges it.
    """

    def __init__(self, urls: Sequence[str], key: str) -> None:
        self.tally = Tally()
        self.acknowledged_at: dict[str, float] = {}
        self._urls = urls
        self._key = key
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._write)
        self._pool = urllib3.PoolManager(timeout=urllib3.Timeout(connect=1, read=5), retries=False)

    def __enter__(self) -> "FieldTeam":
        self._thread.start()
        return self

    def __exit__(self, *_raised: object) -> None:
        self._stop.set()
        self._thread.join(PATIENCE)

    def seconds_until_one_is_in(self, look: Callable[[], Iterable[str]], since: float) -> float:
        """How long after `since` a note that was acknowledged later than that was seen by
        `look`.
        """
        while time.monotonic() < since + PATIENCE:
            later = {title for title, at in [*self.acknowledged_at.items()] if at > since}
            if later.intersection(look()):
                return time.monotonic() - since
            time.sleep(0.05)
        raise AssertionError(
            f"no effect within {PATIENCE:.0f} s; acknowledged since: {sorted(later)}"
        )

    def _write(self) -> None:
        while not self._stop.wait(0.1):
            title = f"Operation {uuid4().hex}"
            self.tally.attempted.add(title)
            while not (acknowledged := self._is_acknowledged(title)) and not self._stop.is_set():
                time.sleep(0.05)
            if acknowledged:
                self.acknowledged_at[title] = time.monotonic()
                self.tally.acknowledged.add(title)

    def _is_acknowledged(self, title: str) -> bool:
        """Ask the hosts in turn, with the same key each time."""
        headers = {"Authorization": f"Bearer {self._key}", "Idempotency-Key": title}
        note = make_note(operation__title=title)
        for url in self._urls:
            try:
                answer = self._pool.request(
                    "POST", f"{url}/intake/api/v1/notes", json=note, headers=headers
                )
            except urllib3.exceptions.HTTPError:
                continue
            assert answer.status in (200, 201) or answer.status >= 500, answer.data
            if answer.status < 500:
                return True
        return False


class Effects:
    """What the databases show: the titles of the notes that have come so far."""

    def __init__(self, intake: Database, review: Database) -> None:
        self.intake = intake
        self.review = review

    def at_review(self) -> list[str]:
        """Notes that have a case: intake's relay told review's consumer."""
        return self._column(self.review, "SELECT operation->>'title' FROM review_case")

    def at_intake(self) -> list[str]:
        """Notes of which intake knows that they have a reviewer: review's relay told intake's
        consumer.
        """
        return self._column(
            self.intake,
            "SELECT content->'operation'->>'title' FROM note WHERE state = 'assigned'",
        )

    def assigned(self) -> list[str]:
        """Notes once for each time that their case was given to someone: a second time would be a
        doubled effect.
        """
        asked = (
            "SELECT c.operation->>'title' FROM review_case c JOIN history_event e ON "
            "e.case_id = c.id"
        )
        return self._column(self.review, f"{asked} WHERE e.action = 'assigned'")

    def parked(self) -> list[str]:
        """Events that wait for a person, in either database."""
        asked = (
            "SELECT error FROM parked_event UNION ALL SELECT halted_reason FROM cursor WHERE "
            "halted_reason <> ''"
        )
        return self._column(self.review, asked) + self._column(self.intake, asked)

    def out_of_order(self) -> list[UUID]:
        """The events that were applied after a later one of the same note, or twice, on either
        side.
        """
        return Shown(self.intake, self.review).out_of_order()

    def seconds_until_a_mail_is_out(self, since: float) -> float:
        """Ask intake for a mail. How long after `since` its clockwork had sent it."""
        with self.intake.sessions.begin() as session:
            details = {"link": "/", "code": "1234"}
            deliveries.ask_for(
                session,
                recipient="a@example.org",
                template="sign_in",
                language="en",
                details=details,
            )
        while self._column(self.intake, "SELECT recipient FROM delivery WHERE sent_at IS NULL"):
            assert time.monotonic() < since + PATIENCE, (
                f"the mail was not sent within {PATIENCE:.0f} s"
            )
            time.sleep(0.05)
        return time.monotonic() - since

    def close(self) -> None:
        """Give the connections back."""
        self.intake.close()
        self.review.close()

    def tally_of(self, team: FieldTeam) -> Tally:
        """What became of the team's notes, when all acknowledged ones have come all the way or
        patience has ended.
        """
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline and not team.tally.acknowledged <= {*self.at_intake()}:
            time.sleep(0.1)
        here = {*self.at_intake()}
        team.tally.found = Counter(
            title for title in self.assigned() if title in here & team.tally.attempted
        )
        return team.tally

    def _column(self, database: Database, query: str) -> list[str]:
        with database.readings() as session:
            return [row[0] for row in session.execute(text(query))]


def make_people(effects: Effects, intake_url: str, review_url: str) -> str:
    """A field team, and a reviewer for its notes. Returns the field team's key."""
    world = World(effects.intake, effects.review, intake_url, review_url)
    world.person("field", "field", organisation="Chad Migration Support")
    world.reviewer("reviewer", capacity=10_000)
    return world.keys["field"]


def _answers(url: str) -> bool:
    try:
        return bool(urllib3.request("GET", url, timeout=1.0, retries=False).status == 200)
    except urllib3.exceptions.HTTPError:
        return False
