"""One process of the register.

Each loads only its own part, for all of them stand side by side in memory.
"""

import errno
import gc
import os
import signal
import socket
import sys
import threading
from contextlib import closing, suppress
from pkgutil import resolve_name
from types import FrameType

import click
import urllib3
from sqlalchemy.exc import SQLAlchemyError

from services import lifeline
from services.maintenance.faults import demonstration_faults
from shared.platform import logs, settings
from shared.platform.persistence import heartbeat
from shared.platform.persistence.engine import open_database
from shared.platform.settings import Service

WEB = {
    "front-door": "services.front_door:create_front_door",
    "intake-web": "services.front_door:create_intake_alone",
    "review-web": "services.front_door:create_review_alone",
}
LOOPS: dict[str, tuple[Service, str]] = {
    "intake-relay": ("intake", "services.intake.worker:relay"),
    "intake-consumer": ("intake", "services.intake.worker:consumer"),
    "intake-clockwork": ("intake", "services.intake.scheduler:scheduler"),
    "review-relay": ("review", "services.review.worker:relay"),
    "review-consumer": ("review", "services.review.worker:consumer"),
    "review-clockwork": ("review", "services.review.scheduler:scheduler"),
}
PROCESSES = (*WEB, *LOOPS)
SERVES: dict[str, tuple[Service, ...]] = {
    "front-door": ("intake", "review"),
    "intake-web": ("intake",),
    "review-web": ("review",),
    **{name: (service,) for name, (service, _loop) in LOOPS.items()},
}

port_option = click.option(
    "--port",
    default=8080,
    show_default=True,
    type=click.IntRange(1, 65535),
    help="Where it listens.",
)


@click.command()
@click.argument("process", type=click.Choice(PROCESSES))
@port_option
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option(lifeline.FLAG, "is_child", is_flag=True, hidden=True)
def run(process: str, port: int, host: str, is_child: bool) -> None:
    """Run one process of the register: what a container or a unit of systemd starts."""
    lifeline.hold(is_child)
    logs.configure(process)
    for service in SERVES[process]:
        _refuse_demonstration_data(service)
    if process in WEB:
        _serve_web(WEB[process], host, port, is_child=is_child)
    else:
        service, place = LOOPS[process]
        loop = resolve_name(place)
        collect_seldom()
        if process.endswith("clockwork"):
            os.nice(5)  # mail and housekeeping give way to whoever waits for an answer
        loop(settings.read(service), stop_on_signal())


@click.command()
@click.argument("target", default="http://localhost:8080/healthz")
def healthcheck(target: str) -> None:
    """Exit with 0 when an address answers 200, or when a process without one (intake-relay, …)
    shows signs of life.
    """
    if target not in LOOPS:
        if "://" not in target:
            raise click.UsageError(
                f"{target} is neither an address (http://…) nor one of {', '.join(LOOPS)}."
            )
        sys.exit(0 if _answers(target) else 1)
    service, part = LOOPS[target][0], target.partition("-")[2]
    opened = open_database(settings.read(service).database_url)
    with closing(opened) as database, database.readings() as session:
        wrong = heartbeat.unwell(session, (part,))
    click.echo(wrong[part].detail if wrong else "ok")
    sys.exit(1 if wrong else 0)


def require_free(port: int, host: str = "127.0.0.1") -> None:
    """Raises ClickException when nothing can listen there."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise click.ClickException(
                    f"Port {port} is taken. Choose another: --port, or PORT= for make."
                ) from None
            raise click.ClickException(
                f"Nothing can listen at {host}, port {port}: {error.strerror}."
            ) from None


def stop_on_signal() -> threading.Event:
    """Is set when this process is told to stop."""
    stop = threading.Event()

    def on_signal(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, on_signal)
    return stop


def collect_seldom() -> None:
    """Let Python look for unreachable cycles less often, and never among what is loaded already.

    With the objects of a batch of notes alive it looks long, every few hundred of them, and finds
    nothing: a quarter of the consumer's time. But a session leaves cycles behind that grew old
    meanwhile, so what is old must be looked through too, each few hundred notes: with 20 instead of
    5 and 2 the consumer grew by 13 MiB in 20,000 notes.
    """
    gc.freeze()
    gc.set_threshold(20_000, 5, 2)


def _refuse_demonstration_data(service: Service) -> None:
    """For each process of a real register: raises ClickException when its database holds the
    demonstration.
    """
    of_service = settings.read(service)
    opened = open_database(of_service.database_url)
    with closing(opened) as database, suppress(SQLAlchemyError), database.readings() as session:
        # one that is away is waited for
        if not of_service.demonstration and (faults := demonstration_faults(session, service)):
            raise click.ClickException(
                "It cannot start:\n" + "\n".join(f"  - {fault}" for fault in faults)
            )


def _serve_web(target: str, host: str, port: int, *, is_child: bool) -> None:
    from services.serving import serve  # noqa: PLC0415 - the loops do without it

    if not is_child:  # one whose supervisor starts it anew may find its last workers still ending
        require_free(port, host)  # the server would share the port with another one, without a word
    lifeline.pass_on(is_child)
    resolve_name(target)  # before the workers are forked, so that they share its code
    collect_seldom()
    serve(target, host, port)


def _answers(url: str) -> bool:
    try:
        return bool(urllib3.request("GET", url, timeout=5.0, retries=False).status == 200)
    except urllib3.exceptions.HTTPError:
        return False
