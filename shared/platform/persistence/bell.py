"""The bell: whoever recorded an event rings it, so that the relay works at once instead of at its
next look.

It is rung after the commit and outside of any transaction: PostgreSQL holds a lock on the whole
database from a NOTIFY to the end of its commit, so that transactions with a NOTIFY no longer share
one write to the disk. It may be missed, because the relay looks by itself, too.
"""

import sqlite3
import threading

import psycopg
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import SQLAlchemyError

from shared.platform import clock

CHANNEL = "lessons_outbox"
AT_MOST_EVERY = 0.03  # seconds: what is recorded in between is told by one ring
GLANCE_SECONDS = 0.01  # between two looks at an SQLite file, which cannot be rung


class Bell:
    """Rung by any thread that committed an event; one thread of its own tells PostgreSQL, never
    more than needed.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._rung = threading.Event()
        self._starting = threading.Lock()
        self._thread: threading.Thread | None = None
        self._ends = False

    def ring(self) -> None:
        """Say that something was recorded. Returns at once; SQLite needs no telling."""
        if self._engine.dialect.name != "postgresql":
            return
        self._rung.set()
        with self._starting:
            if self._thread is None:
                self._thread = threading.Thread(target=self._tell, daemon=True, name="bell")
                self._thread.start()

    def close(self) -> None:
        """End the thread, if there is one."""
        self._ends = True
        self._rung.set()
        if self._thread is not None:
            self._thread.join(5)

    def _tell(self) -> None:
        connection: Connection | None = None
        while self._rung.wait() and not self._ends:
            self._rung.clear()
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
        """Return when the bell was rung since the last call, at the latest after this time."""
        try:
            if self._engine.dialect.name == "sqlite":
                self._watch_file(seconds)
            else:
                self._hear(seconds)
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

    def _hear(self, seconds: float) -> None:
        if self._connection is None:
            self._connection = _connect(self._engine)
            self._connection.execute(text(f"LISTEN {CHANNEL}"))
            return  # what was recorded before we listened is seen by the look that follows
        driver = self._connection.connection.driver_connection
        for _ring in driver.notifies(timeout=seconds, stop_after=1):  # type: ignore[union-attr] # psycopg's own
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
            clock.pause(GLANCE_SECONDS)


def _connect(engine: Engine) -> Connection:
    return engine.connect().execution_options(isolation_level="AUTOCOMMIT")


def _drop(connection: Connection | None) -> None:
    if connection is not None:
        connection.invalidate()  # nobody else shall get one that listens
        connection.close()
