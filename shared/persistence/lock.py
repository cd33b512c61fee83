"""One of several processes does a thing at a time: for as long as it lives, or until its transaction ends."""

import fcntl
import hashlib
from pathlib import Path
from typing import IO

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from shared.persistence.engine import Database


class SoleHolder:
    """The right to be the only one: an advisory lock on PostgreSQL, a locked file beside the database on SQLite.

    Both vanish with the process that held them, so that a standby takes over without waiting for a lease to end.
    """

    def __init__(self, database: Database, name: str) -> None:
        self._database = database
        self._name = name
        self._connection: Connection | None = None
        self._file: IO[bytes] | None = None

    def holds(self) -> bool:
        """Take the right if it is free, and say whether we have it now. Ask again before each round of work."""
        return self._holds_file() if self._database.is_sqlite else self._holds_advisory_lock()

    def release(self) -> None:
        """Let another one have it."""
        if self._connection is not None:
            self._connection.invalidate()  # the lock belongs to the server's session, so the session must end
            self._connection.close()
            self._connection = None
        if self._file is not None:
            self._file.close()
            self._file = None

    def _holds_advisory_lock(self) -> bool:
        try:
            if self._connection is not None:
                self._connection.execute(text("SELECT 1"))  # a lost connection has lost the lock with it
                return True
            return self._take_advisory_lock()
        except DBAPIError:
            self.release()
            raise

    def _take_advisory_lock(self) -> bool:
        connection = self._database.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        if connection.execute(text("SELECT pg_try_advisory_lock(:key)"), {"key": _number(self._name)}).scalar_one():
            self._connection = connection
            return True
        connection.close()
        return False

    def _holds_file(self) -> bool:
        if self._file is not None:
            return True
        path = Path(f"{self._database.engine.url.database}.{self._name}.lock")
        file = path.open("wb")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            return False
        self._file = file
        return True


def take_turns(session: Session, name: str) -> None:
    """Until this transaction ends, no other passes here under this name. Look once more whether it is still missing.

    For what is recorded when it is first named: two requests at the same moment must not both record it. On SQLite a
    transaction that writes is the only one anyway.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _number(name)})


def _number(name: str) -> int:
    """A lock's number on PostgreSQL, made from its name."""
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], signed=True)
