"""`lessons events`: how the pipeline stands, and what waits for a person."""

import json
from uuid import UUID

import click
from rich.console import Console
from rich.table import Column, Table
from sqlalchemy import select

from services.cli.installing import SERVICES, STREAMS, open_service
from services.intake.handlers import HANDLERS as INTAKE_HANDLERS
from services.review.handlers import HANDLERS as REVIEW_HANDLERS
from shared.messaging import subscription
from shared.messaging.pull import ContradictionError, Source
from shared.persistence.inbox import Cursor
from shared.persistence.outbox import Stream
from shared.settings import PEER, Service
from shared.web.asyncapi import asyncapi

HANDLERS = {"intake": INTAKE_HANDLERS, "review": REVIEW_HANDLERS}

_service = click.option("--service", type=click.Choice(SERVICES), required=True)


@click.group()
def events() -> None:
    """The events between the services."""


@events.command()
def status() -> None:
    """How far each log is numbered, and how far the other service has applied it."""
    table = Table("Service", "Stream", Column("Epoch", overflow="fold"), "Position", "Producer's head", "Halted")
    for service in SERVICES:
        _settings, database = open_service(service)
        with database.readings() as session:
            for stream in session.scalars(select(Stream)):
                table.add_row(service, f"{stream.name} (writes)", str(stream.epoch), str(stream.head), "", "")
            for cursor in session.scalars(select(Cursor)):
                place = (str(cursor.epoch), str(cursor.position), str(cursor.producer_head))
                table.add_row(service, f"{cursor.stream} (applies)", *place, cursor.halted_reason or "")
    Console().print(table)


@events.command()
def parked() -> None:
    """The events that could not be applied, with the reason."""
    table = Table("Service", "Id", "Position", "Type", "About", Column("Error", overflow="fold"))
    for service in SERVICES:
        _settings, database = open_service(service)
        with database.readings() as session:
            for event in subscription.parked_events(session):
                last_line = event.error.strip().rsplit("\n", 1)[-1]
                table.add_row(service, str(event.id), str(event.position), event.type, event.subject, last_line)
    Console().print(table)


@events.command()
@_service
@click.argument("parked_id", type=int)
def retry(service: Service, parked_id: int) -> None:
    """Apply a parked event now, and those that wait behind it."""
    _settings, database = open_service(service)
    with database.sessions.begin() as session:
        count = subscription.retry(session, parked_id, HANDLERS[service])
    click.echo(f"{count} applied.")


@events.command()
@_service
@click.argument("parked_id", type=int)
@click.option("--reason", required=True)
def skip(service: Service, parked_id: int, reason: str) -> None:
    """Let a parked event have no effect. Those behind it still wait: retry them next."""
    _settings, database = open_service(service)
    with database.sessions.begin() as session:
        subscription.skip(session, parked_id, reason=reason)
    click.echo("Skipped.")


@events.command()
@_service
@click.option("--position", type=int, required=True, help="The last position whose effect is in this database.")
def resume(service: Service, position: int) -> None:
    """After a halt: go on behind POSITION of the producer's log as it is now.

    A halt means that one of the two databases was restored. Compare them first: what lies between is lost or doubled.
    """
    of_service, database = open_service(service)
    source = Source(of_service.peer_url, f"/{PEER[service]}/events", of_service.service_key)
    event_id: UUID | None = None
    try:
        page = source.page_after(max(0, position - 1), None)
    except ContradictionError:
        raise click.ClickException(f"The log has no position {position}.") from None
    if position > 0:
        if not page.events or page.events[0].position != position:
            raise click.ClickException(f"The log has no position {position}; it ends at {page.head}.")
        event_id = page.events[0].id
    with database.sessions.begin() as session:
        subscription.resume(session, STREAMS[PEER[service]], epoch=page.epoch, position=position, event_id=event_id)
    click.echo(f"Goes on behind position {position}.")


@events.command("document")
def write_document() -> None:
    """Print the AsyncAPI document of the events, as it stands in docs/events/asyncapi.json."""
    click.echo(json.dumps(asyncapi(), indent=2, ensure_ascii=False))
