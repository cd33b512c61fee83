"""`lessons backup`, `lessons restore`, `lessons mail`: keeping what the register knows, and
bringing it back.
"""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import click
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from services.cli import continuing, copying, references, restoring
from services.cli.copying import Store
from services.cli.faults import cause_of
from services.cli.installing import missing, open_service
from services.cli.restoring import Remembered
from shared.platform import settings
from shared.platform.delivery import deliveries
from shared.platform.messaging.broker import BROKER_ERRORS, Broker
from shared.platform.persistence import migrating
from shared.platform.persistence.engine import Database, open_database
from shared.platform.settings import PEER, SERVICES, Service, Settings

_file = click.Path(exists=True, dir_okay=False, path_type=Path)


@dataclass(frozen=True)
class Loaded:
    """A backup that was read into a database of its own at `url`, to be put in the place of the
    service's.
    """

    of_service: Settings
    store: Store
    file: Path
    url: str


@click.command()
def backup() -> None:
    """Copy both databases, as they are at one moment, into the folder “backups”, also while the
    register runs.
    """
    for service in SERVICES:
        _require_tables(service)
    for made in copying.back_up([settings.read(service) for service in SERVICES]):
        click.echo(f"Backup: {made}")


def _require_tables(service: Service) -> None:
    """A copy of nothing is no backup: with another environment, a command would find an empty
    database, or make it.
    """
    _settings, database = open_service(service)
    fault = missing(database, service)
    if fault is None and migrating.is_empty(database.engine):
        fault = (
            f"The {service} database is empty. Does this command run with the environment of "
            "the register?"
        )
    database.close()
    if fault:
        raise click.ClickException(f"Nothing was backed up. {fault}")


@click.command()
@click.option("--intake", "intake_file", type=_file, help="The backup to restore intake from.")
@click.option("--review", "review_file", type=_file, help="The backup to restore review from.")
def restore(intake_file: Path | None, review_file: Path | None) -> None:
    """Put the register back to a backup: both services, or only one. Stop the register before.

    Each backup is read into a new database, checked, and brought to this version; only then does it
    take the place of the present one, which is kept aside. If anything fails before, nothing is
    changed.
    """
    files: dict[Service, Path | None] = {"intake": intake_file, "review": review_file}
    chosen = {service: file for service, file in files.items() if file is not None}
    if not chosen:
        raise click.UsageError("Say what to restore: --intake FILE --review FILE, or one of them.")
    with _loaded(chosen) as loaded:
        said = _prepare(loaded)
        for one in loaded.values():
            one.store.require_unused()
        for one, aside in _put_in_place(loaded):
            click.echo(f"{one.of_service.service} is restored from {one.file}. {_kept(aside)}")
    _empty_broker(next(iter(loaded.values())).of_service)
    click.echo("\n".join(said))


@click.group("mail")
def mails() -> None:
    """Mail that is held back after a restore."""


@mails.command()
@click.option("--drop", is_flag=True, help="Never send what was held back.")
@click.option("--yes", is_flag=True, help="Drop without asking.")
def release(drop: bool, yes: bool) -> None:
    """Let mail go out again; what was held back goes first, unless it is dropped."""
    databases = {service: open_service(service)[1] for service in SERVICES}
    if drop and not yes:
        _ask_before_dropping(databases)
    for service, database in databases.items():
        with database.sessions.begin() as session:
            count = deliveries.release(session, drop=drop)
        click.echo(
            f"{service}: {_mails(count)} dropped, never to be sent."
            if drop
            else f"{service}: {_mails(count)} to go out now."
        )


def _ask_before_dropping(databases: Mapping[Service, Database]) -> None:
    """Without the addresses: they are nobody's business on a screen."""
    held = {}
    for service, database in databases.items():
        with database.readings() as session:
            held[service] = deliveries.count_held(session) or 0
    if any(held.values()):
        counted = " and ".join(f"{_mails(count)} of {service}" for service, count in held.items())
        click.confirm(
            (f"{counted} will never be sent, and nobody is told. Drop them for good?"), abort=True
        )


def _mails(count: int) -> str:
    return f"{count} mail" if count == 1 else f"{count} mails"


@contextmanager
def _loaded(files: Mapping[Service, Path]) -> Iterator[dict[Service, Loaded]]:
    """The backups in databases of their own, of this version.

    What did not take its place in the block is deleted.
    """
    with ExitStack() as cleaning:
        loaded = {}
        stores = {service: _unused_store(service) for service in files}
        for service, file in files.items():
            url = stores[service].load(file)
            cleaning.callback(stores[service].discard, url)
            restoring.require_ours(url, service, str(file))
            database = open_database(url)
            migrating.upgrade(database.engine, f"services.{service}")
            database.close()
            loaded[service] = Loaded(settings.read(service), stores[service], file, url)
        yield loaded


def _unused_store(service: Service) -> Store:
    store = copying.store_of(service, settings.read(service).database_url)
    store.require_unused()
    return store


def _put_in_place(loaded: Mapping[Service, Loaded]) -> list[tuple[Loaded, str | None]]:
    """Let all take their places, or none.

    Returns each with where the database is now that it replaced.
    """
    done: list[tuple[Loaded, str | None]] = []
    try:
        for one in loaded.values():
            done.append((one, one.store.put_in_place(one.url)))  # noqa: PERF401 - kept when the next one raises
    except BaseException as error:  # whoever presses Ctrl-C between two wants both back as well
        for one, aside in done:
            _take_back(one, aside, error)
        raise
    return done


def _take_back(one: Loaded, aside: str | None, why: BaseException) -> None:
    service = one.of_service.service
    try:
        one.store.take_back(one.url, aside)
    except (click.ClickException, OSError, sqlite3.Error) as error:
        raise click.ClickException(
            f"{why}\n{service} stands at its backup now, and {PEER[service]} does not: "
            "the first could not be put back"
            f" ({error}). {_kept(aside)} Do not start the register."
            " Mend the cause, then restore both again with the same command."
        ) from why
    click.echo(f"{service} is as it was before.", err=True)


def _kept(aside: str | None) -> str:
    return (
        (f"The replaced database is kept as {aside}.")
        if aside
        else ("There was no database before.")
    )


def _prepare(loaded: Mapping[Service, Loaded]) -> list[str]:
    """Make the loaded databases fit to be used. Returns what to tell, above all what to do next."""
    said, remembered = [], dict[Service, Remembered]()
    with ExitStack() as opened:
        sessions = {
            service: opened.enter_context(_session(one.url)) for service, one in loaded.items()
        }
        for service, session in sessions.items():
            remembered[service] = restoring.remember(
                settings.read(service).database_url, service, session
            )
            heard = _heard_by(PEER[service])
            done = restoring.begin_new_life(session, service, remembered[service], heard)
            said += [f"{service}: {line}" for line in done]
        said += ["", "Next:"]
        for service in SERVICES:
            said += continuing.way_on(service, sessions, remembered)
    return [*said, *_NEXT]


_NEXT = (
    "  - “lessons mail release” when you have looked around, or “lessons mail release --drop”.",
    (
        "  - Whoever was forgotten or stopped and whichever key was withdrawn since the "
        "backup is back: do that again."
    ),
    "  - Entries withdrawn or narrowed since the backup can be read again: do that again.",
)


def _heard_by(peer: Service) -> references.Numbers:
    """What the other service's present database was told of, as far as it can be read."""
    with (
        suppress(SQLAlchemyError, ValueError),
        restoring.present(settings.read(peer).database_url) as session,
    ):
        return references.heard_of(session, peer)
    return {}


@contextmanager
def _session(url: str) -> Iterator[Session]:
    database = open_database(url)
    try:
        with database.sessions.begin() as session:
            # it waits while other databases are read, some of which may be away
            if not database.is_sqlite:
                session.execute(text("SET LOCAL idle_in_transaction_session_timeout = 0"))
            yield session
    finally:
        database.close()


def _empty_broker(of_service: Settings) -> None:
    """What the queues hold is of another life and would halt the consumers."""
    broker = Broker(of_service.broker_url, of_service.broker_namespace)
    try:
        broker.forget_all()
    except BROKER_ERRORS as error:
        click.echo(f"The broker cannot be emptied: {cause_of(error)}.", err=True)
        click.echo(f"Before you start the register, {broker.emptying()}", err=True)
