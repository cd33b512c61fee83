"""Databases of a test run's own, on both back ends: migrated once, copied for each test, gone at
the end.
"""

import shutil
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import psycopg
from sqlalchemy.engine import make_url

from services.cli import installing
from shared.domain import organisations
from shared.platform.events import INTAKE_STREAM, REVIEW_STREAM
from shared.platform.persistence import migrating, outbox
from shared.platform.persistence.engine import Database, open_database

SERVER = "host=127.0.0.1 user=postgres"
ADDRESS = "postgresql+psycopg://postgres@127.0.0.1"
STREAMS = {"intake": INTAKE_STREAM, "review": REVIEW_STREAM}


class Templates:
    """The migrated databases that tests copy, made when the first test asks."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._run = uuid4().hex[:10]
        self._made: dict[tuple[str, str], str] = {}
        # on PostgreSQL, where making one takes a third of a second
        self._free: dict[str, list[str]] = defaultdict(list)

    @contextmanager
    def database(self, backend: str, service: str) -> Iterator[str]:
        """The URL of a fresh database of `service`, dropped afterwards."""
        template = self._template(backend, service)
        if backend == "sqlite":
            path = self._folder / f"{service}-{uuid4().hex}.db"
            shutil.copyfile(template, path)
            yield f"sqlite:///{path}"
            return
        free = self._free[service]
        if not free:
            free.append(f"{template}_{uuid4().hex[:8]}")
            _sql(f'CREATE DATABASE "{free[-1]}" TEMPLATE "{template}"')
        name = free.pop()
        try:
            yield f"{ADDRESS}/{name}"
        finally:
            try:
                _empty(name)
            except psycopg.Error:
                _sql(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
                raise
            free.append(name)

    def drop(self) -> None:
        """Leave nothing behind."""
        made = [name for (backend, _service), name in self._made.items() if backend == "postgres"]
        for name in [*made, *(name for free in self._free.values() for name in free)]:
            _sql(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def _template(self, backend: str, service: str) -> str:
        if (backend, service) not in self._made:
            self._made[backend, service] = self._make(backend, service)
        return self._made[backend, service]

    def _make(self, backend: str, service: str) -> str:
        if backend == "sqlite":
            name = str(self._folder / f"template-{service}.db")
            set_up(f"sqlite:///{name}", service)
            return name
        name = f"lessons_test_{self._run}_{service}"
        _sql(f'CREATE DATABASE "{name}"')
        set_up(f"{ADDRESS}/{name}", service)
        with psycopg.connect(SERVER, dbname=name, autocommit=True) as connection:
            connection.execute("CREATE SCHEMA seed")
            for (table,) in connection.execute(_TABLES, ["public"]).fetchall():
                connection.execute(f'CREATE TABLE seed."{table}" AS TABLE public."{table}"')
        return name


_TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = %s"


def _empty(name: str) -> None:
    """End whoever is still connected, and leave only what every installation starts with."""
    gone = "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity"  # waits until it is
    _sql(f"{gone} WHERE datname = '{name}'")
    _sql(f'ALTER DATABASE "{name}" RESET ALL')
    with psycopg.connect(SERVER, dbname=name) as connection:
        there = {table for (table,) in connection.execute(_TABLES, ["public"]).fetchall()}
        tables = [table for (table,) in connection.execute(_TABLES, ["seed"]).fetchall()]
        for of_the_test in there - set(tables):
            connection.execute(f'DROP TABLE "{of_the_test}" CASCADE')
        # the order of foreign keys does not matter
        connection.execute("SET session_replication_role = replica")
        names = ", ".join(f'"{table}"' for table in tables)
        connection.execute(f"TRUNCATE {names} RESTART IDENTITY")
        for table in tables:
            connection.execute(f'INSERT INTO public."{table}" SELECT * FROM seed."{table}"')


def set_up(url: str, service: str) -> None:
    """Migrate a database and put into it what every installation starts with."""
    database = open_database(url)
    migrating.upgrade(database.engine, f"services.{service}")
    with database.sessions.begin() as session:
        outbox.open_stream(session, installing.STREAMS[service])
        organisations.record_starters(session)
    if database.is_sqlite:
        with database.engine.connect() as connection:
            connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()


def open_both(intake_url: str, review_url: str) -> tuple[Database, Database]:
    """Both databases of a register."""
    return open_database(intake_url), open_database(review_url)


def _sql(statement: str) -> None:
    with psycopg.connect(SERVER, autocommit=True) as connection:
        connection.execute(statement)


def drop_kept_aside(*urls: str) -> None:
    """Drop what restores of these databases kept aside on the server."""
    with psycopg.connect(SERVER, autocommit=True) as server:
        for url in urls:
            like = f"{str(make_url(url).database)[:35]}\\_replaced\\_%"
            names = server.execute(
                "SELECT datname FROM pg_database WHERE datname LIKE %s", (like,)
            ).fetchall()
            for (name,) in names:
                server.execute(f'DROP DATABASE "{name}"')
