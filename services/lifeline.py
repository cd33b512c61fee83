"""A child process ends when its supervisor does, however that ended: SIGKILL leaves it no time to
say goodbye.

The supervisor holds the writing end of a pipe that is the child's standard input. When the
supervisor is gone, whoever reads there gets an end of file.
"""

import os
import signal
import sys
import threading
import time

FLAG = "--lifeline"
VARIABLE = "LESSONS_LIFELINE"
GRACE_SECONDS = 5.0


def hold(flagged: bool) -> None:  # noqa: FBT001 - the flag of the command line
    """End this process and its own children when standard input ends, if the supervisor asked for
    it.
    """
    if flagged:
        _hold(sys.stdin.fileno())


def pass_on(flagged: bool) -> None:  # noqa: FBT001 - as above
    """Let the workers that this process forks hold on to the lifeline too: one of us may die before
    the other.

    They get a copy under another number, because multiprocessing closes the standard input of what
    it forks.
    """
    if flagged:
        # a word to our own workers
        os.environ[VARIABLE] = str(os.dup(sys.stdin.fileno()))  # noqa: TID251


def hold_as_worker() -> None:
    """In a worker: hold on to the lifeline if the process above has one."""
    number = os.environ.get(VARIABLE)  # noqa: TID251 - the word to us
    if number is not None:
        _hold(int(number))


def _hold(number: int) -> None:
    threading.Thread(target=_watch, args=(number,), daemon=True, name="lifeline").start()


def _watch(number: int) -> None:
    while os.read(number, 1):
        pass
    os.killpg(os.getpgrp(), signal.SIGTERM)
    time.sleep(GRACE_SECONDS)
    os.killpg(os.getpgrp(), signal.SIGKILL)
