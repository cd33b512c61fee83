"""Running tests in a child of this process: libraries are loaded once, our own modules in each."""

import gc
import importlib
import os
import signal
import sys
import time
from collections.abc import Callable
from importlib.metadata import entry_points

from tests.mutating import ROOT

FOLDER = ROOT / "build" / "mutants"
LATE = -1  # it did not end in time, and was ended
LOADED = (
    "alembic.command",
    "babel.numbers",
    "coverage",
    "flask_babel",
    "flask_compress",
    "flask_smorest",
    "freezegun",
    "hypothesis",
    "jsonschema",
    "kombu",
    "lxml.etree",
    "pint",
    "prometheus_client",
    "psycopg",
    "pycountry",
    "pytest",
    "rich.table",
    "sqlalchemy.dialects.postgresql",
    "sqlalchemy.dialects.sqlite",
    "sqlalchemy.orm",
    "structlog",
    "whitenoise",
    "xlsxwriter",
    "yaml",
)
OF_PYTEST = [
    "-q",
    "-x",
    "-p",
    "no:cacheprovider",
    "-W",
    "ignore::pytest.PytestAssertRewriteWarning",
]


def load_libraries() -> None:
    """Load what takes long. Nothing of ours, or it could not be changed any more."""
    sys.dont_write_bytecode, sys.pycache_prefix = False, str(FOLDER / "compiled")
    for name in LOADED:
        importlib.import_module(name)
    for plugin in entry_points(group="pytest11"):
        plugin.load()
    gc.freeze()


def run(function: Callable[[], int], *, seconds: float) -> int:
    """What `function` returns in a child of this process; LATE when it takes longer than this."""
    sys.stdout.flush()
    child = os.fork()
    if child == 0:
        os._exit(_quietly(function))
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.01)
    os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return LATE


def _quietly(function: Callable[[], int]) -> int:
    """In a group of its own, so that what it starts ends with it, and without a word."""
    try:
        os.setpgid(0, 0)
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, 1)
        os.dup2(nothing, 2)
        return int(function())
    except BaseException:  # a child must never go on as its parent
        return 1
