"""A file that is restored belongs to whom the register belongs, whoever runs the command, and
stands alone.
"""

import os
from pathlib import Path

import pytest

from testbed.world import World
from tests.journeys.restoring import backup

SOMEBODY = 12345
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")


def file_of(database):
    return Path(database.engine.url.database)


def companions(path):
    return [
        path.with_name(path.name + end)
        for end in ("-wal", "-shm")
        if path.with_name(path.name + end).exists()
    ]


@as_root
def test_who_restores_as_root_leaves_the_file_to_its_owner(world: World, run):
    world.submit()
    intake, review = backup(run)
    for database in (world.intake_db, world.review_db):
        os.chown(file_of(database), SOMEBODY, SOMEBODY)
        file_of(database).chmod(0o640)

    assert run("restore", "--intake", intake, "--review", review).exit_code == 0

    for database in (world.intake_db, world.review_db):
        found = file_of(database).stat()
        assert (found.st_uid, found.st_gid, found.st_mode & 0o777) == (SOMEBODY, SOMEBODY, 0o640)
        assert companions(file_of(database)) == []


@as_root
def test_where_there_was_no_file_it_is_left_to_the_owner_of_the_folder(
    world: World, run, monkeypatch, tmp_path
):
    intake, _review = backup(run)
    folder = tmp_path / "data"
    folder.mkdir()
    os.chown(folder, SOMEBODY, SOMEBODY)
    monkeypatch.setenv("LESSONS_INTAKE_DATABASE_URL", f"sqlite:///{folder}/intake.db")
    monkeypatch.setenv("LESSONS_DATA_DIR", str(folder))

    assert run("restore", "--intake", intake).exit_code == 0

    found = (folder / "intake.db").stat()
    assert (found.st_uid, found.st_gid, found.st_mode & 0o777) == (SOMEBODY, SOMEBODY, 0o600)
    assert {path.stat().st_uid for path in folder.iterdir()} == {SOMEBODY}


def test_a_broker_that_is_away_is_emptied_by_the_commands_that_are_printed(
    world: World, run, monkeypatch
):
    intake, _review = backup(run)
    monkeypatch.setenv("LESSONS_BROKER_URL", "amqp://guest:guest@127.0.0.1:1//")
    monkeypatch.setenv("LESSONS_BROKER_NAMESPACE", "second")

    done = run("restore", "--intake", intake)

    assert done.exit_code == 0, done.output
    assert "The broker cannot be emptied: " in done.stderr
    assert "  rabbitmqctl purge_queue --vhost / second.intake.0.review\n" in done.stderr
    assert "  rabbitmqctl purge_queue --vhost / second.review.0.intake\n" in done.stderr


def test_what_a_lost_file_left_beside_it_is_kept_away_from_the_restored_one(world: World, run):
    reference = world.submit()["reference"]
    intake, _review = backup(run)
    file = file_of(world.intake_db)
    world.intake_db.close()
    file.unlink()
    left = file.with_name(file.name + "-wal")
    left.write_bytes(b"the end of another log")

    done = run("restore", "--intake", intake)

    assert done.exit_code == 0, done.output
    assert not left.exists()
    (kept,) = file.parent.glob(f"{file.stem}-replaced-*-wal")
    assert kept.read_bytes() == b"the end of another log"
    assert world.call("field", "GET", f"/intake/api/v1/notes/{reference}").status_code == 200
