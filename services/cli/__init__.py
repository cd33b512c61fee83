"""The `lessons` command: puts the services together, and is the way in for whoever runs the register."""

import gc
import os
import sqlite3
import sys
from typing import NoReturn

import click
from sqlalchemy.exc import SQLAlchemyError

from services.cli import checking
from services.cli.chaos import chaos
from services.cli.checking import check
from services.cli.events import events
from services.cli.installing import init, upgrade
from services.cli.keeping import backup, mails, restore
from services.cli.people import people
from services.cli.pruning import prune
from services.cli.redacting import redact
from services.cli.running import demo, healthcheck, run, serve, up
from services.cli.tracing import trace
from shared.errors import DomainError, InvalidError
from shared.messaging.broker import BROKER_ERRORS
from shared.messaging.pull import ContradictionError, SourceAwayError
from shared.settings import BadSettingsError


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(package_name="lessons-register")
def lessons() -> None:
    """The lessons-learned register: field notes go in, approved lessons and benchmarks come out."""


for command in (  # in the order in which an operator meets them
    up,
    serve,
    init,
    check,
    upgrade,
    backup,
    restore,
    mails,
    prune,
    demo,
    people,
    events,
    trace,
    run,
    healthcheck,
    chaos,
):
    lessons.add_command(command)
events.add_command(redact)


def main() -> None:
    """Run a command; say in plain words what is wrong with the configuration, the request or a server."""
    os.umask(0o077)  # notes, addresses and receipts are for nobody else on this machine
    collect_seldom()
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
    except SourceAwayError as error:
        click.echo(f"Error: {error}\n{_ADVICE}", err=True)
        sys.exit(1)
    except (DomainError, ContradictionError) as error:
        click.echo(f"Error: {error}", err=True)
        sys.exit(1)
    except (SQLAlchemyError, sqlite3.Error) as error:
        _give_up(error)
    except BROKER_ERRORS as error:
        _give_up(error)


def collect_seldom() -> None:
    """Let Python look for unreachable cycles less often, and never among what is loaded at the start.

    With the objects of a batch of notes alive it looks long, every few hundred of them, and finds nothing: a quarter of
    the consumer's time.
    """
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


_ADVICE = (
    "Is the register running? If it listens elsewhere, set LESSONS_INTAKE_URL and LESSONS_REVIEW_URL"
    " for this command, such as http://localhost:9000."
)


def _give_up(error: Exception) -> NoReturn:
    click.echo(f"That did not work: {checking.cause_of(error)}. “lessons check” says more.", err=True)
    sys.exit(1)
