"""What a restored database needs before it may be used: a new life of its log, new numbers, no mail
by itself.
"""

from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from uuid import UUID, uuid4

from sqlalchemy import delete, func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from services.maintenance import counters
from services.maintenance.counters import MARGIN, Numbers
from services.maintenance.errors import MaintenanceError
from shared.platform.accounts.sessions import SignedIn
from shared.platform.accounts.sign_in import SignInRequest
from shared.platform.delivery import deliveries
from shared.platform.events import STREAMS
from shared.platform.persistence import migrating, outbox
from shared.platform.persistence.engine import open_database
from shared.platform.persistence.outbox import OutboxEvent, Stream
from shared.platform.settings import Service


@dataclass(frozen=True)
class Remembered:
    """What the replaced database still tells.

    `event_ids` is its log, by position; empty when that is no help.
    """

    numbers: Numbers
    event_ids: dict[int, UUID]


@dataclass(frozen=True)
class NewLife:
    """How a restored database was prepared.

    The references go on after the `last` ones, which leave a `margin` where the replaced database
    cannot tell which were given; so many mails are `held` back.
    """

    last: Numbers
    margin: int
    held: int


def require_ours(url: str, service: Service, file: str) -> None:
    """Raises MaintenanceError unless the loaded copy is of this service and not newer than this
    version.
    """
    try:
        with closing(open_database(url)) as database:
            with database.readings() as session:
                streams = set(session.scalars(select(Stream.name)))
            is_known = migrating.is_known(database.engine, f"services.{service}")
    except SQLAlchemyError:
        raise MaintenanceError(f"{file} is no backup of this register.") from None
    if streams != {STREAMS[service]}:
        other = next((name for name in STREAMS if STREAMS[name] in streams), "another program")
        raise MaintenanceError(f"{file} is a backup of {other}, not of {service}.")
    if not is_known:
        raise MaintenanceError(
            f"{file} is from a newer version of the register. Install that one first."
        )


def remember(url: str, service: Service, restored: Session) -> Remembered:
    """What the database that will be replaced can tell; nothing if it is away, damaged or not
    there.
    """
    # a damaged one may hold anything
    with suppress(SQLAlchemyError, ValueError), present(url) as session:
        numbers, ids = counters.given(session, service), dict[int, UUID]()
        if _begin_alike(session, restored, STREAMS[service]):
            log = session.execute(select(OutboxEvent.position, OutboxEvent.event_id))
            ids = {position: event_id for position, event_id in log if position is not None}
        return Remembered(numbers, ids)
    return Remembered({}, {})


@contextmanager
def present(url: str) -> Iterator[Session]:
    """A look at a database that may be lost. Raises SQLAlchemyError when it cannot be read."""
    with closing(open_database(url)) as database:
        if database.is_missing:
            raise SQLAlchemyError("There is no such file.")
        with database.sessions() as session:
            yield session
            session.rollback()


def begin_new_life(
    session: Session, service: Service, remembered: Remembered, heard: Numbers
) -> NewLife:
    """Prepare a restored database: a log of another epoch, numbers never given, no mail by itself.

    `heard` are the numbers that the other service was told of.
    """
    name = STREAMS[service]
    while outbox.number_pending(session, name):
        pass
    outbox.stream_named(session, name).epoch = uuid4()
    margin = 0 if remembered.event_ids else MARGIN
    own = counters.given(session, service)
    last = counters.move_past(session, service, [own, remembered.numbers, heard], margin=margin)
    deliveries.hold(session)
    for table in (SignedIn, SignInRequest):
        session.execute(delete(table))  # who signed out since must not be signed in again
    return NewLife(last, margin, deliveries.count_held(session))


def event_id_at(session: Session, stream: str, position: int) -> UUID | None:
    """The event that stands there in the log."""
    at = select(OutboxEvent.event_id).where(
        OutboxEvent.stream == stream, OutboxEvent.position == position
    )
    return session.scalar(at)


def _begin_alike(session: Session, restored: Session, stream: str) -> bool:
    """Whether two databases are lives of the same register."""
    head = min(
        each.scalar(select(func.max(OutboxEvent.position))) or 0 for each in (session, restored)
    )
    return head > 0 and event_id_at(session, stream, head) == event_id_at(restored, stream, head)
