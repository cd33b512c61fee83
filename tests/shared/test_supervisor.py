"""What keeps the processes of one machine running."""

import threading
import time
from subprocess import Popen

from services import supervisor
from services.supervisor import Child, Supervisor
from shared.platform import clock
from tests.shared.pipeline import running


class Command(Child):
    """A child that is any command, and counts its starts."""

    starts = 0

    def start(self):
        self.process = Popen(self.arguments, start_new_session=True)
        self.starts, self.started_at = self.starts + 1, clock.ticks()


class Hanging:
    """Databases that show one sign of life, always the same, and not before they are let go."""

    def __init__(self):
        self.let_go = threading.Event()

    def signs(self):
        self.let_go.wait(60)
        return {"child": "the only sign"}


def is_started_again(child, seconds=10.0):
    deadline = time.monotonic() + seconds
    while child.starts < 2 and time.monotonic() < deadline:
        time.sleep(0.02)
    return child.starts >= 2


def test_what_died_is_started_again_while_the_databases_hang():
    child, databases = Command("child", ("true",)), Hanging()

    with running((Supervisor([child], databases.signs).run,)):
        started_again = is_started_again(child)
        databases.let_go.set()

    assert started_again


def test_who_shows_no_sign_of_life_is_started_again_but_not_for_a_database_that_hangs(monkeypatch):
    monkeypatch.setattr(supervisor, "SIGN_SECONDS", 0.1)
    monkeypatch.setattr(supervisor, "PATIENCE_SECONDS", 1.0)
    child, databases = Command("child", ("sleep", "60")), Hanging()

    with running((Supervisor([child], databases.signs).run,)):
        while_it_hung = is_started_again(child, 2.0)
        databases.let_go.set()
        afterwards = is_started_again(child)

    assert (while_it_hung, afterwards) == (False, True)
