"""A database that goes away, loses its connections, is locked, is full, or is replaced by an older
backup.
"""

import sqlite3
import time
from types import SimpleNamespace
from uuid import uuid4

import pytest
from sqlalchemy import event, func, select, text

from services.intake.model import Note
from shared.platform.accounts.secrets import derive
from shared.platform.messaging.broker import Broker
from shared.platform.messaging.pull import Source
from shared.platform.persistence.inbox import Cursor
from shared.platform.persistence.outbox import OutboxEvent
from testbed.databases import STREAMS, open_both, set_up
from testbed.notes import make_note
from testbed.servers import own_postgres
from testbed.world import SECRET, World
from tests.faults.pipeline import Pipeline, survives

pytestmark = [pytest.mark.faults, pytest.mark.timeout(280)]


@pytest.fixture(scope="module")
def postgres():
    with own_postgres() as server:
        yield server


@pytest.fixture
def pipeline(postgres, tmp_path):
    """Both databases on a server of our own."""
    urls = {
        service: postgres.create_database(f"{service}_{uuid4().hex[:8]}") for service in STREAMS
    }
    for service, url in urls.items():
        set_up(url, service)
    worlds = [World(*open_both(*urls.values()), *urls.values()) for _ in range(2)]
    broker = Broker(f"sqla+sqlite:///{tmp_path}/broker.db")
    broker.prepare()
    yield Pipeline(worlds[0], broker, looping=worlds[1])
    for world in worlds:
        world.intake_db.close()
        world.review_db.close()


@pytest.mark.own_servers
def test_all_connections_to_both_databases_are_killed(pipeline, postgres):
    def strike():
        for database in (pipeline.world.intake_db, pipeline.world.review_db):
            assert postgres.end_connections(database.engine.url.database) > 0
        pipeline.dispose()

    survives(pipeline, strike, lambda: None)


@pytest.mark.own_servers
@pytest.mark.parametrize("end", ["stop", "kill"])
def test_the_database_server_is_stopped_or_killed_and_started_again(pipeline, postgres, end):
    with pipeline.running():
        pipeline.happen(30)
        getattr(postgres, end)()
        try:
            with pytest.raises(Exception, match="connection"):
                pipeline.happen(1)
        finally:
            postgres.start()
        pipeline.dispose()
        pipeline.happen(30)
        pipeline.wait_for_effects()
        pipeline.wait_until_well()
    pipeline.assert_kept_the_promise()


def test_a_sqlite_database_is_locked_for_longer_than_anyone_waits(
    world: World, tmp_path, monkeypatch
):
    monkeypatch.setattr("shared.platform.persistence.engine.BUSY_SECONDS", 1)
    databases = open_both(world.intake_url, world.review_url)
    impatient = World(*databases, world.intake_url, world.review_url, keys=world.keys)
    broker = Broker(f"sqla+sqlite:///{tmp_path}/broker.db")
    broker.prepare()
    pipeline = Pipeline(impatient, broker)
    other = sqlite3.connect(databases[0].engine.url.database, isolation_level=None, timeout=30)
    note, key = make_note(), uuid4().hex

    with pipeline.running():
        pipeline.happen(30)
        other.execute("BEGIN IMMEDIATE")
        pipeline.happen(30)
        locked_out = impatient.call(
            "field", "POST", "/intake/api/v1/notes", note, Idempotency_Key=key
        )
        time.sleep(2)
        other.execute("ROLLBACK")
        pipeline.wait_for_effects()
        pipeline.wait_until_well()
    stored = impatient.call("field", "POST", "/intake/api/v1/notes", note, Idempotency_Key=key)

    assert (locked_out.status_code, stored.status_code) == (503, 201)
    pipeline.assert_kept_the_promise()
    other.close()
    for database in databases:
        database.close()


def test_intake_says_no_while_the_disk_is_full_and_has_everything_to_which_it_said_yes(
    world: World,
):
    most = [0]
    event.listen(
        world.intake_db.engine,
        "connect",
        lambda connection, _record: connection.execute(f"PRAGMA max_page_count = {most[0]}"),
    )

    def submit(count):
        return [
            world.call(
                "field", "POST", "/intake/api/v1/notes", make_note(), Idempotency_Key=uuid4().hex
            )
            for _ in range(count)
        ]

    with world.intake_db.readings() as session:
        most[0] = session.scalar(text("PRAGMA page_count")) + 15
    world.intake_db.engine.dispose()
    answers = submit(30)
    most[0] = 1_000_000
    world.intake_db.engine.dispose()
    answers += submit(1)

    statuses = [answer.status_code for answer in answers]
    assert (statuses[0], set(statuses[20:30]), statuses[30]) == (201, {503}, 201)
    acknowledged = [answer.json["reference"] for answer in answers if answer.status_code == 201]
    with world.intake_db.readings() as session:
        assert list(session.scalars(select(Note.reference).order_by(Note.number))) == acknowledged
        assert session.scalar(select(func.count(OutboxEvent.id))) == len(acknowledged)


def test_a_consumer_waits_while_the_disk_is_full_and_goes_on_when_there_is_room(
    world: World, tmp_path
):
    most = [1_000_000]
    event.listen(
        world.intake_db.engine,
        "connect",
        lambda connection, _record: connection.execute(f"PRAGMA max_page_count = {most[0]}"),
    )
    broker = Broker(f"sqla+sqlite:///{tmp_path}/broker.db")
    broker.prepare()
    pipeline = Pipeline(world, broker)

    with pipeline.running():
        pipeline.happen(30)
        pipeline.wait_for_effects()
        with world.intake_db.readings() as session:
            most[0] = session.scalar(text("PRAGMA page_count"))
        world.intake_db.engine.dispose()
        pipeline.happen(600)
        time.sleep(3)
        held_up = len(pipeline._rows())
        most[0] = 1_000_000
        world.intake_db.engine.dispose()
        pipeline.wait_for_effects()
        pipeline.wait_until_well()

    assert 30 <= held_up < 630
    pipeline.assert_kept_the_promise()


class Asked:
    """Review's log, asked through its interface as `pull.Source` asks it, without a network."""

    def __init__(self, world):
        self._world = world

    def request(self, method, url, fields, headers):
        answer = self._world.review.open(url, method=method, query_string=fields, headers=headers)
        return SimpleNamespace(status=answer.status_code, json=lambda: answer.json)


def test_a_producer_whose_database_was_replaced_by_an_older_backup_halts_the_consumer_which_says_so(
    world: World, tmp_path
):
    broker = Broker(f"sqla+sqlite:///{tmp_path}/broker.db")
    broker.prepare()
    pipeline = Pipeline(world, broker)
    pipeline.source = Source("", "/review/events", derive(SECRET, "pull events"))
    pipeline.source._pool = Asked(world)
    backup = sqlite3.connect(tmp_path / "backup.db")

    with pipeline.running():
        pipeline.happen(10)
        pipeline.wait_for_effects()
        live = sqlite3.connect(world.review_db.engine.url.database, timeout=30)
        live.backup(backup)
        pipeline.happen(20)
        pipeline.wait_for_effects()
        backup.backup(live)  # restored, and nobody was told
        live.close()
        backup.close()
        wait_for_the_alarm(world)
        pipeline.happen(30)  # so the new log goes past the cursor
        pipeline.wait_until_published()
        time.sleep(3)  # longer than it takes to look for them

    assert len(pipeline._rows()) == 30


@pytest.mark.own_servers
def test_a_database_on_a_server_that_was_replaced_by_an_older_copy_is_noticed(pipeline, postgres):
    world = pipeline.world
    pipeline.source = Source("", "/review/events", derive(SECRET, "pull events"))
    pipeline.source._pool = Asked(pipeline.looping)
    name = world.review_db.engine.url.database
    with pipeline.running():
        pipeline.happen(10)
        pipeline.wait_for_effects()
    postgres.end_connections(name)
    pipeline.dispose()
    postgres.create_database(f"{name}_older", template=name)

    with pipeline.running():
        pipeline.happen(20)
        pipeline.wait_for_effects()
        postgres.sql(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
        postgres.end_connections(name)
        postgres.sql(f'ALTER DATABASE "{name}" RENAME TO "{name}_lost"')
        # restored, and nobody was told
        postgres.sql(f'ALTER DATABASE "{name}_older" RENAME TO "{name}"')
        pipeline.dispose()
        wait_for_the_alarm(world)
        pipeline.happen(30)  # so the new log goes past the cursor
        pipeline.wait_until_published()
        time.sleep(3)  # longer than it takes to look for them

    assert len(pipeline._rows()) == 30


def wait_for_the_alarm(world):
    """Intake's consumer is halted within 30 seconds: /readyz says so, the figure, and why."""
    deadline = time.monotonic() + 30
    while (
        "halted" not in str(world.intake.get("/intake/readyz").json) and time.monotonic() < deadline
    ):
        time.sleep(0.2)
    answer = world.intake.get("/intake/readyz")
    assert (answer.status_code, answer.json["parts"]["consumer"]) == (503, "halted")
    assert 'lessons_halted{service="intake"} 1.0' in world.intake.get("/intake/metrics").text
    with world.intake_db.readings() as session:
        assert "Was the database restored?" in session.scalars(select(Cursor.halted_reason)).one()
