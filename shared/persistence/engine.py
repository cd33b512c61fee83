"""Engines and sessions for SQLite and PostgreSQL that behave alike."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session, sessionmaker

BUSY_SECONDS = 30  # how long a SQLite writer waits for the one before it


@dataclass(frozen=True)
class Database:
    """One service's database: `sessions.begin()` to change something, `readings()` to look.

    The difference matters on SQLite: a transaction that starts as a reader and then writes fails at once when another
    writer came between, whatever the busy time-out says. So writers announce themselves with BEGIN IMMEDIATE.
    """

    engine: Engine
    sessions: sessionmaker[Session]
    readings: sessionmaker[Session]

    @property
    def is_sqlite(self) -> bool:
        """True on the embedded default."""
        return self.engine.dialect.name == "sqlite"

    def close(self) -> None:
        """Give all connections back."""
        self.engine.dispose()


def open_database(url: str, *, pool_size: int = 4) -> Database:
    """Open `url` (sqlite:///… or postgresql+psycopg://…). Call it after a fork, never before."""
    engine = _sqlite_engine(url) if make_url(url).get_backend_name() == "sqlite" else _server_engine(url, pool_size)
    reading_engine = engine.execution_options(reads_only=True)
    return Database(
        engine=engine,
        sessions=sessionmaker(engine, expire_on_commit=False),
        readings=sessionmaker(reading_engine, expire_on_commit=False),
    )


def _server_engine(url: str, pool_size: int) -> Engine:
    return create_engine(
        url,
        hide_parameters=True,  # what a person wrote does not belong into a log
        pool_size=pool_size,
        max_overflow=2,
        pool_timeout=10,
        connect_args={
            "connect_timeout": 5,
            "keepalives_idle": 5,
            "keepalives_interval": 3,
            "keepalives_count": 3,
        },
    )


def _sqlite_engine(url: str) -> Engine:
    engine = create_engine(url, hide_parameters=True, connect_args={"timeout": BUSY_SECONDS})

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # the driver's own BEGIN comes too late: see begin() below
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        reads_only = connection.get_execution_options().get("reads_only")
        connection.exec_driver_sql("BEGIN" if reads_only else "BEGIN IMMEDIATE")

    return engine
