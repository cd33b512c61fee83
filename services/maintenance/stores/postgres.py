"""Copies of a database on a server of PostgreSQL."""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import NullPool

from services.maintenance.errors import MaintenanceError, StillRunsError, cause_of
from shared.platform import clock


class PostgresStore:
    """A database on a server. To restore it, its user must be allowed to create databases."""

    suffix = ".dump"

    def __init__(self, service: str, url: URL) -> None:
        self._service = service
        self._url = url

    @contextmanager
    def held(self) -> Iterator[None]:
        """While this lasts, the service's consumer applies nothing."""
        with _engine(self._url) as engine, engine.begin() as connection:
            connection.execute(text('LOCK TABLE "cursor" IN SHARE MODE'))
            yield

    @contextmanager
    def snapshot(self) -> Iterator[Callable[[Path], None]]:
        """The database as it is when this begins; call what comes out to write it into a file."""
        with _engine(self._url) as engine, engine.connect() as connection:
            connection.execution_options(isolation_level="REPEATABLE READ")
            name = connection.execute(text("SELECT pg_export_snapshot()")).scalar_one()

            def write(target: Path) -> None:
                _run(
                    "pg_dump",
                    self._url,
                    "--format=custom",
                    f"--snapshot={name}",
                    f"--file={target}",
                )

            yield write

    def require_unused(self) -> None:
        """Raises when a process is connected to the database."""
        others = text(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = :name AND backend_type = "
            "'client backend'"
        )
        with _engine(self._maintenance()) as engine, engine.connect() as connection:
            if connection.execute(others, {"name": self._url.database}).scalar_one():
                raise StillRunsError(self._service)

    def load(self, file: Path) -> str:
        """Restore a dump into a new database on the same server. Returns its address."""
        new = self._url.set(database=f"{str(self._url.database)[:35]}_restoring_{clock.stamp('_')}")
        self._outside(f'CREATE DATABASE "{new.database}"')
        try:
            _run("pg_restore", new, "--exit-on-error", "--no-owner", "--no-privileges", str(file))
        except MaintenanceError as error:
            self.discard(new.render_as_string(hide_password=False))
            raise MaintenanceError(f"{file} is damaged or no dump of pg_dump. {error}") from None
        return new.render_as_string(hide_password=False)

    def discard(self, url: str) -> None:
        """Delete what `load` made."""
        self._outside(f'DROP DATABASE IF EXISTS "{make_url(url).database}"')

    def put_in_place(self, url: str) -> str | None:
        """Give the database at `url` the real name, in one transaction.

        Returns the replaced one's name, if any.
        """
        real, new = self._url.database, make_url(url).database
        aside = f"{str(real)[:35]}_replaced_{clock.stamp('_')}"
        known = text("SELECT count(*) FROM pg_database WHERE datname = :name")
        with self._renaming() as connection:
            is_there = connection.execute(known, {"name": real}).scalar_one() == 1
            if is_there:
                connection.exec_driver_sql(f'ALTER DATABASE "{real}" RENAME TO "{aside}"')
            connection.exec_driver_sql(f'ALTER DATABASE "{new}" RENAME TO "{real}"')
        return aside if is_there else None

    def take_back(self, url: str, aside: str | None) -> None:
        """Undo `put_in_place`: the database that was kept aside has the real name again, the other
        one is at `url`.
        """
        real, new = self._url.database, make_url(url).database
        with self._renaming() as connection:
            connection.exec_driver_sql(f'ALTER DATABASE "{real}" RENAME TO "{new}"')
            if aside:
                connection.exec_driver_sql(f'ALTER DATABASE "{aside}" RENAME TO "{real}"')

    @contextmanager
    def _renaming(self) -> Iterator[Connection]:
        """One transaction beside the database. Raises MaintenanceError when the server refuses."""
        try:
            with _engine(self._maintenance()) as engine, engine.begin() as connection:
                yield connection
        except SQLAlchemyError as error:
            raise MaintenanceError(
                f"Nothing was changed at {self._service}: {cause_of(error)}."
            ) from None

    def _maintenance(self) -> URL:
        return self._url.set(database="postgres")

    def _outside(self, statement: str) -> None:
        """Carry out what cannot be part of a transaction."""
        try:
            with _engine(self._maintenance()) as engine, engine.connect() as connection:
                connection.execution_options(isolation_level="AUTOCOMMIT").exec_driver_sql(
                    statement
                )
        except SQLAlchemyError as error:
            raise MaintenanceError(
                f"The server refused “{statement}”: {cause_of(error)}."
            ) from None


def _run(name: str, url: URL, *arguments: str) -> None:
    program = shutil.which(name)
    if program is None:
        raise MaintenanceError(f"{name} is not here. Install the client programs of PostgreSQL.")
    address = url.set(drivername="postgresql", password=None).render_as_string()
    # Arguments can be read by everyone on the machine, so the password goes another way.
    environ = {**os.environ, "PGPASSWORD": url.password or ""}  # noqa: TID251 - handed on, not read
    command = [program, f"--dbname={address}", *arguments]
    done = subprocess.run(  # noqa: S603 - our own arguments
        command, check=False, env=environ, capture_output=True, text=True
    )
    if done.returncode != 0:
        said = done.stderr.strip().splitlines() or [f"it ended with {done.returncode}"]
        raise MaintenanceError(f"{name} failed: {said[0]}")


@contextmanager
def _engine(url: URL) -> Iterator[Engine]:
    engine = create_engine(url, poolclass=NullPool, connect_args={"connect_timeout": 5})
    try:
        yield engine
    finally:
        engine.dispose()
