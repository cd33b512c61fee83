"""What a restored database needs before it may be used: a new life of its log, new numbers, no mail
by itself.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID, uuid4

import click
from sqlalchemy import delete, func, select
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from services.cli import references
from services.cli.references import MARGIN, Numbers
from shared.platform.accounts.sessions import SignedIn
from shared.platform.accounts.sign_in import SignInRequest
from shared.platform.delivery import deliveries
from shared.platform.events import STREAMS
from shared.platform.persistence import migrating, outbox
from shared.platform.persistence.engine import open_database
from shared.platform.persistence.inbox import Cursor
from shared.platform.persistence.outbox import OutboxEvent, Stream
from shared.platform.settings import Service


@dataclass(frozen=True)
class Remembered:
    """What the replaced database still tells.

    `event_ids` is its log, by position; empty when that is no help.
    """

    numbers: Numbers
    event_ids: dict[int, UUID]


def require_ours(url: str, service: Service, file: str) -> None:
    """Raises ClickException unless the loaded copy is of this service and not newer than this
    version.
    """
    database, package = open_database(url), f"services.{service}"
    try:
        with database.readings() as session:
            streams = set(session.scalars(select(Stream.name)))
        is_known = migrating.is_known(database.engine, package)
    except SQLAlchemyError:
        raise click.ClickException(f"{file} is no backup of this register.") from None
    finally:
        database.close()
    if streams != {STREAMS[service]}:
        other = next((name for name in STREAMS if STREAMS[name] in streams), "another program")
        raise click.ClickException(f"{file} is a backup of {other}, not of {service}.")
    if not is_known:
        raise click.ClickException(
            f"{file} is from a newer version of the register. Install that one first."
        )


def remember(url: str, service: Service, restored: Session) -> Remembered:
    """What the database that will be replaced can tell; nothing if it is away, damaged or not
    there.
    """
    # a damaged one may hold anything
    with suppress(SQLAlchemyError, ValueError), present(url) as session:
        numbers, ids = references.given(session, service), dict[int, UUID]()
        if _begin_alike(session, restored, STREAMS[service]):
            log = session.execute(select(OutboxEvent.position, OutboxEvent.event_id))
            ids = {position: event_id for position, event_id in log if position is not None}
        return Remembered(numbers, ids)
    return Remembered({}, {})


@contextmanager
def present(url: str) -> Iterator[Session]:
    """A look at a database that may be lost. Raises SQLAlchemyError when it cannot be read."""
    if url.startswith("sqlite") and not Path(str(make_url(url).database)).exists():
        raise SQLAlchemyError("There is no such file.")  # to look would make an empty one
    database = open_database(url)
    try:
        with database.sessions() as session:
            yield session
            session.rollback()
    finally:
        database.close()


def begin_new_life(
    session: Session, service: Service, remembered: Remembered, heard: Numbers
) -> list[str]:
    """Prepare a restored database. Returns what was done, for people."""
    name = STREAMS[service]
    while outbox.number_pending(session, name):
        pass
    outbox.stream_named(session, name).epoch = uuid4()
    margin = 0 if remembered.event_ids else MARGIN
    own = references.given(session, service)
    last = references.move_past(session, service, [own, remembered.numbers, heard], margin=margin)
    deliveries.hold(session)
    for table in (SignedIn, SignInRequest):
        session.execute(delete(table))  # who signed out since must not be signed in again
    numbers = ", ".join(f"{series} after {number}" for series, number in sorted(last.items()))
    why = (
        ""
        if remembered.event_ids
        else (f" (with {MARGIN} to spare: the replaced database cannot tell)")
    )
    return [
        f"References go on: {numbers}{why}.",
        f"{deliveries.count_held(session)} mails wait, held back; all are signed out.",
    ]


def common_position(cursor: Cursor, log: Session, remembered: Remembered) -> int | None:
    """Up to where a log says what the subscriber at `cursor` has applied; None when nobody can
    tell.

    Each event names the one before it, so two logs with the same event at a position are the same
    up to there.
    """
    if stands_at(cursor, log):
        return cursor.position
    if remembered.event_ids.get(cursor.position) != cursor.event_id:
        return None  # it did not follow the replaced log either: that one was restored before
    head = outbox.stream_named(log, cursor.stream).head
    for position in range(min(head, cursor.position), 0, -1):
        if _event_id(log, cursor.stream, position) == remembered.event_ids.get(position):
            return position
    return None


def stands_at(cursor: Cursor, log: Session) -> bool:
    """Whether the log has the event that was applied last at its place, so that it can be followed
    from there.
    """
    return cursor.position == 0 or _event_id(log, cursor.stream, cursor.position) == cursor.event_id


def _begin_alike(session: Session, restored: Session, stream: str) -> bool:
    """Whether two databases are lives of the same register."""
    head = min(
        each.scalar(select(func.max(OutboxEvent.position))) or 0 for each in (session, restored)
    )
    return head > 0 and _event_id(session, stream, head) == _event_id(restored, stream, head)


def _event_id(session: Session, stream: str, position: int) -> UUID | None:
    at = select(OutboxEvent.event_id).where(
        OutboxEvent.stream == stream, OutboxEvent.position == position
    )
    return session.scalar(at)
