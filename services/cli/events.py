"""`lessons events`: how the pipeline stands, and what waits for a person."""

import json

import click
from rich.table import Column, Table

from services.cli.installing import open_service
from services.cli.redact import redact
from services.cli.tables import show_table
from services.maintenance import consumers
from shared.platform.errors import ConflictError
from shared.platform.messaging import parking
from shared.platform.persistence import inbox
from shared.platform.persistence.inbox import ParkedEvent
from shared.platform.settings import SERVICES, Service
from shared.platform.web.asyncapi import asyncapi

_service = click.option("--service", type=click.Choice(SERVICES), required=True)


@click.group()
def events() -> None:
    """The events between the services."""


events.add_command(redact)


@events.command()
def status() -> None:
    """How far each log is numbered, and how far the other service has applied it."""
    epoch = Column("Epoch", overflow="fold")
    table = Table("Service", "Stream", epoch, "Position", "Producer's head", "Halted")
    for service in SERVICES:
        _settings, database = open_service(service)
        with database.readings() as session:
            for stream in consumers.logs(session):
                own = (f"{stream.name} (writes)", str(stream.epoch), str(stream.head))
                table.add_row(service, *own, "", "")
            for cursor in consumers.cursors(session):
                place = (str(cursor.epoch), str(cursor.position), str(cursor.producer_head))
                halted = cursor.halted_reason or ""
                table.add_row(service, f"{cursor.stream} (applies)", *place, halted)
    show_table(table)


@events.command()
def parked() -> None:
    """The events that could not be applied, with the reason."""
    table = Table("Service", "Id", "Position", "Type", "About", Column("Error", overflow="fold"))
    for service in SERVICES:
        _settings, database = open_service(service)
        with database.readings() as session:
            for event in inbox.parked_events(session):
                last_line = event.error.strip().rsplit("\n", 1)[-1]
                place = (str(event.id), str(event.position))
                table.add_row(service, *place, event.type, event.subject, last_line)
    show_table(table)


_SHOWN = ("id", "state", "type", "subject", "stream", "position", "attempts", "parked_at")


@events.command()
@_service
@click.argument("parked_id", type=click.IntRange(1, 2**63 - 1))
def show(service: Service, parked_id: int) -> None:
    """All that is known of a parked event, with what it says, which may quote people, and where it
    failed.
    """
    _settings, database = open_service(service)
    with database.readings() as session:
        event = session.get(ParkedEvent, parked_id)
        if event is None:
            raise click.ClickException(f"There is no parked event {parked_id}.")
        for name in _SHOWN:
            click.echo(f"{name + ':':<14}{getattr(event, name)}")
        if event.resolved_at is not None:
            who = f"account {event.resolved_by}" if event.resolved_by else "a command"
            click.echo(f"{'resolved_at:':<14}{event.resolved_at}, by {who}")
        if event.reason:
            click.echo(f"{'reason:':<14}{event.reason}")
        click.echo(f"\n{json.dumps(event.envelope, indent=2, ensure_ascii=False)}\n\n{event.error}")


@events.command()
@_service
@click.argument("parked_id", type=click.IntRange(1, 2**63 - 1))
def retry(service: Service, parked_id: int) -> None:
    """Apply a parked event now, and those that wait behind it."""
    _settings, database = open_service(service)
    try:
        with database.sessions.begin() as session:
            count = parking.retry(session, parked_id, consumers.HANDLERS[service])
    except ConflictError as error:
        raise click.ClickException(
            "\n".join(str(said) for said in (error, error.__cause__) if said)
        ) from error
    click.echo(f"{count} applied.")


@events.command()
@_service
@click.argument("parked_id", type=click.IntRange(1, 2**63 - 1))
@click.option("--reason", required=True)
def skip(service: Service, parked_id: int, reason: str) -> None:
    """Let a parked event have no effect. Those behind it still wait: retry them next."""
    _settings, database = open_service(service)
    with database.sessions.begin() as session:
        parking.skip(session, parked_id, reason=reason)
    click.echo("Skipped.")


@events.command()
@_service
@click.option(
    "--position",
    type=click.IntRange(0),
    required=True,
    help="The last position whose effect is in this database.",
)
def resume(service: Service, position: int) -> None:
    """After a halt: go on behind POSITION of the producer's log as it is now.

    A halt means that one of the two databases was restored. Compare them first: what lies between
    is lost or doubled.
    """
    of_service, database = open_service(service)
    resumed = consumers.resume(database, service, consumers.log_of_peer(of_service), position)
    click.echo(
        f"Goes on behind position {position}. It had applied the log as it was before up to "
        f"{resumed.before}."
    )
    if resumed.is_replayed:
        click.echo(
            f"First repeat the replay that was under way: lessons events replay --service {service}"
        )


@events.command()
@_service
def replay(service: Service) -> None:
    """Rebuild what a service keeps of the other's decisions, from the other's log.

    The register runs meanwhile.

    Nobody is written to, and nothing new is applied until it is done. Interrupted, it is to be
    repeated.
    """
    consumers.require_derived(service)  # before anything is asked of an installation
    of_service, database = open_service(service)
    count = consumers.derive_again(database, service, consumers.log_of_peer(of_service))
    click.echo(f"{count} events replayed.")


@events.command("document")
def write_document() -> None:
    """Print the AsyncAPI document of the events, as it stands in docs/events/asyncapi.json."""
    click.echo(json.dumps(asyncapi(), indent=2, ensure_ascii=False))
