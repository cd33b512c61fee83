"""Which connection must go when time, room or places run out. No socket is needed for that."""

import math

import pytest

from services.serving import Limits, limits
from services.serving.connections import Connections, Step
from shared.platform import clock

LIMITS = Limits(connections=4, room=400)  # so that the share of each is 100


class Line:
    """The other end of a connection."""

    def __init__(self):
        self.is_open = True

    def close(self):
        self.is_open = False


@pytest.fixture
def now(monkeypatch):
    """The time, in a list, to be set by the test."""
    time = [0.0]
    monkeypatch.setattr(clock, "ticks", lambda: time[0])
    return time


def admit(connections, step, holds=0, until=math.inf):
    line = Line()
    assert connections.admit(line, "127.0.0.1")
    connections.of(line).go_on(step, holds=holds, until=until)
    return line


def states(*lines):
    return [line.is_open for line in lines]


def test_a_step_whose_time_is_over_ends_the_connection(now):
    connections = Connections(LIMITS)
    early, late = (
        admit(connections, Step.READING, until=5.0),
        admit(connections, Step.WRITING, until=6.0),
    )

    now[0] = 5.0
    connections.end_late()
    at_five = states(early, late)
    now[0] = 5.5
    connections.end_late()

    assert (at_five, states(early, late)) == ([True, True], [False, True])


def test_a_new_one_takes_the_place_of_the_idle_one_that_is_there_longest(now):
    connections = Connections(LIMITS)
    reading = admit(connections, Step.READING)
    now[0] = 1.0
    idle = admit(connections, Step.IDLE)
    now[0] = 2.0
    later, desk = admit(connections, Step.IDLE), admit(connections, Step.AT_DESK)

    new = admit(connections, Step.READING)

    assert states(reading, idle, later, desk, new) == [True, False, True, True, True]


def test_where_none_is_idle_a_new_one_takes_the_place_of_the_slowest(now):
    connections = Connections(LIMITS)
    lines = []
    for now[0], step in enumerate((Step.AT_DESK, Step.WRITING, Step.READING, Step.WRITING)):
        lines.append(admit(connections, step))

    admit(connections, Step.READING)

    assert states(*lines) == [True, False, True, True]


def test_who_waits_for_an_answer_is_never_sent_away_and_a_new_one_is_refused(now):
    connections = Connections(LIMITS)
    lines = [admit(connections, Step.AT_DESK) for _ in range(4)]

    assert not connections.admit(Line(), "127.0.0.1")
    assert states(*lines) == [True, True, True, True]


def test_when_the_room_is_full_who_holds_more_than_its_share_goes_first(now):
    connections = Connections(LIMITS)
    small = admit(connections, Step.READING, holds=100)
    now[0] = 1.0
    large = admit(connections, Step.READING, holds=140)
    now[0] = 2.0
    larger = admit(connections, Step.WRITING, holds=150)
    connections.keep_room()
    fits = states(small, large, larger)

    admit(connections, Step.READING, holds=20)
    connections.keep_room()

    assert (fits, states(small, large, larger)) == ([True, True, True], [True, False, True])


def test_the_room_may_be_overfull_of_what_is_at_the_desk(now):
    connections = Connections(LIMITS)
    desk, reading = (
        admit(connections, Step.AT_DESK, holds=900),
        admit(connections, Step.READING, holds=101),
    )

    connections.keep_room()

    assert states(desk, reading) == [True, False]


@pytest.mark.parametrize(
    ("soft", "hard", "wanted", "asked_for"),
    [
        (256, 4096, 500, 4096),
        (1024, 1024, 500, None),
        (1024, 1_000_000, 500, 4096),
        (600, 600, 400, None),
        (100, 100, 1, None),
    ],
)
def test_connections_are_as_many_as_files_may_be_open(
    monkeypatch,
    soft,
    hard,
    wanted,
    asked_for,
):
    asked = []
    monkeypatch.setattr(limits.resource, "getrlimit", lambda _what: (soft, hard))
    monkeypatch.setattr(limits.resource, "setrlimit", lambda _what, to: asked.append(to[0]))

    assert limits.allow_files(500) == wanted
    assert asked == ([asked_for] if asked_for else [])
