"""After a restore each consumer is told apart: who goes on, who halts, and from where."""

from contextlib import ExitStack
from types import SimpleNamespace
from uuid import uuid4

import pytest
from sqlalchemy import delete, select

from services.maintenance.restored_database import Remembered
from services.maintenance.resume_advice import Advice, Restart, advise
from shared.platform.events import INTAKE_STREAM
from shared.platform.messaging import subscription
from shared.platform.messaging.replay import REASON
from shared.platform.persistence import outbox
from shared.platform.persistence.inbox import Cursor
from shared.platform.persistence.outbox import OutboxEvent
from testbed.world import World, make_note


@pytest.fixture
def advice(world: World):
    """What is advised for review when these services were restored."""

    def ask(*restored, event_ids=None):
        remembered = {"intake": Remembered({}, event_ids)} if event_ids is not None else {}
        with ExitStack() as opened:
            databases = {"intake": world.intake_db, "review": world.review_db}
            sessions = {
                service: opened.enter_context(databases[service].sessions.begin())
                for service in restored
            }
            addresses = {
                "intake": SimpleNamespace(database_url=world.intake_url),
                "review": SimpleNamespace(database_url=world.review_url),
            }
            return advise("review", addresses, sessions, remembered)

    return ask


def submit_three(world):
    """Three notes. Returns the ids of intake's events by position."""
    for number in range(3):
        world.submit(make_note(operation__title=f"Operation {number}"))
    with world.intake_db.readings() as session:
        rows = session.execute(select(OutboxEvent.position, OutboxEvent.event_id))
        return dict(iter(rows.all()))


def lose_the_last(world):
    """Intake is from a backup that was made before its third event."""
    with world.intake_db.sessions.begin() as session:
        session.execute(delete(OutboxEvent).where(OutboxEvent.position == 3))
        outbox.stream_named(session, INTAKE_STREAM).head = 2


def halt(world, reason):
    with world.review_db.sessions.begin() as session:
        subscription.halt(subscription.cursor_of(session, INTAKE_STREAM), reason)


def test_a_restored_cursor_that_fits_its_log_goes_on_in_its_new_life(world: World, advice):
    submit_three(world)
    with world.intake_db.sessions.begin() as session:
        epoch = outbox.stream_named(session, INTAKE_STREAM).epoch = uuid4()

    assert advice("intake", "review") == Advice("review", Restart.BY_ITSELF, 3, 3)
    with world.review_db.readings() as session:
        assert session.get(Cursor, INTAKE_STREAM).epoch == epoch


def test_a_cursor_that_was_not_restored_halts_though_the_log_still_has_its_event(
    world: World, advice
):
    submit_three(world)

    assert advice("intake") == Advice("review", Restart.HALTS, 3, 3)


def test_it_resumes_behind_the_last_event_that_both_lives_of_the_log_have(world: World, advice):
    event_ids = submit_three(world)
    lose_the_last(world)

    assert advice("intake", event_ids=event_ids) == Advice("review", Restart.HALTS, 3, 2)


def test_without_the_replaced_log_nobody_can_tell_from_where(world: World, advice):
    submit_three(world)
    lose_the_last(world)

    assert advice("intake") == Advice("review", Restart.HALTS, 3, None)


def test_who_followed_another_log_than_the_replaced_one_is_told_no_position(world: World, advice):
    event_ids = submit_three(world)
    lose_the_last(world)

    of_another = {**event_ids, 3: uuid4()}

    assert advice("intake", event_ids=of_another) == Advice("review", Restart.HALTS, 3, None)


def test_what_halted_it_before_still_halts_it(world: World, advice):
    submit_three(world)
    halt(world, "position 3 is another event")

    found = advice("intake", "review")

    assert found == Advice("review", Restart.HALTS, 3, 3, "position 3 is another event")
    assert not found.is_replayed


def test_a_replay_in_the_backup_is_to_be_repeated(world: World, advice):
    submit_three(world)
    halt(world, REASON)

    found = advice("intake", "review")

    assert (found.restart, found.is_replayed) == (Restart.REPEAT_REPLAY, True)


def test_a_database_that_is_not_there_is_not_made_to_look_into_it(
    world: World, advice, tmp_path, monkeypatch
):
    submit_three(world)
    monkeypatch.setattr(world, "review_url", f"sqlite:///{tmp_path}/missing.db")

    assert advice("intake") == Advice("review", Restart.NOT_KNOWN)
    assert list(tmp_path.iterdir()) == []
