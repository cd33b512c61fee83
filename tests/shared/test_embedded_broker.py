"""The embedded broker: what kombu's SQLite transport leaves to us."""

import gc
import sqlite3
from contextlib import closing

import pytest

from shared.platform.events import INTAKE_STREAM, REVIEW_STREAM
from shared.platform.messaging.broker import BROKER_ERRORS, Broker, what_broker_says
from shared.platform.messaging.publisher import Publisher
from tests.shared.subscriber import events


def test_who_connects_anew_again_and_again_does_not_use_up_the_connections_to_the_file(tmp_path):
    broker = Broker(f"sqla+sqlite:///{tmp_path}/broker.db")
    broker.prepare()
    # a channel and its session hold each other: only the collector of cycles would part them
    gc.disable()
    try:
        for _ in range(20):  # the pool has fifteen
            Publisher(broker, INTAKE_STREAM).close()
    finally:
        gc.enable()


def test_what_a_broken_broker_says_is_told_without_the_event(tmp_path):
    broker = Broker(f"sqla+sqlite:///{tmp_path}/broker.db")
    broker.prepare()
    publisher = Publisher(broker, REVIEW_STREAM)
    with closing(sqlite3.connect(tmp_path / "broker.db")) as file:
        file.execute("DROP TABLE kombu_message")
        with pytest.raises(BROKER_ERRORS) as refused:
            publisher.send(events("waiting-time"))
    publisher.close()

    assert what_broker_says(refused.value) == "OperationalError: no such table: kombu_message"


def test_a_publisher_waits_for_no_confirmation_that_never_comes(tmp_path):
    broker = Broker(f"sqla+sqlite:///{tmp_path}/broker.db")
    broker.prepare()
    publisher = Publisher(broker, REVIEW_STREAM)
    publisher.publish(events("waiting-time", "days-in-transit"))
    publisher.close()

    # it would grow with each event, for as long as the relay lives
    assert publisher._awaited == set()
