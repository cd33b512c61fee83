"""What a register has on its broker, to be lost or left behind by nobody."""

from contextlib import suppress

from shared.platform.messaging.broker import BROKER_ERRORS, SUBSCRIBERS, Broker


def drop_queue(broker: Broker, stream: str) -> None:
    """Delete the queues of a stream with all that is in them."""
    with broker.connect("testbed") as connection:
        for subscriber in SUBSCRIBERS[stream]:
            broker.queue_for(subscriber, stream)(connection.channel()).delete()


def purge_queue(broker: Broker, stream: str) -> None:
    """Throw away all that is in the queues of a stream."""
    with broker.connect("testbed") as connection:
        broker.declare(connection, stream)
        for subscriber in SUBSCRIBERS[stream]:
            connection.default_channel.queue_purge(broker.queue_for(subscriber, stream).name)


def drop_topology(broker: Broker) -> None:
    """Delete the exchange and the queues of a register; the embedded broker goes with its folder.

    A broker that cannot be reached keeps them.
    """
    if not broker.confirms:
        return
    with suppress(*BROKER_ERRORS):
        for stream in SUBSCRIBERS:
            drop_queue(broker, stream)
        with broker.connect("testbed") as connection:
            broker.exchange(connection.channel()).delete()
