"""Backups: copies of databases that fit each other."""

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from services.maintenance.stores import store_of
from shared.platform import clock
from shared.platform.settings import Settings


def back_up(services: Sequence[Settings]) -> list[Path]:
    """Copy the databases of these services into the folder “backups”, as they were at one moment.

    While the copies begin no consumer applies anything. So no cursor in one copy is ahead of the
    log in the other, and both together can be restored without a gap. Raises MaintenanceError.
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
            target = folder / f"{of_service.service}-{clock.stamp()}{store.suffix}"
            unfinished = target.with_suffix(".unfinished")
            write(unfinished)
            made.append(unfinished.rename(target))
    return made
