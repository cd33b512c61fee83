"""Clients that send or read slowly, or not at all: others are served, and they end by a limit."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from uuid import uuid4

import psutil
import pytest
import urllib3

from testbed.client import Answer, Client
from testbed.databases import Templates, open_both
from testbed.notes import make_lesson, make_note
from testbed.register import OURS, Register
from testbed.world import World
from tests.faults.strangers import (
    MEGABYTE,
    Crowd,
    Stranger,
    asks_once,
    body_a_byte_at_a_time,
    body_but_for_its_end,
    body_without_end,
    half_sent_body,
    head_a_byte_at_a_time,
    idle,
    shouts,
    slow_reader,
)

pytestmark = [pytest.mark.faults, pytest.mark.timeout(240)]

MANY = 200


class Door:
    """A front door on databases of its own."""

    def __init__(self, register: Register) -> None:
        self.port = register.port
        self._register = register
        self._url = register.address("front-door")
        self.large = [self._stylesheet(), self._long_note()]

    def get(self, path: str) -> urllib3.BaseHTTPResponse:
        """Ask on a new connection, as a stranger."""
        return urllib3.PoolManager(timeout=10.0, retries=False).request("GET", self._url + path)

    def readers(self, count: int) -> list[Stranger]:
        """So many who read slowly: of a file, and of a note of half a megabyte."""
        sheet, note = self.large
        pairs = [(sheet, ""), (note, self._register.keys["field"])] * (count // 2)
        return [slow_reader(path, key) for path, key in pairs]

    def serves_others(self) -> bool:
        """A note is taken, and the health is told within a second.

        Of three measurements one must be: a busy machine may once keep any process waiting.
        """
        if self._submit(make_note())[0] != 201:
            return False
        return any(self._healthy_within(1.0) for _ in range(3))

    def memory(self) -> int:
        """Bytes that the workers have for themselves."""
        workers = self._workers()
        return sum(worker.memory_full_info().uss for worker in workers)

    def connections(self) -> int:
        """How many connections the workers have with clients."""
        workers = self._workers()
        every = [one for worker in workers for one in worker.net_connections("tcp")]
        own = [one for one in every if one.laddr.port == self.port]
        return sum(one.status != psutil.CONN_LISTEN for one in own)

    def _healthy_within(self, seconds: float) -> bool:
        began = time.monotonic()
        status = self.get("/healthz").status
        return status == 200 and time.monotonic() - began < seconds

    def _workers(self) -> list[psutil.Process]:
        return psutil.Process(self._register.started["front-door"].pid).children()

    def _submit(self, note: object) -> Answer:
        key = uuid4().hex
        client = Client(self._url, self._register.keys)  # on a new connection
        return client.call("field", "POST", "/intake/api/v1/notes", note, Idempotency_Key=key)

    def _stylesheet(self) -> str:
        page = self.get("/library/").data.decode()
        return page.partition('href="/static/app.')[2].partition('"')[0].join(["/static/app.", ""])

    def _long_note(self) -> str:
        long = make_lesson(observation="o" * 9_000, recommendation="r" * 9_000)
        lessons = [long | {"title": f"Lesson {number}"} for number in range(30)]
        status, taken = self._submit(make_note(lessons=lessons))
        assert status == 201, taken
        return f"/intake/api/v1/notes/{taken['reference']}"


@contextmanager
def open_door(world: World, folder: Path, **limits: float) -> Iterator[Door]:
    """A front door during the block; `limits` are others than its own."""
    hasty = ("tests.faults.hasty", *(f"{name}={value}" for name, value in limits.items()))
    register = Register.on(world, folder)
    register.start("front-door", program=hasty if limits else OURS)
    try:
        yield Door(register)
    finally:
        register.stop()


@pytest.fixture(scope="module")
def accounts(templates: Templates) -> Iterator[World]:
    """Databases with a field team, for the doors of this file."""
    with (
        templates.database("sqlite", "intake") as intake_url,
        templates.database("sqlite", "review") as review_url,
    ):
        intake_db, review_db = open_both(intake_url, review_url)
        made = World(intake_db, review_db, intake_url, review_url)
        made.person("field", "field", organisation="Chad Migration Support")
        yield made
        intake_db.close()
        review_db.close()


@pytest.fixture(scope="module")
def door(accounts: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    """A front door with its own limits."""
    with open_door(accounts, tmp_path_factory.mktemp("door")) as opened:
        yield opened


@pytest.fixture(scope="module")
def hasty_door(accounts: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    """A front door that waits a second or two, not half a minute, and has room for little."""
    limits = {"idle_seconds": 1, "silent_seconds": 2, "answer_seconds": 1, "slowest": 10**6}
    with open_door(
        accounts, tmp_path_factory.mktemp("hasty"), **limits, room=4 * MEGABYTE
    ) as opened:
        yield opened


def of(make: Callable[[], Stranger], count: int = MANY) -> list[Stranger]:
    """So many of one kind."""
    return [make() for _ in range(count)]


KINDS: dict[str, Callable[[Door], list[Stranger]]] = {
    "half-sent bodies": lambda _door: of(half_sent_body),
    "idle connections": lambda _door: of(idle),
    "slow readers": lambda door: door.readers(MANY),
    "heads, a byte a second": lambda _door: of(head_a_byte_at_a_time),
    "bodies, a byte a second": lambda _door: of(body_a_byte_at_a_time),
    "bodies without end": lambda _door: of(body_without_end),
    "connections that are kept and not used": lambda _door: of(asks_once),
    "requests and rubbish, and nobody who reads": lambda door: of(partial(shouts, door.large[0])),
}
ALL_THREE = ("half-sent bodies", "idle connections", "slow readers")


def crowd_at(door: Door, *kinds: str) -> Crowd:
    return Crowd(door.port, [stranger for kind in kinds for stranger in KINDS[kind](door)])


@pytest.mark.parametrize("kinds", [*((kind,) for kind in KINDS), ALL_THREE], ids=" and ".join)
def test_others_are_served_while_two_hundred_strangers_of_a_kind_hold(door, kinds):
    with crowd_at(door, *kinds):
        assert door.serves_others()


@pytest.mark.slow
def test_others_are_served_for_minutes_while_six_hundred_strangers_come_back(
    door,
):
    end = time.monotonic() + 150

    while time.monotonic() < end:
        with crowd_at(door, *ALL_THREE):
            again = time.monotonic() + 50
            while time.monotonic() < again:
                assert door.serves_others()
                time.sleep(1)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (half_sent_body, b"HTTP/1.1 408 Request Timeout"),
        (body_a_byte_at_a_time, b"HTTP/1.1 408 Request Timeout"),
        (body_without_end, b"HTTP/1.1 408 Request Timeout"),
        (head_a_byte_at_a_time, None),
        (idle, None),
        (asks_once, b"HTTP/1.1 200 OK"),
    ],
    ids=[
        "half_sent_body",
        "dripping_body",
        "body_without_end",
        "dripping_head",
        "idle",
        "kept_and_not_used",
    ],
)
def test_a_stranger_who_does_not_come_to_an_end_is_ended_and_told_so(hasty_door, make, said):
    with Crowd(hasty_door.port, of(make, 20)) as crowd:
        crowd.wait_for(crowd.have_all_ended)

    assert set(crowd.answers) == ({said} if said else set())


def test_who_reads_too_slowly_is_ended(hasty_door):
    with Crowd(hasty_door.port, hasty_door.readers(20)) as crowd:
        crowd.wait_for(lambda: hasty_door.connections() <= 2)


def test_many_large_bodies_that_wait_take_no_more_memory_than_there_is_room_for(hasty_door):
    before = hasty_door.memory()
    with Crowd(hasty_door.port, of(body_but_for_its_end, 100)):
        grown = hasty_door.memory() - before
        assert hasty_door.serves_others()

    assert grown < 40 * MEGABYTE  # of a hundred that were sent; two workers have room for four each


def test_who_holds_a_connection_and_does_nothing_makes_place_for_others(door):
    with Crowd(door.port, of(idle, 1_500)):
        assert door.serves_others()
