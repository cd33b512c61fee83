"""The relay: numbers what a service committed, then tells the broker.

Numbering never waits for the broker, because subscribers can pull what is numbered. Publishing
comes second, in order; a crash between publishing and marking repeats messages and never loses one.
"""

import threading
from collections.abc import Sequence

from sqlalchemy.exc import DBAPIError

from shared.platform import clock
from shared.platform.events import Envelope
from shared.platform.logs import log
from shared.platform.messaging.broker import BROKER_ERRORS, Broker, what_broker_says
from shared.platform.messaging.publisher import Publisher
from shared.platform.persistence import heartbeat, outbox
from shared.platform.persistence.engine import Database
from shared.platform.persistence.lock import SoleHolder
from shared.platform.persistence.wakeup import Listener

BATCH = outbox.MOST_NUMBERED
POLL_SECONDS = 0.5  # when no wake-up comes
STANDBY_SECONDS = 1.0
# After a round it rests for so many times as long as the round took, and longer the more came: on a
# busy machine rounds come less often and carry more, and leave the processors to who waits for an
# answer.
RESTS = 2
REST_FOR_EACH = 0.005
LONGEST_REST = 0.25
LONGEST_BACK_OFF = 30.0


class Relay:
    """Carries one stream of one service to the broker.

    Start as many as you like: one works, the others stand by.
    """

    part = "relay"

    def __init__(self, database: Database, broker: Broker, stream: str) -> None:
        self._database = database
        self._broker = broker
        self._stream = stream
        self._sole = SoleHolder(database, f"relay-{stream}")
        self._listener = Listener(database.engine)
        self._publisher: Publisher | None = None
        self._failures = 0
        self._carried = 0  # in the last round
        self._not_before = 0.0
        self._next_beat = 0.0
        self._trouble: str | None = None
        self._published: int | None = None  # the broker has all up to here, as far as we know
        self._ahead: list[Envelope] = []  # numbered by us and not yet published

    def run(self, stop: threading.Event) -> None:
        """Work until `stop` is set. Survives a broker or a database that is away."""
        while not stop.is_set():
            begun = clock.ticks()
            try:
                pause = self.work()
            except DBAPIError as error:
                log.warning("relay waits for its database", error=str(error.orig))
                pause = STANDBY_SECONDS
            if pause == POLL_SECONDS:
                stop.wait(
                    min(
                        LONGEST_REST,
                        RESTS * (clock.ticks() - begun) + REST_FOR_EACH * self._carried,
                    )
                )
                self._listener.wait(pause)
            else:
                stop.wait(pause)
        self._listener.close()
        self._drop_publisher()
        self._sole.release()

    def work(self) -> float:
        """One round: number, publish, show a sign of life.

        Returns how long to pause before the next, in seconds.

        That is 0 when more is there already. What is recorded later wakes the relay.
        """
        if not self._sole.holds():
            self._drop_publisher()  # nobody would answer the broker on it while we stand by
            return STANDBY_SECONDS
        # a backlog waits in the database, not here
        numbered = self._number() if len(self._ahead) < BATCH else []
        self._carried = len(numbered)
        is_more = self._publish(numbered) if clock.ticks() >= self._not_before else False
        self._beat()
        return 0.0 if is_more or len(numbered) == BATCH else POLL_SECONDS

    def _number(self) -> list[Envelope]:
        with self._database.readings() as session:
            if not outbox.has_unnumbered(session, self._stream):
                return []
        with self._database.sessions.begin() as session:
            return outbox.number_pending(session, self._stream)

    def _publish(self, numbered: list[Envelope]) -> bool:
        """Publish what we numbered when it follows what is published, else whatever waits.

        Whether more does.
        """
        ours, self._ahead = [*self._ahead, *numbered], []
        envelopes = ours[:BATCH] if self._follow(ours) else self._waiting()
        try:
            self._ahead = ours[BATCH:] + self._tell(envelopes, number=len(ours) <= BATCH)
        except BROKER_ERRORS as error:
            self._back_off(error)
            return False
        if self._trouble is not None:
            # say so at once: the register counts as unwell until then
            self._trouble, self._next_beat = None, 0.0
        self._failures = 0
        if envelopes:
            first, last = envelopes[0].position, envelopes[-1].position
            with self._database.sessions.begin() as session:
                outbox.mark_published(session, self._stream, upto=last)
            names = sorted(
                {envelope.correlationid for envelope in envelopes if envelope.correlationid}
            )
            log.info(
                "events published",
                stream=self._stream,
                first=first,
                last=last,
                correlation_ids=names,
            )
            self._published = last
        return len(envelopes) == BATCH or bool(self._ahead)

    def _follow(self, envelopes: Sequence[Envelope]) -> bool:
        """Whether these are the next to be published, with none between them that another relay
        numbered.
        """
        places = [envelope.position for envelope in envelopes]
        return (
            bool(places)
            and places[0] - 1 == self._published
            and places[-1] - places[0] == len(places) - 1
        )

    def _waiting(self) -> list[Envelope]:
        with self._database.readings() as session:
            return outbox.unpublished(session, self._stream, limit=BATCH)

    def _tell(self, envelopes: Sequence[Envelope], *, number: bool) -> list[Envelope]:
        """Tell the broker. Returns what was numbered meanwhile, if it should `number`."""
        if self._publisher is None:
            self._publisher = Publisher(self._broker, self._stream)
        if not envelopes:
            self._publisher.keep_alive()
            return []
        self._publisher.send(envelopes)
        numbered = self._number_meanwhile() if number else []
        self._publisher.await_confirmation()
        return numbered

    def _number_meanwhile(self) -> list[Envelope]:
        """Number while the broker stores.

        When our own database fails, that is not the broker's trouble.
        """
        try:
            return self._number()
        except DBAPIError:
            return []  # the next round meets it

    def _back_off(self, error: Exception) -> None:
        self._drop_publisher()
        self._published, self._ahead = None, []
        self._failures += 1
        delay = min(LONGEST_BACK_OFF, 0.2 * 2**self._failures)
        self._not_before = clock.ticks() + delay
        self._trouble = f"broker: {what_broker_says(error)}"
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
