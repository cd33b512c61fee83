"""`lessons backup`."""

import click

from services.cli.installing import open_service
from services.maintenance.backup import back_up
from services.maintenance.installation import missing
from shared.platform import settings
from shared.platform.persistence import migrating
from shared.platform.settings import SERVICES, Service


@click.command()
def backup() -> None:
    """Copy both databases, as they are at one moment, into the folder “backups”, also while the
    register runs.
    """
    for service in SERVICES:
        _require_tables(service)
    for made in back_up([settings.read(service) for service in SERVICES]):
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
