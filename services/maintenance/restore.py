"""Restoring: backups are read into databases of their own, prepared, and put in the place of the
present ones.
"""

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from services.maintenance import counters, resume_advice
from services.maintenance.errors import MaintenanceError
from services.maintenance.restored_database import (
    NewLife,
    Remembered,
    begin_new_life,
    present,
    remember,
    require_ours,
)
from services.maintenance.resume_advice import Advice
from services.maintenance.stores import Store, store_of
from shared.platform.persistence import migrating
from shared.platform.persistence.engine import open_database
from shared.platform.settings import PEER, SERVICES, Service, Settings

SettingsOf = Mapping[Service, Settings]


@dataclass(frozen=True)
class Restored:
    """One service that is at its backup now.

    `aside` is where the replaced database is kept; None where there was none.
    """

    service: Service
    file: Path
    aside: str | None
    new_life: NewLife


@dataclass(frozen=True)
class _Loaded:
    """A backup that was read into a database of its own at `url`."""

    service: Service
    store: Store
    file: Path
    url: str


def restore(
    settings: SettingsOf, files: Mapping[Service, Path], was_put_back: Callable[[Service], None]
) -> tuple[list[Restored], list[Advice]]:
    """Put services back to these backups. Nobody may have their databases open.

    Returns what was restored, and for both services how their consumers go on. Raises
    MaintenanceError, and whatever a database says; then nothing was changed. `was_put_back` hears
    of a service that was at its backup already when the other one failed.
    """
    with _loaded(settings, files) as loaded:
        lives, advice = _prepare(settings, loaded)
        for one in loaded.values():
            one.store.require_unused()
        aside = _put_in_place(loaded, was_put_back)
    restored = [
        Restored(service, one.file, aside[service], lives[service])
        for service, one in loaded.items()
    ]
    return restored, advice


@contextmanager
def _loaded(
    settings: SettingsOf, files: Mapping[Service, Path]
) -> Iterator[dict[Service, _Loaded]]:
    """The backups in databases of their own, of this version.

    What did not take its place in the block is deleted.
    """
    with ExitStack() as cleaning:
        loaded = {}
        stores = {service: _unused_store(settings[service]) for service in files}
        for service, file in files.items():
            url = stores[service].load(file)
            cleaning.callback(stores[service].discard, url)
            require_ours(url, service, str(file))
            with closing(open_database(url)) as database:
                migrating.upgrade(database.engine, f"services.{service}")
            loaded[service] = _Loaded(service, stores[service], file, url)
        yield loaded
        cleaning.pop_all()


def _unused_store(of_service: Settings) -> Store:
    store = store_of(of_service.service, of_service.database_url)
    store.require_unused()
    return store


def _prepare(
    settings: SettingsOf, loaded: Mapping[Service, _Loaded]
) -> tuple[dict[Service, NewLife], list[Advice]]:
    """Make the loaded databases fit to be used."""
    lives, remembered = dict[Service, NewLife](), dict[Service, Remembered]()
    with ExitStack() as opened:
        sessions = {
            service: opened.enter_context(_session(one.url)) for service, one in loaded.items()
        }
        for service, session in sessions.items():
            remembered[service] = remember(settings[service].database_url, service, session)
            heard = _heard_by(settings[PEER[service]])
            lives[service] = begin_new_life(session, service, remembered[service], heard)
        advice = [
            resume_advice.advise(service, settings, sessions, remembered) for service in SERVICES
        ]
    return lives, advice


def _heard_by(peer: Settings) -> counters.Numbers:
    """What the other service's present database was told of, as far as it can be read."""
    with suppress(SQLAlchemyError, ValueError), present(peer.database_url) as session:
        return counters.heard_of(session, peer.service)
    return {}


@contextmanager
def _session(url: str) -> Iterator[Session]:
    with closing(open_database(url)) as database, database.sessions.begin() as session:
        # it waits while other databases are read, some of which may be away
        if not database.is_sqlite:
            session.execute(text("SET LOCAL idle_in_transaction_session_timeout = 0"))
        yield session


def _put_in_place(
    loaded: Mapping[Service, _Loaded], was_put_back: Callable[[Service], None]
) -> dict[Service, str | None]:
    """Let all take their places, or none.

    Returns where the databases are now that they replaced.
    """
    done: dict[Service, str | None] = {}
    try:
        for service, one in loaded.items():
            done[service] = one.store.put_in_place(one.url)
    except BaseException as error:  # whoever presses Ctrl-C between two wants both back as well
        for service, aside in done.items():
            _take_back(loaded[service], aside, error)
            was_put_back(service)
        raise
    return done


def _take_back(one: _Loaded, aside: str | None, why: BaseException) -> None:
    try:
        one.store.take_back(one.url, aside)
    except (MaintenanceError, OSError, sqlite3.Error) as error:
        raise HalfRestoredError(one.service, aside, why, error) from why


class HalfRestoredError(MaintenanceError):
    """One service stands at its backup and the other one does not, and it cannot be put back."""

    def __init__(
        self, service: Service, aside: str | None, why: BaseException, error: Exception
    ) -> None:
        super().__init__(
            f"{why}\n{service} stands at its backup now, and {PEER[service]} does not: "
            f"the first could not be put back ({error}). {said_of_replaced(aside)} "
            "Do not start the register. Mend the cause, then restore both again with the same "
            "command."
        )


def said_of_replaced(aside: str | None) -> str:
    """Where the replaced database is, in a sentence."""
    return (
        f"The replaced database is kept as {aside}." if aside else "There was no database before."
    )
