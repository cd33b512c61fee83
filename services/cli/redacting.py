"""`lessons events redact`: takes out of a stored event what must not stay readable, without a gap
in the log.
"""

from uuid import UUID

import click
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from services.cli import remaining
from services.cli.installing import open_service
from shared.platform.logs import where_from
from shared.platform.persistence import redaction
from shared.platform.persistence.inbox import ParkedEvent
from shared.platform.persistence.outbox import OutboxEvent
from shared.platform.settings import PEER, SERVICES, Service


@click.command()
@click.option(
    "--service",
    type=click.Choice(SERVICES),
    required=True,
    help=("The service that recorded the event."),
)
@click.option(
    "--field",
    "fields",
    multiple=True,
    required=True,
    help=("Such as data.items.0.lesson.observation."),
)
@click.option("--reason", required=True, help="Kept with the event; write no names into it.")
@click.argument("event_id", type=click.UUID)
def redact(service: Service, fields: tuple[str, ...], reason: str, event_id: UUID) -> None:
    """Put “[redacted]” in the place of free texts of a stored event, and of its parked copy at the
    other service.

    Whoever pulls or replays the event from now on gets it so. Where else the text may be read, the
    command names.
    """
    _require_both_databases()
    paths = [field.removeprefix("data.") for field in fields]
    _settings, database = open_service(service)
    with database.sessions.begin() as session:
        before = remaining.free_texts_of(session, event_id)
        row = redaction.redact(session, event_id, paths, reason=reason)
    database.overwrite_deleted()
    database.close()
    click.echo(f"Redacted: {row.type} at position {row.position or 'not yet numbered'}.")
    texts = {text for path, text in before.items() if path in paths}
    try:
        click.echo(
            f"Parked copies at {PEER[service]} redacted: {_redact_parked(PEER[service], row)}."
        )
        click.echo(f"Mails that are still to be sent, redacted: {remaining.redact_mails(texts)}.")
        others = remaining.events_about(row, paths, texts, reason)
        derived = remaining.derived_from(row)
    except SQLAlchemyError:
        raise click.ClickException(
            "A database went away. Only the event is redacted: look into "
            f"{PEER[service]} and the mails yourself."
        ) from None
    click.echo("\n".join(["Other stored events about the same:", *(others or ["  none"])]))
    click.echo("Not touched: " + (", ".join(derived) or "nothing was made from it") + ".")
    click.echo(_ADVICE)


_ADVICE = (
    "An editor withdraws an entry that could harm someone; an open item is returned, so "
    "that its team corrects it.\n"
    "Feed readers and backups keep what they have: make a new backup and delete older "
    "ones that must not hold it,"
    " with what restores kept aside.\n"
    "“lessons prune” deletes delivered messages from the embedded broker; PostgreSQL "
    "lets go of old rows at VACUUM."
)


def _require_both_databases() -> None:
    """What quotes the event is found by its text, which is gone once it is redacted: so all is done
    in one go.
    """
    for service in SERVICES:
        _settings, database = open_service(service)
        try:
            with database.readings() as session:
                session.scalar(select(OutboxEvent.id).limit(1))
        except SQLAlchemyError:
            raise click.ClickException(
                f"The {service} database cannot be read, so nothing was redacted."
            ) from None
        finally:
            database.close()


def _redact_parked(service: Service, row: OutboxEvent) -> int:
    _settings, database = open_service(service)
    with database.sessions.begin() as session:
        copies = session.scalars(
            select(ParkedEvent).where(ParkedEvent.event_id == row.event_id)
        ).all()
        for parked in copies:
            if parked.envelope:  # an old one was emptied by “lessons prune”
                parked.envelope = {**parked.envelope, "data": row.data}
            parked.error = "\n".join([redaction.REDACTED, *where_from(parked.error)])
    database.overwrite_deleted()
    database.close()
    return len(copies)
