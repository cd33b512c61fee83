"""The consumer: takes events from the broker for speed, and from the producer itself for truth."""

import socket
import threading
from typing import Any

from kombu import Connection, Message
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError

from shared import clock
from shared.events import Envelope, UndecodableError
from shared.logs import log
from shared.messaging import subscription
from shared.messaging.broker import BROKER_ERRORS, Broker
from shared.messaging.pull import ContradictionError, Source, SourceAwayError
from shared.messaging.subscription import Handlers, Outcome
from shared.persistence import heartbeat
from shared.persistence.engine import Database

STEP_SECONDS = 0.2
LONGEST_BACK_OFF = 30.0
PREFETCH = 100


class Consumer:
    """Applies one stream of another service here. Several may run: the lock on the cursor keeps them in step."""

    part = "consumer"

    def __init__(self, database: Database, broker: Broker, source: Source, stream: str, handlers: Handlers) -> None:
        self._database = database
        self._broker = broker
        self._source = source
        self._stream = stream
        self._handlers = handlers
        self._connection: Connection | None = None
        self._failures = 0
        self._connect_at = 0.0
        self._look_at = 0.0
        self._beat_at = 0.0
        self._trouble: str | None = None
        # Without a broker that pushes, what it lost shows only at the next look; so look more often there.
        self.look_seconds = 5.0 if broker.confirms else 1.0

    def run(self, subscriber: str, stop: threading.Event) -> None:
        """Work until `stop` is set. Goes on without the broker, only more slowly, and waits for its own database."""
        while not stop.is_set():
            try:
                self._listen(subscriber, stop)
                if clock.ticks() >= self._look_at:
                    self.catch_up()
                self._beat()
            except DBAPIError as error:
                log.warning("consumer waits for its database", error=str(error.orig))
                stop.wait(1.0)
        self._disconnect()

    def receive(self, envelope: Envelope) -> Outcome:
        """Apply one event. A database that is away holds the cursor: its exception comes out and nothing is counted."""
        try:
            with self._database.sessions.begin() as session:
                return subscription.apply(session, envelope, self._handlers)
        except (OperationalError, InterfaceError):
            raise
        except Exception as error:  # whatever a handler raises: the event is tried again, then parked
            log.error("event failed", event_id=str(envelope.id), type=envelope.type, exc_info=error)
            with self._database.sessions.begin() as session:
                return subscription.note_failure(session, envelope, error)

    def catch_up(self) -> None:
        """Ask the producer what lies behind the cursor, and apply it. Returns when level, held up or without answer."""
        self._look_at = clock.ticks() + self.look_seconds
        while True:
            with self._database.sessions.begin() as session:
                cursor = subscription.cursor_of(session, self._stream)
                position, event_id, retry_at = cursor.position, cursor.event_id, cursor.retry_at
                if cursor.halted_reason:
                    return
            if retry_at is not None and retry_at > clock.now():
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
                subscription.halt(subscription.cursor_of(session, self._stream), str(error))
            return False
        if self._trouble is not None:
            self._trouble, self._beat_at = None, 0.0  # say so at once: the register counts as unwell until then
        for envelope in page.events:
            outcome = self.receive(envelope)
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
            self._failures = 0
        except BROKER_ERRORS as error:
            self._disconnect()
            self._failures += 1
            delay = min(LONGEST_BACK_OFF, 0.2 * 2**self._failures)
            self._connect_at = clock.ticks() + delay
            log.warning("consumer lost its connection", error=f"{type(error).__name__}: {error}", again_in=delay)

    def _connect(self, subscriber: str) -> None:
        connection = self._broker.connect(f"consumer {subscriber}")
        self._broker.declare(connection, self._stream)
        consumer = connection.Consumer(
            self._broker.queue_for(subscriber, self._stream),
            callbacks=[self._on_message],
            accept=["cloudevents"],
            prefetch_count=PREFETCH,
            on_decode_error=self._drop,
        )
        consumer.consume()
        self._connection = connection

    def _drain(self) -> None:
        connection = self._connection
        if connection is None:
            return
        if self._broker.confirms:
            connection.heartbeat_check()
        try:
            connection.drain_events(timeout=STEP_SECONDS)
        except socket.timeout:  # noqa: UP041 - kombu's own name for "nothing came"
            return

    def _on_message(self, body: Any, message: Message) -> None:
        try:
            envelope = Envelope.of_bytes(body)
        except UndecodableError as error:
            self._drop(message, error)
            return
        outcome = self.receive(envelope)
        message.ack()
        if outcome in (Outcome.GAP, Outcome.FAILED):
            self._look_at = 0.0

    def _drop(self, message: Message, error: Exception) -> None:
        """Not an event of ours. Nothing is lost: whatever stands at its position is pulled."""
        log.warning("message is no event", error=str(error))
        message.ack()
        self._look_at = 0.0

    def _disconnect(self) -> None:
        if self._connection is not None:
            self._connection.collect(1.0)
            self._connection = None

    def _beat(self) -> None:
        if clock.ticks() >= self._beat_at:
            self._beat_at = clock.ticks() + heartbeat.BEAT_EVERY
            with self._database.sessions.begin() as session:
                heartbeat.beat(session, self.part, trouble=self._trouble)
