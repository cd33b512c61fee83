"""Checking an installation: what is wrong with configuration, databases, broker, mail and clock,
all at once.
"""

import sqlite3
from contextlib import closing, suppress
from itertools import chain
from smtplib import SMTPException

from sqlalchemy import make_url, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from services.maintenance.errors import MaintenanceError, cause_of
from services.maintenance.faults import demonstration_faults
from services.maintenance.installation import foreign, missing
from shared.platform import clock, settings
from shared.platform.delivery import deliveries
from shared.platform.delivery.mail import MailTransport, said_by
from shared.platform.messaging.broker import BROKER_ERRORS, Broker
from shared.platform.persistence import heartbeat, inbox, migrating
from shared.platform.persistence.engine import open_database
from shared.platform.persistence.inbox import Cursor
from shared.platform.pipeline import PARTS
from shared.platform.settings import SERVICES, BadSettingsError, Service, Settings


def find_faults(*, with_servers: bool = True) -> list[str]:
    """All that must be mended before the register can run; without servers, only what stands in
    configuration and databases.
    """
    found = (_faults_of(service, with_servers=with_servers) for service in SERVICES)
    return list(dict.fromkeys(chain.from_iterable(found)))


def find_waiting() -> list[str]:
    """What a person must look at and the register runs with, of both services."""
    return [said for service in SERVICES for said in what_waits(service)]


def databases() -> dict[Service, str]:
    """Which databases are looked at, without their passwords: a shell may have another environment
    than the register. Without what the configuration does not say.
    """
    found: dict[Service, str] = {}
    with suppress(BadSettingsError):
        for service in SERVICES:
            found[service] = make_url(settings.read(service).database_url).render_as_string()
    return found


def require_production() -> list[str]:
    """Refuse to run for real on demonstration data or demonstration accounts.

    Raises MaintenanceError with all faults. Returns what waits for a person, which stops nothing:
    notes must be taken meanwhile, and a halt is ended while the register runs.
    """
    faults = find_faults(with_servers=False)
    if faults:
        raise MaintenanceError("It cannot start:\n" + "\n".join(f"  - {one}" for one in faults))
    return find_waiting()


def _faults_of(service: Service, *, with_servers: bool) -> list[str]:
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
        if fault := missing(database, of_service.service) or foreign(database, of_service.service):
            return [fault]
        if not migrating.is_current(database.engine, f"services.{of_service.service}"):
            return [
                (
                    f"The {of_service.service} database is not of this version: run “lessons "
                    "upgrade”."
                )
            ]
        with database.readings() as session:
            return (
                []
                if of_service.demonstration
                else demonstration_faults(session, of_service.service)
            )
    except (SQLAlchemyError, sqlite3.Error) as error:
        return [
            (
                f"The {of_service.service} database cannot be used: {cause_of(error)}. Check its "
                "address."
            )
        ]
    finally:
        database.close()


def what_waits(service: Service) -> list[str]:
    """What a person must look at and the register runs with: halts, parked events, mail that is
    held, silent parts.
    """
    with suppress(BadSettingsError, SQLAlchemyError):  # which are faults
        opened = open_database(settings.read(service).database_url)
        with closing(opened) as database:
            if missing(database, service) is None:
                with database.readings() as session:
                    return [*_held_up(session, service), *_silent(session, service)]
    return []


def _silent(session: Session, service: str) -> list[str]:
    """Parts that stopped while others go on; when all have, the register was stopped."""
    wrong = heartbeat.unwell(session, PARTS)
    silent = {part: unwell for part, unwell in wrong.items() if unwell.word != "not started"}
    if len(silent) == len(PARTS) and all(unwell.word == "silent" for unwell in silent.values()):
        return []
    return [f"The {part} of {service}: {unwell.detail}." for part, unwell in silent.items()]


def _held_up(session: Session, service: str) -> list[str]:
    halted = session.scalars(select(Cursor.halted_reason).where(Cursor.halted_reason.is_not(None)))
    waiting = [
        (f"The consumer of {service} is halted: {reason} See “lessons events status”.")
        for reason in halted
    ]
    if parked := len(inbox.parked_events(session)):
        waiting.append(f"Parked events at {service}: {parked}. See “lessons events parked”.")
    if held := deliveries.count_held(session):
        waiting.append(
            f"Mail of {service} is held back since a restore, {held} in all: see “lessons "
            "mail release”."
        )
    return waiting


def _server_faults(of_service: Settings) -> list[str]:
    faults = []
    try:
        if not Broker(of_service.broker_url, of_service.broker_namespace).is_prepared():
            faults.append("The broker lacks the queues of this register: run “lessons upgrade”.")
    except BROKER_ERRORS as error:
        faults.append(f"The broker cannot be used: {cause_of(error)}. Check LESSONS_BROKER_URL.")
    try:
        MailTransport(of_service.smtp_url, of_service.mail_from).check()
    except (OSError, SMTPException) as error:
        faults.append(f"Mail cannot be sent: {said_by(error)}. Check LESSONS_SMTP_URL.")
    if clock.now().year < 2026:
        faults.append(f"The clock of this machine says {clock.now():%Y-%m-%d}. Set it right.")
    return faults
