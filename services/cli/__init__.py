"""The `lessons` command: puts the services together, and is the way in for whoever runs the
register.
"""

import os
import sqlite3
import sys
from pkgutil import resolve_name
from typing import Any, cast

import click
from click.exceptions import NoSuchCommand
from sqlalchemy.exc import SQLAlchemyError

from services.maintenance.errors import MaintenanceError, cause_of
from services.maintenance.faults import configuration_faults
from shared.platform.errors import DomainError, InvalidError
from shared.platform.messaging.broker import BROKER_ERRORS
from shared.platform.messaging.pull import ContradictionError, SourceAwayError
from shared.platform.settings import BadSettingsError

COMMANDS = {  # in the order in which an operator meets them
    "up": "services.cli.running:up",
    "serve": "services.cli.running:serve",
    "init": "services.cli.installing:init",
    "check": "services.cli.check:check",
    "upgrade": "services.cli.installing:upgrade",
    "backup": "services.cli.backup:backup",
    "restore": "services.cli.restore:restore",
    "mail": "services.cli.mail:mail",
    "prune": "services.cli.prune:prune",
    "demo": "services.cli.running:demo",
    "people": "services.cli.accounts:accounts",
    "operations": "services.cli.operations:operations",
    "events": "services.cli.events:events",
    "trace": "services.cli.trace:trace",
    "run": "services.cli.processes:run",
    "healthcheck": "services.cli.processes:healthcheck",
}


class Commands(click.Group):
    """Loads a command when it is asked for, so that a process of the register carries no code of
    the others.
    """

    def list_commands(self, _ctx: click.Context) -> list[str]:
        """All of them, in their order."""
        return list(COMMANDS)

    def get_command(self, _ctx: click.Context, name: str) -> click.Command | None:
        """The one with this name, if there is one."""
        place = COMMANDS.get(name)
        return cast("click.Command", resolve_name(place)) if place else None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The one that is called.

        Raises NoSuchCommand, which suggests one that is spelled alike.
        """
        try:
            return super().resolve_command(ctx, args)
        except NoSuchCommand as error:
            raise NoSuchCommand(error.command_name, possibilities=COMMANDS, ctx=ctx) from None

    def invoke(self, ctx: click.Context) -> Any:
        """Carry a command out. What cannot be done ends it with a sentence."""
        try:
            return super().invoke(ctx)
        except MaintenanceError as error:
            raise click.ClickException(str(error)) from error


@click.group(
    cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110}
)
@click.version_option(package_name="lessons-register")
def lessons() -> None:
    """The lessons-learned register: field notes go in, approved lessons and benchmarks come out."""


def main() -> None:
    """Run a command; say in plain words what is wrong with the configuration, the request or a
    server.
    """
    os.umask(0o077)  # notes, addresses and receipts are for nobody else on this machine
    try:
        lessons(standalone_mode=True)
    except BadSettingsError:
        click.echo("The configuration needs mending:", err=True)
        for fault in configuration_faults():
            click.echo(f"  - {fault}", err=True)
        sys.exit(2)
    except InvalidError as error:
        click.echo(
            "\n".join(str(text) for texts in error.errors.values() for text in texts), err=True
        )
        sys.exit(1)
    except SourceAwayError as error:
        click.echo(f"Error: {error}\n{_ADVICE}", err=True)
        sys.exit(1)
    except (DomainError, ContradictionError) as error:
        click.echo(f"Error: {error}", err=True)
        sys.exit(1)
    except _FROM_SERVERS as error:
        click.echo(f"That did not work: {cause_of(error)}. “lessons check” says more.", err=True)
        sys.exit(1)


_FROM_SERVERS: tuple[type[Exception], ...] = (SQLAlchemyError, sqlite3.Error, *BROKER_ERRORS)
_ADVICE = (
    "Is the register running? If it listens elsewhere, set LESSONS_INTAKE_URL and "
    "LESSONS_REVIEW_URL for this command, such as http://localhost:9000."
)
