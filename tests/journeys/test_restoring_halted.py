"""A backup brings back what stood still when it was made; the command says how it is set going
again.
"""

from uuid import uuid4

from shared.platform.events import INTAKE_STREAM, REVIEW_STREAM
from shared.platform.messaging import subscription
from shared.platform.messaging.replay import REASON
from shared.platform.persistence import outbox
from shared.platform.persistence.inbox import Cursor
from testbed.world import World
from tests.journeys.restoring import backup
from tests.shared.pipeline import LogOf


def halt(database, stream, reason):
    with database.sessions.begin() as session:
        subscription.halt(subscription.cursor_of(session, stream), reason)


def test_who_was_halted_in_the_backup_is_not_said_to_go_on_by_itself(
    world: World, run, both_backends
):
    world.submit()
    halt(world.review_db, INTAKE_STREAM, "position 3 is another event")
    intake, review = backup(run)

    said = run("restore", "--intake", intake, "--review", review).output

    assert "review goes on by itself" not in said
    assert "review was halted before: position 3 is another event" in said
    assert "lessons events resume --service review --position 1\n" in said
    assert "intake goes on by itself" in said


def test_a_replay_that_the_backup_interrupted_is_to_be_repeated(world: World, run, both_backends):
    world.publish()
    halt(world.intake_db, REVIEW_STREAM, REASON)
    intake, review = backup(run)

    both = run("restore", "--intake", intake, "--review", review).output
    one = run("restore", "--intake", intake).output

    for said in (both, one):
        assert "intake goes on by itself" not in said
        assert "a replay was under way when its backup was made" in said
        assert "lessons events replay --service intake\n" in said
        assert "lessons events resume --service intake" not in said


def test_a_replay_whose_log_is_restored_meanwhile_is_resumed_and_repeated(
    world: World, run, both_backends
):
    world.publish()
    _intake, review = backup(run)
    halt(world.intake_db, REVIEW_STREAM, REASON)

    said = run("restore", "--review", review).output

    resume, replay = (
        said.find(f"lessons events {what} --service intake") for what in ("resume", "replay")
    )
    assert 0 < resume < replay


def test_a_replay_can_be_resumed_on_another_life_of_the_log_and_stays_held(
    world: World, command, both_backends, monkeypatch
):
    world.publish()
    halt(world.intake_db, REVIEW_STREAM, REASON)
    monkeypatch.setattr(
        "services.maintenance.consumers.log_of_peer", lambda _settings: LogOf(world)
    )
    refused = command("events", "resume", "--service", "intake", "--position", "1")
    with world.review_db.sessions.begin() as session:
        epoch = outbox.stream_named(session, REVIEW_STREAM).epoch = uuid4()

    resumed = command("events", "resume", "--service", "intake", "--position", "1")

    assert "being replayed" in refused.output
    assert "lessons events replay --service intake" in resumed.output
    with world.intake_db.readings() as session:
        cursor = session.get(Cursor, REVIEW_STREAM)
        assert (cursor.epoch, cursor.position, cursor.halted_reason) == (epoch, 1, REASON)
    assert command("events", "replay", "--service", "intake").output == "1 events replayed.\n"
