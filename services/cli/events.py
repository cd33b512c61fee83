"""`lessons events`: how the pipeline stands, and what waits for a person."""

import json
from uuid import UUID

import click
from rich.table import Column, Table
from sqlalchemy import select

from services.cli.installing import open_service
from services.cli.redact import redact
from services.cli.tables import show_table
from services.intake.handlers import HANDLERS as INTAKE_HANDLERS
from services.intake.handlers import apply_again
from services.intake.use_cases import forget_decisions
from services.review.desk.handlers import HANDLERS as REVIEW_HANDLERS
from shared.platform.errors import ConflictError
from shared.platform.events import STREAMS
from shared.platform.messaging import parking, subscription
from shared.platform.messaging.pull import ContradictionError, Source
from shared.platform.messaging.replay import REASON as REPLAYING
from shared.platform.messaging.replay import ReplayError, replay
from shared.platform.persistence import inbox
from shared.platform.persistence.inbox import Cursor, ParkedEvent
from shared.platform.persistence.outbox import Stream
from shared.platform.settings import PEER, SERVICES, Service, Settings
from shared.platform.web.asyncapi import asyncapi

HANDLERS = {"intake": INTAKE_HANDLERS, "review": REVIEW_HANDLERS}

_service = click.option("--service", type=click.Choice(SERVICES), required=True)


@click.group()
def events() -> None:
    """The events between the services."""


events.add_command(redact)


@events.command()
def status() -> None:
    """How far each log is numbered, and how far the other service has applied it."""
    table = Table(
        "Service",
        "Stream",
        Column("Epoch", overflow="fold"),
        "Position",
        "Producer's head",
        "Halted",
    )
    for service in SERVICES:
        _settings, database = open_service(service)
        with database.readings() as session:
            for stream in session.scalars(select(Stream)):
                table.add_row(
                    service,
                    (f"{stream.name} (writes)"),
                    str(stream.epoch),
                    str(stream.head),
                    "",
                    "",
                )
            for cursor in session.scalars(select(Cursor)):
                place = (str(cursor.epoch), str(cursor.position), str(cursor.producer_head))
                table.add_row(
                    service, (f"{cursor.stream} (applies)"), *place, cursor.halted_reason or ""
                )
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
                table.add_row(
                    service,
                    str(event.id),
                    str(event.position),
                    event.type,
                    event.subject,
                    last_line,
                )
    show_table(table)


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
        for name in (
            "id",
            "state",
            "type",
            "subject",
            "stream",
            "position",
            "attempts",
            "parked_at",
        ):
            click.echo(f"{name + ':':<14}{getattr(event, name)}")
        if event.settled_at is not None:
            who = f"account {event.settled_by}" if event.settled_by else "a command"
            click.echo(f"{'settled_at:':<14}{event.settled_at}, by {who}")
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
            count = parking.retry(session, parked_id, HANDLERS[service])
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
    help=("The last position whose effect is in this database."),
)
def resume(service: Service, position: int) -> None:
    """After a halt: go on behind POSITION of the producer's log as it is now.

    A halt means that one of the two databases was restored. Compare them first: what lies between
    is lost or doubled.
    """
    of_service, database = open_service(service)
    epoch, event_id = _place(_log_of_peer(of_service), position)
    with database.sessions.begin() as session:
        cursor = subscription.cursor_of(session, STREAMS[PEER[service]])
        is_replayed = cursor.halted_reason == REPLAYING
        if not cursor.halted_reason and cursor.epoch in (None, epoch):
            raise click.ClickException(
                f"The consumer of {service} is not halted: it goes on by itself."
            )
        if is_replayed and cursor.epoch == epoch:
            raise click.ClickException(
                "Its events are being replayed. If that was interrupted, repeat the replay."
            )
        before = cursor.position
        subscription.resume(
            session, cursor.stream, epoch=epoch, position=position, event_id=event_id
        )
        # of a log that was restored meanwhile, so that what was forgotten is still to be derived
        if is_replayed:
            subscription.halt(cursor, REPLAYING)
    click.echo(
        f"Goes on behind position {position}. It had applied the log as it was before up to "
        f"{before}."
    )
    if is_replayed:
        click.echo(
            f"First repeat the replay that was under way: lessons events replay --service {service}"
        )


def _place(source: Source, position: int) -> tuple[UUID, UUID | None]:
    """The epoch of a log, and which event stands at `position` there; None at 0."""
    try:
        page = source.page_after(max(0, position - 1), None)
    except ContradictionError:
        raise click.ClickException(f"The log has no position {position}.") from None
    if position == 0:
        return page.epoch, None
    if not page.events or page.events[0].position != position:
        raise click.ClickException(f"The log has no position {position}; it ends at {page.head}.")
    return page.epoch, page.events[0].id


@events.command("replay")
@_service
def replay_events(service: Service) -> None:
    """Rebuild what a service keeps of the other's decisions, from the other's log.

    The register runs meanwhile.

    Nobody is written to, and nothing new is applied until it is done. Interrupted, it is to be
    repeated.
    """
    if service == "review":
        raise click.ClickException(
            "What review decided cannot be derived from any log: it comes back from a backup."
        )
    of_service, database = open_service(service)
    try:
        count = replay(
            database,
            _log_of_peer(of_service),
            STREAMS[PEER[service]],
            forget_decisions,
            apply_again,
        )
    except (ReplayError, ContradictionError) as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{count} events replayed.")


def _log_of_peer(of_service: Settings) -> Source:
    return Source(
        of_service.peer_url, f"/{PEER[of_service.service]}/events", of_service.service_key
    )


@events.command("document")
def write_document() -> None:
    """Print the AsyncAPI document of the events, as it stands in docs/events/asyncapi.json."""
    click.echo(json.dumps(asyncapi(), indent=2, ensure_ascii=False))
