"""Copies of a service's database, written and put in its place: the same steps on SQLite and on
PostgreSQL.

Whatever goes wrong here is said in a MaintenanceError.
"""

from sqlalchemy.engine import make_url

from services.maintenance.stores.postgres import PostgresStore
from services.maintenance.stores.sqlite import SqliteStore

Store = SqliteStore | PostgresStore


def store_of(service: str, database_url: str) -> Store:
    """Where the database of a service lives."""
    url = make_url(database_url)
    return (SqliteStore if url.get_backend_name() == "sqlite" else PostgresStore)(service, url)
