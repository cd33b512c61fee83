"""`python -m bench.launcher CHANGE run intake-web …`: intake's web process with one thing changed.

It goes through the register's own command, so that server, workers, threads and back-log are the
register's.
"""

import importlib
import sys
from importlib.util import find_spec
from typing import Any

from services import cli, front_door
from services.cli import processes

CHANGES = {
    "straight-line": "bench.straight_line:create_app",  # another application on the same server
    "unrung": "bench.launcher:create_unrung",  # the register, which wakes nobody up
}
BELL = "shared.platform.persistence.bell"


def has_bell() -> bool:
    """Whether this version of the register wakes its relay up at all."""
    return find_spec(BELL) is not None


def changed(change: str) -> tuple[str, ...]:
    """What stands in for the register's own command, for a process with this change."""
    return "bench.launcher", change


def create_unrung() -> Any:
    """Intake, but nothing tells the relay that something was recorded."""
    importlib.import_module(BELL).Bell.ring = lambda _bell: None
    return front_door.create_intake_alone()


if __name__ == "__main__":
    processes.WEB["intake-web"] = CHANGES[sys.argv.pop(1)]
    cli.main()
