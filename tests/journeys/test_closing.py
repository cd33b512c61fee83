"""What was opened is given back: by a command, however it ends, and by whoever closes a
database.
"""

import gc
import weakref
from pathlib import Path

import pytest
from sqlalchemy import event, text
from sqlalchemy.pool import Pool

from shared.platform.persistence.engine import open_database
from testbed.world import World

COMMANDS = [
    ("people list", 0),
    ("people invite --service intake --email a@example.org --name A --role field", 0),
    ("people key --service intake nobody@example.org", 1),
    ("people merge Nobody --into Somebody", 1),
    ("people forget nobody@example.org", 1),
    ("events status", 0),
    ("events parked", 0),
    ("events show --service intake 1", 1),
    ("events retry --service intake 1", 1),
    ("mail release", 0),
    ("trace AAN-2026-0001", 1),
    ("healthcheck intake-relay", 1),
    ("check", 1),
    ("upgrade", 0),
    ("init --email admin@example.org --name Admin", 0),
]


@pytest.fixture
def opened():
    """Connections to databases that were opened in this process and not closed since."""
    there = []

    def on_connect(connection, _record):
        there.append(connection)

    def on_close(connection, _record):
        there.remove(connection)

    event.listen(Pool, "connect", on_connect)
    event.listen(Pool, "close", on_close)
    yield there
    event.remove(Pool, "connect", on_connect)
    event.remove(Pool, "close", on_close)


def path_of(connection):
    _number, _name, path = connection.execute("PRAGMA database_list").fetchone()
    return Path(path)


@pytest.mark.parametrize(("words", "code"), COMMANDS)
def test_a_command_leaves_no_database_open(world: World, command, opened, words, code):
    before = [*opened]

    done = command(*words.split())

    left = [path_of(connection) for connection in opened if connection not in before]
    assert done.exit_code == code, done.output
    assert [path for path in left if path.name != "broker.db"] == []  # kombu keeps that for good


def test_a_database_that_was_closed_takes_no_memory_any_more(world: World, both_backends):
    database = open_database(world.intake_url)
    with database.sessions.begin() as session:
        session.execute(text("SELECT 1"))
    engine = weakref.ref(database.engine)
    database.close()

    del database, session
    gc.collect()

    assert engine() is None
