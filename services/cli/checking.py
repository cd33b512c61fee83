"""Checking an installation: what is wrong with configuration, databases, broker, mail and clock, all at once."""

import contextlib
import sqlite3
from smtplib import SMTPException

import click
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from services.cli.installing import SERVICES, open_service
from shared import clock, mail, settings
from shared.mail import PostOffice
from shared.messaging.broker import BROKER_ERRORS, Broker
from shared.people.accounts import demonstration_accounts
from shared.persistence import inbox, installation, migrating
from shared.persistence.engine import open_database
from shared.persistence.inbox import Cursor
from shared.settings import BadSettingsError, Service, Settings


@click.command()
def check() -> None:
    """Check configuration, databases, migrations, broker, mail and clock, and name all faults at once."""
    faults = [fault for service in SERVICES for fault in _faults_of(service)]
    for fault in dict.fromkeys(faults):
        click.echo(f"  - {fault}", err=True)
    if faults:
        raise click.ClickException("This needs mending before the register can run.")
    click.echo("All is well.")


def require_production() -> None:
    """Refuse to run for real on demonstration data or demonstration accounts. Raises ClickException with all faults."""
    faults = [fault for service in SERVICES for fault in _faults_of(service, with_servers=False)]
    if faults:
        raise click.ClickException("It cannot start:\n" + "\n".join(f"  - {fault}" for fault in dict.fromkeys(faults)))


def refuse_demonstration_data(service: Service) -> None:
    """For each process of a real register: raises ClickException when its database holds the demonstration."""
    of_service, database = open_service(service)
    with contextlib.suppress(SQLAlchemyError), database.readings() as session:  # one that is away is waited for
        if not of_service.demonstration and (faults := _demonstration_faults(session, service)):
            raise click.ClickException("It cannot start:\n" + "\n".join(f"  - {fault}" for fault in faults))
    database.close()


def configuration_faults() -> list[str]:
    """What is wrong with the configuration of both services."""
    faults: list[str] = []
    for service in SERVICES:
        try:
            settings.read(service)
        except BadSettingsError as error:
            faults += error.faults
    return list(dict.fromkeys(faults))


def cause_of(error: Exception) -> str:
    """What a server or the system said, in one line."""
    said = str(getattr(error, "orig", None) or error).strip().splitlines()
    return said[0] if said else type(error).__name__


def _faults_of(service: Service, *, with_servers: bool = True) -> list[str]:
    try:
        of_service = settings.read(service)
    except BadSettingsError as error:
        return error.faults
    faults = _database_faults(of_service)
    if with_servers:
        faults += _server_faults(of_service)
    return faults


def _database_faults(of_service: Settings) -> list[str]:
    database = open_database(of_service.database_url)
    try:
        if not migrating.is_current(database.engine, f"services.{of_service.service}"):
            return [f"The {of_service.service} database is not of this version: run “lessons upgrade”."]
        with database.readings() as session:
            faults = _stream_faults(session, of_service.service)
            return faults if of_service.demonstration else faults + _demonstration_faults(session, of_service.service)
    except (SQLAlchemyError, sqlite3.Error) as error:
        return [f"The {of_service.service} database cannot be used: {cause_of(error)}. Check its address."]
    finally:
        database.close()


def _stream_faults(session: Session, service: str) -> list[str]:
    halted = session.scalars(select(Cursor.halted_reason).where(Cursor.halted_reason.is_not(None)))
    faults = [f"The consumer of {service} is halted: {reason} See “lessons events status”." for reason in halted]
    if parked := len(inbox.parked_events(session)):
        faults.append(f"{parked} events at {service} wait for a person: see “lessons events parked”.")
    if (held := mail.count_held(session)) is not None:
        faults.append(f"Mail of {service} is held back since a restore, {held} wait: see “lessons mail release”.")
    return faults


def _demonstration_faults(session: Session, service: Service) -> list[str]:
    faults = []
    if installation.fact(session, installation.DEMONSTRATION):
        faults.append(f"The {service} database holds the demonstration. Use another LESSONS_DATA_DIR or database.")
    if demonstration_accounts(session):
        faults.append(f"The {service} database has demonstration accounts, which anyone can sign in as.")
    return faults


def _server_faults(of_service: Settings) -> list[str]:
    faults = []
    try:
        if not Broker(of_service.broker_url, of_service.broker_namespace).is_prepared():
            faults.append("The broker lacks the queues of this register: run “lessons upgrade”.")
    except BROKER_ERRORS as error:
        faults.append(f"The broker cannot be used: {cause_of(error)}. Check LESSONS_BROKER_URL.")
    try:
        PostOffice(of_service.smtp_url, of_service.mail_from).check()
    except (OSError, SMTPException) as error:
        faults.append(f"Mail cannot be sent: {error}. Check LESSONS_SMTP_URL.")
    if clock.now().year < 2026:
        faults.append(f"The clock of this machine says {clock.now():%Y-%m-%d}. Set it right.")
    return faults
