"""The loop that does for intake what the clock tells: it has the pages too, for the mails."""

import threading

from services.intake.app import create_app
from shared.platform.clockwork import Clockwork
from shared.platform.settings import Settings


def clockwork(settings: Settings, stop: threading.Event) -> None:
    """Send mail and keep house, until `stop` is set."""
    Clockwork(settings, lambda: create_app(settings)).run(stop)
