"""Running the register: everything on one machine."""

import os
import threading
from collections.abc import Callable
from contextlib import closing, suppress
from typing import Any

import click
import urllib3
from sqlalchemy.exc import SQLAlchemyError

from services import demonstration, lifeline
from services.cli import checking, installing
from services.cli.processes import LOOPS, port_option, require_free, stop_on_signal
from services.cli.terminal import logs_in_file, progress
from services.supervisor import Child, Supervisor
from shared.platform import clock, logs, settings
from shared.platform.persistence import heartbeat
from shared.platform.persistence.engine import open_database

READY_SECONDS = 120.0


@click.command()
@port_option
def up(port: int) -> None:
    """Try the register: everything, with its demonstration, at http://localhost:PORT.

    The data stays in LESSONS_DATA_DIR (var/). Not for real use: see “lessons init” and “lessons
    serve”.
    """
    require_free(port)
    _set_defaults(port, demonstration=True)
    progress(f"Preparing the databases in {settings.data_dir_of()} …")
    installing.prepare_demonstration()
    installing.upgrade_all()
    demonstration.open_accounts()
    _supervise(port, lambda: _load(f"http://localhost:{port}"), _tell_demonstration)


@click.command()
@port_option
def serve(port: int) -> None:
    """Run the register for real use, at http://localhost:PORT: everything on this machine.

    Refuses to start on demonstration data or with an insecure configuration.
    """
    _set_defaults(port, demonstration=False)
    checking.require_production()
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


def children_on(port: int) -> list[Child]:
    """Everything that a register on one machine consists of."""
    web = Child("front-door", ("run", "front-door", "--port", str(port), lifeline.FLAG))
    return [web, *(Child(name, ("run", name, lifeline.FLAG)) for name in LOOPS)]


def _load(url: str) -> None:
    progress("Loading the demonstration: five operations, each reviewed through the register …")
    demonstration.load(url)


def _supervise(port: int, when_ready: Callable[[], Any], tell: Callable[[str], None]) -> None:
    require_free(port)
    stop, url = stop_on_signal(), f"http://localhost:{port}"
    log_file = settings.data_dir_of() / "logs" / "register.log"
    children = children_on(port)
    progress(f"Starting {len(children)} processes; their logs go to {log_file} …")
    with logs_in_file(log_file):
        logs.configure("supervisor")
        supervisor = Supervisor(children, signs_of_life)
        starting = threading.Thread(
            target=_finish_start, args=(url, stop, when_ready, tell), daemon=True
        )
        starting.start()
        supervisor.run(stop)


def signs_of_life() -> dict[str, object]:
    """When each loop last showed one, by the name of its process; nothing where the database does
    not answer.
    """
    signs: dict[str, object] = {}
    for service in settings.SERVICES:
        opened = open_database(settings.read(service).database_url)
        with closing(opened) as database, suppress(SQLAlchemyError), database.readings() as session:
            for name, (of_service, _place) in LOOPS.items():
                if of_service == service:
                    signs[name] = heartbeat.last(session, name.partition("-")[2])
    return signs


def _finish_start(
    url: str, stop: threading.Event, when_ready: Callable[[], Any], tell: Callable[[str], None]
) -> None:
    deadline = clock.ticks() + READY_SECONDS
    while not stop.wait(0.1):
        wrong = _wrong_parts(f"{url}/readyz")
        if wrong is not None and not wrong:
            when_ready()
            tell(url)
            return
        if wrong and set(wrong.values()) <= {"halted", "replaying"}:  # not ready for long
            click.echo(
                f"The register answers at {url}, but a consumer is held: see “lessons events "
                "status”."
            )
            return
        if clock.ticks() > deadline:
            click.echo(
                (
                    f"Not ready after {READY_SECONDS:.0f} s: {url}/readyz says which part is "
                    "unwell, its log why."
                ),
                err=True,
            )
            return


def _tell_demonstration(url: str) -> None:
    click.echo(f"\nThe register is ready at {url}\n")
    click.echo("Its demonstration accounts; the start page signs you in as any of them:")
    for service, role in demonstration.accounts_by_role():
        click.echo(f"  {service:<7} {role}")
    click.echo(f"\nTheir API keys: {demonstration.key_file()}\nCtrl-C stops it; the data stays.")


def _wrong_parts(url: str) -> dict[str, str] | None:
    """What is wrong, by the name of the part; None when nobody answers."""
    try:
        answer = urllib3.request("GET", url, timeout=5.0, retries=False)
        return dict(answer.json()["parts"])
    except (urllib3.exceptions.HTTPError, ValueError, KeyError):
        return None


def _set_defaults(port: int, *, demonstration: bool) -> None:
    """What running everything on one machine implies; the children inherit it."""
    here = f"http://127.0.0.1:{port}"
    os.environ.update(  # noqa: TID251 - writing, for the children; reading is for settings
        LESSONS_INTAKE_URL=here, LESSONS_REVIEW_URL=here, LESSONS_DEMO="1" if demonstration else "0"
    )
    if demonstration or not settings.is_given("LESSONS_PUBLIC_URL"):
        os.environ["LESSONS_PUBLIC_URL"] = f"http://localhost:{port}"  # noqa: TID251 - as above
