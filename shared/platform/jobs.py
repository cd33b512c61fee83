"""What every service does by the clock: send mail, forget what expired, keep the embedded broker
small.
"""

from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import cache

from flask import Flask

from shared.platform.accounts import sessions, sign_in
from shared.platform.delivery import deliveries
from shared.platform.delivery.mail import MailTransport, mail_channel
from shared.platform.errors import N_
from shared.platform.messaging.broker import Broker
from shared.platform.persistence import inbox
from shared.platform.persistence.engine import open_database
from shared.platform.scheduler import Job, Scheduler, in_transaction
from shared.platform.settings import Settings
from shared.platform.web import mails

A_MINUTE, AN_HOUR = timedelta(minutes=1), timedelta(hours=1)


def make_scheduler(
    settings: Settings, make_app: Callable[[], Flask], jobs: Sequence[Job] = ()
) -> Scheduler:
    """The scheduler of a service, with the jobs that every service has and its own."""
    database = open_database(settings.database_url)
    broker = Broker(settings.broker_url, settings.broker_namespace)
    app = cache(make_app)  # it has the templates of the mails; made when the first one is due
    mail = mail_channel(
        MailTransport(settings.smtp_url, settings.mail_from),
        lambda *mail: mails.render(app(), *mail),
    )
    return Scheduler(
        database,
        settings.service,
        [
            Job(N_("sweep the broker"), A_MINUTE, lambda _database: broker.sweep()),
            Job(
                N_("forget what expired"),
                AN_HOUR,
                in_transaction(
                    sessions.forget_expired, sign_in.forget_expired, inbox.forget_applied
                ),
            ),
            *jobs,
        ],
        lambda: deliveries.deliver_due(database, {"mail": mail}),
    )
