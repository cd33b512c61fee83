"""A relay and a consumer at work while something breaks: events happen at review, their effects are
rows at intake.
"""

import itertools
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy import Column, Integer, MetaData, String, Table, insert, select
from sqlalchemy.exc import DBAPIError

from shared.domain.events import IndicatorAccepted
from shared.platform.events import REVIEW_STREAM
from shared.platform.messaging.broker import Broker
from shared.platform.messaging.consumer import Consumer
from shared.platform.messaging.pull import SourceAwayError
from shared.platform.messaging.relay import Relay
from shared.platform.persistence import heartbeat, outbox
from testbed.chaos.tally import Tally
from testbed.world import World
from tests.shared.pipeline import LogOf, running

SUBJECTS = ("red", "green", "blue")

EFFECTS = Table(
    "effect_of_test",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("subject", String, nullable=False),
    Column("number", Integer, nullable=False),
)


class Log(LogOf):
    """The producer's log. A producer whose database is away gives no answer, as over HTTP."""

    def page_after(self, position, event_id):
        try:
            return super().page_after(position, event_id)
        except DBAPIError as error:
            raise SourceAwayError(str(error.orig)) from error


class Pipeline:
    """Both ends of a stream, what was asked of it, and what came of it.

    The loops use the databases of `looping`, so that a test may dispose of its own connections
    while they work.
    """

    def __init__(
        self, world: World, broker: Broker, relays: int = 1, looping: World | None = None
    ) -> None:
        self.world = world
        self.looping = looping or world
        self.broker = broker
        self.source = Log(self.looping)
        self.tally = Tally()
        self._numbers = itertools.count(1)
        self._relays = relays
        EFFECTS.create(world.intake_db.engine)

    @contextmanager
    def running(self) -> Iterator[None]:
        """Relays and a consumer in threads, until the block ends; a loop that does not end then
        fails the test.
        """
        looping = self.looping
        consumer = Consumer(
            looping.intake_db, self.broker, self.source, REVIEW_STREAM, {IndicatorAccepted: _effect}
        )
        relays = [Relay(looping.review_db, self.broker, REVIEW_STREAM) for _ in range(self._relays)]
        with running(*((relay.run,) for relay in relays), (consumer.run, "intake")):
            yield

    def dispose(self) -> None:
        """Let the test connect anew.

        The loops find out by themselves what became of their connections.
        """
        for database in (self.world.intake_db, self.world.review_db):
            database.engine.dispose()

    def happen(self, count: int) -> None:
        """Commit events for each subject in turn, one in a transaction.

        What raises is not acknowledged.
        """
        for number in itertools.islice(self._numbers, count):
            subject = SUBJECTS[number % len(SUBJECTS)]
            self.tally.attempted.add(f"{subject} {number}")
            with self.world.review_db.sessions.begin() as session:
                outbox.record(
                    session, IndicatorAccepted(code=subject, version=number, definition={})
                )
            self.tally.acknowledged.add(f"{subject} {number}")

    def wait_for_effects(self, seconds: float = 60.0) -> None:
        """Wait until all that was acknowledged has its effect."""
        self._wait(
            lambda: not self._look().lost, seconds, lambda: f"lost: {sorted(self._look().lost)}"
        )

    def wait_until_well(self, seconds: float = 60.0) -> None:
        """Wait until the broker has everything and both loops say that nothing troubles them."""
        self._wait(lambda: not self._troubles(), seconds, lambda: str(self._troubles()))

    def wait_until_published(self, seconds: float = 60.0) -> None:
        """Wait until the broker has everything."""
        self._wait(
            lambda: "unpublished" not in self._troubles(), seconds, lambda: str(self._troubles())
        )

    def assert_kept_the_promise(self) -> None:
        """Nothing lost, twice, or from nowhere; in order for each subject."""
        rows = self._rows()
        tally = self._look()
        assert (tally.lost, tally.duplicated, tally.unexpected) == (set(), set(), set())
        for subject in SUBJECTS:
            numbers = [number for of, number in rows if of == subject]
            assert numbers == sorted(numbers)

    def _rows(self) -> list[tuple[str, int]]:
        with self.world.intake_db.readings() as session:
            return [
                (row.subject, row.number)
                for row in session.execute(select(EFFECTS).order_by(EFFECTS.c.id))
            ]

    def _look(self) -> Tally:
        self.tally.found.clear()
        self.tally.found.update(f"{subject} {number}" for subject, number in self._rows())
        return self.tally

    def _troubles(self) -> dict[str, str]:
        with self.world.review_db.readings() as session:
            unwell = heartbeat.unwell(session, ("relay",))
            waiting = len(outbox.unpublished(session, REVIEW_STREAM, limit=1000))
        with self.world.intake_db.readings() as session:
            unwell |= heartbeat.unwell(session, ("consumer",))
        return {part: wrong.detail for part, wrong in unwell.items()} | (
            {"unpublished": str(waiting)} if waiting else {}
        )

    def _wait(self, look: Callable[[], bool], seconds: float, tell: Callable[[], str]) -> None:
        deadline = time.monotonic() + seconds
        while not look():
            assert time.monotonic() < deadline, f"after {seconds} s: {tell()}"
            time.sleep(0.05)


def survives(pipeline: Pipeline, strike: Callable[[], object], mend: Callable[[], object]) -> None:
    """A fault comes and goes.

    Events arrive before, during and after, and in the end by the broker alone again.
    """
    with pipeline.running():
        pipeline.happen(30)
        pipeline.wait_for_effects()
        try:
            pipeline.happen(30)  # still on their way when it comes
            strike()
            pipeline.happen(30)
            pipeline.wait_for_effects()
        finally:
            mend()
        pipeline.happen(30)
        pipeline.wait_for_effects()
        pipeline.wait_until_well()
        pipeline.source.away = True
        pipeline.happen(30)
        pipeline.wait_for_effects()
    pipeline.assert_kept_the_promise()


def _effect(session, event):
    session.execute(insert(EFFECTS).values(subject=event.code, number=event.version))
