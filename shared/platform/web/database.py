"""The running application's database, for its edges: they open the transaction, everything inside
takes the session.
"""

from contextlib import AbstractContextManager
from typing import cast

from flask import Flask, current_app
from sqlalchemy.orm import Session

from shared.platform.persistence import bulk_insert, migrating
from shared.platform.persistence.engine import Database


def attach(app: Flask, database: Database) -> None:
    """Give an application its database."""
    app.extensions["database"] = database


def current() -> Database:
    """The database of the application that answers this request."""
    return cast("Database", current_app.extensions["database"])


def begin() -> AbstractContextManager[Session]:
    """A transaction that changes something: commits at its end, or not at all."""
    return current().sessions.begin()


def inserting() -> AbstractContextManager[Session]:
    """A transaction that only adds rows, fast: see shared.platform.persistence.bulk_insert."""
    return bulk_insert.begin(current())


def reading() -> AbstractContextManager[Session]:
    """A transaction that only looks."""
    return current().readings.begin()


def is_migrated() -> bool:
    """Whether the database has the schema of this version."""
    return migrating.is_current(current().engine, current_app.import_name.rpartition(".")[0])
