"""Databases of a test run's own, on both back ends: migrated once, copied for each test, gone at the end."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import psycopg

from services.cli import installing
from shared.events import INTAKE_STREAM, REVIEW_STREAM
from shared.people import organisations
from shared.persistence import migrating, outbox
from shared.persistence.engine import Database, open_database

SERVER = "host=127.0.0.1 user=postgres"
ADDRESS = "postgresql+psycopg://postgres@127.0.0.1"
STREAMS = {"intake": INTAKE_STREAM, "review": REVIEW_STREAM}


class Templates:
    """The migrated databases that tests copy, made when the first test asks."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._run = uuid4().hex[:10]
        self._made: dict[tuple[str, str], str] = {}

    @contextmanager
    def database(self, backend: str, service: str) -> Iterator[str]:
        """The URL of a fresh database of `service`, dropped afterwards."""
        template = self._template(backend, service)
        if backend == "sqlite":
            path = self._folder / f"{service}-{uuid4().hex}.db"
            shutil.copyfile(template, path)
            yield f"sqlite:///{path}"
            return
        name = f"lessons_test_{self._run}_{service}_{uuid4().hex[:8]}"
        _sql(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        try:
            yield f"{ADDRESS}/{name}"
        finally:
            _sql(f'DROP DATABASE "{name}" WITH (FORCE)')

    def drop(self) -> None:
        """Leave nothing behind."""
        for (backend, _service), name in self._made.items():
            if backend == "postgres":
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
        return name


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
