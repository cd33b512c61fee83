"""The embedded broker: what kombu's SQLite transport leaves to us."""

import gc

from shared.events import INTAKE_STREAM
from shared.messaging.broker import Broker
from shared.messaging.publisher import Publisher


def test_who_connects_anew_again_and_again_does_not_use_up_the_connections_to_the_file(tmp_path):
    broker = Broker(f"sqla+sqlite:///{tmp_path}/broker.db")
    broker.prepare()
    gc.disable()  # a channel and its session hold each other: only the collector of cycles would part them
    try:
        for _ in range(20):  # the pool has fifteen
            Publisher(broker, INTAKE_STREAM).close()
    finally:
        gc.enable()
