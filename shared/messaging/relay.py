"""The relay: numbers what a service committed, then tells the broker.

Numbering never waits for the broker, because subscribers can pull what is numbered. Publishing comes second, in order;
a crash between publishing and marking repeats messages and never loses one.
"""

import threading
from collections.abc import Sequence

from sqlalchemy.exc import DBAPIError

from shared import clock
from shared.events import Envelope
from shared.logs import log
from shared.messaging.broker import BROKER_ERRORS, Broker
from shared.messaging.publisher import Publisher
from shared.persistence import heartbeat, outbox
from shared.persistence.engine import Database
from shared.persistence.lock import SoleHolder

BATCH = 200
POLL_SECONDS = 0.1
STANDBY_SECONDS = 1.0
LONGEST_BACK_OFF = 30.0


class Relay:
    """Carries one stream of one service to the broker. Start as many as you like: one works, the others stand by."""

    part = "relay"

    def __init__(self, database: Database, broker: Broker, stream: str) -> None:
        self._database = database
        self._broker = broker
        self._stream = stream
        self._sole = SoleHolder(database, f"relay-{stream}")
        self._publisher: Publisher | None = None
        self._failures = 0
        self._not_before = 0.0
        self._next_beat = 0.0
        self._trouble: str | None = None

    def run(self, stop: threading.Event) -> None:
        """Work until `stop` is set. Survives a broker or a database that is away."""
        while not stop.is_set():
            try:
                pause = self.work()
            except DBAPIError as error:
                log.warning("relay waits for its database", error=str(error.orig))
                pause = STANDBY_SECONDS
            stop.wait(pause)
        self._drop_publisher()
        self._sole.release()

    def work(self) -> float:
        """One round: number, publish, show a sign of life. Returns how long to pause before the next, in seconds."""
        if not self._sole.holds():
            return STANDBY_SECONDS
        numbered = self._number()
        published = self._publish() if clock.ticks() >= self._not_before else 0
        self._beat()
        return 0.0 if numbered or published else POLL_SECONDS

    def _number(self) -> int:
        with self._database.readings() as session:
            if not outbox.has_unnumbered(session, self._stream):
                return 0
        with self._database.sessions.begin() as session:
            return outbox.number_pending(session, self._stream)

    def _publish(self) -> int:
        envelopes = self._waiting()
        try:
            self._tell(envelopes)
        except BROKER_ERRORS as error:
            self._back_off(error)
            return 0
        if self._trouble is not None:
            self._trouble, self._next_beat = None, 0.0  # say so at once: the register counts as unwell until then
        self._failures = 0
        if envelopes:
            with self._database.sessions.begin() as session:
                outbox.mark_published(session, [envelope.id for envelope in envelopes])
        return len(envelopes)

    def _waiting(self) -> list[Envelope]:
        with self._database.readings() as session:
            epoch = outbox.stream_named(session, self._stream).epoch
            return [row.envelope(epoch) for row in outbox.unpublished(session, self._stream, limit=BATCH)]

    def _tell(self, envelopes: Sequence[Envelope]) -> None:
        if self._publisher is None:
            self._publisher = Publisher(self._broker, self._stream)
        if envelopes:
            self._publisher.publish(envelopes)
        else:
            self._publisher.keep_alive()

    def _back_off(self, error: Exception) -> None:
        self._drop_publisher()
        self._failures += 1
        delay = min(LONGEST_BACK_OFF, 0.2 * 2**self._failures)
        self._not_before = clock.ticks() + delay
        self._trouble = f"broker: {type(error).__name__}: {error}"[:500]
        log.warning("relay cannot publish", error=self._trouble, again_in=delay)

    def _drop_publisher(self) -> None:
        if self._publisher is not None:
            self._publisher.close()
            self._publisher = None

    def _beat(self) -> None:
        if clock.ticks() >= self._next_beat:
            self._next_beat = clock.ticks() + heartbeat.BEAT_EVERY
            with self._database.sessions.begin() as session:
                heartbeat.beat(session, self.part, trouble=self._trouble)
