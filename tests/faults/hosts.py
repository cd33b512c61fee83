"""Several hosts of one register: each runs processes of it (`lessons run …`) on the servers that
all share.
"""

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from uuid import UUID, uuid4

import urllib3
from sqlalchemy import text

from services import lifeline
from shared.platform.delivery import deliveries
from shared.platform.persistence.engine import Database
from testbed.chaos.tally import Tally
from testbed.client import Client, answers
from testbed.notes import make_note
from testbed.register import OURS, Register
from testbed.world import World
from tests.faults.shown import Shown

START_SECONDS = 60
PATIENCE = 60.0


class Host:
    """One machine with processes of a register of which others run elsewhere.

    `server` is where they are seen to be connected.
    """

    def __init__(self, register: Register, server: Database) -> None:
        self.register = register
        self._server = server

    def serve(self, port: int, address: str = "127.0.0.1") -> None:
        """Start the web processes of both services and wait until they answer."""
        self._launch("front-door", "--port", str(port), "--host", address)
        self._wait_until(lambda: answers(f"http://{address}:{port}/healthz", 1.0))

    def start(self, *names: str) -> None:
        """Start loops and wait until each is connected: it works, or stands by."""
        for name in names:
            self._launch(name)
        self.wait_until_connected(*names)

    def wait_until_connected(self, *names: str) -> None:
        """Wait until PostgreSQL knows each of these loops."""
        self._wait_until(lambda: all(self._is_connected(name) for name in names))

    def kill(self, name: str) -> None:
        """SIGKILL, with all its workers."""
        self.register.kill(name)

    def stop(self) -> None:
        """Leave no process behind."""
        for name in [*self.register.started]:
            self.register.kill(name)

    def died(self) -> dict[str, str]:
        """The processes that ended by themselves, each with the end of its log."""
        return self.register.died()

    def _launch(self, name: str, *options: str) -> None:
        arguments = [*OURS, "run", name, *options, lifeline.FLAG]
        self.register.run(name, arguments, PGAPPNAME=self._called(name))

    def _called(self, name: str) -> str:
        return f"{name} at {self.register.folder.name}"

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

    def _wait_until(self, look: Callable[[], bool]) -> None:
        def look_at_what_runs() -> bool:
            self.register.require_running()
            return look()

        self.register.wait_for(look_at_what_runs, START_SECONDS)


class FieldTeam:
    """Submits one note after the other until the block ends, each until some host
    acknowledges it.
    """

    def __init__(self, urls: Sequence[str], key: str) -> None:
        self.tally = Tally()
        self.acknowledged_at: dict[str, float] = {}
        patience = urllib3.Timeout(connect=1, read=5)
        self._clients = [Client(url, {"field": key}, patience) for url in urls]
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._write)

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
        note = make_note(operation__title=title)
        for client in self._clients:
            answer = client.try_call(
                "field", "POST", "/intake/api/v1/notes", note, Idempotency_Key=title
            )
            if answer is None:
                continue
            assert answer[0] in (200, 201) or answer[0] >= 500, answer
            if answer[0] < 500:
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
    world.reviewer_of_all("reviewer")
    return world.keys["field"]
