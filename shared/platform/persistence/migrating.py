"""Bringing a service's database to the schema of this version."""

from importlib.resources import files
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, MetaData


def upgrade(engine: Engine, package: str, *, revision: str = "head") -> None:
    """Apply the migrations of `package` ("services.intake") that are missing, up to `revision`.

    Safe to repeat.
    """
    config = _config(package)
    with engine.connect() as connection:
        is_sqlite = engine.dialect.name == "sqlite"
        # a table can be made anew only while nothing refers to it; before BEGIN, or it has no
        # effect
        if is_sqlite:
            connection.connection.cursor().execute("PRAGMA foreign_keys=OFF")
        with connection.begin():
            config.attributes["connection"] = connection
            command.upgrade(config, revision)
            if is_sqlite and (
                broken := connection.exec_driver_sql("PRAGMA foreign_key_check").all()
            ):
                raise RuntimeError(f"the migrations broke references: {broken[:3]}")
        connection.invalidate()  # the next one refers properly again


def is_current(engine: Engine, package: str) -> bool:
    """Whether the database has the schema of this version."""
    with engine.execution_options(reads_only=True).connect() as connection:
        applied = MigrationContext.configure(connection).get_current_revision()
    return applied == ScriptDirectory.from_config(_config(package)).get_current_head()


def is_known(engine: Engine, package: str) -> bool:
    """Whether the schema is one of this version or of an earlier one."""
    with engine.execution_options(reads_only=True).connect() as connection:
        applied = MigrationContext.configure(connection).get_current_revision()
    return applied in revisions(package)


def revisions(package: str) -> list[str]:
    """The revisions of the schema of `package`, the first one first."""
    scripts = ScriptDirectory.from_config(_config(package)).walk_revisions()
    return [script.revision for script in scripts][::-1]


def is_empty(engine: Engine) -> bool:
    """Whether nothing was ever set up in this database."""
    with engine.execution_options(reads_only=True).connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() is None


def differences(engine: Engine, metadata: list[MetaData]) -> list[Any]:
    """What the migrated schema and the mapped classes do not agree on; empty when they do."""
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        # Alembic takes lists, too
        found: list[Any] = compare_metadata(context, metadata)  # type: ignore[arg-type]
        return found


def _config(package: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(files(package).joinpath("migrations")))
    return config
