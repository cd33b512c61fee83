"""The processes of a register, by name, and how each of them runs.

Each loads only its own part, for all of them stand side by side in memory.
"""

import gc
import os
import signal
import socket
import threading
from contextlib import closing, suppress
from pkgutil import resolve_name
from types import FrameType

import urllib3
from sqlalchemy.exc import SQLAlchemyError

from services import lifeline
from services.maintenance.faults import demonstration_faults
from shared.platform import settings
from shared.platform.persistence import heartbeat
from shared.platform.persistence.engine import open_database
from shared.platform.persistence.heartbeat import Unwell
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


def run_loop(name: str) -> None:
    """Be this loop until a signal ends it."""
    service, place = LOOPS[name]
    loop = resolve_name(place)
    collect_seldom()
    if name.endswith("clockwork"):
        os.nice(5)  # mail and housekeeping give way to whoever waits for an answer
    loop(settings.read(service), stop_on_signal())


def serve_web(name: str, host: str, port: int, *, is_child: bool) -> None:
    """Be this web process until a signal ends it; `is_child` when it has a lifeline."""
    from services.serving import serve  # noqa: PLC0415 - the loops do without it

    target = WEB[name]
    lifeline.pass_on(is_child)
    resolve_name(target)  # before the workers are forked, so that they share its code
    collect_seldom()
    serve(target, host, port)


def listen_once(host: str, port: int) -> None:
    """Raises OSError when nothing can listen there."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind((host, port))


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


def demonstration_data(name: str) -> list[str]:
    """What the databases of this process hold of the demonstration, unless it belongs to one.

    A process of a real register must not start on it. A database that is away is waited for.
    """
    for service in SERVES[name]:
        of_service = settings.read(service)
        opened = open_database(of_service.database_url)
        with closing(opened) as database, suppress(SQLAlchemyError), database.readings() as session:
            if not of_service.demonstration and (faults := demonstration_faults(session, service)):
                return faults
    return []


def _what_is_wrong(name: str) -> Unwell | None:
    """What is wrong with this loop by its signs of life; None when it is well."""
    service, part = LOOPS[name][0], name.partition("-")[2]
    opened = open_database(settings.read(service).database_url)
    with closing(opened) as database, database.readings() as session:
        return heartbeat.unwell(session, (part,)).get(part)


def look_at(target: str) -> tuple[bool, str]:
    """Whether an address answers 200 or a process without one shows signs of life, and in words
    what was found.
    """
    if target in LOOPS:
        wrong = _what_is_wrong(target)
        return wrong is None, f"{target}: {wrong.detail if wrong else 'ok'}."
    try:
        status = urllib3.request("GET", target, timeout=5.0, retries=False).status
    except urllib3.exceptions.HTTPError as error:
        return False, f"{target} gives no answer: {error}."
    return status == 200, f"{target} answers {status}."
