"""What PostgreSQL is asked for each session, so that nobody who is gone holds a lock for long."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from shared.platform.persistence import engine
from shared.platform.persistence.engine import open_database
from shared.platform.persistence.outbox import stream_named
from testbed.databases import Templates

pytestmark = pytest.mark.postgres


def test_a_session_gives_up_a_vanished_client_after_ten_seconds_and_an_idle_one_after_fifteen(
    templates: Templates,
):
    with templates.database("postgres", "intake") as url:
        database = open_database(f"{url}?options=-c%20work_mem%3D5MB")
        with database.readings() as session:
            shown = {
                name: session.scalar(text(f"SHOW {name}")) for name in (*engine.SESSION, "work_mem")
            }
        database.close()

    assert shown == {
        "tcp_keepalives_idle": "4",
        "tcp_keepalives_interval": "2",
        "tcp_keepalives_count": "3",
        "tcp_user_timeout": "10000",
        "idle_in_transaction_session_timeout": "15s",
        "work_mem": "5MB",  # asked for in the address, and kept
    }


def test_a_transaction_that_was_left_open_is_ended_and_its_lock_is_free(
    templates: Templates, monkeypatch
):
    monkeypatch.setitem(engine.SESSION, "idle_in_transaction_session_timeout", 500)
    with templates.database("postgres", "intake") as url:
        frozen, other = open_database(url), open_database(url)
        with frozen.sessions() as left_open:
            stream_named(left_open, "intake.0", lock=True)
            with other.sessions.begin() as session:
                session.execute(text("SET LOCAL lock_timeout = '10s'"))
                assert stream_named(session, "intake.0", lock=True).head == 0
            with pytest.raises(DBAPIError, match="idle-in-transaction timeout"):
                left_open.execute(text("SELECT 1"))
        frozen.close()
        other.close()
