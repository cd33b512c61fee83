"""Relay, broker and consumer together: on the embedded broker and on RabbitMQ, with SQLite and
PostgreSQL.
"""

import threading
import time
from collections.abc import Iterator
from uuid import uuid4

import pytest
from amqp.exceptions import ConnectionForced, NotFound
from kombu import Producer

from shared.domain.events import IndicatorAccepted
from shared.platform.events import REVIEW_STREAM
from shared.platform.messaging import subscription
from shared.platform.messaging.broker import Broker, UnsafeBrokerError
from shared.platform.messaging.consumer import Consumer
from shared.platform.messaging.publisher import Publisher, UnconfirmedError
from shared.platform.messaging.pull import ContradictionError
from shared.platform.messaging.relay import Relay
from shared.platform.persistence import heartbeat, inbox, outbox
from shared.platform.persistence.heartbeat import Unwell
from testbed.machine import RABBITMQ_URL
from testbed.world import World
from tests.shared.pipeline import Effects, LogOf, consumer_of, fail_once, happen, running

PAIRS = [
    "sqlite",
    pytest.param("postgres", marks=[pytest.mark.postgres, pytest.mark.rabbitmq]),
]


@pytest.fixture(params=PAIRS)
def backend(request) -> str:
    """The database; the broker goes with it."""
    return request.param


@pytest.fixture
def broker(backend, tmp_path) -> Iterator[Broker]:
    """SQLite with the embedded broker, PostgreSQL with RabbitMQ, under names of its own."""
    if backend == "sqlite":
        made = Broker(f"sqla+sqlite:///{tmp_path}/broker.db")
        made.prepare()
        yield made
        return
    made = Broker(RABBITMQ_URL, namespace=f"lessons-test-{uuid4().hex[:10]}")
    made.prepare()
    yield made
    with made.connect("tidy up") as connection:
        for stream, subscriber in (("intake.0", "review"), ("review.0", "intake")):
            made.queue_for(subscriber, stream)(connection.default_channel).delete()
        made.exchange(connection.default_channel).delete()


def test_what_happens_here_is_applied_there_in_order(world: World, broker):
    effects, codes = Effects(), [f"{number:03d}" for number in range(300)]
    consumer = consumer_of(world, broker, LogOf(world), effects)
    relay = Relay(world.review_db, broker, REVIEW_STREAM)

    with running((relay.run,), (consumer.run, "intake")):
        for start in range(0, 300, 50):
            happen(world, *codes[start : start + 50])
        assert effects.wait_for(300) == codes


def test_the_broker_alone_brings_an_event_without_a_look_at_the_producer(world: World, broker):
    effects, source = Effects(), LogOf(world)
    consumer = consumer_of(world, broker, source, effects)
    consumer._look_at = time.monotonic() + 60
    relay = Relay(world.review_db, broker, REVIEW_STREAM)

    with running((relay.run,), (consumer.run, "intake")):
        happen(world, "a", "b")
        assert effects.wait_for(2) == ["a", "b"]

    assert source.asked == 0


def test_a_relay_that_comes_back_to_a_backlog_keeps_no_more_of_it_than_it_publishes_at_once(
    world: World, broker, monkeypatch
):
    monkeypatch.setattr("shared.platform.messaging.relay.BATCH", 5)
    monkeypatch.setattr(outbox.number_pending, "__kwdefaults__", {"limit": 5})
    happen(world, *[f"{number:02d}" for number in range(60)])
    relay = Relay(world.review_db, broker, REVIEW_STREAM)

    kept = []
    while relay.work() == 0.0:
        kept.append(len(relay._ahead))
    stopped = threading.Event()
    stopped.set()
    relay.run(stopped)

    assert len(kept) == 12
    assert max(kept) == 5
    with world.review_db.readings() as session:
        assert outbox.unpublished(session, REVIEW_STREAM, limit=1) == []


def test_what_the_broker_lost_is_pulled(world: World, broker):
    effects = Effects()
    happen(world, "lost 1", "lost 2")
    with world.review_db.sessions.begin() as session:
        outbox.number_pending(session, REVIEW_STREAM)
        outbox.mark_published(session, REVIEW_STREAM, upto=2)
    consumer = consumer_of(world, broker, LogOf(world), effects)
    consumer._look_at = time.monotonic() + 60
    relay = Relay(world.review_db, broker, REVIEW_STREAM)

    with running((relay.run,), (consumer.run, "intake")):
        happen(world, "arrives")
        assert effects.wait_for(3) == ["lost 1", "lost 2", "arrives"]


def test_without_any_broker_events_arrive_by_looking(world: World, tmp_path):
    effects = Effects()
    nowhere = Broker("amqp://guest:guest@127.0.0.1:1//")
    consumer = consumer_of(world, nowhere, LogOf(world), effects, look_seconds=0.1)
    relay = Relay(world.review_db, nowhere, REVIEW_STREAM)

    with running((relay.run,), (consumer.run, "intake")):
        happen(world, "a", "b")
        assert effects.wait_for(2) == ["a", "b"]

    with world.review_db.readings() as session:
        assert len(outbox.unpublished(session, REVIEW_STREAM, limit=10)) == 2


def test_a_consumer_says_at_once_that_its_trouble_is_over(world: World, broker):
    source = LogOf(world)
    source.away = True
    consumer = consumer_of(world, broker, source, Effects())

    def trouble():
        consumer.catch_up()
        consumer._beat()
        with world.intake_db.readings() as session:
            return heartbeat.unwell(session, ("consumer",))

    assert trouble() == {"consumer": Unwell("in trouble", "away")}
    source.away = False
    assert trouble() == {}


def test_a_relay_that_cannot_reach_its_broker_says_so_and_publishes_later(world: World, broker):
    relay = Relay(world.review_db, Broker("amqp://guest:guest@127.0.0.1:1//"), REVIEW_STREAM)
    happen(world, "a")
    relay.work()

    with world.review_db.readings() as session:
        assert "Connection refused" in heartbeat.unwell(session, ("relay",))["relay"].detail
        assert outbox.stream_named(session, REVIEW_STREAM).head == 1

    second = Relay(world.review_db, broker, REVIEW_STREAM)
    assert second.work() == 1.0  # stands by while the first holds the right
    relay._sole.release()
    second.work()
    with world.review_db.readings() as session:
        assert outbox.unpublished(session, REVIEW_STREAM, limit=10) == []
    second._drop_publisher()
    second._sole.release()


def test_a_message_that_is_no_event_is_dropped_and_harms_nothing(world: World, broker):
    effects = Effects()
    consumer = consumer_of(world, broker, LogOf(world), effects)
    relay = Relay(world.review_db, broker, REVIEW_STREAM)
    with broker.connect("stranger") as connection:
        broker.declare(connection, REVIEW_STREAM)
        producer = Producer(connection.channel(), exchange=broker.exchange)
        for body, content_type in (
            (b"{", "application/cloudevents+json"),
            (b'{"specversion": "1.0"}', "application/cloudevents+json"),
            (b"\x80\x04", "application/x-python-serialize"),
        ):
            producer.publish(
                body,
                routing_key=REVIEW_STREAM,
                content_type=content_type,
                content_encoding="binary",
            )

    with running((relay.run,), (consumer.run, "intake")):
        happen(world, "a")
        assert effects.wait_for(1) == ["a"]


def test_a_failing_event_is_tried_again_and_then_parked_while_others_go_on(world: World, broker):
    seen = []

    def handler(_session, event):
        seen.append(event.code)
        if event.code == "bad":
            raise ValueError("broken")

    consumer = Consumer(
        world.intake_db, broker, LogOf(world), REVIEW_STREAM, {IndicatorAccepted: handler}
    )
    relay = Relay(world.review_db, broker, REVIEW_STREAM)

    with running((relay.run,), (consumer.run, "intake")):
        happen(world, "bad", "good")
        deadline = time.monotonic() + 60
        while "good" not in seen and time.monotonic() < deadline:
            time.sleep(0.05)

    assert seen.count("good") == 1
    with world.intake_db.readings() as session:
        parked = inbox.parked_events(session)
        assert [(event.envelope["data"]["code"], event.attempts) for event in parked] == [
            ("bad", 5)
        ]


def test_a_producer_that_contradicts_the_cursor_halts_the_consumer(world: World, broker):
    class Restored:
        def page_after(self, _position, _event_id):
            raise ContradictionError("The cursor is at 9, the log ends at 3: was it restored?")

    effects = Effects()
    consumer = consumer_of(world, broker, Restored(), effects)
    consumer.catch_up()

    with world.intake_db.sessions.begin() as session:
        assert "was it restored" in subscription.cursor_of(session, REVIEW_STREAM).halted_reason


@pytest.mark.rabbitmq
def test_a_relay_that_has_nothing_to_tell_keeps_its_connection(world: World, monkeypatch):
    monkeypatch.setattr("shared.platform.messaging.broker.HEARTBEAT_SECONDS", 1)
    broker = Broker(RABBITMQ_URL, namespace=f"lessons-test-{uuid4().hex[:10]}")
    relay = Relay(world.review_db, broker, REVIEW_STREAM)
    relay.work()
    publisher = relay._publisher

    with running((relay.run,)):
        time.sleep(4)
        assert relay._publisher is publisher

    with broker.connect("tidy up") as connection:
        broker.queue_for("intake", REVIEW_STREAM)(connection.default_channel).delete()
        broker.exchange(connection.default_channel).delete()


@pytest.mark.parametrize(
    "error", [ConnectionForced("by the operator"), NotFound("no queue"), BrokenPipeError()]
)
def test_relay_and_consumer_outlive_a_broker_that_cuts_them_off(
    world: World, broker, monkeypatch, error
):
    effects = Effects()
    relay = Relay(world.review_db, broker, REVIEW_STREAM)
    consumer = consumer_of(world, broker, LogOf(world), effects)
    cut_off = (
        fail_once(monkeypatch, Publisher, "send", error),
        fail_once(monkeypatch, Consumer, "_drain", error),
    )

    with running((relay.run,), (consumer.run, "intake")):
        happen(world, "a", "b")
        assert effects.wait_for(2) == ["a", "b"]

    assert [len(raised) for raised in cut_off] == [1, 1]


@pytest.mark.rabbitmq
@pytest.mark.parametrize("loop", ["relay", "consumer"])
def test_a_connection_that_breaks_while_it_is_made_is_closed(world: World, monkeypatch, loop):
    broker, made = Broker(RABBITMQ_URL), []

    def break_off(_broker, connection, _stream):
        connection.ensure_connection(max_retries=1)
        made.append((connection, connection.connected))
        raise ConnectionForced("by the operator")

    monkeypatch.setattr(Broker, "ensure", break_off)
    if loop == "relay":
        relay = Relay(world.review_db, broker, REVIEW_STREAM)
        relay.work()
        relay._sole.release()
    else:
        consumer_of(world, broker, LogOf(world), Effects())._listen("intake", threading.Event())

    ((connection, was_connected),) = made
    assert (was_connected, connection.connected) == (True, False)


@pytest.mark.rabbitmq
def test_an_unroutable_message_is_not_taken_for_published(world: World):
    broker = Broker(RABBITMQ_URL, namespace=f"lessons-test-{uuid4().hex[:10]}")
    publisher = Publisher(broker, REVIEW_STREAM)
    with broker.connect("vandal") as connection:
        broker.queue_for("intake", REVIEW_STREAM)(connection.default_channel).delete()
    happen(world, "a")
    with world.review_db.sessions.begin() as session:
        outbox.number_pending(session, REVIEW_STREAM)
        session.flush()
        envelopes = outbox.unpublished(session, REVIEW_STREAM, limit=1)

    with pytest.raises(UnconfirmedError, match="not routable"):
        publisher.publish(envelopes)

    publisher.close()
    with broker.connect("tidy up") as connection:
        broker.exchange(connection.default_channel).delete()


def test_the_embedded_broker_is_swept_of_what_was_consumed(world: World, tmp_path):
    broker = Broker(f"sqla+sqlite:///{tmp_path}/broker.db")
    broker.prepare()
    effects = Effects()
    consumer = consumer_of(world, broker, LogOf(world), effects)
    consumer._look_at = time.monotonic() + 60  # all three must come by the broker
    relay = Relay(world.review_db, broker, REVIEW_STREAM)

    with running((relay.run,), (consumer.run, "intake")):
        happen(world, "a", "b", "c")
        effects.wait_for(3)

    assert broker.sweep() == 3
    assert broker.sweep() == 0


def test_an_embedded_broker_that_was_deleted_is_swept_without_harm(tmp_path):
    broker = Broker(f"sqla+sqlite:///{tmp_path}/broker.db")
    broker.prepare()
    (tmp_path / "broker.db").unlink()

    assert broker.sweep() == 0


def test_a_transport_that_loses_events_is_refused():
    with pytest.raises(UnsafeBrokerError):
        Broker("filesystem://")
