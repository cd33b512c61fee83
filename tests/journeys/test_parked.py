"""What can be done with parked events on the page can be done by command; and the consumer does not
come between.
"""

import threading

import pytest

from services.intake.handlers import HANDLERS
from services.maintenance import consumers
from shared.domain.events import ItemsDecided
from shared.platform.errors import InvalidError
from shared.platform.events import REVIEW_STREAM
from shared.platform.messaging import parking, subscription
from testbed.world import World
from tests.journeys.parking import SECRET, park, states


def test_what_is_parked_is_listed_shown_retried_and_skipped_by_command(world: World, command):
    first, second, *_rest = park(world)

    assert "items.decided.v1" in command("events", "parked").output
    shown = command("events", "show", "--service", "intake", first).output
    assert (SECRET in shown, "in fail\n" in shown, "\nValueError\n" in shown) == (False, True, True)
    assert '"verdict": "approve"' in shown
    assert command("events", "show", "--service", "review", first).exit_code == 1

    assert isinstance(
        command("events", "skip", "--service", "intake", first, "--reason", " ").exception,
        InvalidError,
    )
    assert (
        command("events", "skip", "--service", "intake", first, "--reason", "twice").output
        == "Skipped.\n"
    )
    assert "reason:       twice" in command("events", "show", "--service", "intake", first).output
    assert command("events", "retry", "--service", "intake", second).output == "1 applied.\n"
    assert set(states(world).values()) == {"skipped", "retried"}


def test_a_retry_by_command_that_fails_again_says_why(world: World, command, monkeypatch):
    first, *_behind = park(world)

    def fail(_session, _event):
        raise ValueError("the disk of the clinic")

    monkeypatch.setitem(consumers.HANDLERS, "intake", {ItemsDecided: fail})
    done = command("events", "retry", "--service", "intake", first)

    assert done.exit_code == 1
    assert f"Event {first} failed again (ValueError)" in done.output
    assert "the disk of the clinic" in done.output
    assert set(states(world).values()) == {"parked"}


@pytest.mark.postgres
@pytest.mark.parametrize("backend", ["postgres"])
def test_a_retry_waits_for_the_consumer_so_that_nothing_is_parked_behind_it_meanwhile(
    world: World, backend
):
    first, *_behind = park(world)

    def retry():
        with world.intake_db.sessions.begin() as session:
            parking.retry(session, first, HANDLERS)

    retried = threading.Thread(target=retry)
    with world.intake_db.sessions.begin() as session:
        subscription.cursor_of(session, REVIEW_STREAM)  # the consumer at work
        retried.start()
        retried.join(1.5)
        assert retried.is_alive()
        assert set(states(world).values()) == {"parked"}
    retried.join(20)

    assert set(states(world).values()) == {"retried"}
