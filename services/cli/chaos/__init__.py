"""`lessons chaos`: people use a register while it is being broken; then it is counted what was lost
or doubled.
"""

import random
import sys
import threading
from collections import Counter
from collections.abc import Iterable

import click
from sqlalchemy import select

from services.cli.chaos.faults import Faults
from services.cli.chaos.ground import Ground, running_register
from services.cli.chaos.people import People, wait_until
from services.cli.tally import Tally, applied_out_of_order
from services.intake.model import Item, Note
from services.review.desk.model import Case
from services.review.library.model import Entry
from shared.platform import logs
from shared.platform.persistence.inbox import Cursor
from shared.platform.persistence.outbox import OutboxEvent, Stream
from shared.platform.settings import PEER

# after the last fault; the longest pause before a process starts again is 30 s
SETTLE_SECONDS = 180.0


@click.command()
@click.option(
    "--minutes",
    type=click.FloatRange(0.1),
    default=1.0,
    show_default=True,
    help=("How long it is broken."),
)
@click.option("--seed", type=int, help="Draws the same faults again.")
@click.option(
    "--writers",
    type=click.IntRange(1, 50),
    default=4,
    show_default=True,
    help=("Phones at the same time."),
)
@click.option(
    "--database-url",
    help=("Any database of a PostgreSQL server; two new ones are created there, and dropped."),
)
@click.option("--broker-url", help="A RabbitMQ; names of its own are used there, and deleted.")
def chaos(
    minutes: float, seed: int | None, writers: int, database_url: str | None, broker_url: str | None
) -> None:
    """Break a register for some minutes while people use it, and count what was lost.

    It makes a register for this in a temporary folder, or in new databases on the servers given
    here. Whatever the environment says of a real register is ignored. Exits with 1 unless nothing
    was lost, doubled, unexpected or late.
    """
    logs.configure("chaos")
    seed = random.SystemRandom().randrange(10**6) if seed is None else seed
    with running_register(database_url, broker_url) as ground:
        tallies, injected = _break(ground, minutes, seed, writers)
        late = count_out_of_order(ground)
    where = (
        f"{'PostgreSQL' if database_url else 'SQLite'} and "
        f"{'RabbitMQ' if broker_url else 'the embedded broker'}"
    )
    click.echo(f"\n{minutes:g} minutes on {where}, seed {seed}, {writers} writers\n")
    click.echo(report(tallies, injected))
    click.echo(f"\nEvents applied out of order within a note, or twice: {late}")
    sys.exit(0 if all(tally.is_kept for tally in tallies.values()) and late == 0 else 1)


def report(tallies: dict[str, Tally], injected: Counter[str]) -> str:
    """Both tables, in Markdown."""
    words = list(Tally().figures)
    rows = [[what, *map(str, tally.figures.values())] for what, tally in tallies.items()]
    faults = [[kind, str(count)] for kind, count in sorted(injected.items())]
    total = ["all", str(injected.total())]
    return "\n".join(
        [*_table(["", *words], rows), "", *_table(["fault", "times"], [*faults, total])]
    )


def count(ground: Ground, people: People) -> dict[str, Tally]:
    """What was asked for, and what is there now on both sides."""
    with (
        ground.databases["intake"].readings() as intake,
        ground.databases["review"].readings() as review,
    ):
        titles = [note.title for note in intake.scalars(select(Note).where(Note.state != "draft"))]
        told = [
            str(item_id)
            for item_id in intake.scalars(select(Item.id).where(Item.state == "published"))
        ]
        cases = [str(case.operation["title"]) for case in review.scalars(select(Case))]
        entries = [str(item_id) for item_id in review.scalars(select(Entry.item_id))]
    return {
        "notes at intake": _with(people.notes, titles),
        "their cases at review": _with(people.notes, cases),
        "approved items as entries": _with(people.approvals, entries),
        "approvals told to intake": _with(people.approvals, told),
    }


def count_out_of_order(ground: Ground) -> int:
    """How many events were applied after a later one of the same note, or twice, in both
    directions.
    """
    with (
        ground.databases["intake"].readings() as intake,
        ground.databases["review"].readings() as review,
    ):
        return len(applied_out_of_order(intake, review)) + len(applied_out_of_order(review, intake))


def _break(
    ground: Ground, minutes: float, seed: int, writers: int
) -> tuple[dict[str, Tally], Counter[str]]:
    storm_over, stop = threading.Event(), threading.Event()
    people, faults = People(ground, seed, storm_over, stop), Faults(ground, seed, storm_over)
    if not wait_until(people.is_served, SETTLE_SECONDS):
        raise click.ClickException("The register did not become ready; its log says why.")
    storm = [threading.Thread(target=people.write, args=(writer,)) for writer in range(writers)]
    storm += [threading.Thread(target=faults.run)]
    threads = [*storm, threading.Thread(target=people.review)]
    for thread in threads:
        thread.start()
    try:
        storm_over.wait(minutes * 60)
        storm_over.set()
        for thread in storm:
            thread.join(SETTLE_SECONDS)
        wait_until(lambda: _is_settled(ground, people), SETTLE_SECONDS)
    finally:
        storm_over.set()
        stop.set()
        for thread in threads:
            thread.join()
    return count(ground, people), faults.injected


def _is_settled(ground: Ground, people: People) -> bool:
    """Whether every note has its case, no case waits, and what was decided was told."""
    return _is_quiet(ground) and people.sees_no_open_case() and _is_quiet(ground)


def _is_quiet(ground: Ground) -> bool:
    """Whether every event was numbered, published and applied."""
    for service, database in ground.databases.items():
        with database.readings() as session, ground.databases[PEER[service]].readings() as other:
            waiting = session.scalar(
                select(OutboxEvent.id).where(OutboxEvent.published_at.is_(None)).limit(1)
            )
            heads = {stream.name: stream.head for stream in session.scalars(select(Stream))}
            applied = {cursor.stream: cursor.position for cursor in other.scalars(select(Cursor))}
        if waiting is not None or heads != applied:
            return False
    return True


def _with(asked: Tally, found: Iterable[str]) -> Tally:
    return Tally(set(asked.attempted), set(asked.acknowledged), Counter(found))


def _table(heads: list[str], rows: list[list[str]]) -> list[str]:
    lines = [heads, ["---"] + ["---:"] * (len(heads) - 1), *rows]
    return [f"| {' | '.join(line)} |" for line in lines]
