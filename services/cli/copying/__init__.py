"""Copies of a service's database, written and put in its place: the same steps on SQLite and on
PostgreSQL.

Whatever goes wrong here is said in a ClickException.
"""

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from sqlalchemy.engine import make_url

from services.cli.copying.naming import stamp
from services.cli.copying.postgres import PostgresStore
from services.cli.copying.sqlite import SqliteStore
from shared.platform.settings import Settings

Store = SqliteStore | PostgresStore


def store_of(service: str, database_url: str) -> Store:
    """Where the database of a service lives."""
    url = make_url(database_url)
    return (SqliteStore if url.get_backend_name() == "sqlite" else PostgresStore)(service, url)


def back_up(services: Sequence[Settings]) -> list[Path]:
    """Copy the databases of these services into the folder “backups”, as they were at one moment.

    While the copies begin no consumer applies anything. So no cursor in one copy is ahead of the
    log in the other, and both together can be restored without a gap.
    """
    stores = {
        of_service: store_of(of_service.service, of_service.database_url) for of_service in services
    }
    made = []
    with ExitStack() as open_until_written:
        with ExitStack() as held:
            for store in stores.values():
                held.enter_context(store.held())
            writes = [
                open_until_written.enter_context(store.snapshot()) for store in stores.values()
            ]
        for (of_service, store), write in zip(stores.items(), writes, strict=True):
            folder = of_service.data_dir / "backups"
            folder.mkdir(parents=True, exist_ok=True)
            target = folder / f"{of_service.service}-{stamp()}{store.suffix}"
            unfinished = target.with_suffix(".unfinished")
            write(unfinished)
            made.append(unfinished.rename(target))
    return made
