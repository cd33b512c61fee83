"""The `lessons` command: puts the services together, and is the way in for whoever runs the register."""

import os
import sys
from typing import NoReturn

import click
from sqlalchemy.exc import SQLAlchemyError

from services.cli import checking
from services.cli.checking import check
from services.cli.events import events
from services.cli.installing import backup, init, upgrade
from services.cli.people import people
from services.cli.running import demo, healthcheck, run, serve, up
from shared.errors import DomainError, InvalidError
from shared.messaging.broker import BROKER_ERRORS
from shared.messaging.pull import ContradictionError, SourceAwayError
from shared.settings import BadSettingsError


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(package_name="lessons-register")
def lessons() -> None:
    """The lessons-learned register: field notes go in, approved lessons and benchmarks come out."""


for command in (up, serve, init, check, upgrade, backup, demo, people, events, run, healthcheck):
    lessons.add_command(command)


def main() -> None:
    """Run a command; say in plain words what is wrong with the configuration, the request or a server."""
    os.umask(0o077)  # notes, addresses and receipts are for nobody else on this machine
    try:
        lessons(standalone_mode=True)
    except BadSettingsError:
        click.echo("The configuration needs mending:", err=True)
        for fault in checking.configuration_faults():
            click.echo(f"  - {fault}", err=True)
        sys.exit(2)
    except InvalidError as error:
        click.echo("\n".join(str(text) for texts in error.errors.values() for text in texts), err=True)
        sys.exit(1)
    except (DomainError, SourceAwayError, ContradictionError) as error:
        click.echo(str(error), err=True)
        sys.exit(1)
    except SQLAlchemyError as error:
        _give_up(error)
    except BROKER_ERRORS as error:
        _give_up(error)


def _give_up(error: Exception) -> NoReturn:
    click.echo(f"That did not work: {checking.cause_of(error)}. “lessons check” says more.", err=True)
    sys.exit(1)
