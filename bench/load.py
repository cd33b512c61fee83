"""Clients that hand notes in: wrk where it is installed, else, and where each answer's time is
needed, our own.
"""

import multiprocessing
import os
import shutil
import subprocess
import threading
import time
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from dataclasses import dataclass, replace
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from uuid import uuid4

from bench.figures import percentile

SCRIPT = Path(__file__).with_name("post_notes.lua")
PATH = "/intake/api/v1/notes"
PROCESSES = 2
TIME_OUT, WARM_SECONDS = 20.0, 2.0


@dataclass(frozen=True)
class Load:
    """What clients saw: notes taken per second, milliseconds until the answer, and how many were
    not taken.
    """

    taken: int
    per_second: float
    p50: float
    p99: float
    failed: int

    def figures(self) -> dict[str, float]:
        """The figures of one slice. Raises RuntimeError when a note was refused."""
        if self.failed or not self.taken:
            raise RuntimeError(f"{self.failed} notes were not taken, {self.taken} were")
        return {"rate": self.per_second, "p50": self.p50, "p99": self.p99}


@dataclass(frozen=True)
class Sender:
    """Who hands in what, where: a note in two halves, between which comes a number."""

    address: str
    key: str
    note: tuple[str, str]


@dataclass(frozen=True)
class Task:
    """What one process of our own client does: `clients` threads, in a closed loop or `per_second`
    in all.
    """

    sender: Sender
    run: str
    clients: int
    seconds: float
    per_second: float | None = None


@dataclass(frozen=True)
class Answer:
    """One note: its status, its reference as sent back, when the answer was read (time.time), and
    how long it took.
    """

    status: int
    reference: str
    at: float
    took: float


def closed_loop(sender: Sender, clients: int, seconds: float) -> Load:
    """Each client sends its next note when the last one was answered."""
    if shutil.which("wrk"):
        return _wrk(sender, clients, seconds)
    answers = post(sender, clients, seconds)
    took = [answer.took * 1000 for answer in answers if answer.status == 201]
    failed = len(answers) - len(took)
    if not took:
        return Load(0, 0.0, 0.0, 0.0, failed)
    return Load(
        len(took), len(took) / seconds, percentile(took, 0.5), percentile(took, 0.99), failed
    )


def warm(sender: Sender) -> None:
    """Let every worker and connection answer before anything is measured."""
    post(sender, 2 * PROCESSES, WARM_SECONDS)


def post(
    sender: Sender, clients: int, seconds: float, per_second: float | None = None
) -> list[Answer]:
    """Our own client, in a few processes.

    With `per_second` it sends at that pace, whatever the answers take.
    """
    processes = min(PROCESSES, clients)
    share = None if per_second is None else per_second / processes
    task = Task(sender, uuid4().hex[:8], clients // processes, seconds, share)
    tasks = [replace(task, run=f"{task.run}-{number}") for number in range(processes)]
    with ProcessPoolExecutor(processes, mp_context=multiprocessing.get_context("spawn")) as pool:
        list(pool.map(abs, range(processes)))  # started, before the clock runs
        return [answer for answers in pool.map(_work, tasks) for answer in answers]


def hand_in(sender: Sender) -> Answer:
    """One note. Raises RuntimeError when it is not taken."""
    with closing(
        HTTPConnection(sender.address.removeprefix("http://"), timeout=TIME_OUT)
    ) as connection:
        answer = _hand_in(connection, sender, uuid4().hex)
    if answer.status != 201:
        raise RuntimeError(f"a note was answered with {answer.status}")
    return answer


def _wrk(sender: Sender, clients: int, seconds: float) -> Load:
    before, after = sender.note
    environ = {**os.environ, "NOTE_BEFORE": before, "NOTE_AFTER": after, "NOTE_KEY": sender.key}
    command = [
        "wrk",
        "-t1",
        f"-c{clients}",
        f"-d{seconds:.0f}s",
        f"--timeout={TIME_OUT:.0f}s",
        "-s",
        str(SCRIPT),
    ]
    said = subprocess.run(
        [*command, sender.address + PATH],
        env={**environ, "NOTE_RUN": uuid4().hex[:8]},
        capture_output=True,
        text=True,
        timeout=seconds + 2 * TIME_OUT,
        check=True,
    ).stdout
    requests, took, failed, p50, p99 = (
        float(word) for word in said.partition("FOUND ")[2].split()[:5]
    )
    return Load(int(requests - failed), (requests - failed) / took, p50, p99, int(failed))


def _work(task: Task) -> list[Answer]:
    answers: list[Answer] = []
    started = time.monotonic()
    threads = [
        threading.Thread(target=_send, args=(task, number, started, answers))
        for number in range(task.clients)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(task.seconds + 3 * TIME_OUT)
    return answers


def _send(task: Task, number: int, started: float, answers: list[Answer]) -> None:
    host = task.sender.address.removeprefix("http://")
    connection = HTTPConnection(host, timeout=TIME_OUT)
    count, due = number, started
    while True:
        if task.per_second is not None:
            due = started + count / task.per_second
            time.sleep(max(0.0, due - time.monotonic()))
        if max(due, time.monotonic()) >= started + task.seconds:
            break
        try:
            answers.append(_hand_in(connection, task.sender, f"{task.run}-{count}"))
        except (OSError, HTTPException):  # no answer: it counts as a note that was not taken
            answers.append(Answer(0, "", time.time(), TIME_OUT))
            break
        count += task.clients
    connection.close()


def _hand_in(connection: HTTPConnection, sender: Sender, number: str) -> Answer:
    before, after = sender.note
    headers = {
        "Authorization": f"Bearer {sender.key}",
        "Content-Type": "application/json",
        "Idempotency-Key": number,
    }
    begun = time.perf_counter()
    connection.request("POST", PATH, f"{before}{number}{after}".encode(), headers)
    answer = connection.getresponse()
    said = answer.read()
    at, took = time.time(), time.perf_counter() - begun
    reference = (
        said.partition(b'"reference":')[2].split(b'"')[1].decode() if answer.status == 201 else ""
    )
    return Answer(answer.status, reference, at, took)
