"""Everything on one machine: its processes, what they are told, and when they are ready."""

import os
import threading
from collections.abc import Callable
from contextlib import closing, suppress
from enum import Enum, auto
from pathlib import Path

import urllib3
from sqlalchemy.exc import SQLAlchemyError

from services import lifeline
from services.demonstration import address
from services.processes import LOOPS
from services.supervisor import Child, Supervisor
from shared.platform import clock, logs, settings
from shared.platform.accounts.sign_in import Ticket
from shared.platform.log_file import logs_in_file
from shared.platform.persistence import heartbeat
from shared.platform.persistence.engine import open_database

READY_SECONDS = 120.0


class Start(Enum):
    """How a start ended."""

    READY = auto()
    HELD = auto()  # it answers, and a consumer waits for a person
    LATE = auto()
    STOPPED = auto()


def set_environment(port: int, *, demonstration: bool) -> None:
    """What running everything on one machine implies; the children inherit it."""
    here = f"http://127.0.0.1:{port}"
    os.environ.update(  # noqa: TID251 - writing, for the children; reading is for settings
        LESSONS_INTAKE_URL=here, LESSONS_REVIEW_URL=here, LESSONS_DEMO="1" if demonstration else "0"
    )
    if demonstration or not settings.is_given("LESSONS_PUBLIC_URL"):
        os.environ["LESSONS_PUBLIC_URL"] = f"http://localhost:{port}"  # noqa: TID251 - as above


def link_of(ticket: Ticket, of_service: settings.Settings) -> str:
    """The link with which someone signs in to the register as it runs."""
    ours = address() or of_service.public_url
    return f"{ours}/{of_service.service}/sign-in/{ticket.token}"


def log_file() -> Path:
    """Where the logs of all processes go when somebody looks on."""
    return settings.data_dir_of() / "logs" / "register.log"


def children_on(port: int) -> list[Child]:
    """Everything that a register on one machine consists of."""
    web = Child("front-door", ("run", "front-door", "--port", str(port), lifeline.FLAG))
    return [web, *(Child(name, ("run", name, lifeline.FLAG)) for name in LOOPS)]


def supervise(children: list[Child], stop: threading.Event, start: Callable[[], None]) -> None:
    """Keep the children running until `stop` is set. A thread of its own goes through `start`."""
    with logs_in_file(log_file()):
        logs.configure("supervisor")
        supervisor = Supervisor(children, signs_of_life)
        threading.Thread(target=start, daemon=True).start()
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


def wait_until_ready(url: str, stop: threading.Event) -> Start:
    """Wait until the register at this address is ready, or will not be for long."""
    deadline = clock.ticks() + READY_SECONDS
    while not stop.wait(0.1):
        wrong = _wrong_parts(f"{url}/readyz")
        if wrong is not None and not wrong:
            return Start.READY
        if wrong and set(wrong.values()) <= {"halted", "replaying"}:
            return Start.HELD
        if clock.ticks() > deadline:
            return Start.LATE
    return Start.STOPPED


def _wrong_parts(url: str) -> dict[str, str] | None:
    """What is wrong, by the name of the part; None when nobody answers."""
    try:
        answer = urllib3.request("GET", url, timeout=5.0, retries=False)
        return dict(answer.json()["parts"])
    except (urllib3.exceptions.HTTPError, ValueError, KeyError):
        return None
