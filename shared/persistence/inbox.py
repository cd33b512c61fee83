"""The subscriber's side of a stream: how far it has applied it, and what it had to set aside."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from shared.persistence.base import BigId, SharedBase


class Cursor(SharedBase):
    """How far this service has applied a stream: the position and id of the last event, and the stream's epoch.

    It moves in the same transaction as the effect of the event, and that makes the effect happen exactly once.
    `failing_id`, `attempts` and `retry_at` speak of the next event while it fails; `halted_reason` is set when the
    producer's log no longer continues what was applied, and only a person may clear it.
    """

    __tablename__ = "cursor"

    stream: Mapped[str] = mapped_column(primary_key=True)
    epoch: Mapped[UUID | None]
    position: Mapped[int] = mapped_column(BigInteger, default=0)
    event_id: Mapped[UUID | None]
    applied_at: Mapped[datetime | None]
    producer_head: Mapped[int] = mapped_column(BigInteger, default=0)
    failing_id: Mapped[UUID | None]
    attempts: Mapped[int] = mapped_column(default=0)
    retry_at: Mapped[datetime | None]
    halted_reason: Mapped[str | None]
    halted_at: Mapped[datetime | None]


class ParkedEvent(SharedBase):
    """An event that kept failing, or one that must wait behind it. A person retries or skips it.

    `state` is parked, retried or skipped; `reason` says why it was skipped; `error` is the traceback, or names the
    event it waits behind.
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
    settled_at: Mapped[datetime | None]

    __table_args__ = (UniqueConstraint("stream", "event_id"),)
