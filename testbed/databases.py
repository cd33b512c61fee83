"""Databases of one's own on both back ends: new pairs, and copies of what was migrated once; gone
at the end.
"""

import shutil
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import psycopg
from sqlalchemy.engine import make_url

from shared.domain import organisations
from shared.platform.events import STREAMS
from shared.platform.persistence import migrating, outbox
from shared.platform.persistence.engine import Database, open_database
from shared.platform.settings import SERVICES, Service
from testbed.machine import POSTGRES_URL

SERVER = "host=127.0.0.1 user=postgres"
ADDRESS = POSTGRES_URL.rpartition("/")[0]
SERVERS = {"sqlite": None, "postgres": POSTGRES_URL}


class Templates:
    """The migrated databases that tests copy, made when the first test asks."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._run = uuid4().hex[:10]
        self._made: dict[tuple[str, str], str] = {}
        # on PostgreSQL, where making one takes a third of a second
        self._free: dict[str, list[str]] = defaultdict(list)

    @contextmanager
    def database(self, backend: str, service: Service) -> Iterator[str]:
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
            create_database(free[-1], template=template)
        name = free.pop()
        try:
            yield f"{ADDRESS}/{name}"
        finally:
            try:
                _empty(name)
            except psycopg.Error:
                drop_database(name)
                raise
            free.append(name)

    def drop(self) -> None:
        """Leave nothing behind."""
        made = [name for (backend, _service), name in self._made.items() if backend == "postgres"]
        for name in [*made, *(name for free in self._free.values() for name in free)]:
            drop_database(name)

    def _template(self, backend: str, service: Service) -> str:
        if (backend, service) not in self._made:
            self._made[backend, service] = self._make(backend, service)
        return self._made[backend, service]

    def _make(self, backend: str, service: Service) -> str:
        if backend == "sqlite":
            name = str(self._folder / f"template-{service}.db")
            set_up(f"sqlite:///{name}", service)
            return name
        name = f"lessons_test_{self._run}_{service}"
        create_database(name)
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
    _sql(f"{gone} WHERE datname = '{name}'", POSTGRES_URL)
    _sql(f'ALTER DATABASE "{name}" RESET ALL', POSTGRES_URL)
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


@contextmanager
def new_pair(server: str | None, folder: Path) -> Iterator[dict[Service, str]]:
    """The URLs of two new, empty databases: files in the folder, or on the server that `server` is
    any database of, and dropped afterwards.
    """
    if server is None:
        yield {service: f"sqlite:///{folder}/{service}.db" for service in SERVICES}
        return
    name, of_server = f"lessons_test_{uuid4().hex[:10]}", make_url(server)
    names = {service: f"{name}_{service}" for service in SERVICES}
    urls = {
        service: of_server.set(database=made).render_as_string(hide_password=False)
        for service, made in names.items()
    }
    try:
        for made in names.values():
            create_database(made, server=server)
        yield urls
    finally:
        drop_kept_aside(*urls.values(), server=server)
        for made in names.values():
            drop_database(made, server=server)


def set_up(url: str, service: Service) -> None:
    """Migrate a database and put into it what every installation starts with."""
    database = open_database(url)
    migrating.upgrade(database.engine, f"services.{service}")
    with database.sessions.begin() as session:
        outbox.open_stream(session, STREAMS[service])
        organisations.record_starters(session)
    if database.is_sqlite:
        with database.engine.connect() as connection:
            connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()


def open_both(intake_url: str, review_url: str) -> tuple[Database, Database]:
    """Both databases of a register."""
    return open_database(intake_url), open_database(review_url)


def create_database(name: str, *, template: str = "template1", server: str = POSTGRES_URL) -> None:
    """Create a database on the server that `server` is any database of."""
    _sql(f'CREATE DATABASE "{name}" TEMPLATE "{template}"', server)


def drop_database(name: str, *, server: str = POSTGRES_URL) -> None:
    """Drop a database, if it is there, whoever uses it."""
    _sql(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)', server)


def drop_kept_aside(*urls: str, server: str = POSTGRES_URL) -> None:
    """Drop what restores of these databases kept aside on their server."""
    asked = "SELECT datname FROM pg_database WHERE datname LIKE %s"
    for url in urls:
        like = f"{str(make_url(url).database)[:35]}\\_replaced\\_%"
        with _connected(server) as connection:
            names = connection.execute(asked, (like,)).fetchall()
        for (name,) in names:
            drop_database(name, server=server)


def _sql(statement: str, server: str) -> None:
    with _connected(server) as connection:
        connection.execute(statement)


def _connected(server: str) -> psycopg.Connection:
    url = make_url(server).set(drivername="postgresql")
    return psycopg.connect(url.render_as_string(hide_password=False), autocommit=True)
