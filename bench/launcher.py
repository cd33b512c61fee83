"""`python -m bench.launcher CHANGE run intake-web …`: intake's web process with one thing changed.

It goes through the register's own command, so that server, workers, threads and back-log are the
register's.
"""

import importlib
import sys
from importlib.util import find_spec
from typing import Any

from services import cli, front_door, processes

CHANGES = {
    "straight-line": "bench.straight_line:create_app",  # another application on the same server
    "silent": "bench.launcher:create_silent",  # the register, which wakes nobody up
}
WAKEUP = "shared.platform.persistence.wakeup"


def has_wakeup() -> bool:
    """Whether this version of the register wakes its relay up at all."""
    return find_spec(WAKEUP) is not None


def changed(change: str) -> tuple[str, ...]:
    """What stands in for the register's own command, for a process with this change."""
    return "bench.launcher", change


def create_silent() -> Any:
    """Intake, but nothing tells the relay that something was recorded."""
    importlib.import_module(WAKEUP).Notifier.notify = lambda _self: None
    return front_door.create_intake_alone()


if __name__ == "__main__":
    processes.WEB["intake-web"] = CHANGES[sys.argv.pop(1)]
    cli.main()
