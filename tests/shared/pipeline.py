"""A producer's log, loops in threads, and a record of effects: what the tests of the pipeline are
made of.
"""

import threading
import time
from contextlib import contextmanager

from shared.domain.events import IndicatorAccepted
from shared.platform.events import REVIEW_STREAM
from shared.platform.messaging.consumer import Consumer
from shared.platform.messaging.pull import Page, SourceAwayError
from shared.platform.persistence import outbox


class LogOf:
    """The producer's log without HTTP; it can be away, and counts how often it was asked."""

    def __init__(self, world):
        self._world = world
        self.away = False
        self.asked = 0

    def page_after(self, position, event_id):
        self.asked += 1
        if self.away:
            raise SourceAwayError("away")
        with self._world.review_db.readings() as session:
            stream = outbox.stream_named(session, REVIEW_STREAM)
            rows = outbox.events_after(session, REVIEW_STREAM, position=position, limit=50)
            return Page(stream.epoch, stream.head, [row.envelope(stream.epoch) for row in rows])


@contextmanager
def running(*loops):
    """Loops in threads, until the block ends; one that does not end then fails the test."""
    stop = threading.Event()
    threads = [threading.Thread(target=loop, args=(*arguments, stop)) for loop, *arguments in loops]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join(30)
        assert not any(thread.is_alive() for thread in threads)


class Effects(list):
    """What the consumer's handler saw."""

    @property
    def handlers(self):
        return {IndicatorAccepted: lambda _session, event: self.append(event.code)}

    def wait_for(self, count, seconds=60.0):
        deadline = time.monotonic() + seconds
        while len(self) < count and time.monotonic() < deadline:
            time.sleep(0.02)
        return list(self)


def happen(world, *codes):
    with world.review_db.sessions.begin() as session:
        for code in codes:
            outbox.record(session, IndicatorAccepted(code=code, version=1, definition={}))


def number(world):
    """Number what happened; the envelopes of the whole log."""
    with world.review_db.sessions.begin() as session:
        outbox.number_pending(session, REVIEW_STREAM)
        session.flush()
        epoch = outbox.stream_named(session, REVIEW_STREAM).epoch
        return [
            row.envelope(epoch)
            for row in outbox.events_after(session, REVIEW_STREAM, position=0, limit=10)
        ]


def consumer_of(world, broker, source, effects, *, look_seconds=60.0):
    consumer = Consumer(world.intake_db, broker, source, REVIEW_STREAM, effects.handlers)
    consumer.look_seconds = look_seconds
    return consumer


def fail_once(monkeypatch, owner, name, error):
    """Let the first call of a method raise. Returns a list that then holds the error."""
    original, raised = getattr(owner, name), []

    def method(self, *arguments):
        if not raised:
            raised.append(error)
            raise error
        return original(self, *arguments)

    monkeypatch.setattr(owner, name, method)
    return raised
