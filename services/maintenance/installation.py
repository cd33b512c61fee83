"""Setting a register up and bringing it to a new version."""

import math
import secrets
from contextlib import closing
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from services.maintenance import backup
from services.maintenance.errors import MaintenanceError
from services.maintenance.faults import demonstration_faults
from shared.domain import administration, organisations
from shared.domain.administration import Invitation
from shared.platform import settings
from shared.platform.accounts import accounts, sign_in
from shared.platform.accounts.actor import OPERATOR
from shared.platform.accounts.roles import Role
from shared.platform.accounts.sign_in import Ticket
from shared.platform.errors import ConflictError
from shared.platform.events import STREAMS
from shared.platform.messaging.broker import Broker
from shared.platform.persistence import migrating, outbox
from shared.platform.persistence.engine import Database, open_database
from shared.platform.persistence.installation import DEMONSTRATION, fact, note
from shared.platform.persistence.outbox import Stream
from shared.platform.settings import CONFIGURATION, SERVICES, Service, Settings


def require_fit(*, email: str) -> None:
    """Refuse what a register for real use cannot be set up on, before anything is changed: the
    demonstration, databases of another kind, an address that has an account of another kind.

    Raises MaintenanceError with all faults.
    """
    faults = [fault for service in SERVICES for fault in _unfit(service, email)]
    if faults:
        raise MaintenanceError(
            "No register can be set up here:\n" + "\n".join(f"  - {one}" for one in faults)
        )


def configure(public_url: str) -> Path:
    """Write the configuration of a register for real use, with a secret of its own.

    Returns the file. Raises MaintenanceError when this is no web address.
    """
    return _write({"LESSONS_SECRET_KEY": secrets.token_urlsafe(48), **_address(public_url)})


def change_address(public_url: str) -> None:
    """Write another public address into the configuration.

    Raises MaintenanceError when it is none.
    """
    _write(_address(public_url))


def first_administrator(session: Session, *, email: str, name: str) -> Ticket:
    """A way in for the first administrator, as often as it is asked for.

    Raises ConflictError when the address has an account of another kind.
    """
    account = accounts.find_by_email(session, email)
    if account is None:
        invitation = Invitation(email, name, Role.ADMIN)
        account = administration.open_account(session, invitation, actor=OPERATOR)
    elif account.role != Role.ADMIN:
        raise ConflictError("%(email)s has an account that is not an administrator's.", email=email)
    return sign_in.request_ticket(session, account, lasts=sign_in.INVITATION_LASTS, most=math.inf)


def prepare_demonstration() -> None:
    """Give the demonstration a secret of its own, so that two on one machine cannot read each
    other.

    Raises MaintenanceError where a register in real use lives: everyone could sign in there as its
    administrator.
    """
    path = settings.data_dir_of() / CONFIGURATION
    if any(_is_in_real_use(service) for service in SERVICES):
        raise MaintenanceError(
            f"A register in real use lives in {path.parent} or on the servers configured there."
        )
    if not path.exists():
        _write({"LESSONS_SECRET_KEY": secrets.token_urlsafe(48)})


def upgrade(*, without_backup: bool = False) -> list[Path]:
    """Bring this installation to the present version: databases and broker. Safe to repeat.

    Returns the backups that were made before. Raises MaintenanceError.
    """
    made = []
    for service in SERVICES:
        of_service = settings.read(service)
        of_service.data_dir.mkdir(parents=True, exist_ok=True)
        with closing(open_database(of_service.database_url)) as database:
            made += _upgrade(database, of_service, without_backup=without_backup)
        Broker(of_service.broker_url, of_service.broker_namespace).prepare()
    return made


def missing(database: Database, service: Service) -> str | None:
    """What to say where there is no database yet; None where there is one. Asking makes none."""
    if database.is_missing:
        path = database.engine.url.database
        return (
            f"There is no {service} database at {path}. Check LESSONS_DATA_DIR and"
            f" LESSONS_{service.upper()}_DATABASE_URL; “lessons init” sets up a new register."
        )
    return None


def foreign(database: Database, service: Service) -> str | None:
    """Why a database cannot be brought to this version: it is newer, or the other service's.

    None when it can.
    """
    if migrating.is_empty(database.engine):
        return None
    if not migrating.is_known(database.engine, f"services.{service}"):
        return f"The {service} database is from a newer version of the register. Install that one."
    with database.readings() as session:
        streams = session.scalars(select(Stream.name)).all()
    if streams and STREAMS[service] not in streams:
        variable = f"LESSONS_{service.upper()}_DATABASE_URL"
        return (
            f"The {service} database holds the other service. Were the two addresses "
            f"exchanged? Check {variable}."
        )
    return None


def _upgrade(database: Database, of_service: Settings, *, without_backup: bool) -> list[Path]:
    """Bring one database to this version, with what each installation has. Returns its backup."""
    service, made = of_service.service, list[Path]()
    package = f"services.{service}"
    if fault := foreign(database, service):
        raise MaintenanceError(fault)
    if not migrating.is_current(database.engine, package):
        if not migrating.is_empty(database.engine) and not without_backup:
            made = backup.back_up([of_service])
        migrating.upgrade(database.engine, package)
    with database.sessions.begin() as session:
        outbox.open_stream(session, STREAMS[service])
        organisations.record_starters(session)
        if of_service.demonstration:
            note(session, DEMONSTRATION, "yes")
    return made


def _is_in_real_use(service: Service) -> bool:
    """Whether this database was set up, and not as a demonstration."""
    with closing(open_database(settings.read(service).database_url)) as database:
        try:
            with database.readings() as session:
                return (
                    not migrating.is_empty(database.engine) and fact(session, DEMONSTRATION) is None
                )
        except SQLAlchemyError:
            return False  # nothing is there yet, or nothing answers: the next step says so


def _unfit(service: Service, email: str) -> list[str]:
    with closing(open_database(settings.database_url_of(service))) as database:
        if database.is_missing or migrating.is_empty(database.engine):
            return []
        if fault := foreign(database, service):
            return [fault]
        with database.readings() as session:
            faults = demonstration_faults(session, service)
            account = accounts.find_by_email(session, email)
            if account is not None and account.role != Role.ADMIN:
                faults.append(
                    f"At {service}, {email} has an account that is not an administrator's."
                )
            return faults


def _address(public_url: str) -> dict[str, str]:
    if not settings.is_web_address(public_url):
        raise MaintenanceError(f"{public_url!r} is no web address. Write it as https://host.")
    return {"LESSONS_PUBLIC_URL": public_url}


def _write(values: dict[str, str]) -> Path:
    """Write these lines over those of the same names; what else stands in the file stays."""
    path = settings.data_dir_of() / CONFIGURATION
    path.parent.mkdir(parents=True, exist_ok=True)
    kept = path.read_text(encoding="utf-8-sig").splitlines() if path.exists() else []
    kept = [line for line in kept if line.partition("=")[0].strip() not in values]
    path.touch(mode=0o600)
    path.chmod(0o600)
    lines = [*kept, *(f"{name}={value}" for name, value in values.items())]
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path
