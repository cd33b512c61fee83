"""Break a register for some minutes while virtual users work with it, and count what was lost.

It makes a register for this in a temporary folder, or in new databases on the servers given here.
Whatever the environment says of a real register is ignored. Exits with 1 unless nothing was lost,
doubled, unexpected or late; then the folder is kept.
"""

import argparse
import random
import shutil
import signal
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path

from shared.platform import logs
from shared.platform.persistence.engine import open_database
from testbed.chaos.faults import Faults
from testbed.chaos.outcome import Outcome
from testbed.chaos.tally import Tally
from testbed.chaos.virtual_users import VirtualUsers
from testbed.client import wait_for
from testbed.databases import set_up
from testbed.register import Register, new_register
from testbed.world import World

# after the last fault; the longest pause before a process starts again is 30 s
PATIENCE_SECONDS = 180.0


def main() -> int:
    """Print both tables. Returns 1 when the promise was broken."""
    asked = _arguments().parse_args()
    logs.configure("chaos")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # what was started is ended
    seed = random.SystemRandom().randrange(10**6) if asked.seed is None else asked.seed
    folder, is_kept = Path(tempfile.mkdtemp(prefix="lessons-chaos-")), True
    try:
        with new_register(folder, asked.database_url, asked.broker_url) as register:
            tallies, injected, late = _break(register, asked.minutes, seed, asked.writers)
        is_kept = late == 0 and all(tally.is_kept for tally in tallies.values())
    finally:
        if is_kept:
            shutil.rmtree(folder, ignore_errors=True)
    where = (
        f"{'PostgreSQL' if asked.database_url else 'SQLite'} and "
        f"{'RabbitMQ' if asked.broker_url else 'the embedded broker'}"
    )
    print(f"\n{asked.minutes:g} minutes on {where}, seed {seed}, {asked.writers} writers\n")
    print(report(tallies, injected))
    print(f"\nEvents applied out of order within a note, or twice: {late}")
    if not is_kept:
        print(f"The promise was broken. What the register left is in {folder}", file=sys.stderr)
    return 0 if is_kept else 1


def report(tallies: dict[str, Tally], injected: Counter[str]) -> str:
    """Both tables, in Markdown."""
    words = list(Tally().figures)
    rows = [[what, *map(str, tally.figures.values())] for what, tally in tallies.items()]
    faults = [[kind, str(count)] for kind, count in sorted(injected.items())]
    total = ["all", str(injected.total())]
    return "\n".join(
        [*_table(["", *words], rows), "", *_table(["fault", "times"], [*faults, total])]
    )


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m testbed.chaos", description=__doc__)
    parser.add_argument("--minutes", type=_minutes, default=1.0, help="how long it is broken")
    parser.add_argument("--seed", type=int, help="draws the same faults again")
    parser.add_argument(
        "--writers", type=int, choices=range(1, 51), metavar="1–50", default=4, help="phones"
    )
    parser.add_argument(
        "--database-url",
        help="any database of a PostgreSQL server; two new ones are made there, and dropped",
    )
    parser.add_argument(
        "--broker-url", help="a RabbitMQ; names of its own are used there, and deleted"
    )
    return parser


def _minutes(text: str) -> float:
    minutes = float(text)
    if minutes < 0.1:
        raise argparse.ArgumentTypeError("at least 0.1")
    return minutes


def _break(
    register: Register, minutes: float, seed: int, writers: int
) -> tuple[dict[str, Tally], Counter[str], int]:
    """What became of what was asked, which faults there were, and how many events came late."""
    urls = register.intake_url, register.review_url
    with ExitStack() as opened:
        outcome = Outcome(*(opened.enter_context(closing(open_database(url))) for url in urls))
        _prepare(register, outcome)
        register.serve()
        storm_over, stop = threading.Event(), threading.Event()
        users = VirtualUsers(register, seed, storm_over, stop)
        faults = Faults(register, outcome, seed, storm_over)
        storm = [threading.Thread(target=users.write, args=(writer,)) for writer in range(writers)]
        storm += [threading.Thread(target=faults.run)]
        with _running([*storm, threading.Thread(target=users.review)], storm_over, stop):
            storm_over.wait(minutes * 60)
            storm_over.set()
            for thread in storm:
                thread.join(PATIENCE_SECONDS)
            with suppress(TimeoutError):  # what has not come by then is lost
                wait_for(lambda: _is_over(outcome, users), PATIENCE_SECONDS, "the end", every=0.5)
        tallies = outcome.tallies(users.notes, users.approvals)
        return tallies, faults.injected, outcome.count_out_of_order()


@contextmanager
def _running(threads: list[threading.Thread], *ends: threading.Event) -> Iterator[None]:
    """Threads that run during the block, and are told to end by these events."""
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        for end in ends:
            end.set()
        for thread in threads:
            thread.join()


def _prepare(register: Register, outcome: Outcome) -> None:
    """Databases and broker of this version, a field team, a reviewer and an editor."""
    set_up(register.intake_url, "intake")
    set_up(register.review_url, "review")
    register.broker.prepare()
    world = World(outcome.intake, outcome.review, register.intake_url, register.review_url)
    world.person("field", "field", organisation="Chad Migration Support")
    world.reviewer_of_all("reviewer")
    world.person("editor", "editor")
    register.keys.update(world.keys)


def _is_over(outcome: Outcome, users: VirtualUsers) -> bool:
    """Whether every note has its case, no case waits, and what was decided has come to intake."""
    return outcome.is_quiet() and users.sees_no_open_case() and outcome.is_quiet()


def _table(heads: list[str], rows: list[list[str]]) -> list[str]:
    lines = [heads, ["---"] + ["---:"] * (len(heads) - 1), *rows]
    return [f"| {' | '.join(line)} |" for line in lines]


if __name__ == "__main__":
    sys.exit(main())
