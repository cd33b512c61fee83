"""The loops that carry the events of intake: relay and consumer."""

import threading

from services.intake.handlers import HANDLERS, prefetch
from shared.platform.events import INTAKE_STREAM, REVIEW_STREAM
from shared.platform.messaging.broker import Broker
from shared.platform.messaging.consumer import Consumer
from shared.platform.messaging.pull import Source
from shared.platform.messaging.relay import Relay
from shared.platform.persistence.engine import open_database
from shared.platform.settings import Settings


def relay(settings: Settings, stop: threading.Event) -> None:
    """Tell the broker what happened here, until `stop` is set."""
    Relay(open_database(settings.database_url), _broker(settings), INTAKE_STREAM).run(stop)


def consumer(settings: Settings, stop: threading.Event) -> None:
    """Apply here what happened at review, until `stop` is set."""
    source = Source(settings.peer_url, "/review/events", settings.service_key)
    database = open_database(settings.database_url)
    Consumer(database, _broker(settings), source, REVIEW_STREAM, HANDLERS, prefetch).run(
        "intake", stop
    )


def _broker(settings: Settings) -> Broker:
    return Broker(settings.broker_url, settings.broker_namespace)
