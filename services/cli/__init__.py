"""The `lessons` command: puts the services together, and is the way in for whoever runs the register."""

import sys

import click

from services.cli.events import events
from services.cli.installing import check, init, upgrade
from services.cli.people import people
from services.cli.running import demo, healthcheck, run, serve, up
from shared.errors import DomainError
from shared.settings import BadSettingsError


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(package_name="lessons-register")
def lessons() -> None:
    """The lessons-learned register: field notes go in, approved lessons and benchmarks come out."""


for command in (up, serve, init, check, upgrade, demo, people, events, run, healthcheck):
    lessons.add_command(command)


def main() -> None:
    """Run a command; say in plain words what is wrong with the configuration or the request."""
    try:
        lessons(standalone_mode=True)
    except BadSettingsError as error:
        click.echo("The configuration needs mending:", err=True)
        for fault in error.faults:
            click.echo(f"  - {fault}", err=True)
        sys.exit(2)
    except DomainError as error:
        click.echo(str(error), err=True)
        sys.exit(1)
