"""The connections of a worker: what each is at, and which must go when time or room runs out."""

import math
from collections import Counter
from collections.abc import Callable, Iterable
from enum import Enum

from tornado.iostream import IOStream

from services.serving.limits import Limits
from shared.platform import clock
from shared.platform.logs import log


class Step(Enum):
    """What a connection is at."""

    IDLE = "idle"  # no request, or not its whole head
    READING = "reading"  # a body
    AT_DESK = "at desk"  # waiting for a thread, or being answered by one
    WRITING = "writing"  # an answer


class Connection:
    """One connection: its step, since when, until when it must be done, and the bytes it holds."""

    def __init__(self, stream: IOStream, address: str) -> None:
        self.stream = stream
        self.address = address
        self.holds = 0
        self.refuse: Callable[[int], None] | None = None  # answers with a status
        self.go_on(Step.IDLE)

    def go_on(self, step: Step, *, until: float = math.inf, holds: int = 0) -> None:
        """Begin the next step."""
        self.step, self.since, self.until, self.holds = step, clock.ticks(), until, holds

    def end(self, status: int) -> None:
        """Close it; a client that is still sending is told why."""
        if self.step is Step.READING and self.refuse is not None:
            self.refuse(status)
        self.stream.close()


class Connections:
    """The connections of one worker."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._open: dict[IOStream, Connection] = {}
        self._ended: Counter[str] = Counter()

    def of(self, stream: IOStream) -> Connection:
        """The connection of a stream. Tornado may ask for one just ended, which nobody keeps."""
        return self._open.get(stream) or Connection(stream, "")

    def admit(self, stream: IOStream, address: str) -> bool:
        """Make a place for a new one. Returns False when all that are there wait for an answer."""
        full = len(self._open) >= self._limits.connections
        if full and not self._end_one_of(self._open.values(), "place"):
            self._ended["refused"] += 1
            return False
        self._open[stream] = Connection(stream, address)
        return True

    def forget(self, stream: IOStream) -> None:
        """It is closed."""
        self._open.pop(stream, None)

    def keep_room(self) -> None:
        """End who holds more than its share, the longest first, until what all hold fits."""
        while sum(one.holds for one in self._open.values()) > self._limits.room:
            large = [one for one in self._open.values() if one.holds > self._limits.share]
            if not self._end_one_of(large, "room"):
                return  # the rest is at the desk and will be gone soon

    def end_late(self) -> None:
        """End those whose time is over, and log how many were ended since the last look."""
        now = clock.ticks()
        for one in [one for one in self._open.values() if now > one.until]:
            self._end(one, "time")
        if self._ended:
            log.info("connections ended for want of", **self._ended)
            self._ended.clear()

    def are_busy(self) -> bool:
        """Whether anybody waits for an answer or is being sent one."""
        return any(one.step in (Step.AT_DESK, Step.WRITING) for one in self._open.values())

    def close(self) -> None:
        """Close all, whatever they are at."""
        for one in list(self._open.values()):
            one.stream.close()

    def _end_one_of(self, some: Iterable[Connection], want: str) -> bool:
        """End an idle one, else the slowest, none that waits for an answer. Returns whether."""
        spared = [one for one in some if one.step is not Step.AT_DESK]
        if not spared:
            return False
        self._end(min(spared, key=lambda one: (one.step is not Step.IDLE, one.since)), want)
        return True

    def _end(self, one: Connection, want: str) -> None:
        self._ended[want] += 1
        self._open.pop(one.stream, None)
        one.end(408 if want == "time" else 503)
