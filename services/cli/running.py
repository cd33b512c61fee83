"""Running the register: everything on one machine."""

import sys
import threading
from collections.abc import Callable
from typing import Any

import click

from services import demonstration, one_machine
from services.cli.processes import port_option, require_free
from services.maintenance import checks, installation
from services.one_machine import Start
from services.processes import stop_on_signal
from shared.platform import settings


@click.command()
@port_option
def up(port: int) -> None:
    """Try the register: everything, with its demonstration, at http://localhost:PORT.

    The data stays in LESSONS_DATA_DIR (var/). Not for real use: see “lessons init” and “lessons
    serve”.
    """
    require_free(port)
    one_machine.set_environment(port, demonstration=True)
    progress(f"Preparing the databases in {settings.data_dir_of()} …")
    installation.prepare_demonstration()
    installation.upgrade()
    demonstration.open_accounts()
    _supervise(port, lambda: _load(f"http://localhost:{port}"), _tell_demonstration)


@click.command()
@port_option
def serve(port: int) -> None:
    """Run the register for real use, at http://localhost:PORT: everything on this machine.

    Refuses to start on demonstration data or with an insecure configuration.
    """
    one_machine.set_environment(port, demonstration=False)
    for said in checks.require_production():
        click.echo(f"This waits for a person: {said}", err=True)
    _supervise(port, lambda: None, lambda url: click.echo(f"The register is ready at {url}"))


@click.command()
@click.argument("url", default="http://localhost:8080")
def demo(url: str) -> None:
    """Load the demonstration into a running demonstration, through its own interfaces.

    Safe to repeat.
    """
    if not demonstration.key_file().exists():
        raise click.ClickException(
            f"{settings.data_dir_of()} holds no demonstration. “lessons up” makes and loads one."
        )
    demonstration.load(url)


def _load(url: str) -> None:
    progress("Loading the demonstration: five operations, each reviewed through the register …")
    demonstration.load(url)


def _supervise(port: int, when_ready: Callable[[], Any], tell: Callable[[str], None]) -> None:
    require_free(port)
    stop, url = stop_on_signal(), f"http://localhost:{port}"
    children = one_machine.children_on(port)
    progress(f"Starting {len(children)} processes; their logs go to {one_machine.log_file()} …")
    one_machine.supervise(children, stop, lambda: _finish_start(url, stop, when_ready, tell))


def _finish_start(
    url: str, stop: threading.Event, when_ready: Callable[[], Any], tell: Callable[[str], None]
) -> None:
    match one_machine.wait_until_ready(url, stop):
        case Start.READY:
            when_ready()
            tell(url)
        case Start.HELD:
            click.echo(
                f"The register answers at {url}, but a consumer is held: see “lessons events "
                "status”."
            )
        case Start.LATE:
            late = f"Not ready after {one_machine.READY_SECONDS:.0f} s"
            click.echo(f"{late}: {url}/readyz says which part is unwell, its log why.", err=True)


def _tell_demonstration(url: str) -> None:
    click.echo(f"\nThe register is ready at {url}\n")
    click.echo("Its demonstration accounts; the start page signs you in as any of them:")
    for service, role in demonstration.accounts_by_role():
        click.echo(f"  {service:<7} {role}")
    click.echo(f"\nTheir API keys: {demonstration.key_file()}\nCtrl-C stops it; the data stays.")


def progress(text: str) -> None:
    """Say how far it is, where somebody looks on."""
    if sys.stdout.isatty():
        click.echo(text)
