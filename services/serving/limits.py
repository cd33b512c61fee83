"""How much of a worker a stranger may hold, and for how long."""

import resource
from contextlib import suppress
from dataclasses import dataclass

from shared.platform.web.app import LARGEST_REQUEST

SPARE_FILES = 200  # for databases, logs and whatever else a worker opens
WANTED_FILES = 4096


@dataclass(frozen=True)
class Limits:
    """Of each worker. The slowest that a client may be is what a phone reaches on a bad network."""

    threads: int = 2  # more would fight for Python's lock and empty the pool of the database
    connections: int = 500
    room: int = 64 * 2**20  # bytes of all bodies and answers that wait
    largest: int = LARGEST_REQUEST  # bytes of a body; the application refuses what is larger
    drained: int = 16 * LARGEST_REQUEST  # of a larger one, so that the refusal is heard
    idle_seconds: float = 30.0  # until a whole head has come, also between two requests
    silent_seconds: float = 30.0  # between two pieces of a body
    answer_seconds: float = 60.0  # for any answer, beside what its size allows
    slowest: float = 1000.0  # bytes a second, over the whole body or answer

    @property
    def share(self) -> float:
        """What each connection may hold without being asked to leave when the room is full."""
        return self.room / self.connections


def allow_files(connections: int) -> int:
    """Ask the system for enough open files. Returns how many of these connections fit."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = WANTED_FILES if hard == resource.RLIM_INFINITY else min(hard, WANTED_FILES)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        with suppress(OSError, ValueError):  # a system may have a lower bound than it tells
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
            soft = wanted
    if soft == resource.RLIM_INFINITY:
        return connections
    return max(1, min(connections, soft - SPARE_FILES))
