"""What leaves the register for a person: asked for inside a transaction, delivered outside it, in
its own time.

A delivery is stored with what it is about, not with its text. If the process dies between
delivering and noting it, it goes out twice; it is never lost. Mail is the only channel so far.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import structlog
from sqlalchemy import ColumnElement, Select, delete, func, or_, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from shared.platform import clock
from shared.platform.errors import N_, NotFoundError
from shared.platform.logs import log
from shared.platform.persistence.base import SharedBase, count_changed
from shared.platform.persistence.engine import Database

MOST_ATTEMPTS = 13  # with doubling pauses that is 68 hours, almost three days
FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = FIRST_PAUSE * 2 ** (MOST_ATTEMPTS - 2)  # after the last attempt but one
STRETCH_SECONDS = 10.0  # of delivering, before whoever delivers looks again what is due
SWITCHED_OFF = "mail switched off"  # on a session


class Delivery(SharedBase):
    """Something to deliver, delivered, or given up.

    `details` is emptied once it is delivered: it may hold a sign-in link, which is why it may also
    expire at `expires_at`. One with `held_at` waits for a person, since then. `history` says when
    each attempt was and how it ended. `correlation_id` names what asked for it, as in the log.
    """

    __tablename__ = "delivery"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    channel: Mapped[str]
    recipient: Mapped[str] = mapped_column(index=True)
    language: Mapped[str]
    template: Mapped[str]
    details: Mapped[dict[str, Any]]
    asked_at: Mapped[datetime]
    due_at: Mapped[datetime | None] = mapped_column(index=True)
    expires_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    given_up_at: Mapped[datetime | None] = mapped_column(index=True)
    dismissed_at: Mapped[datetime | None]
    held_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    error: Mapped[str | None]
    history: Mapped[list[str]]
    correlation_id: Mapped[str | None]

    def note_sent(self) -> None:
        """It was delivered."""
        self._note("sent")
        self.sent_at, self.due_at, self.error, self.details = clock.now(), None, None, {}

    def note_failure(self, error: str, *, is_final: bool) -> None:
        """It was not taken.

        Tried again later, unless the refusal `is_final` or there were too many attempts.
        """
        self._note(error)
        self.error = error
        if is_final or self.attempts >= MOST_ATTEMPTS:
            self.due_at, self.given_up_at = None, clock.now()
        else:
            self.due_at = clock.now() + pause_after(self.attempts)

    def expire(self) -> None:
        """Too late: nobody can use any more what it would bring."""
        self.due_at, self.details, self.error = None, {}, "expired before it could be sent"

    def _note(self, outcome: str) -> None:
        self.attempts += 1
        self.history = [*self.history, f"{clock.now():%Y-%m-%dT%H:%M:%SZ} {outcome}"]


class NotTakenError(Exception):
    """It was not taken, and the text says why. It is tried again."""


class RefusedError(NotTakenError):
    """It will never be taken as it is: trying again is of no use."""


Channel = Callable[[Delivery], None]
"""A way out of the register. Raises NotTakenError or RefusedError."""


def pause_after(attempts: int) -> timedelta:
    """How long to wait after so many failed attempts: doubling, from a minute on."""
    return FIRST_PAUSE * int(2 ** (attempts - 1))


def ask_for(
    session: Session,
    *,
    recipient: str,
    template: str,
    language: str,
    details: Mapping[str, Any],
    lasts: timedelta | None = None,
) -> None:
    """Ask for a mail, in the caller's transaction: it goes out if and only if the change is kept.

    What it says may be of use only so long as it `lasts`; after that it is not sent.
    """
    if session.info.get(SWITCHED_OFF):
        return
    now = clock.now()
    session.add(
        Delivery(
            channel="mail",
            recipient=recipient,
            language=language,
            template=template,
            details=dict(details),
            asked_at=now,
            due_at=now,
            expires_at=now + lasts if lasts is not None else None,
            attempts=0,
            history=[],
            correlation_id=structlog.contextvars.get_contextvars().get("correlation_id"),
        )
    )


def switch_off(session: Session) -> None:
    """Nothing that is done in this session asks for a delivery: it happened before, and people were
    told then.
    """
    session.info[SWITCHED_OFF] = True


def was_asked_for(session: Session, *, recipient: str, template: str, since: datetime) -> bool:
    """Whether such a mail to this address was asked for since then."""
    query = (
        select(Delivery.id)
        .where(
            Delivery.recipient == recipient,
            Delivery.template == template,
            Delivery.asked_at > since,
        )
        .limit(1)
    )
    return session.scalar(query) is not None


def forget_recipient(session: Session, recipient: str) -> int:
    """Delete all deliveries to an address, those that wait too. Returns how many."""
    return count_changed(session, delete(Delivery).where(Delivery.recipient == recipient))


def deliver_due(database: Database, channels: Mapping[str, Channel], *, most: int = 50) -> int:
    """Deliver what is due, one at a time, and note each result at once.

    Returns how many were taken.

    Ends after a while, because a server that is away takes its time with each.
    """
    with database.readings() as session:
        due = select(Delivery.id).where(_is_due(), ~_is_held())
        ids = session.scalars(due.order_by(Delivery.due_at).limit(most)).all()
    sent, until = 0, clock.ticks() + STRETCH_SECONDS
    for delivery_id in ids:
        sent += _deliver(database, channels, delivery_id)
        if clock.ticks() > until:
            break
    return sent


def hold(session: Session) -> None:
    """Hold back what waits, until `release`: after a restore, it may have been sent long ago.

    Each is marked rather than compared with the time, so that no clock decides. What is asked for
    from now on goes out.
    """
    waiting = update(Delivery).where(Delivery.due_at.is_not(None))
    session.execute(waiting.values(held_at=clock.now()))


def count_held(session: Session) -> int:
    """How many mails are held back."""
    return session.scalar(select(func.count()).where(_is_held())) or 0


def release(session: Session, *, drop: bool = False) -> int:
    """Let what was held back go out.

    With `drop`, it is never sent. Returns how many that were.
    """
    held = update(Delivery).where(_is_held()).values(held_at=None)
    if drop:
        held = held.values(due_at=None, details={}, error="dropped after a restore")
    return count_changed(session, held)


def given_up() -> Select[Delivery]:
    """What was given up and nobody has dealt with yet, the newest first."""
    waiting = Delivery.given_up_at.is_not(None) & Delivery.dismissed_at.is_(None)
    return select(Delivery).where(waiting).order_by(Delivery.given_up_at.desc())


def try_again(session: Session, delivery_id: UUID) -> Delivery:
    """Deliver anew what was given up: its cause was mended. Raises NotFoundError."""
    delivery = _given_up(session, delivery_id)
    delivery.due_at, delivery.given_up_at, delivery.attempts = clock.now(), None, 0
    return delivery


def dismiss(session: Session, delivery_id: UUID) -> Delivery:
    """It stays given up, and nobody needs to be told any more. Raises NotFoundError."""
    delivery = _given_up(session, delivery_id)
    delivery.dismissed_at, delivery.details = clock.now(), {}
    return delivery


def cannot_reach(session: Session, recipient: str) -> bool:
    """Whether the last that was tried to this address was given up."""
    ended = func.coalesce(Delivery.sent_at, Delivery.given_up_at)
    last = (
        select(Delivery.given_up_at.is_not(None))
        .where(Delivery.recipient == recipient, ended.is_not(None))
        .order_by(ended.desc())
        .limit(1)
    )
    return bool(session.scalar(last))


def _given_up(session: Session, delivery_id: UUID) -> Delivery:
    delivery = session.scalar(given_up().where(Delivery.id == delivery_id).with_for_update())
    if delivery is None:
        raise NotFoundError(N_("This mail was dealt with already."))
    return delivery


def _is_due() -> ColumnElement[bool]:
    """Whether the next attempt has come.

    One that lies further off than any pause was set by another clock.
    """
    now = clock.now()
    return or_(Delivery.due_at <= now, Delivery.due_at > now + LONGEST_PAUSE)


def _is_held() -> ColumnElement[bool]:
    return Delivery.due_at.is_not(None) & Delivery.held_at.is_not(None)


def _deliver(database: Database, channels: Mapping[str, Channel], delivery_id: UUID) -> bool:
    with database.readings() as session:
        delivery = session.get_one(Delivery, delivery_id)
    if delivery.due_at is None:  # another scheduler, which took over meanwhile, was faster
        return False
    failure = None
    if not _is_expired(delivery):
        failure = _attempt(channels[delivery.channel], delivery)
    with database.sessions.begin() as session:
        _note(session.get_one(Delivery, delivery_id, with_for_update=True), failure)
    return failure is None and not _is_expired(delivery)


def _is_expired(delivery: Delivery) -> bool:
    return delivery.expires_at is not None and delivery.expires_at <= clock.now()


def _attempt(channel: Channel, delivery: Delivery) -> Exception | None:
    try:
        channel(delivery)
    except Exception as failure:  # whatever it is: the others go on, and this one is tried again
        log.warning(  # without what the server said: that names the recipient
            "mail not sent",
            mail_id=str(delivery.id),
            template=delivery.template,
            error=type(failure.__cause__ or failure).__name__,
            correlation_id=delivery.correlation_id,
        )
        return failure
    return None


def _note(delivery: Delivery, failure: Exception | None) -> None:
    if delivery.sent_at is not None:
        return
    if _is_expired(delivery):
        delivery.expire()
    elif failure is None:
        delivery.note_sent()
    else:
        delivery.note_failure(str(failure)[:500], is_final=isinstance(failure, RefusedError))
