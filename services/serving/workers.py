"""The workers of a web process: forked with its code loaded, started anew, ended together."""

import asyncio
import multiprocessing
import signal
import sys
import threading
from functools import partial
from multiprocessing import connection
from multiprocessing.context import ForkProcess
from pkgutil import resolve_name
from types import FrameType

from services.serving.environ import Place
from services.serving.limits import Limits
from services.serving.worker import STOP_SECONDS, work
from shared.platform import clock
from shared.platform.logs import log

WORKERS = 2  # more than two or three lose on two processors
AGAIN_SECONDS = 0.5
# A thread that computes keeps Python's lock so long while another wants it. The one that speaks
# with the clients wants it after each call of the system; with Python's own 5 ms the desk runs dry.
SWITCH_SECONDS = 0.0005
LOOK_SECONDS = 0.5


def serve(target: str, host: str, port: int, limits: Limits | None = None) -> None:
    """Serve what `target` (module:function) makes, until this process is told to stop."""
    stop = threading.Event()

    def on_signal(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, on_signal)
    start = partial(_start, target, Place(host, port), limits or Limits())
    workers = [start() for _ in range(WORKERS)]
    try:
        while not stop.is_set():
            connection.wait([worker.sentinel for worker in workers], LOOK_SECONDS)
            for place, worker in enumerate(workers):
                if not worker.is_alive() and not stop.wait(AGAIN_SECONDS):
                    log.warning("web worker died", code=worker.exitcode)
                    workers[place] = start()
    finally:
        _end(workers)


def _start(target: str, place: Place, limits: Limits) -> ForkProcess:
    worker = multiprocessing.get_context("fork").Process(target=_work, args=(target, place, limits))
    worker.start()
    return worker


def _end(workers: list[ForkProcess]) -> None:
    for worker in workers:
        worker.terminate()
    deadline = clock.ticks() + STOP_SECONDS + 1.0
    for worker in workers:
        worker.join(max(0.1, deadline - clock.ticks()))
        worker.kill()
        worker.join()


def _work(target: str, place: Place, limits: Limits) -> None:
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_DFL)  # until it serves, it may just end
    sys.setswitchinterval(SWITCH_SECONDS)
    application = resolve_name(target)()  # opens databases, which no other process may share
    asyncio.run(work(application, place, limits))
