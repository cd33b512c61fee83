"""What happens by the clock in a service: mail goes out, what expired goes, the embedded broker is swept."""

import threading
from collections.abc import Callable, Sequence
from functools import cache

from flask import Flask
from sqlalchemy.exc import DBAPIError

from shared.platform import mail
from shared.platform.accounts import sessions, sign_in
from shared.platform.logs import log
from shared.platform.mail import PostOffice
from shared.platform.messaging.broker import Broker
from shared.platform.persistence import heartbeat, inbox
from shared.platform.persistence.engine import Database, open_database
from shared.platform.persistence.lock import SoleHolder
from shared.platform.settings import Settings
from shared.platform.web import mails

ROUND_SECONDS = 1.0
LEASE_SECONDS = 600.0  # a round may send many mails through a slow server, and taking it away would send them twice
A_MINUTE, AN_HOUR = 60, 3600  # in rounds


Chore = Callable[[Database], None]


class Clockwork:
    """Start as many as you like: one works, the others stand by."""

    part = "clockwork"

    def __init__(self, settings: Settings, make_app: Callable[[], Flask], chores: Sequence[Chore] = ()) -> None:
        self._database = open_database(settings.database_url)
        self._office = PostOffice(settings.smtp_url, settings.mail_from)
        self._broker = Broker(settings.broker_url, settings.broker_namespace)
        self._app = cache(make_app)  # it has the templates of the mails; made when the first one is due
        self._chores = chores  # the service's own, each minute
        self._sole = SoleHolder(self._database, f"clockwork-{settings.service}", lease=LEASE_SECONDS)

    def run(self, stop: threading.Event) -> None:
        """Work until `stop` is set."""
        rounds = 0
        while not stop.is_set():
            try:
                if self._sole.holds():
                    self.work(rounds)
            except DBAPIError as error:
                log.warning("clockwork waits for its database", error=str(error.orig))
            rounds += 1
            stop.wait(ROUND_SECONDS)
        self._sole.release()

    def work(self, rounds: int) -> None:
        """One round; `rounds` counts them, so that some things happen only now and then."""
        mail.deliver_due(self._database, self._office, lambda *told: mails.render(self._app(), *told))
        if rounds % A_MINUTE == 0:
            self._broker.sweep()
            for chore in self._chores:
                chore(self._database)
        if rounds % AN_HOUR == 0:
            with self._database.sessions.begin() as session:
                sessions.forget_expired(session)
                sign_in.forget_expired(session)
                inbox.forget_applied(session)
        if rounds % int(heartbeat.BEAT_EVERY) == 0:
            with self._database.sessions.begin() as session:
                heartbeat.beat(session, self.part)
