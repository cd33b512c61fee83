"""Pruning lets go of what only passed through.

The log, the keys of requests and the entries stay for ever.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from services.intake.model import Note
from shared.platform import clock
from shared.platform.accounts import sessions, sign_in
from shared.platform.delivery.deliveries import Delivery
from shared.platform.persistence import inbox
from shared.platform.persistence.base import count_changed
from shared.platform.persistence.inbox import ParkedEvent


@dataclass(frozen=True)
class Gone:
    """How many of each kind were let go of."""

    mails: int
    sign_ins: int
    settled: int
    applied: int


def prune(session: Session, *, mails: int, parked: int) -> Gone:
    """Delete mails so many days after they were asked for, if nothing is to become of them, and
    what has run out; empty events that were parked and then settled so many days ago.
    """
    return Gone(
        mails=_forget_mails(session, _before(mails)),
        sign_ins=sessions.forget_expired(session) + sign_in.forget_expired(session),
        settled=_empty_settled(session, _before(parked)),
        applied=inbox.forget_applied(session),
    )


def forget_drafts(session: Session, *, days: int) -> int:
    """Delete notes of intake that were never sent and not changed for so many days.

    Returns how many.
    """
    old = Note.changed_at < _before(days)
    unsent = delete(Note).where(Note.state == "draft", Note.version == 0, old)
    return count_changed(session, unsent)


def _before(days: int) -> datetime:
    return clock.now() - timedelta(days=days)


def _forget_mails(session: Session, before: datetime) -> int:
    """Mails that went out, and those that were given up."""
    passed = delete(Delivery).where(Delivery.due_at.is_(None), Delivery.asked_at < before)
    return count_changed(session, passed)


def _empty_settled(session: Session, before: datetime) -> int:
    """What was parked and then settled is remembered with its reason, without what the
    event said.
    """
    settled = ParkedEvent.state.in_(("retried", "skipped")) & (ParkedEvent.settled_at < before)
    emptied = update(ParkedEvent).where(settled, ParkedEvent.error != "")
    return count_changed(session, emptied.values(envelope={}, error=""))
