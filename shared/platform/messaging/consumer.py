"""The consumer: takes events from the broker for speed, and from the producer itself for truth."""

import socket
import threading
from collections.abc import Sequence
from typing import Any

from kombu import Connection, Message
from sqlalchemy.exc import DBAPIError

from shared.platform import clock
from shared.platform.events import Envelope, UndecodableError
from shared.platform.logs import log
from shared.platform.messaging import subscription
from shared.platform.messaging.broker import BROKER_ERRORS, Broker, what_broker_says
from shared.platform.messaging.pull import ContradictionError, Source, SourceAwayError
from shared.platform.messaging.subscription import Handlers, Outcome, Prefetch
from shared.platform.persistence import heartbeat
from shared.platform.persistence.engine import Database, is_away

STEP_SECONDS = 0.2
STRETCH_SECONDS = 3.0
LONGEST_BACK_OFF = 30.0
PREFETCH = 200
BATCH = 50  # events in one transaction, when so many are there
GLANCE_SECONDS = 0.001  # how long the first of them waits for the next


class DatabaseAwayError(Exception):
    """Our own database does not answer; the broker has no part in it."""


class Consumer:
    """Applies one stream of another service here.

    Several may run: the lock on the cursor keeps them in step.
    """

    part = "consumer"

    def __init__(
        self,
        database: Database,
        broker: Broker,
        source: Source,
        stream: str,
        handlers: Handlers,
        prefetch: Prefetch | None = None,
    ) -> None:
        self._database = database
        self._broker = broker
        self._source = source
        self._stream = stream
        self._handlers = handlers
        self._prefetch = prefetch
        self._connection: Connection | None = None
        self._arrived: list[tuple[Envelope, Message]] = []
        self._failures = 0
        self._connect_at = 0.0
        self._look_at = 0.0
        self._beat_at = 0.0
        self._trouble: str | None = None
        # Without a broker that pushes, what it lost shows only at the next look; so look more often
        # there.
        self.look_seconds = 5.0 if broker.confirms else 1.0

    def run(self, subscriber: str, stop: threading.Event) -> None:
        """Work until `stop` is set.

        Goes on without the broker, only more slowly, and waits for its own database.
        """
        while not stop.is_set():
            try:
                self._listen(subscriber, stop)
                if clock.ticks() >= self._look_at:
                    self.catch_up()
                self._beat()
            except (DBAPIError, DatabaseAwayError) as error:
                log.warning(
                    "consumer waits for its database", error=str(getattr(error, "orig", error))
                )
                self._disconnect()  # what was taken and not applied must come again
                stop.wait(1.0)
        self._disconnect()

    def receive(self, envelopes: Sequence[Envelope], *, are_hints: bool = False) -> Outcome:
        """Apply events in this order, as many as can be, in one transaction; if one fails, each in
        its own.

        Returns what became of the last one that was looked at: after FAILED or HALTED the rest is
        left for later. A GAP anywhere is told before a success. `are_hints` says that the broker
        brought them. Raises DatabaseAwayError: that holds the cursor, and counts as nobody's
        failure.
        """
        try:
            with self._database.sessions.begin() as session:
                outcomes = subscription.apply_all(
                    session, envelopes, self._handlers, self._prefetch, are_hints=are_hints
                )
            _log_applied(envelopes, outcomes)
            return _told_by(outcomes)
        except Exception as error:  # whatever a handler raises
            if is_away(error):
                raise DatabaseAwayError(str(error)) from error
            if len(envelopes) == 1:
                return self._note_failure(envelopes[0], error)
        one_by_one = []
        for envelope in envelopes:
            one_by_one.append(self.receive([envelope], are_hints=are_hints))
            if one_by_one[-1] in (Outcome.FAILED, Outcome.HALTED):
                break
        return _told_by(one_by_one)

    def _note_failure(self, envelope: Envelope, error: Exception) -> Outcome:
        """The event is tried again, then parked."""
        log.error("event failed", **envelope.names, exc_info=error)
        try:
            with self._database.sessions.begin() as session:
                return subscription.note_failure(session, envelope, error)
        except DBAPIError as away:
            # as it is, it could not be told from an error of the embedded broker
            raise DatabaseAwayError(f"{type(away.orig).__name__} while noting a failure") from away

    def catch_up(self) -> None:
        """Ask the producer what lies behind the cursor, and apply it.

        Returns when level, held up or without answer.

        With much to do it returns now and then, to go on at once: the broker and whoever watches us
        want signs of life.
        """
        until = clock.ticks() + STRETCH_SECONDS
        self._look_at = clock.ticks() + self.look_seconds
        while True:
            if clock.ticks() > until:
                self._look_at = 0.0
                return
            with self._database.sessions.begin() as session:
                cursor = subscription.cursor_of(session, self._stream)
                position, event_id, must_wait = (
                    cursor.position,
                    cursor.event_id,
                    subscription.must_wait(cursor),
                )
                if cursor.halted_reason:
                    return
            if must_wait:
                self._look_at = clock.ticks() + STEP_SECONDS
                return
            if not self._pull(position, event_id):
                return

    def _pull(self, position: int, event_id: Any) -> bool:
        """One page. True when there may be more."""
        try:
            page = self._source.page_after(position, event_id)
        except SourceAwayError as error:
            self._trouble = str(error)
            return False
        except ContradictionError as error:
            with self._database.sessions.begin() as session:
                subscription.halt_at(session, self._stream, (position, event_id), str(error))
            return False
        if self._trouble is not None:
            # say so at once: the register counts as unwell until then
            self._trouble, self._beat_at = None, 0.0
        for start in range(0, len(page.events), BATCH):
            outcome = self.receive(page.events[start : start + BATCH])
            if outcome is Outcome.FAILED:
                self._look_at = clock.ticks() + STEP_SECONDS  # for its next attempt
            if outcome in (Outcome.FAILED, Outcome.HALTED):
                return False
        with self._database.sessions.begin() as session:
            cursor = subscription.cursor_of(session, self._stream)
            subscription.note_head(cursor, epoch=page.epoch, head=page.head)
            return cursor.position < page.head and bool(page.events)

    def _listen(self, subscriber: str, stop: threading.Event) -> None:
        """Let the broker bring events for a step; without a broker, wait as long."""
        if clock.ticks() < self._connect_at:
            stop.wait(STEP_SECONDS)
            return
        try:
            if self._connection is None:
                self._connect(subscriber)
            self._drain()
            arrived, self._arrived = self._arrived, []
            if arrived:
                outcome = self.receive([envelope for envelope, _m in arrived], are_hints=True)
                self._look_at = 0.0 if outcome in (Outcome.GAP, Outcome.FAILED) else self._look_at
            for _envelope, message in arrived:
                message.ack()
            self._failures = 0
        except BROKER_ERRORS as error:
            self._lose_connection(error)

    def _lose_connection(self, error: Exception) -> None:
        self._disconnect()
        self._failures += 1
        delay = min(LONGEST_BACK_OFF, 0.2 * 2**self._failures)
        self._connect_at = clock.ticks() + delay
        log.warning("consumer lost its connection", error=what_broker_says(error), again_in=delay)

    def _connect(self, subscriber: str) -> None:
        connection = self._connection = self._broker.connect(f"consumer {subscriber}")
        self._broker.ensure(connection, self._stream)
        consumer = connection.Consumer(
            self._broker.queue_for(subscriber, self._stream),
            callbacks=[self._on_message],
            accept=["cloudevents"],
            prefetch_count=PREFETCH,
            auto_declare=False,
            on_decode_error=self._drop,
        )
        consumer.consume()

    def _drain(self) -> None:
        connection = self._connection
        if connection is None:
            return
        if self._broker.confirms:
            connection.heartbeat_check()
        timeout = STEP_SECONDS
        try:
            while len(self._arrived) < BATCH:
                connection.drain_events(timeout=timeout)
                timeout = GLANCE_SECONDS
        except socket.timeout:  # noqa: UP041 - kombu's own name for "nothing came"
            pass

    def _on_message(self, body: Any, message: Message) -> None:
        try:
            self._arrived.append((Envelope.of_bytes(body), message))
        except UndecodableError as error:
            self._drop(message, error)

    def _drop(self, message: Message, error: Exception) -> None:
        """Not an event of ours. Nothing is lost: whatever stands at its position is pulled."""
        log.warning("message is no event", error=str(error))
        message.ack()
        self._look_at = 0.0

    def _disconnect(self) -> None:
        self._arrived.clear()  # comes again, or is pulled
        if self._connection is not None:
            self._connection.collect(1.0)
            self._connection = None

    def _beat(self) -> None:
        if clock.ticks() >= self._beat_at:
            self._beat_at = clock.ticks() + heartbeat.BEAT_EVERY
            with self._database.sessions.begin() as session:
                heartbeat.beat(session, self.part, trouble=self._trouble)


def _log_applied(envelopes: Sequence[Envelope], outcomes: Sequence[Outcome]) -> None:
    for envelope, outcome in zip(envelopes, outcomes, strict=True):
        if outcome is Outcome.APPLIED:
            log.info("event applied", **envelope.names)
        elif outcome is Outcome.PARKED:
            log.warning("event parked behind another", **envelope.names)


def _told_by(outcomes: Sequence[Outcome]) -> Outcome:
    if Outcome.GAP in outcomes and outcomes[-1] not in (Outcome.FAILED, Outcome.HALTED):
        return Outcome.GAP
    return outcomes[-1]
