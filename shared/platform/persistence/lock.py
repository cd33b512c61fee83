"""One of several processes does a thing at a time: for as long as it lives, or until its
transaction ends.
"""

import fcntl
import hashlib
from contextlib import suppress
from pathlib import Path
from typing import IO

from sqlalchemy import Connection, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from shared.platform import clock
from shared.platform.logs import log
from shared.platform.persistence.engine import Database

LEASE_SECONDS = 20.0
# of the lease: so long after the server was asked, it is not asked again, but at most for a second
SURE = 1 / 20

# Who holds an advisory lock and has asked the server nothing for longer than its lease. The
# server's own clock judges.
_END_SILENT_HOLDER = text("""
    SELECT pg_terminate_backend(lock.pid)
    FROM pg_locks AS lock JOIN pg_stat_activity AS session USING (pid)
    WHERE lock.locktype = 'advisory' AND lock.granted AND lock.objsubid = 1
    AND lock.database = (SELECT oid FROM pg_database WHERE datname = current_database())
    AND lock.classid::bigint = :high AND lock.objid::bigint = :low
    AND session.query_start < clock_timestamp() - make_interval(secs => :lease)
""")


class SoleHolder:
    """The right to be the only one: an advisory lock on PostgreSQL, a locked file beside the
    database on SQLite.

    Both vanish with the process that held them, so that a standby takes over at once. A process
    that lives and does nothing, frozen or stuck for longer than its `lease` in seconds, loses the
    lock on PostgreSQL to whoever stands by; it notices when it asks again. What it does between the
    two must therefore be safe to be done twice. On SQLite the supervisor ends it.
    """

    def __init__(self, database: Database, name: str, *, lease: float = LEASE_SECONDS) -> None:
        self._database = database
        self._name = name
        self._lease = lease
        self._connection: Connection | None = None
        self._asked_at = 0.0
        self._file: IO[bytes] | None = None

    def holds(self) -> bool:
        """Take the right if it is free, and say whether we have it now.

        Ask again before each round of work.
        """
        return self._holds_file() if self._database.is_sqlite else self._holds_advisory_lock()

    def release(self) -> None:
        """Let another one have it, from now on."""
        if self._connection is not None:
            with suppress(SQLAlchemyError):  # a lost connection has lost the lock with it
                give_back = text("SELECT pg_advisory_unlock(:key)")
                self._connection.execute(give_back, {"key": _number(self._name)})
            self._end_session(self._connection)
        if self._file is not None:
            self._file.close()
            self._file = None

    def _holds_advisory_lock(self) -> bool:
        try:
            if self._connection is not None:
                if clock.ticks() - self._asked_at > min(1.0, SURE * self._lease):
                    # a lost connection has lost the lock with it
                    self._connection.execute(text("SELECT 1"))
                    self._asked_at = clock.ticks()
                return True
            self._connection = self._database.engine.connect()
            if self._take_advisory_lock(self._connection):
                return True
        except BaseException:  # whoever is interrupted must not keep a half-taken right either
            self._end_session(self._connection)
            raise
        self._connection.close()
        self._connection = None
        return False

    def _end_session(self, connection: Connection | None) -> None:
        """Whatever the session holds vanishes with it, but only when the server gets round to
        ending it.
        """
        if connection is not None:
            connection.invalidate()
            connection.close()
        self._connection = None

    def _take_advisory_lock(self, connection: Connection) -> bool:
        connection.execution_options(isolation_level="AUTOCOMMIT")
        if connection.execute(
            text("SELECT pg_try_advisory_lock(:key)"), {"key": _number(self._name)}
        ).scalar_one():
            return True
        key = _number(self._name) % 2**64
        silent = {"high": key >> 32, "low": key % 2**32, "lease": self._lease}
        if connection.execute(_END_SILENT_HOLDER, silent).first() is not None:
            log.warning(
                "ended the session of a holder that was silent for longer than its lease",
                lock=self._name,
            )
        return False

    def _holds_file(self) -> bool:
        if self._file is not None:
            return True
        path = Path(f"{self._database.engine.url.database}.{self._name}.lock")
        file = path.open("wb")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            self._file = file
        except BlockingIOError:
            return False
        finally:
            if self._file is None:
                file.close()
        return True


def take_turns(session: Session, name: str) -> None:
    """Until this transaction ends, no other passes here under this name.

    Look once more whether it is still missing.

    For what is recorded when it is first named: two requests at the same moment must not both
    record it. On SQLite a transaction that writes is the only one anyway.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _number(name)})


def _number(name: str) -> int:
    """A lock's number on PostgreSQL, made from its name."""
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], signed=True)
