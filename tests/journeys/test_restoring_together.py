"""Two databases take their places together or not at all: one from before and one from after fit
nobody.
"""

import pytest
from sqlalchemy import text

from services.maintenance.stores import PostgresStore, SqliteStore
from shared.platform.persistence.engine import open_database
from testbed.world import World
from tests.journeys.restoring import backup


@pytest.fixture
def opened_late(world: World, monkeypatch):
    """Let someone open these databases when intake's has just taken its place."""
    others = []

    def open_before_review(put_in_place, urls):
        def put(store, url):
            if store._service == "review":
                for address in urls:
                    database = open_database(address)
                    session = database.sessions()
                    session.execute(text("SELECT count(*) FROM stream"))
                    others.append((database, session))
            return put_in_place(store, url)

        return put

    def prepare(*urls):
        for store in (SqliteStore, PostgresStore):
            monkeypatch.setattr(store, "put_in_place", open_before_review(store.put_in_place, urls))

    yield prepare
    for database, session in others:
        session.close()
        database.close()


def test_when_the_second_cannot_take_its_place_the_first_is_put_back(
    world: World, run, opened_late, both_backends
):
    world.submit()
    intake, review = backup(run)
    since = world.submit()["reference"]
    opened_late(world.review_url)

    done = run("restore", "--intake", intake, "--review", review)

    assert done.exit_code == 1
    assert "intake is as it was before." in done.output
    assert "is restored from" not in done.output
    assert world.call("field", "GET", f"/intake/api/v1/notes/{since}").status_code == 200
    assert run("check").output.count("held back since a restore") == 0


def test_where_the_first_cannot_be_put_back_either_it_is_said_what_stands_where(
    world: World, run, opened_late, both_backends
):
    world.submit()
    intake, review = backup(run)
    opened_late(world.intake_url, world.review_url)

    done = run("restore", "--intake", intake, "--review", review)

    assert done.exit_code == 1
    assert "intake stands at its backup now, and review does not" in done.output
    assert "_replaced_" in done.output.replace("-replaced-", "_replaced_")
    assert "Do not start the register" in done.output
