"""`lessons prune`: lets go of what only passed through."""

import click
from sqlalchemy.orm import Session

from services.cli.installing import open_service
from services.maintenance import pruning
from shared.platform.messaging.broker import Broker
from shared.platform.settings import SERVICES

_days = click.IntRange(min=1)


@click.command()
@click.option("--dry-run", is_flag=True, help="Only say what would go.")
@click.option(
    "--mails",
    default=90,
    show_default=True,
    type=_days,
    help="Days for which a mail that was sent is kept.",
)
@click.option(
    "--parked",
    default=180,
    show_default=True,
    type=_days,
    help="Days for which a resolved event is kept whole.",
)
@click.option(
    "--drafts",
    default=None,
    type=_days,
    help="Days after which a draft never sent goes. Not given: never.",
)
def prune(dry_run: bool, mails: int, parked: int, drafts: int | None) -> None:
    """Delete what only passed through: sent mails, expired sign-ins, carried messages, the text of
    resolved events.

    Also the times at which events were applied, after 90 days. The embedded broker's file gives
    room back. Safe to repeat, also while the register runs. Never touches the log of events, the
    keys of requests and the entries.
    """
    for service in SERVICES:
        of_service, database = open_service(service)
        with database.sessions() as session, session.begin() as transaction:
            gone = _pruned(session, mails, parked)
            if drafts is not None and service == "intake":
                gone["drafts"] = pruning.forget_drafts(session, days=drafts)
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


def _pruned(session: Session, mails: int, parked: int) -> dict[str, int]:
    gone = pruning.prune(session, mails=mails, parked=parked)
    return {
        "mails": gone.mails,
        "expired sign-ins": gone.sign_ins,
        "texts of resolved events": gone.resolved,
        "times of applied events": gone.applied,
    }
