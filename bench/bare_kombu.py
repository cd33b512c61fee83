"""Bare kombu: publishing with confirms drained per batch, consuming and acknowledging; nothing is
looked up or kept.

As processes (`python -m bench.bare_kombu relay|consumer`) they are the straight line's way from
outbox to review.
"""

import json
import signal
import sys
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any
from uuid import UUID, uuid4

from kombu import Message, Producer
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from services import lifeline
from services.review.desk.model import FIRST_VERSION, Case, Item
from shared.platform import clock, settings
from shared.platform.events import CONTENT_TYPE, INTAKE_STREAM
from shared.platform.messaging.broker import BROKER_ERRORS, Broker
from shared.platform.persistence.engine import open_database
from shared.platform.persistence.outbox import OutboxEvent

BATCH = 100
PREFETCH = 100
TIME_OUT = 30.0


class Publisher:
    """Publishes bodies in batches of 100; where the broker confirms, each batch is confirmed before
    the next.
    """

    def __init__(self, broker: Broker, stream: str) -> None:
        self._connection = broker.connect("bench")
        broker.declare(self._connection, stream)
        self._channel = self._connection.channel()
        self._producer = Producer(self._channel, exchange=broker.exchange, auto_declare=False)
        self._stream = stream
        self._sent = self._confirmed = 0
        self._confirms = broker.confirms
        if self._confirms:
            self._channel.confirm_select()
            self._channel.events["basic_ack"].add(self._on_ack)

    def publish(self, bodies: Sequence[bytes]) -> None:
        """Publish all of them, persistent and in order."""
        for start in range(0, len(bodies), BATCH):
            for body in bodies[start : start + BATCH]:
                self._sent += 1
                self._producer.publish(
                    body,
                    routing_key=self._stream,
                    content_type=CONTENT_TYPE,
                    content_encoding="utf-8",
                    delivery_mode=2,
                )
            while self._confirms and self._confirmed < self._sent:
                self._connection.drain_events(timeout=TIME_OUT)

    def close(self) -> None:
        """Give the connection back."""
        self._connection.release()

    def _on_ack(self, tag: int, multiple: bool) -> None:  # noqa: FBT001 - the signature is AMQP's
        self._confirmed = tag if multiple else self._confirmed + 1


def consume(broker: Broker, subscriber: str, count: int, act: Callable[[Any], None]) -> float:
    """Take `count` messages, give each to `act`, acknowledge it.

    Returns the seconds from the first to the last.
    """
    times: list[float] = []

    def on_message(body: Any, message: Message) -> None:
        times.append(time.perf_counter())
        act(body)
        message.ack()

    with broker.connect("bench") as connection:
        broker.declare(connection, INTAKE_STREAM)
        queue = broker.queue_for(subscriber, INTAKE_STREAM)
        consumer = connection.Consumer(
            queue, callbacks=[on_message], accept=["cloudevents"], prefetch_count=PREFETCH
        )
        with consumer:
            while len(times) < count:
                connection.drain_events(timeout=TIME_OUT)
    return time.perf_counter() - times[0]


def relay(stop: threading.Event) -> None:
    """The straight line's relay: unpublished rows, to the broker, marked."""
    of_intake = settings.read("intake")
    engine = open_database(of_intake.database_url).engine
    publisher = Publisher(Broker(of_intake.broker_url, of_intake.broker_namespace), INTAKE_STREAM)
    waiting = (
        select(OutboxEvent)
        .where(OutboxEvent.published_at.is_(None))
        .order_by(OutboxEvent.id)
        .limit(BATCH)
    )
    while not stop.is_set():
        with Session(engine) as session, session.begin():
            rows = session.scalars(waiting).all()
            publisher.publish([json.dumps(row.data).encode() for row in rows])
            ids = [row.id for row in rows]
            session.execute(
                update(OutboxEvent).where(OutboxEvent.id.in_(ids)).values(published_at=clock.now())
            )
        if not rows:
            stop.wait(0.1)


def consumer(stop: threading.Event) -> None:
    """The straight line's consumer: a case with its items for each message, each in a
    transaction.
    """
    of_review = settings.read("review")
    engine = open_database(of_review.database_url).engine
    broker = Broker(of_review.broker_url, of_review.broker_namespace)

    def insert(body: Any) -> None:
        # a message may come twice
        with suppress(IntegrityError), Session(engine) as session, session.begin():
            session.add(case_of(json.loads(body)))

    while not stop.is_set():
        try:
            consume(broker, "review", 2**62, insert)
        except BROKER_ERRORS:
            # nothing came, or the broker ended a connection that sends no heartbeats
            continue


def case_of(event: dict[str, Any]) -> Case:
    """What the straight line stores of a note."""
    now = clock.now()
    return Case(
        note_id=UUID(event["note_id"]),
        reference=event["reference"],
        version=FIRST_VERSION,
        note_version=1,
        state="submitted",
        language=event["language"],
        sharing=event["sharing"],
        organisation_id=uuid4(),
        vouched=False,
        operation_id=UUID(event["operation"]["id"]),
        operation=event["operation"],
        background={},
        opened_at=now,
        changed_at=now,
        due_at=now,
        items=[
            Item(id=UUID(item["id"]), kind=item["kind"], place=place, content=item[item["kind"]],
                 state="submitted", version=1, readers=[])
            for place, item in enumerate(event["items"])
        ],
    )  # fmt: skip


def _main() -> None:
    lifeline.hold(flagged=True)
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    {"relay": relay, "consumer": consumer}[sys.argv[1]](stop)


if __name__ == "__main__":
    _main()
