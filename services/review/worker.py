"""The loops of review: relay, consumer and clockwork."""

import threading

from services.review import queries, use_cases
from services.review.app import create_app
from services.review.handlers import HANDLERS, read_ahead
from shared.clockwork import Clockwork
from shared.events import INTAKE_STREAM, REVIEW_STREAM
from shared.messaging.broker import Broker
from shared.messaging.consumer import Consumer
from shared.messaging.pull import Source
from shared.messaging.relay import Relay
from shared.persistence.engine import Database, open_database
from shared.settings import Settings


def relay(settings: Settings, stop: threading.Event) -> None:
    """Tell the broker what happened here, until `stop` is set."""
    Relay(open_database(settings.database_url), _broker(settings), REVIEW_STREAM).run(stop)


def consumer(settings: Settings, stop: threading.Event) -> None:
    """Apply here what happened at intake, until `stop` is set."""
    source = Source(settings.peer_url, "/intake/events", settings.service_key)
    database = open_database(settings.database_url)
    Consumer(database, _broker(settings), source, INTAKE_STREAM, HANDLERS, read_ahead).run("review", stop)


def clockwork(settings: Settings, stop: threading.Event) -> None:
    """Send mail, take cases from those who may no longer review them, and keep house, until `stop` is set."""
    Clockwork(settings, lambda: create_app(settings), [release_unfit]).run(stop)


def release_unfit(database: Database) -> None:
    """Take cases from those who may no longer review them. Looking locks nothing; each case is changed by itself."""
    with database.readings() as session:
        unfit = use_cases.find_unfit(session)
    for case_id in unfit:
        with database.sessions.begin() as session:
            use_cases.release_unfit(session, case=queries.case_locked(session, case_id))


def _broker(settings: Settings) -> Broker:
    return Broker(settings.broker_url, settings.broker_namespace)
