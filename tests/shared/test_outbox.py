"""The log: positions without a gap, in the order in which things happened."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import CursorResult, text
from sqlalchemy.exc import OperationalError, ProgrammingError

from shared.domain.events import IndicatorAccepted
from shared.platform.events import INTAKE_STREAM, REVIEW_STREAM
from shared.platform.persistence import lock, outbox
from shared.platform.persistence.lock import SoleHolder
from testbed.databases import SERVER
from testbed.world import World


def happen(session, code):
    return outbox.record(session, IndicatorAccepted(code=code, version=1, definition={}))


def number(world):
    with world.review_db.sessions.begin() as session:
        return len(outbox.number_pending(session, REVIEW_STREAM))


def log_of(world):
    with world.review_db.readings() as session:
        rows = outbox.events_after(session, REVIEW_STREAM, position=0, limit=10_000)
        return [(row.position, row.data["code"], row.previous, row.event_id) for row in rows]


def test_an_event_is_recorded_if_and_only_if_its_change_is_kept(world: World, both_backends):
    with world.review_db.sessions.begin() as session:
        happen(session, "kept")
    with world.review_db.sessions() as session:
        happen(session, "undone")
        session.flush()
        session.rollback()

    number(world)

    assert [code for _position, code, *_ in log_of(world)] == ["kept"]


def test_positions_count_from_one_and_each_event_names_the_one_before(world: World, both_backends):
    with world.review_db.sessions.begin() as session:
        for code in "abc":
            happen(session, code)

    assert number(world) == 3
    assert number(world) == 0

    log = log_of(world)
    assert [(position, code) for position, code, *_ in log] == [(1, "a"), (2, "b"), (3, "c")]
    assert [previous for _p, _c, previous, _id in log] == [None, log[0][3], log[1][3]]


@pytest.mark.postgres
# SQLite has one writer at a time: nothing can be committed late
@pytest.mark.parametrize("backend", ["postgres"])
def test_what_is_committed_late_gets_a_later_position_and_leaves_no_gap(world: World):
    with world.review_db.sessions() as slow:
        happen(slow, "drawn first, committed last")
        slow.flush()
        with world.review_db.sessions.begin() as quick:
            happen(quick, "committed first")
        number(world)
        slow.commit()
    number(world)

    assert [(position, code) for position, code, *_ in log_of(world)] == [
        (1, "committed first"),
        (2, "drawn first, committed last"),
    ]


def test_writers_and_two_numberers_at_once_leave_every_event_one_position(
    world: World, both_backends
):
    done = threading.Event()

    def write(writer):
        for turn in range(40):
            with world.review_db.sessions.begin() as session:
                happen(session, f"{writer}-{turn:02d}")

    def keep_numbering():
        while not done.is_set():
            number(world)

    with ThreadPoolExecutor(5) as pool:
        numberers = [pool.submit(keep_numbering) for _ in range(2)]
        try:
            list(pool.map(write, range(3)))
        finally:
            done.set()
        assert [numberer.result(30) for numberer in numberers] == [None, None]
    number(world)

    log = log_of(world)
    codes = [code for _position, code, *_ in log]
    assert [position for position, *_ in log] == list(range(1, 121))
    assert [[code for code in codes if code[0] == writer] for writer in "012"] == [
        [f"{writer}-{turn:02d}" for turn in range(40)] for writer in "012"
    ]
    assert all(later[2] == earlier[3] for earlier, later in pairwise(log))


def holds_soon(sole):
    """Whether it gets the right. The server takes a moment to see that a session has ended."""
    deadline = time.monotonic() + 10
    while not sole.holds() and time.monotonic() < deadline:
        time.sleep(0.05)
    return sole.holds()


def test_one_holds_the_right_and_the_next_takes_over(world: World, both_backends):
    name = f"relay-{uuid4().hex}"
    first, second = SoleHolder(world.review_db, name), SoleHolder(world.review_db, name)

    assert first.holds()
    assert first.holds()
    assert not second.holds()
    first.release()
    assert second.holds()
    second.release()


@pytest.mark.postgres
@pytest.mark.parametrize("backend", ["postgres"])
def test_a_right_that_was_given_back_is_free_at_once_however_late_the_server_ends_the_session(
    world: World, backend, monkeypatch
):
    name, ending = f"relay-{uuid4().hex}", []
    first, second = SoleHolder(world.review_db, name), SoleHolder(world.review_db, name)
    assert first.holds()

    def leave_open(connection):
        ending.append(connection)

    monkeypatch.setattr(psycopg.Connection, "close", leave_open)

    first.release()

    assert second.holds()
    monkeypatch.undo()
    second.release()
    for connection in ending:
        connection.close()


@pytest.mark.postgres
@pytest.mark.parametrize("backend", ["postgres"])
def test_a_right_that_was_lost_with_its_connection_is_given_back_without_a_word(
    world: World, backend
):
    sole = SoleHolder(world.review_db, f"relay-{uuid4().hex}")
    assert sole.holds()
    world.review_db.engine.dispose()  # but not what is in use
    with psycopg.connect(SERVER, autocommit=True) as server:
        server.execute(
            "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = %s",
            (world.review_db.engine.url.database,),
        )

    sole.release()

    assert sole.holds()
    sole.release()


@pytest.mark.postgres
@pytest.mark.parametrize("backend", ["postgres"])
def test_a_holder_that_is_silent_for_longer_than_its_lease_loses_the_right(world: World, backend):
    name = f"relay-{uuid4().hex}"
    first = SoleHolder(world.review_db, name)
    patient, impatient = (
        SoleHolder(world.review_db, name, lease=60),
        SoleHolder(world.review_db, name, lease=0.5),
    )
    assert first.holds()

    time.sleep(0.6)
    assert (patient.holds(), first.holds()) == (False, True)
    time.sleep(0.6)
    assert not impatient.holds()
    assert holds_soon(impatient)

    time.sleep(0.6)  # a second after it asked the last time it asks again
    with pytest.raises(OperationalError):
        first.holds()
    assert not first.holds()
    impatient.release()


@pytest.mark.postgres
@pytest.mark.parametrize("backend", ["postgres"])
def test_an_error_while_the_right_is_taken_leaves_no_connection_open(
    world: World, backend, monkeypatch
):
    first, second = (SoleHolder(world.review_db, "relay-x") for _ in range(2))
    assert first.holds()
    monkeypatch.setattr(lock, "_END_SILENT_HOLDER", text("SELECT no_such_column"))

    with pytest.raises(ProgrammingError) as raised:
        second.holds()

    assert raised.value.connection_invalidated is False
    assert world.review_db.engine.pool.checkedout() == 1
    first.release()


@pytest.mark.postgres
@pytest.mark.parametrize("backend", ["postgres"])
def test_whoever_is_interrupted_after_the_right_was_granted_does_not_keep_it(
    world: World, backend, monkeypatch
):
    first, second = (SoleHolder(world.review_db, "relay-x") for _ in range(2))

    def interrupt(_result):
        raise KeyboardInterrupt

    monkeypatch.setattr(CursorResult, "scalar_one", interrupt)
    with pytest.raises(KeyboardInterrupt):
        first.holds()
    monkeypatch.undo()

    assert holds_soon(second)
    second.release()


def test_an_error_while_the_file_is_locked_leaves_it_closed(world: World, monkeypatch):
    def refuse(file, _how):
        opened.append(file)
        raise OSError("No locks available")

    opened = []
    monkeypatch.setattr("fcntl.flock", refuse)

    with pytest.raises(OSError, match="No locks"):
        SoleHolder(world.review_db, "relay-x").holds()

    assert opened[0].closed


def test_the_log_is_pulled_only_with_the_service_key_and_only_by_a_cursor_that_lies_on_it(
    world: World, both_backends
):
    with world.review_db.sessions.begin() as session:
        ids = [happen(session, code) for code in "abc"]
    number(world)
    key = world.review_app.config["SERVICE_KEY"]

    def pull(query, token=key):
        return world.review.get(
            f"/review/events?{query}", headers={"Authorization": f"Bearer {token}"}
        )

    page = pull(f"after=1&id={log_of(world)[0][3]}").json
    assert [event["data"]["code"] for event in page["events"]] == ["b", "c"]
    assert (page["head"], page["stream"]) == (3, "review.0")
    assert page["events"][0]["sequence"] == "00000000000000000002"
    assert pull("after=3").json["events"] == []

    assert pull(f"after=1&id={uuid4()}").status_code == 409
    assert pull("after=4").status_code == 409
    assert pull("after=x").status_code == 422
    assert pull("after=1&id=x").status_code == 422
    assert pull("after=0", token="wrong").status_code == 401
    assert pull("after=0", token=world.keys["editor"]).status_code == 403
    assert world.review.get("/review/events?after=0").status_code == 401
    assert len(ids) == 3


def test_each_service_has_its_own_stream(world: World):
    with world.intake_db.readings() as intake, world.review_db.readings() as review:
        assert (
            outbox.stream_named(intake, INTAKE_STREAM).epoch
            != outbox.stream_named(review, REVIEW_STREAM).epoch
        )
