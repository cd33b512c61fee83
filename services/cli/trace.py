"""`lessons trace`: the whole way of one note with its times, from both databases."""

from collections.abc import Sequence
from datetime import datetime

import click
from rich.table import Column, Table

from services.cli.installing import open_service
from services.cli.tables import show_table
from services.maintenance import tracing
from services.maintenance.errors import cause_of
from services.maintenance.steps import Step
from shared.platform.settings import SERVICES, Service
from shared.platform.typed.texts import clean_reference


@click.command()
@click.argument("reference")
def trace(reference: str) -> None:
    """The way of one note from draft to library, with the time of each step.

    REFERENCE is that of a note (AAN-2026-0001) or of an entry (LL-2026-0001), or a correlation id
    from a log.
    """
    databases = {service: open_service(service)[1] for service in SERVICES}
    found = tracing.trace(databases, clean_reference(reference), _say_away)
    if found.shares_ids:
        click.echo(
            "Other notes came with the same correlation id: mails that went out are left out.",
            err=True,
        )
    names = ", ".join(sorted(found.correlation_ids)) or "–"
    click.echo(f"Note {found.note_id}. In the logs: correlation_id {names}.")
    _show(found.steps)
    click.echo("Its events, by the ids that “lessons events redact” takes:")
    for event in found.events:
        place = f"position {event.position}" if event.position else "not numbered yet"
        click.echo(f"  {event.event_id}  {event.service:<6}  {event.type}, {place}")


def _say_away(service: Service, error: Exception) -> None:
    why = cause_of(error)
    click.echo(f"The {service} database cannot be read ({why}): its part is left out.", err=True)


def _show(steps: Sequence[Step]) -> None:
    table = Table(
        "Time (UTC)", Column("After", justify="right"), "Where", Column("What", overflow="fold")
    )
    before: datetime | None = None
    for step in steps:
        passed = f"{(step.at - before).total_seconds():.3f} s" if step.at and before else ""
        time = f"{step.at:%Y-%m-%d %H:%M:%S.%f}"[:-3] if step.at else "not known"
        table.add_row(time, passed, step.where, step.what)
        before = step.at or before
    show_table(table)
