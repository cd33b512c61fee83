"""`lessons events redact`: takes out of a stored event what must not stay readable, without a gap
in the log.
"""

import shlex
from collections.abc import Sequence
from uuid import UUID

import click
from sqlalchemy.exc import SQLAlchemyError

from services.cli.installing import open_service
from services.maintenance import redaction, redaction_leftovers
from services.maintenance.redaction import Redacted
from services.maintenance.redaction_leftovers import Databases, Derived, Leftover
from shared.platform.settings import PEER, SERVICES, Service


@click.command()
@click.option(
    "--service",
    type=click.Choice(SERVICES),
    required=True,
    help="The service that recorded the event.",
)
@click.option(
    "--field",
    "fields",
    multiple=True,
    required=True,
    help="Such as data.items.0.lesson.observation.",
)
@click.option("--reason", required=True, help="Kept with the event; write no names into it.")
@click.argument("event_id", type=click.UUID)
def redact(service: Service, fields: tuple[str, ...], reason: str, event_id: UUID) -> None:
    """Put “[redacted]” in the place of free texts of a stored event, and of its parked copy at the
    other service.

    “lessons trace” prints the EVENT_ID of each event about a note. Whoever pulls or replays the
    event from now on gets it so. Where else the text may be read, the command names.
    """
    databases = {each: open_service(each)[1] for each in SERVICES}
    redaction.require_readable(databases)
    paths = [field.removeprefix("data.") for field in fields]
    done = redaction.redact(databases[service], event_id, paths, reason=reason)
    place = done.event.position or "not yet numbered"
    click.echo(f"Redacted: {done.event.type} at position {place}.")
    try:
        _redact_copies(databases, PEER[service], done)
        others = redaction_leftovers.events_about(databases, done.event, paths, done.texts)
        derived = redaction_leftovers.derived_from(databases, done.event)
    except SQLAlchemyError:
        raise click.ClickException(
            "A database went away. Only the event is redacted: look into "
            f"{PEER[service]} and the mails yourself."
        ) from None
    click.echo("\n".join(_said_of(others, reason)))
    click.echo(f"Not touched: {_named(derived) or 'nothing was made from it'}.")
    click.echo(_ADVICE)


def _redact_copies(databases: Databases, peer: Service, done: Redacted) -> None:
    parked = redaction.redact_parked(databases[peer], done.event)
    click.echo(f"Parked copies at {peer} redacted: {parked}.")
    mails = redaction_leftovers.redact_mails(databases, done.texts)
    click.echo(f"Mails that are still to be sent, redacted: {mails}.")


_ADVICE = (
    "An editor withdraws an entry that could harm someone; an open item is returned, so "
    "that its team corrects it.\n"
    "Feed readers and backups keep what they have: make a new backup and delete older "
    "ones that must not hold it,"
    " with what restores kept aside.\n"
    "“lessons prune” deletes delivered messages from the embedded broker; PostgreSQL "
    "lets go of old rows at VACUUM."
)


def _said_of(leftovers: Sequence[Leftover], reason: str) -> list[str]:
    """What to do about each; those without free text are only counted."""
    lines, silent = ["Other stored events about the same:"], 0
    for one in leftovers:
        event = one.event
        if one.fields:
            named = " ".join(f"--field data.{path}" for path in one.fields)
            options = f"--service {one.service} {named} --reason {shlex.quote(reason)}"
            lines.append(f"  lessons events redact {options} {event.event_id}")
        elif one.has_free_text:
            place = f"position {event.position or 'not yet numbered'} of {one.service}"
            lines.append(f"  {event.type}, {place} ({event.event_id}): other free text, look at it")
        else:
            silent += 1
    if silent:
        lines.append(f"  {silent} more without any free text")
    return lines if leftovers else [*lines, "  none"]


def _named(derived: Derived) -> str:
    notes = [
        f"note {note.reference} with its {note.version} versions at intake, its case at review"
        for note in derived.notes
    ]
    return ", ".join(
        [*notes, *(f"entry {entry.reference} ({entry.state})" for entry in derived.entries)]
    )
