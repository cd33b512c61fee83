"""The subscriber's side of a stream: how far it has applied it, and what it had to set aside."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, UniqueConstraint, delete, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from shared.platform import clock
from shared.platform.events import Envelope
from shared.platform.persistence.base import BigId, SharedBase, count_changed

APPLIED_KEPT = timedelta(days=90)


class Cursor(SharedBase):
    """How far this service has applied a stream: the position and id of the last event, and the
    stream's epoch.

    It moves in the same transaction as the effect of the event, and that makes the effect happen
    exactly once. `behind_since` is when the oldest event happened that we know of and have not
    applied; None when we are level. `failing_id`, `attempts` and `retry_at` speak of the next event
    while it fails; `halted_reason` is set when the producer's log no longer continues what was
    applied, and only a person may clear it.
    """

    __tablename__ = "cursor"

    stream: Mapped[str] = mapped_column(primary_key=True)
    epoch: Mapped[UUID | None]
    position: Mapped[int] = mapped_column(BigInteger, default=0)
    event_id: Mapped[UUID | None]
    applied_at: Mapped[datetime | None]
    producer_head: Mapped[int] = mapped_column(BigInteger, default=0)
    behind_since: Mapped[datetime | None]
    failing_id: Mapped[UUID | None]
    attempts: Mapped[int] = mapped_column(default=0)
    retry_at: Mapped[datetime | None]
    halted_reason: Mapped[str | None]
    halted_at: Mapped[datetime | None]


class ParkedEvent(SharedBase):
    """An event that kept failing, or one that must wait behind it. A person retries or skips it.

    `state` is parked, retried or skipped; `reason` says why it was skipped; `error` is the
    traceback without what the errors said, or names the event it waits behind. `resolved_by` is the
    account that retried or skipped it, None for the command line.
    """

    __tablename__ = "parked_event"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    stream: Mapped[str]
    position: Mapped[int] = mapped_column(BigInteger)
    event_id: Mapped[UUID]
    type: Mapped[str]
    subject: Mapped[str] = mapped_column(index=True)
    envelope: Mapped[dict[str, Any]]
    error: Mapped[str]
    attempts: Mapped[int]
    parked_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(default="parked")
    reason: Mapped[str | None]
    resolved_at: Mapped[datetime | None] = mapped_column("settled_at")
    resolved_by: Mapped[UUID | None] = mapped_column("settled_by")

    __table_args__ = (UniqueConstraint("stream", "event_id"),)


class AppliedEvent(SharedBase):
    """When an event was applied here: for whoever follows one note (“lessons trace”).

    Nothing depends on it.
    """

    __tablename__ = "applied_event"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    event_id: Mapped[UUID] = mapped_column(index=True)
    applied_at: Mapped[datetime]


def forget_applied(session: Session) -> int:
    """Drop what nobody asks for any more. Returns how many rows that were."""
    old = AppliedEvent.applied_at < clock.now() - APPLIED_KEPT
    return count_changed(session, delete(AppliedEvent).where(old))


def parked_events(session: Session) -> list[ParkedEvent]:
    """What waits for a person, in the order in which it happened."""
    parked = select(ParkedEvent).where(ParkedEvent.state == "parked")
    return list(session.scalars(parked.order_by(ParkedEvent.position)))


def parked_subjects(session: Session, stream: str) -> dict[str, UUID]:
    """What waits for a person: by subject, the event that its later ones must wait behind."""
    parked = (
        select(ParkedEvent.subject, ParkedEvent.event_id)
        .where(ParkedEvent.stream == stream, ParkedEvent.state == "parked")
        .order_by(ParkedEvent.position.desc())
    )
    # a Row is no pair for mypy
    return {subject: event_id for subject, event_id in session.execute(parked)}  # noqa: C416


def park(session: Session, envelope: Envelope, error: str, *, attempts: int) -> None:
    """Set an event aside for a person; `error` says where it failed, or names the event that it
    waits behind.

    One that was parked and resolved before, and then came again, is parked again.
    """
    again = select(ParkedEvent).where(
        ParkedEvent.stream == envelope.stream, ParkedEvent.event_id == envelope.id
    )
    parked = session.scalar(again) or ParkedEvent(stream=envelope.stream, event_id=envelope.id)
    parked.position, parked.type, parked.subject = (
        envelope.position,
        envelope.type,
        envelope.subject,
    )
    parked.envelope, parked.error, parked.attempts = envelope.to_wire(), error, attempts
    parked.state, parked.parked_at = "parked", clock.now()
    parked.reason = parked.resolved_at = parked.resolved_by = None
    session.add(parked)


def resolve_behind(session: Session, stream: str, *, position: int) -> None:
    """Nothing behind `position` waits any longer or stays skipped, because the log is applied again
    from there.
    """
    session.execute(
        update(ParkedEvent)
        .where(
            ParkedEvent.stream == stream,
            ParkedEvent.state != "retried",
            ParkedEvent.position > position,
        )
        .values(
            state="retried", resolved_at=clock.now(), reason=f"resumed behind position {position}"
        )
    )
