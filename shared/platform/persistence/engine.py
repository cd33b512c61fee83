"""Engines and sessions for SQLite and PostgreSQL that behave alike."""

import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import Session, sessionmaker

from shared.platform.logs import log
from shared.platform.persistence.wakeup import Notifier

# in a session's info: it holds an event, and the relay is to be woken after the commit
RECORDED = "recorded"
NOTIFIER = "notifier"  # in a session's info: what wakes it
BUSY_SECONDS = 30  # how long a SQLite writer waits for the one before it
# And one for whom a person waits: a web process has few threads, and those that wait keep readers
# waiting, too.
IMPATIENT_SECONDS = 5
# milliseconds without an answer after which client and server each give the other up
GONE_AFTER = 10_000
# A host that is cut off sends no farewell, and the server would keep its locks for hours; a frozen
# process keeps its connection alive for ever. So each session asks the server to end it sooner.
SESSION = {
    "tcp_keepalives_idle": 4,
    "tcp_keepalives_interval": 2,
    "tcp_keepalives_count": 3,
    "tcp_user_timeout": GONE_AFTER,
    "idle_in_transaction_session_timeout": 15_000,
}
# What says that a database cannot work now, whatever it is asked: on PostgreSQL how the SQLSTATE
# begins (connection, conflict between transactions, resources, lock, shutdown), on SQLite the
# primary result code. A statement that was cancelled (57014) may be cancelled each time, for its
# own length.
_AWAY_STATES = ("08", "40", "53", "55006", "55P03", "57P")
_AWAY_RESULTS = (
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_CANTOPEN,
)


@dataclass(frozen=True)
class Database:
    """One service's database: `sessions.begin()` to change something, `readings()` to look.

    The difference matters on SQLite: a transaction that starts as a reader and then writes fails at
    once when another writer came between, whatever the busy time-out says. So writers announce
    themselves with BEGIN IMMEDIATE.
    """

    engine: Engine
    sessions: sessionmaker[Session]
    readings: sessionmaker[Session]
    notifier: Notifier

    @property
    def is_sqlite(self) -> bool:
        """True on the embedded default."""
        return self.engine.dialect.name == "sqlite"

    @property
    def is_missing(self) -> bool:
        """Whether the file of an SQLite database is not there: to look into it would make one."""
        return self.is_sqlite and not Path(str(self.engine.url.database)).exists()

    def overwrite_deleted(self) -> None:
        """On SQLite, leave nothing behind of what was changed or deleted: its log beside the file
        still holds it.

        Waits for who reads at this moment, and warns when somebody stays. PostgreSQL does so by
        itself, later.
        """
        if self.is_sqlite:
            connection = self.engine.raw_connection()  # without a transaction of ours
            is_busy, *_ = connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            connection.close()
            if is_busy:
                what = (
                    "somebody reads for long: what was deleted is still in the log beside "
                    "the file until they end"
                )
                log.warning(what, database=self.engine.url.database)

    def close(self) -> None:
        """Give all connections back."""
        self.notifier.close()
        self.engine.dispose()


def open_database(url: str, *, pool_size: int = 4, patience: float | None = None) -> Database:
    """Open `url` (sqlite:///… or postgresql+psycopg://…). Call it after a fork, never before.

    `patience` is how long a writer waits for the one before it on SQLite, in seconds, if not
    BUSY_SECONDS.
    """
    engine = (
        _sqlite_engine(url, patience or BUSY_SECONDS)
        if make_url(url).get_backend_name() == "sqlite"
        else _server_engine(url, pool_size)
    )
    # One statement sees one state on PostgreSQL either way; without BEGIN and ROLLBACK it is one
    # trip instead of three.
    options = (
        {"reads_only": True}
        if engine.dialect.name == "sqlite"
        else {"isolation_level": "AUTOCOMMIT"}
    )
    notifier = Notifier(engine)
    return Database(
        engine=engine,
        sessions=sessionmaker(engine, expire_on_commit=False, info={NOTIFIER: notifier}),
        readings=sessionmaker(engine.execution_options(**options), expire_on_commit=False),
        notifier=notifier,
    )


@event.listens_for(Session, "after_commit")
def _ring(session: Session) -> None:
    """For all sessions: SQLAlchemy would keep a listener of one database for ever, and with it the
    database.
    """
    if NOTIFIER in session.info and session.info.pop(RECORDED, False):
        session.info[NOTIFIER].notify()


def is_away(error: Exception) -> bool:
    """Whether the database cannot work now (away, locked, full, ended our session), and not what it
    was asked is wrong.

    The same may then be asked again as it is; anything else would fail again.
    """
    if not isinstance(error, DBAPIError):
        return False
    result, state = (
        getattr(error.orig, "sqlite_errorcode", None),
        getattr(error.orig, "sqlstate", None),
    )
    if error.connection_invalidated:
        return True
    if result is not None:
        return result & 0xFF in _AWAY_RESULTS  # the higher bits only tell more of the same
    if state is not None:
        return str(state).startswith(_AWAY_STATES)
    return isinstance(error, OperationalError)  # the server was not reached


def _server_engine(url: str, pool_size: int) -> Engine:
    asked = [f"-c {name}={value}" for name, value in SESSION.items()]
    return create_engine(
        url,
        json_serializer=lambda value: orjson.dumps(value).decode(),
        json_deserializer=orjson.loads,
        hide_parameters=True,  # what a person wrote does not belong into a log
        pool_size=pool_size,
        max_overflow=2,
        pool_timeout=10,
        connect_args={
            "connect_timeout": 5,
            "keepalives_idle": 4,
            "keepalives_interval": 2,
            "keepalives_count": 3,
            "tcp_user_timeout": GONE_AFTER,
            "options": " ".join([*asked, *make_url(url).normalized_query.get("options", ())]),
        },
    )


def _sqlite_engine(url: str, patience: float) -> Engine:
    engine = create_engine(
        url,
        json_deserializer=orjson.loads,
        hide_parameters=True,
        connect_args={"timeout": patience},
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        # the driver's own BEGIN comes too late: see begin() below
        connection.isolation_level = None
        # secure_delete: what is redacted or erased is overwritten in the file, too.
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            "secure_delete=ON",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        reads_only = connection.get_execution_options().get("reads_only")
        connection.exec_driver_sql("BEGIN" if reads_only else "BEGIN IMMEDIATE")

    return engine
