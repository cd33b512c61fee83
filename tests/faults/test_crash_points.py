"""A process dies at each point where it makes something durable or tells someone; it starts again,
and nothing is lost.

The points hang on the libraries through which every such step must go (crashing/sitecustomize.py),
so that a new step is a new point by itself: a first journey without any crash lists them. Then all
points of one hook are armed at once, and journeys go on until each of them has killed its process.
"""

import email
import email.policy
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller

from testbed.machine import free_port
from testbed.processes import ROOT
from testbed.register import Register, running_demonstration
from tests.faults.journey import Journeys, journeys_through

pytestmark = [pytest.mark.faults, pytest.mark.timeout(280)]

PAIRS = ["sqlite", pytest.param("postgres", marks=[pytest.mark.postgres, pytest.mark.rabbitmq])]
LONGEST_SECONDS = 150
MAILED = ("a reviewer asks for changes", "decisions", "an entry was withdrawn")
LOOPS = {
    f"{service}-{loop}"
    for service in ("intake", "review")
    for loop in ("relay", "consumer", "clockwork")
}
RELAYS, CONSUMERS = {"intake-relay", "review-relay"}, {"intake-consumer", "review-consumer"}
CLOCKWORKS = {"intake-clockwork", "review-clockwork"}
# Which processes have points of a hook, by the back end. A step that appears where none was, or
# vanishes, is noticed.
PLACES = {
    ("sqlite", "commit"): {"front-door", "events-retry", *LOOPS},
    ("sqlite", "publish"): RELAYS,
    ("sqlite", "acknowledge"): CONSUMERS,
    ("sqlite", "send"): CLOCKWORKS,
    ("sqlite", "pull"): CONSUMERS,
    ("sqlite", "answer"): {"front-door"},
    ("postgres", "commit"): {"front-door", "events-retry", *LOOPS},
    ("postgres", "write"): {"front-door", "review-consumer"},
    ("postgres", "publish"): RELAYS,
    ("postgres", "confirm"): RELAYS,
    ("postgres", "acknowledge"): CONSUMERS,
    ("postgres", "send"): CLOCKWORKS,
    ("postgres", "pull"): CONSUMERS,
    ("postgres", "answer"): {"front-door"},
}


class Points:
    """The folder through which the test and the processes speak of crash points."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for part in ("seen", "armed", "hit"):
            (folder / part).mkdir(parents=True)

    @property
    def environment(self) -> dict[str, str]:
        """What makes a process heed them."""
        return {
            "CRASH_POINTS": str(self.folder),
            "PYTHONPATH": f"{ROOT / 'tests/faults/crashing'}:{ROOT}",
        }

    def names(self, part: str) -> set[str]:
        """The points that were seen, are armed, or were hit."""
        return {path.name for path in (self.folder / part).iterdir()}

    def forget(self) -> None:
        """List anew from here on."""
        for path in (self.folder / "seen").iterdir():
            path.unlink()

    def arm(self, names: set[str]) -> None:
        """From now on each of these kills its process, once."""
        for name in names:
            (self.folder / "armed" / name).touch()

    def disarm(self) -> None:
        """No more crashes."""
        for name in self.names("armed"):
            (self.folder / "armed" / name).unlink(missing_ok=True)


class Letterbox:
    """An SMTP server that keeps the subjects of what it took."""

    def __init__(self) -> None:
        self.subjects: list[str] = []

    async def handle_DATA(self, _server, _session, envelope) -> str:  # noqa: N802 - aiosmtpd's name
        self.subjects.append(_subject(envelope.content))
        return "250 taken"


class CrashingRegister:
    """A running register with its crash points and its mails."""

    def __init__(self, system: Register, points: Points, letterbox: Letterbox) -> None:
        self.system, self.points, self._letterbox = system, points, letterbox
        # before any crash: what only a recovery passes cannot be made to come again
        self.listed = points.names("seen")

    def subjects(self) -> set[str]:
        """The subjects of the mails that arrived.

        One that was sent just before a crash may arrive twice.
        """
        kept = [
            _subject(path.read_bytes()) for path in (self.system.folder / "mail").glob("[!.]*.eml")
        ]
        return {*kept, *self._letterbox.subjects}


def _subject(mail: bytes) -> str:
    return str(email.message_from_bytes(mail, policy=email.policy.default)["Subject"])


@contextmanager
def _running(backend: str, folder: Path) -> Iterator[CrashingRegister]:
    """A register that has been through one journey without a crash.

    Mails go to a folder, or to an SMTP server.
    """
    points, letterbox = Points(folder / "points"), Letterbox()
    controller = Controller(letterbox, hostname="127.0.0.1", port=free_port())
    controller.start()
    mail = (
        {"LESSONS_SMTP_URL": f"smtp://127.0.0.1:{controller.port}"} if backend == "postgres" else {}
    )
    with running_demonstration(backend, folder / "var", **points.environment, **mail) as system:
        points.forget()  # what happens once only, at the first start, is not for these tests
        with journeys_through(system) as journeys:
            journeys.travel(trouble=True)
        time.sleep(6)  # the sign of life of each loop is a point, too
        yield CrashingRegister(system, points, letterbox)
    controller.stop()


@pytest.fixture(scope="module")
def registers(tmp_path_factory) -> Iterator[Callable[[str], CrashingRegister]]:
    """The register of a back end, started when its first test asks, when that of the other back end
    has ended.
    """
    with ExitStack() as opened:
        running: dict[str, CrashingRegister] = {}

        def of(backend: str) -> CrashingRegister:
            if backend not in running:
                opened.close()
                running.clear()
                folder = tmp_path_factory.mktemp(f"crashes-{backend}")
                running[backend] = opened.enter_context(_running(backend, folder))
            return running[backend]

        yield of


def _of_backend(test):
    """A test for each hook of each back end."""
    return pytest.mark.parametrize(
        ("backend", "hook"),
        [
            pytest.param(backend, hook, id=f"{backend}-{hook}", marks=getattr(pair, "marks", ()))
            for pair, backend in zip(PAIRS, ("sqlite", "postgres"), strict=True)
            for of, hook in PLACES
            if of == backend
        ],
    )(test)


@_of_backend
def test_a_process_dies_at_each_point_and_nothing_is_lost_or_doubled(
    registers, backend, hook, record_property
):
    register = registers(backend)
    points = register.points
    of_hook = {name for name in register.listed if name.startswith(f"{hook} ")}
    there = {name for name in of_hook if name.split()[2] not in ("up", "upgrade")}
    assert {name.split()[2] for name in there} == PLACES[backend, hook]
    assert {name.split()[0] for name in register.listed} == {
        hook for of, hook in PLACES if of == backend
    }

    points.arm(there)
    with journeys_through(register.system) as journeys:
        _travel_until_all_were_hit(journeys, points, trouble=hook == "commit")
        assert points.names("hit") >= there
        record_property(f"crash points hit, {backend}", sorted(there))
        tally = journeys.look()
        assert (tally.lost, tally.duplicated, tally.unexpected) == (set(), set(), set())
        assert journeys.shown.out_of_order() == []
        journeys.wait_until_well()
        assert journeys.mails_asked_for() == dict.fromkeys(
            ("returned", "decided", "withdrawn"), len(journeys.references)
        )
        assert {
            (f"Your note {note}: {what}") for note in journeys.references for what in MAILED
        } <= register.subjects()


def _travel_until_all_were_hit(journeys: Journeys, points: Points, *, trouble: bool) -> None:
    deadline = time.monotonic() + LONGEST_SECONDS
    try:
        while points.names("armed") and time.monotonic() < deadline:
            journeys.travel(trouble=trouble)
        assert points.names("armed") == set()  # a point that is never hit proves nothing
    finally:
        points.disarm()
