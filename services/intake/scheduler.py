"""The loop that does for intake what the clock says: it has the pages too, for the mails."""

import threading

from services.intake.app import create_app
from shared.platform.jobs import make_scheduler
from shared.platform.settings import Settings


def scheduler(settings: Settings, stop: threading.Event) -> None:
    """Send mail and keep house, until `stop` is set."""
    make_scheduler(settings, lambda: create_app(settings)).run(stop)
