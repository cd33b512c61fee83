"""Running the register: everything on one machine, or one process of it."""

import contextlib
import errno
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable
from types import FrameType
from typing import Any

import click
import urllib3
from granian.constants import Interfaces
from granian.server import Server
from sqlalchemy.exc import SQLAlchemyError

from services import demonstration, lifeline
from services.cli import checking, installing
from services.intake import worker as intake_worker
from services.review import worker as review_worker
from services.supervisor import Child, Supervisor
from shared import clock, logs, settings
from shared.persistence import heartbeat
from shared.settings import Service

READY_SECONDS = 120.0
WEB = {
    "front-door": "services.front_door:create_front_door",
    "intake-web": "services.front_door:create_intake_alone",
    "review-web": "services.front_door:create_review_alone",
}
LOOPS: dict[str, tuple[Service, Callable[..., None]]] = {
    "intake-relay": ("intake", intake_worker.relay),
    "intake-consumer": ("intake", intake_worker.consumer),
    "intake-clockwork": ("intake", intake_worker.clockwork),
    "review-relay": ("review", review_worker.relay),
    "review-consumer": ("review", review_worker.consumer),
    "review-clockwork": ("review", review_worker.clockwork),
}
PROCESSES = (*WEB, *LOOPS)
SERVES: dict[str, tuple[Service, ...]] = {
    "front-door": ("intake", "review"),
    "intake-web": ("intake",),
    "review-web": ("review",),
    **{name: (service,) for name, (service, _loop) in LOOPS.items()},
}

_port = click.option("--port", default=8080, show_default=True, type=click.IntRange(1, 65535), help="Where it listens.")


@click.command()
@_port
def up(port: int) -> None:
    """Try the register: everything, with its demonstration, at http://localhost:PORT.

    The data stays in LESSONS_DATA_DIR (var/). Not for real use: see “lessons init” and “lessons serve”.
    """
    _require_free(port)
    _set_defaults(port, demonstration=True)
    installing.prepare_demonstration()
    installing.upgrade_all()
    demonstration.open_accounts()
    _supervise(port, lambda: demonstration.load(f"http://localhost:{port}"), _tell_demonstration)


@click.command()
@_port
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
    """Load the demonstration into a running demonstration, through its own interfaces. Safe to repeat."""
    demonstration.load(url)


@click.command()
@click.argument("process", type=click.Choice(PROCESSES))
@_port
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option(lifeline.FLAG, "is_child", is_flag=True, hidden=True)
def run(process: str, port: int, host: str, is_child: bool) -> None:
    """Run one process of the register: what a container or a unit of systemd starts."""
    lifeline.hold(is_child)
    logs.configure(process)
    for service in SERVES[process]:
        checking.refuse_demonstration_data(service)
    if process in WEB:
        _serve_web(WEB[process], host, port, is_child=is_child)
    else:
        service, loop = LOOPS[process]
        if process.endswith("clockwork"):
            os.nice(5)  # mail and housekeeping give way to whoever waits for an answer
        loop(settings.read(service), _stop_on_signal())


@click.command()
@click.argument("target", default="http://localhost:8080/healthz")
def healthcheck(target: str) -> None:
    """Exit with 0 when an address answers 200, or when a process without one (intake-relay, …) shows signs of life."""
    if target not in LOOPS:
        sys.exit(0 if _answers(target) else 1)
    service, part = LOOPS[target][0], target.partition("-")[2]
    _settings, database = installing.open_service(service)
    with database.readings() as session:
        wrong = heartbeat.unwell(session, (part,))
    click.echo(wrong[part].detail if wrong else "ok")
    sys.exit(1 if wrong else 0)


def _serve_web(target: str, host: str, port: int, *, is_child: bool) -> None:
    if not is_child:  # one whose supervisor starts it anew may find its last workers still ending
        _require_free(port, host)  # the server would share the port with another one, without a word
    lifeline.pass_on(is_child)
    Server(
        target,
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        factory=True,
        workers=2,
        blocking_threads=2,  # its default of hundreds would empty the pool of database connections
        websockets=False,
        respawn_failed_workers=True,
        respawn_interval=0.5,
        log_access=False,
        backlog=1024,
    ).serve()


def children_on(port: int) -> list[Child]:
    """Everything that a register on one machine consists of."""
    web = Child("front-door", ("run", "front-door", "--port", str(port), lifeline.FLAG))
    return [web, *(Child(name, ("run", name, lifeline.FLAG)) for name in LOOPS)]


def _supervise(port: int, when_ready: Callable[[], Any], tell: Callable[[str], None]) -> None:
    logs.configure("supervisor")
    _require_free(port)
    stop, url = _stop_on_signal(), f"http://localhost:{port}"
    supervisor = Supervisor(children_on(port), signs_of_life)
    starting = threading.Thread(target=_finish_start, args=(url, stop, when_ready, tell), daemon=True)
    starting.start()
    supervisor.run(stop)


def signs_of_life() -> dict[str, object]:
    """When each loop last showed one, by the name of its process; nothing where the database does not answer."""
    signs: dict[str, object] = {}
    for service in installing.SERVICES:
        _settings, database = installing.open_service(service)
        with contextlib.suppress(SQLAlchemyError), database.readings() as session:
            for name, (of_service, _loop) in LOOPS.items():
                if of_service == service:
                    signs[name] = heartbeat.last(session, name.partition("-")[2])
        database.close()
    return signs


def _finish_start(url: str, stop: threading.Event, when_ready: Callable[[], Any], tell: Callable[[str], None]) -> None:
    deadline = clock.ticks() + READY_SECONDS
    while not stop.wait(0.1):
        wrong = _wrong_parts(f"{url}/readyz")
        if wrong is not None and not wrong:
            when_ready()
            tell(url)
            return
        if wrong and set(wrong.values()) <= {"halted", "replaying"}:  # not ready for long
            click.echo(f"The register answers at {url}, but a consumer is held: see “lessons events status”.")
            return
        if clock.ticks() > deadline:
            click.echo(
                f"Not ready after {READY_SECONDS:.0f} s: {url}/readyz says which part is unwell, its log why.", err=True
            )
            return


def _tell_demonstration(url: str) -> None:
    click.echo(f"\nThe register is ready at {url}\n")
    click.echo("Its demonstration accounts; the start page signs you in as any of them:")
    for service, role in demonstration.accounts_by_role():
        click.echo(f"  {service:<7} {role}")
    click.echo(f"\nTheir API keys: {demonstration.key_file()}\nCtrl-C stops it; the data stays.")


def _answers(url: str) -> bool:
    try:
        return bool(urllib3.request("GET", url, timeout=5.0, retries=False).status == 200)
    except urllib3.exceptions.HTTPError:
        return False


def _wrong_parts(url: str) -> dict[str, str] | None:
    """What is wrong, by the name of the part; None when nobody answers."""
    try:
        answer = urllib3.request("GET", url, timeout=5.0, retries=False)
        return dict(answer.json()["parts"])
    except (urllib3.exceptions.HTTPError, ValueError, KeyError):
        return None


def _require_free(port: int, host: str = "127.0.0.1") -> None:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise click.ClickException(
                    f"Port {port} is taken. Choose another: --port, or PORT= for make."
                ) from None
            raise click.ClickException(f"Nothing can listen at {host}, port {port}: {error.strerror}.") from None


def _stop_on_signal() -> threading.Event:
    stop = threading.Event()

    def on_signal(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, on_signal)
    return stop


def _set_defaults(port: int, *, demonstration: bool) -> None:
    """What running everything on one machine implies; the children inherit it."""
    here = f"http://127.0.0.1:{port}"
    os.environ.update(  # noqa: TID251 - writing, for the children; reading is for settings
        LESSONS_INTAKE_URL=here, LESSONS_REVIEW_URL=here, LESSONS_DEMO="1" if demonstration else "0"
    )
    if demonstration or not settings.is_given("LESSONS_PUBLIC_URL"):
        os.environ["LESSONS_PUBLIC_URL"] = f"http://localhost:{port}"  # noqa: TID251 - as above
