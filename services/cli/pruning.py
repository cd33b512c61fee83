"""`lessons prune`: lets go of what only passed through.

The log, the keys of requests and the entries stay for ever.
"""

from datetime import datetime, timedelta

import click
from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from services.cli.installing import open_service
from services.intake.model import Note
from shared.platform import clock
from shared.platform.accounts import sessions, sign_in
from shared.platform.delivery.deliveries import Delivery
from shared.platform.messaging.broker import Broker
from shared.platform.persistence import inbox
from shared.platform.persistence.base import count_changed
from shared.platform.persistence.inbox import ParkedEvent
from shared.platform.settings import SERVICES

_days = click.IntRange(min=1)


@click.command()
@click.option("--dry-run", is_flag=True, help="Only say what would go.")
@click.option(
    "--mails",
    default=90,
    show_default=True,
    type=_days,
    help=("Days for which a mail that was sent is kept."),
)
@click.option(
    "--parked",
    default=180,
    show_default=True,
    type=_days,
    help=("Days for which a settled event is kept whole."),
)
@click.option(
    "--drafts",
    default=None,
    type=_days,
    help=("Days after which a draft never sent goes. Not given: never."),
)
def prune(dry_run: bool, mails: int, parked: int, drafts: int | None) -> None:
    """Delete what only passed through: sent mails, expired sign-ins, carried messages, the text of
    settled events.

    Also the times at which events were applied, after 90 days. The embedded broker's file gives
    room back. Safe to repeat, also while the register runs. Never touches the log of events, the
    keys of requests and the entries.
    """
    for service in SERVICES:
        of_service, database = open_service(service)
        with database.sessions() as session, session.begin() as transaction:
            gone = {
                "mails": _forget_mails(session, _before(mails)),
                "expired sign-ins": _forget_sign_ins(session),
                "texts of settled events": _empty_settled(session, _before(parked)),
                "times of applied events": inbox.forget_applied(session),
            }
            if drafts is not None and service == "intake":
                gone["drafts"] = _forget_drafts(session, _before(drafts))
            if dry_run:
                transaction.rollback()
        database.close()
        for what, count in gone.items():
            click.echo(f"{service}: {count} {what} {'would go' if dry_run else 'are gone'}.")
    broker = Broker(of_service.broker_url, of_service.broker_namespace)
    if dry_run:
        click.echo(f"broker: {broker.count_carried()} messages would go.")
    else:
        click.echo(f"broker: {broker.sweep(compact=True)} messages are gone.")


def _before(days: int) -> datetime:
    return clock.now() - timedelta(days=days)


def _forget_mails(session: Session, before: datetime) -> int:
    """Mails that went out, and those that were given up."""
    return count_changed(
        session, delete(Delivery).where(Delivery.due_at.is_(None), Delivery.asked_at < before)
    )


def _forget_sign_ins(session: Session) -> int:
    return sessions.forget_expired(session) + sign_in.forget_expired(session)


def _empty_settled(session: Session, before: datetime) -> int:
    """What was parked and then settled is remembered with its reason, without what the
    event said.
    """
    settled = ParkedEvent.state.in_(("retried", "skipped")) & (ParkedEvent.settled_at < before)
    emptied = (
        update(ParkedEvent).where(settled, ParkedEvent.error != "").values(envelope={}, error="")
    )
    return count_changed(session, emptied)


def _forget_drafts(session: Session, before: datetime) -> int:
    return count_changed(
        session,
        delete(Note).where(Note.state == "draft", Note.version == 0, Note.changed_at < before),
    )
