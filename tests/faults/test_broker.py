"""A broker that dies, hangs, forgets or is cut off: events still arrive, once and in order, and by
it again later.
"""

import sqlite3
import time
from uuid import uuid4

import pytest

from shared.platform.events import REVIEW_STREAM
from shared.platform.messaging.broker import Broker
from testbed.servers import own_rabbitmq
from testbed.world import World
from tests.faults.pipeline import Pipeline, survives
from tests.faults.proxy import proxy_to

pytestmark = [pytest.mark.faults, pytest.mark.timeout(180)]
# A quorum queue that was declared just before its node is killed may come back without a leader,
# and for ever (rabbitmq-server#10070). Declaring is a step of the installation, so it lies behind
# us when something breaks.
SETTLED_SECONDS = 2.0


@pytest.fixture(scope="module")
def rabbitmq():
    with own_rabbitmq() as server:
        yield server


@pytest.fixture(scope="module")
def proxy(rabbitmq):
    with proxy_to(rabbitmq.port) as between:
        yield between


@pytest.fixture(autouse=True)
def short_back_off(monkeypatch):
    """Looking again after a second instead of half a minute makes these tests shorter and changes
    nothing else.
    """
    monkeypatch.setattr("shared.platform.messaging.relay.LONGEST_BACK_OFF", 1.0)
    monkeypatch.setattr("shared.platform.messaging.consumer.LONGEST_BACK_OFF", 1.0)


@pytest.fixture
def backend(request) -> str:
    """PostgreSQL beside RabbitMQ, SQLite beside the embedded broker."""
    return "postgres" if "rabbitmq" in request.fixturenames else "sqlite"


@pytest.fixture
def pipeline(world: World, rabbitmq, proxy) -> Pipeline:
    """It reaches its broker through the proxy."""
    broker = Broker(
        f"amqp://guest:guest@127.0.0.1:{proxy.port}//", namespace=f"lessons-{uuid4().hex[:10]}"
    )
    broker.prepare()
    time.sleep(SETTLED_SECONDS)
    return Pipeline(world, broker)


@pytest.fixture
def embedded(world: World, tmp_path) -> Pipeline:
    broker = Broker(f"sqla+sqlite:///{tmp_path}/broker.db")
    broker.prepare()
    return Pipeline(world, broker)


def rabbitmq_test(function):
    """A test that needs a RabbitMQ of its own and PostgreSQL."""
    return pytest.mark.own_servers(pytest.mark.postgres(function))


@rabbitmq_test
def test_a_broker_is_killed_and_started_again(pipeline, rabbitmq):
    survives(pipeline, rabbitmq.kill, rabbitmq.start)


@rabbitmq_test
@pytest.mark.slow
def test_a_broker_is_stopped_and_everything_it_had_stored_is_gone(pipeline, rabbitmq):
    def strike():
        rabbitmq.stop()
        rabbitmq.wipe()

    survives(pipeline, strike, rabbitmq.start)


@rabbitmq_test
@pytest.mark.slow
def test_a_broker_hangs_and_goes_on(pipeline, rabbitmq):
    survives(pipeline, rabbitmq.freeze, rabbitmq.thaw)


@rabbitmq_test
@pytest.mark.slow
def test_a_broker_has_no_memory_left_for_a_while(pipeline, rabbitmq):
    try:
        survives(pipeline, rabbitmq.raise_memory_alarm, rabbitmq.end_memory_alarm)
    finally:
        rabbitmq.end_memory_alarm()  # those that follow have the same broker


@rabbitmq_test
def test_the_queues_of_a_broker_are_deleted(pipeline):
    def strike():
        with pipeline.broker.connect("vandal") as connection:
            pipeline.broker.queue_for("intake", REVIEW_STREAM)(connection.default_channel).delete()

    survives(pipeline, strike, lambda: None)


@rabbitmq_test
@pytest.mark.slow
def test_the_way_to_a_broker_swallows_everything_for_a_while(pipeline, proxy):
    survives(pipeline, proxy.stall, proxy.restore)


@rabbitmq_test
def test_a_broker_refuses_connections_for_a_while(pipeline, proxy):
    survives(pipeline, proxy.refuse, proxy.restore)


@rabbitmq_test
@pytest.mark.parametrize("direction", ["up", "down"])
def test_a_connection_breaks_in_the_middle_of_a_message(pipeline, proxy, direction):
    survives(pipeline, lambda: proxy.cut_in_the_middle_of_the_next(direction), lambda: None)
    assert proxy.has_cut


def test_the_messages_of_the_embedded_broker_are_deleted(embedded, tmp_path):
    def strike():
        with sqlite3.connect(tmp_path / "broker.db") as file:
            file.execute("DELETE FROM kombu_message")
        file.close()

    survives(embedded, strike, lambda: None)


@pytest.mark.slow
def test_the_file_of_the_embedded_broker_is_locked_for_a_while(embedded, tmp_path):
    file = sqlite3.connect(tmp_path / "broker.db", isolation_level=None, timeout=30)

    survives(embedded, lambda: file.execute("BEGIN IMMEDIATE"), lambda: file.execute("ROLLBACK"))

    file.close()
