"""`lessons mail`: what becomes of the mail that a restore holds back."""

from collections.abc import Mapping

import click

from services.cli.installing import open_service
from shared.platform.delivery import deliveries
from shared.platform.persistence.engine import Database
from shared.platform.settings import SERVICES, Service


@click.group()
def mail() -> None:
    """Mail that is held back after a restore."""


@mail.command()
@click.option("--drop", is_flag=True, help="Never send what was held back.")
@click.option("--yes", is_flag=True, help="Drop without asking.")
def release(drop: bool, yes: bool) -> None:
    """Let what waited in the backup go out, or drop it; what came after the restore goes anyway."""
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
            held[service] = deliveries.count_held(session)
    if any(held.values()):
        counted = " and ".join(f"{_mails(count)} of {service}" for service, count in held.items())
        click.confirm(
            f"{counted} will never be sent, and nobody is told. Drop them for good?", abort=True
        )


def _mails(count: int) -> str:
    return f"{count} mail" if count == 1 else f"{count} mails"
