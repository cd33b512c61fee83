"""RabbitMQ's queues: declared when the register is deployed, looked for when a process connects,
mended when lost.
"""

from collections.abc import Iterator
from uuid import uuid4

import pytest
from structlog.testing import capture_logs

from shared.platform.events import INTAKE_STREAM, REVIEW_STREAM
from shared.platform.messaging.broker import Broker
from testbed.machine import RABBITMQ_URL

pytestmark = pytest.mark.rabbitmq
WARNING = "the broker lacks the queues of a stream; they are declared again"


@pytest.fixture
def broker() -> Iterator[Broker]:
    """Names of our own on RabbitMQ, with nothing declared yet."""
    made = Broker(RABBITMQ_URL, namespace=f"lessons-test-{uuid4().hex[:10]}")
    yield made
    with made.connect("tidy up") as connection:
        for stream, subscriber in ((INTAKE_STREAM, "review"), (REVIEW_STREAM, "intake")):
            made.queue_for(subscriber, stream)(connection.default_channel).delete()
        made.exchange(connection.default_channel).delete()


@pytest.fixture
def connection(broker):
    """A connection to look and to spoil with."""
    with broker.connect("test") as made:
        yield made


def warnings_when_a_process_connects(broker, connection):
    with capture_logs() as logs:
        broker.ensure(connection, REVIEW_STREAM)
    return [(entry["log_level"], entry["event"], entry["stream"]) for entry in logs]


def test_a_process_declares_nothing_where_the_register_was_deployed(
    broker, connection, monkeypatch
):
    broker.prepare()
    monkeypatch.setattr(Broker, "declare", lambda *_: pytest.fail("declared"))

    assert broker.is_prepared()
    assert warnings_when_a_process_connects(broker, connection) == []


def test_queues_that_were_deleted_are_declared_again_with_a_warning(broker, connection):
    broker.prepare()
    broker.queue_for("intake", REVIEW_STREAM)(connection.default_channel).delete()

    assert not broker.is_prepared()
    assert warnings_when_a_process_connects(broker, connection) == [
        ("warning", WARNING, "review.0")
    ]
    assert broker.is_prepared()


def test_an_exchange_that_was_deleted_is_declared_again_with_its_binding(broker, connection):
    broker.prepare()
    broker.exchange(connection.default_channel).delete()

    assert warnings_when_a_process_connects(broker, connection) == [
        ("warning", WARNING, "review.0")
    ]
    assert routes(broker, connection)


def test_a_binding_that_was_removed_is_there_again_for_the_next_process_that_connects(
    broker, connection
):
    broker.prepare()
    queue = broker.queue_for("intake", REVIEW_STREAM)(connection.default_channel)
    queue.unbind_from(broker.exchange, REVIEW_STREAM)
    assert not routes(broker, connection)

    assert warnings_when_a_process_connects(broker, connection) == []
    assert routes(broker, connection)


def routes(broker, connection):
    """Whether a message for review's stream finds a queue."""
    with connection.channel() as channel:
        returned = []
        channel.confirm_select()
        channel.events["basic_return"].add(lambda *given: returned.append(given))
        producer = connection.Producer(channel, exchange=broker.exchange, auto_declare=False)
        producer.publish(
            b"?", routing_key=REVIEW_STREAM, content_type="application/data", mandatory=True
        )
        connection.drain_events(timeout=2)
        return not returned
