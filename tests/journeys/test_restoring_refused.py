"""What a restore refuses changes nothing; what it takes may be older than this version."""

from pathlib import Path

from sqlalchemy import select, text
from sqlalchemy.engine import make_url

from shared.platform.delivery.deliveries import Delivery
from shared.platform.persistence.engine import open_database
from testbed.world import YEAR, World
from tests.journeys.restoring import backup
from tests.review.desk import withdraw


def revise(world, revision):
    """Pretend that intake's database is of another revision. Returns the one it was."""
    with world.intake_db.engine.begin() as connection:
        (old,) = connection.execute(text("SELECT version_num FROM alembic_version")).one()
        connection.execute(text("UPDATE alembic_version SET version_num = :new"), {"new": revision})
    return old


def test_files_that_do_not_fit_are_refused_and_nothing_is_changed(
    world: World, run, tmp_path, both_backends
):
    reference = world.submit()["reference"]
    intake, review = backup(run)
    damaged = tmp_path / f"damaged{intake.suffix}"
    damaged.write_bytes(intake.read_bytes()[:20_000])
    old = revise(world, "9999")
    newer, _review = backup(run)
    revise(world, old)

    said = {
        "a backup of review, not of intake": run("restore", "--intake", review),
        "damaged": run("restore", "--intake", damaged, "--review", review),
        "newer version": run("restore", "--intake", newer),
        "Say what to restore": run("restore"),
    }

    assert {
        text: (text in done.output, done.exit_code != 0) for text, done in said.items()
    } == dict.fromkeys(said, (True, True))
    assert world.call("field", "GET", f"/intake/api/v1/notes/{reference}").status_code == 200
    assert run("mail", "release").output == (
        "intake: 0 mails to go out now.\nreview: 0 mails to go out now.\n"
    )


def test_it_refuses_while_someone_has_the_database_open(world: World, run, both_backends):
    world.submit()
    intake, _review = backup(run)
    other = open_database(world.intake_url)
    with other.readings() as session:
        session.execute(text("SELECT 1 FROM note"))

        refused = run("restore", "--intake", intake)

    other.close()
    assert refused.exit_code != 0
    assert "still runs" in refused.output
    assert run("restore", "--intake", intake).exit_code == 0


def test_where_the_replaced_database_is_lost_references_go_on_with_a_wide_margin(
    world: World, run, tmp_path
):
    reference = world.submit()["reference"]
    assert reference.endswith("-0001")
    intake, _review = backup(run)
    Path(make_url(world.intake_url).database).write_bytes(b"no database any more" * 1000)

    done = run("restore", "--intake", intake)

    assert done.exit_code == 0, done.output
    assert f"AAN after 10001, OP-{YEAR} after 10001 (with 10000 to spare" in done.output
    assert world.call("field", "GET", f"/intake/api/v1/notes/{reference}").status_code == 200


def test_who_pages_through_a_feed_or_the_entries_is_told_of_the_new_life(
    world: World, run, both_backends
):
    world.publish()
    cursor = world.call(None, "GET", "/api/v1/entries").json["next"]
    before = world.call(None, "GET", "/feeds/lessons.json").json["_register"]["epoch"]
    _intake, review = backup(run)

    assert run("restore", "--review", review).exit_code == 0

    assert world.call(None, "GET", "/feeds/lessons.json").json["_register"]["epoch"] != before
    for address in (
        "/api/v1/entries?since=",
        "/feeds/lessons.json?before=",
        "/feeds/lessons.atom?before=",
    ):
        assert world.call(None, "GET", f"{address}{cursor}").status_code == 410, address


def test_what_was_withdrawn_after_the_backup_is_back_and_it_is_said(world, run, both_backends):
    lesson, _benchmark = world.publish()
    _intake, review = backup(run)
    withdraw(world, lesson)

    said = run("restore", "--review", review).output

    assert world.call(None, "GET", f"/api/v1/entries/{lesson}").status_code == 200
    assert "Entries withdrawn or narrowed since the backup can be read again" in said


def test_after_a_restore_of_one_the_command_says_from_where_the_other_goes_on(
    world: World, run, both_backends
):
    world.submit()
    intake, _review = backup(run)
    world.submit()

    said = run("restore", "--intake", intake).output

    assert "lessons events resume --service review --position 1\n" in said
    assert "What review holds of 2 to 2 came from events that no longer exist." in said
    assert f"AAN after 2, OP-{YEAR} after 1." in said


def test_mail_that_was_held_back_can_be_dropped(world: World, run, both_backends):
    world.reviewer("reviewer")
    world.submit()
    intake, review = backup(run)
    assert run("restore", "--intake", intake, "--review", review).exit_code == 0

    asked = run("mail", "release", "--drop")  # and nobody answers
    said = [run("mail", "release", "--drop", "--yes").output, run("mail", "release").output]

    assert asked.exit_code == 1
    question = (
        "0 mails of intake and 1 mail of review will never be sent, and nobody is told. Drop "
        "them for good?"
    )
    assert question in asked.output
    assert "@" not in asked.output
    assert said == [
        "intake: 0 mails dropped, never to be sent.\nreview: 1 mail dropped, never to be sent.\n",
        "intake: 0 mails to go out now.\nreview: 0 mails to go out now.\n",
    ]
    with world.review_db.readings() as session:
        (dropped,) = session.scalars(select(Delivery))
    assert (dropped.due_at, dropped.sent_at, dropped.details) == (None, None, {})
    assert dropped.error == "dropped after a restore"
