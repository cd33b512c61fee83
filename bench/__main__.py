"""`make bench`: how fast a note is taken, and how soon it has a reviewer.

Starts a register of its own on each back end that this machine offers, on free ports and in temporary folders. Every
figure is from this run; the machine's speed drifts over minutes, so compare only within one run.
"""

import os
import platform
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from uuid import uuid4

from rich.console import Console
from rich.table import Table

from tests import requirements
from tests.system import System, running_system
from tests.world import make_note

ROUNDS = 5
NOTES_A_ROUND = 200
CLIENTS = 16
SINGLE = 40


def main() -> None:
    """Measure each back end and print one table."""
    backends = ["sqlite"]
    if requirements.has_postgres() and requirements.has_rabbitmq():
        backends.append("postgres")
    table = Table("figure", "unit", *backends, title=f"{describe_machine()}\nmedian (lowest to highest) of {ROUNDS}")
    columns = [measure(backend) for backend in backends]
    for name, unit in columns[0]:
        table.add_row(name, unit, *(column[name, unit] for column in columns))
    Console(width=110).print(table)
    if len(backends) == 1:
        sys.stderr.write("PostgreSQL and RabbitMQ were not found on loopback, so they were not measured.\n")


def measure(backend: str) -> dict[tuple[str, str], str]:
    """All figures of one back end, by name and unit."""
    with tempfile.TemporaryDirectory() as folder, running_system(backend, Path(folder) / "var") as system:
        for _ in range(20):
            submit(system)  # warm
        return {
            (f"notes taken, {CLIENTS} clients", "per second"): spread(ROUNDS, lambda: rate(system)),
            ("one note taken, 1 client", "ms"): spread(ROUNDS, lambda: latency(system, submit)),
            ("from 201 to the case in review", "ms"): spread(ROUNDS, lambda: latency(system, submit_and_see)),
            ("first page of the library's API", "ms"): spread(ROUNDS, lambda: latency(system, read_entries)),
        }


def spread(rounds: int, figure: Callable[[], float]) -> str:
    """The median of several measurements, with lowest and highest."""
    found = sorted(figure() for _ in range(rounds))
    return f"{statistics.median(found):.0f} ({found[0]:.0f} to {found[-1]:.0f})"


def rate(system: System) -> float:
    """Notes per second that are acknowledged when several clients send at once."""
    started = time.perf_counter()
    with ThreadPoolExecutor(CLIENTS) as pool:
        list(pool.map(lambda _: submit(system), range(NOTES_A_ROUND)))
    return NOTES_A_ROUND / (time.perf_counter() - started)


def latency(system: System, act: Callable[[System], Any]) -> float:
    """Median milliseconds of doing something once, one after the other. What it returns is subtracted, if anything."""
    taken = []
    for _ in range(SINGLE):
        started = time.perf_counter()
        before = act(system) or 0.0
        taken.append((time.perf_counter() - started - before) * 1000)
    return statistics.median(taken)


def submit(system: System) -> None:
    """Hand in one note."""
    hand_in(system)


def submit_and_see(system: System) -> float:
    """Hand in one note and look until its case is there. Returns the seconds until the note was acknowledged."""
    started = time.perf_counter()
    reference = hand_in(system)
    acknowledged = time.perf_counter() - started
    while True:
        listed = system.call("editor", "GET", f"/review/api/v1/cases?note={reference}")[1]
        if listed["cases"]:
            return acknowledged


def read_entries(system: System) -> None:
    """Read fifty entries as a partner."""
    status, _read = system.call("partner", "GET", "/api/v1/entries?limit=50")
    assert status == 200


def hand_in(system: System) -> str:
    """Hand in one note. Returns its reference."""
    status, answer = system.call("field", "POST", "/intake/api/v1/notes", make_note(), Idempotency_Key=uuid4().hex)
    assert status == 201, answer
    return str(answer["reference"])


def describe_machine() -> str:
    """What it was measured on."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    system = f"{platform.system()} {platform.machine()}, Python {platform.python_version()}"
    return f"{os.cpu_count()} CPUs, {memory:.0f} GiB, {system}"


main()
