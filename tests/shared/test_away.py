"""Which of a database's errors say that it cannot work now, and which that an event is at fault."""

import time

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from structlog.testing import capture_logs

from shared.domain.events import IndicatorAccepted
from shared.platform.errors import ConflictError
from shared.platform.events import REVIEW_STREAM
from shared.platform.messaging import parking, subscription
from shared.platform.messaging.broker import Broker
from shared.platform.messaging.consumer import Consumer, DatabaseAwayError
from shared.platform.messaging.relay import Relay
from shared.platform.messaging.subscription import MOST_ATTEMPTS, Outcome
from shared.platform.persistence import inbox
from shared.platform.persistence.engine import is_away, open_database
from testbed.world import World
from tests.shared.pipeline import Effects, LogOf, happen, number, running

TOO_LARGE = """
    CREATE TEMP TABLE named (name text UNIQUE);
    INSERT INTO named
    SELECT string_agg(md5(number::text), '') FROM generate_series(1, 1000) AS number
"""
TOO_COMPLEX = f"SELECT 'x' LIKE '{'%' * 60_000}'"
NOWHERE = Broker("amqp://guest:guest@127.0.0.1:1//")


def ask(database, statements):
    with database.sessions.begin() as session:
        for statement in statements:
            session.execute(text(statement))


def error_of(database, *statements):
    with pytest.raises(DBAPIError) as raised:
        ask(database, statements)
    return raised.value


@pytest.mark.postgres
@pytest.mark.parametrize("backend", ["postgres"])
@pytest.mark.parametrize(
    ("statements", "away"),
    [
        (["SELECT pg_terminate_backend(pg_backend_pid())"], True),
        (["SET LOCAL statement_timeout = '50ms'", "SELECT pg_sleep(5)"], False),
        (["SET LOCAL lock_timeout = '50ms'", "LOCK TABLE cursor"], True),
        (["DO $$ BEGIN RAISE deadlock_detected; END $$"], True),
        (["DO $$ BEGIN RAISE disk_full; END $$"], True),
        ([TOO_LARGE], False),
        (["DO $$ BEGIN RAISE object_not_in_prerequisite_state; END $$"], False),
        (["SELECT 1 / 0"], False),
        (["SELECT 1 FROM no_such_table"], False),
    ],
)
def test_postgresql_is_away_when_it_cannot_answer_now_and_not_when_it_never_will(
    world: World, backend, statements, away
):
    with world.intake_db.sessions.begin() as other:
        other.execute(text("LOCK TABLE cursor"))

        assert is_away(error_of(world.intake_db, *statements)) is away


def test_a_server_that_is_not_there_is_away():
    nowhere = open_database("postgresql+psycopg://postgres@127.0.0.1:1/nothing")

    assert is_away(error_of(nowhere, "SELECT 1"))


def test_sqlite_is_away_when_it_is_locked_full_or_cannot_be_opened(world: World, monkeypatch):
    monkeypatch.setattr("shared.platform.persistence.engine.BUSY_SECONDS", 0.1)
    impatient = open_database(world.intake_url)
    with world.intake_db.sessions.begin() as writer:
        writer.execute(text("SELECT 1"))
        locked = error_of(impatient, "SELECT 1")
    full = error_of(
        impatient, "PRAGMA max_page_count = 1", ("CREATE TABLE x AS SELECT randomblob(1000000)")
    )
    closed = error_of(open_database("sqlite:////nonexistent/register.db"), "SELECT 1")
    impatient.close()

    assert [is_away(error) for error in (locked, full, closed)] == [True, True, True]
    assert not is_away(error_of(world.intake_db, TOO_COMPLEX))
    assert not is_away(error_of(world.intake_db, "SELECT 1 FROM no_such_table"))


def test_an_event_that_asks_too_much_of_the_database_is_parked_and_its_retry_says_so(
    world: World, both_backends, backend
):
    def effect(session, _event):
        session.execute(text(TOO_LARGE if backend == "postgres" else TOO_COMPLEX))

    handlers = {IndicatorAccepted: effect}
    consumer = Consumer(world.intake_db, NOWHERE, LogOf(world), REVIEW_STREAM, handlers)
    happen(world, "large")
    (envelope,) = number(world)

    outcomes = [consumer.receive([envelope]) for _attempt in range(MOST_ATTEMPTS)]

    assert outcomes == [Outcome.FAILED] * 4 + [Outcome.PARKED]
    with (
        pytest.raises(ConflictError, match="failed again"),
        world.intake_db.sessions.begin() as session,
    ):
        parking.retry(session, inbox.parked_events(session)[0].id, handlers)


def test_a_database_that_cannot_work_now_holds_the_event_and_counts_as_nobodys_failure(
    world: World, both_backends, backend
):
    def effect(session, _event):
        if backend == "postgres":
            session.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))
        session.execute(text("PRAGMA max_page_count = 1"))
        session.execute(text("CREATE TABLE x AS SELECT randomblob(1000000)"))

    consumer = Consumer(
        world.intake_db, NOWHERE, LogOf(world), REVIEW_STREAM, {IndicatorAccepted: effect}
    )
    happen(world, "a")
    (envelope,) = number(world)

    with pytest.raises(DatabaseAwayError):
        consumer.receive([envelope])

    with world.intake_db.sessions.begin() as session:
        cursor = subscription.cursor_of(session, REVIEW_STREAM)
        assert (cursor.position, cursor.attempts) == (0, 0)


def test_a_failure_that_cannot_be_noted_is_not_taken_for_one_of_the_broker(
    world: World, tmp_path, monkeypatch
):
    def fail_first(_session, event):
        effects.append(event.code)
        if len(effects) == 1:
            monkeypatch.setattr(
                subscription, "note_failure", lambda session, *_: session.execute(text(TOO_COMPLEX))
            )
            raise ValueError("broken")
        monkeypatch.undo()

    effects = Effects()
    broker = Broker(f"sqla+sqlite:///{tmp_path}/broker.db")
    broker.prepare()
    consumer = Consumer(
        world.intake_db, broker, LogOf(world), REVIEW_STREAM, {IndicatorAccepted: fail_first}
    )
    consumer._look_at = time.monotonic() + 3  # the broker brings it, then the look
    relay = Relay(world.review_db, broker, REVIEW_STREAM)

    with capture_logs() as logs, running((relay.run,), (consumer.run, "intake")):
        happen(world, "a")
        assert effects.wait_for(2) == ["a", "a"]

    logged = [entry["event"] for entry in logs if entry["event"].startswith("consumer")]
    assert logged == ["consumer waits for its database"]
