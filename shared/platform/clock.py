"""The only place that asks for the time, so that a test can say what time it is."""

import time
from datetime import UTC, date, datetime, timedelta

EARLIEST_ZONE = timedelta(hours=14)  # that of Kiritimati, before UTC


def now() -> datetime:
    """The present moment, in UTC and aware of it."""
    return datetime.now(UTC)


def today() -> date:
    """The present day in UTC."""
    return now().date()


def latest_day() -> date:
    """The day that has begun somewhere on earth already: what lies behind it is in the future
    everywhere.
    """
    return (now() + EARLIEST_ZONE).date()


def stamp(separator: str = "-") -> str:
    """The present moment to the millisecond, as a part of a name."""
    return f"{now():%Y%m%d{separator}%H%M%S%f}"[:-3]


def ticks() -> float:
    """Seconds on a clock that never jumps: for waits and time-outs, never for anything that is
    stored.
    """
    return time.monotonic()


def pause(seconds: float) -> None:
    """Do nothing for a while."""
    time.sleep(seconds)
