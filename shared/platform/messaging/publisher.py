"""Publishing in order, and knowing what the broker really has."""

import contextlib
import socket
from collections.abc import Sequence
from typing import Any

from kombu import Connection, Producer
from kombu.exceptions import KombuError

from shared.platform import clock
from shared.platform.events import CONTENT_TYPE, Envelope
from shared.platform.messaging.broker import Broker

CONFIRM_SECONDS = 10.0
# py-amqp begins its time-out anew with each heartbeat: a longer one would never end at a broker
# that is out of memory.
STEP_SECONDS = 1.0
GLANCE_SECONDS = 0.001


class UnconfirmedError(KombuError):
    """The broker did not confirm, refused or could not route a message: assume nothing, and connect
    anew.
    """


class Publisher:
    """One connection that publishes the events of one stream.

    After any exception the connection must be dropped: a late confirmation of an older message
    would otherwise be taken for that of a newer one (py-amqp does not compare the tags).
    """

    def __init__(self, broker: Broker, stream: str) -> None:
        self._broker = broker
        self._connection: Connection = broker.connect(f"relay {stream}")
        self._last_tag = 0
        self._awaited: set[int] = set()
        self._refused: list[str] = []
        try:
            broker.ensure(self._connection, stream)
            self._channel = self._connection.channel()
            self._producer = Producer(self._channel, exchange=broker.exchange, auto_declare=False)
            if broker.confirms:
                self._listen()
        except BaseException:  # nor may an interruption leave it half open
            self.close()
            raise

    def publish(self, envelopes: Sequence[Envelope]) -> None:
        """Publish in order; on return the broker has stored all of them.

        Raises when that is not certain.
        """
        self.send(envelopes)
        self.await_confirmation()

    def send(self, envelopes: Sequence[Envelope]) -> None:
        """Send in order; what becomes of them only `await_confirmation` tells."""
        for envelope in envelopes:
            self._send(envelope)

    def await_confirmation(self) -> None:
        """On return the broker has stored all that was sent. Raises when that is not certain."""
        if not self._broker.confirms:
            return
        deadline = clock.ticks() + CONFIRM_SECONDS
        while self._awaited and not self._refused:
            if clock.ticks() > deadline:
                raise UnconfirmedError(f"{len(self._awaited)} messages unconfirmed")
            with contextlib.suppress(socket.timeout):
                self._connection.drain_events(timeout=STEP_SECONDS)
        if self._refused:
            raise UnconfirmedError("; ".join(self._refused))

    def keep_alive(self) -> None:
        """Exchange heartbeats. Raises when the broker is gone."""
        if not self._broker.confirms:
            return
        with contextlib.suppress(socket.timeout):
            # the broker's own heartbeats must be read to count
            self._connection.drain_events(timeout=GLANCE_SECONDS)
        self._connection.heartbeat_check()

    def close(self) -> None:
        """Drop the connection without waiting for a broker that may not answer."""
        self._connection.collect(1.0)

    def _listen(self) -> None:
        self._channel.confirm_select()
        events = self._channel.events
        events["basic_ack"].add(self._on_ack)
        events["basic_nack"].add(
            lambda tag, _multiple: self._refused.append(f"message {tag} refused")
        )
        events["basic_return"].add(lambda error, *_: self._refused.append(f"not routable: {error}"))

    def _on_ack(self, tag: int, multiple: bool) -> None:  # noqa: FBT001 - the signature is AMQP's
        if multiple:
            self._awaited = {awaited for awaited in self._awaited if awaited > tag}
        else:
            self._awaited.discard(tag)

    def _send(self, envelope: Envelope) -> None:
        options: dict[str, Any] = {}
        if self._broker.confirms:
            options["mandatory"] = True
            self._last_tag += 1
            self._awaited.add(self._last_tag)
        self._producer.publish(
            envelope.to_bytes(),
            routing_key=envelope.stream,
            content_type=CONTENT_TYPE,
            content_encoding="utf-8",
            message_id=str(envelope.id),
            delivery_mode=2,
            retry=False,
            **options,
        )
