"""Waking the relay: whoever recorded an event says so, and the relay need not wait for its next
look.

It is said after the commit and outside of any transaction: PostgreSQL holds a lock on the whole
database from a NOTIFY to the end of its commit, so that transactions with a NOTIFY no longer share
one write to the disk. It may be missed, because the relay looks by itself, too.
"""

import sqlite3
import threading
from typing import cast

import psycopg
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import SQLAlchemyError

from shared.platform import clock

CHANNEL = "lessons_outbox"
AT_MOST_EVERY = 0.03  # seconds: one NOTIFY for all that is recorded in between
POLL_SECONDS = 0.01  # between two looks at an SQLite file, which has no NOTIFY


class Notifier:
    """Called by any thread that committed an event; one thread of its own sends the NOTIFY, never
    more often than needed.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._pending = threading.Event()
        self._starting = threading.Lock()
        self._thread: threading.Thread | None = None
        self._ends = False

    def notify(self) -> None:
        """Say that something was recorded. Returns at once; does nothing on SQLite."""
        if self._engine.dialect.name != "postgresql":
            return
        self._pending.set()
        with self._starting:
            if self._thread is None:
                self._thread = threading.Thread(target=self._send, daemon=True, name="notifier")
                self._thread.start()

    def close(self) -> None:
        """End the thread, if there is one."""
        self._ends = True
        self._pending.set()
        if self._thread is not None:
            self._thread.join(5)

    def _send(self) -> None:
        connection: Connection | None = None
        while self._pending.wait() and not self._ends:
            self._pending.clear()
            try:
                connection = connection or _connect(self._engine)
                connection.exec_driver_sql(f"NOTIFY {CHANNEL}")
            except SQLAlchemyError:  # away, or no connection to spare; the relay looks by itself
                _drop(connection)
                connection = None
            clock.pause(AT_MOST_EVERY)
        _drop(connection)


class Listener:
    """The relay's ear, for one thread."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._connection: Connection | None = None
        self._file: sqlite3.Connection | None = None
        self._version = 0

    def wait(self, seconds: float) -> None:
        """Return when something was recorded since the last call, at the latest after this time."""
        try:
            if self._engine.dialect.name == "sqlite":
                self._watch_file(seconds)
            else:
                self._wait_for_notify(seconds)
        except (SQLAlchemyError, psycopg.Error, sqlite3.Error):
            self.close()
            clock.pause(seconds)

    def close(self) -> None:
        """Stop listening."""
        _drop(self._connection)
        self._connection = None
        if self._file is not None:
            self._file.close()
            self._file = None

    def _wait_for_notify(self, seconds: float) -> None:
        if self._connection is None:
            self._connection = _connect(self._engine)
            self._connection.execute(text(f"LISTEN {CHANNEL}"))
            return  # what was recorded before we listened is seen by the look that follows
        driver = cast("psycopg.Connection", self._connection.connection.driver_connection)
        for _notification in driver.notifies(timeout=seconds, stop_after=1):
            pass

    def _watch_file(self, seconds: float) -> None:
        """SQLite counts the commits of others."""
        if self._file is None:
            self._file = sqlite3.connect(str(self._engine.url.database))
        deadline = clock.ticks() + seconds
        while clock.ticks() < deadline:
            (version,) = self._file.execute("PRAGMA data_version").fetchone()
            if version != self._version:
                self._version = version
                return
            clock.pause(POLL_SECONDS)


def _connect(engine: Engine) -> Connection:
    return engine.connect().execution_options(isolation_level="AUTOCOMMIT")


def _drop(connection: Connection | None) -> None:
    if connection is not None:
        connection.invalidate()  # nobody else shall get one that listens
        connection.close()
