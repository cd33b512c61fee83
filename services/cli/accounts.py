"""`lessons people`: who may use the register, without a browser."""

from collections.abc import Callable

import click
from rich.table import Column, Table
from sqlalchemy import select
from sqlalchemy.orm import Session

from services import one_machine
from services.cli.installing import open_service, warn_of_address
from services.cli.tables import show_table
from services.intake import queries as intake
from services.intake.use_cases import forget_person as forget_at_intake
from services.intake.use_cases import hand_over_note
from services.review.desk import queries, use_cases
from services.review.desk.use_cases import Knowledge
from shared.domain import administration, organisations
from shared.domain.administration import Invitation
from shared.platform.accounts import keys
from shared.platform.accounts.accounts import Account, find_by_email
from shared.platform.accounts.actor import OPERATOR
from shared.platform.accounts.roles import ROLES
from shared.platform.languages import LANGUAGES
from shared.platform.settings import SERVICES, Service
from shared.platform.typed.addresses import clean_address
from shared.platform.typed.texts import clean_reference

_FORGET: dict[Service, Callable[..., int]] = {
    "intake": forget_at_intake,
    "review": administration.forget_person,
}
_service = click.option(
    "--service",
    type=click.Choice(SERVICES),
    required=True,
    help="Each service has its own accounts.",
)


@click.group("people")
def accounts() -> None:
    """Accounts, roles and keys."""


@accounts.command("list")
def list_all() -> None:
    """Everyone with an account."""
    table = Table(
        "Service", "Name", Column("Address", overflow="fold"), "Role", "Active", "Organisation"
    )
    for service in SERVICES:
        _settings, database = open_service(service)
        with database.readings() as session:
            for account in session.scalars(select(Account).order_by(Account.name)):
                own = organisations.current(session, account.organisation_id)
                active = "yes" if account.active else "no"
                known = (account.name, account.email, account.role, active)
                table.add_row(service, *known, own.name if own else "")
    show_table(table)


@accounts.command()
@_service
@click.option("--email", required=True)
@click.option("--name", required=True)
@click.option(
    "--role",
    required=True,
    help="Intake: field, admin. Review: reviewer, editor, partner, admin.",
)
@click.option("--organisation", default=None)
@click.option("--language", default="en", type=click.Choice(LANGUAGES))
def invite(
    service: Service, email: str, name: str, role: str, organisation: str | None, language: str
) -> None:
    """Open an account and print the link with which its owner signs in within seven days."""
    _require_role(service, role)
    of_service, database = open_service(service)
    with database.sessions.begin() as session:
        invitation = Invitation(email, name, role, organisation, language=language)
        ticket = administration.invite(session, invitation, actor=OPERATOR)
    click.echo(one_machine.link_of(ticket, of_service))
    warn_of_address()


@accounts.command()
@_service
@click.argument("email")
@click.option("--role", default=None, help="The new role; without it the role stays.")
@click.option("--active/--stopped", default=None, help="Reopen or stop the account.")
def change(service: Service, email: str, role: str | None, active: bool | None) -> None:
    """Change a role, or stop or reopen an account; it is signed out everywhere."""
    if role is not None:
        _require_role(service, role)
    _settings, database = open_service(service)
    with database.sessions.begin() as session:
        account = _account(session, email)
        administration.change_account(
            session,
            account.id,
            role=role or account.role,
            active=account.active if active is None else active,
            actor=OPERATOR,
        )
    click.echo("Done.")


@accounts.command()
@_service
@click.argument("email")
@click.option("--label", default="", help="What it is for.")
@click.option(
    "--feed", is_flag=True, help="A key that can only read the library, for feed readers."
)
def key(service: Service, email: str, label: str, feed: bool) -> None:
    """Make an API key and print it. It is not shown again."""
    _settings, database = open_service(service)
    with database.sessions.begin() as session:
        account = _account(session, email)
        new = keys.make(session, account, label=label, kind=keys.FEED if feed else keys.FULL)
    click.echo(new.text)


@accounts.command()
@click.argument("email")
@click.option("--language", "languages", multiple=True, required=True, type=click.Choice(LANGUAGES))
@click.option(
    "--sector",
    "sectors",
    multiple=True,
    type=click.IntRange(1, 15),
    help="None given: all of them.",
)
@click.option(
    "--country",
    "countries",
    multiple=True,
    help="Three letters of ISO 3166; none given: all of them.",
)
@click.option("--capacity", default=10, show_default=True, help="Most open cases at a time.")
@click.option(
    "--office",
    default=None,
    help="The country where they work; it keeps them from its own notes.",
)
def profile(
    email: str,
    languages: tuple[str, ...],
    sectors: tuple[int, ...],
    countries: tuple[str, ...],
    capacity: int,
    office: str,
) -> None:
    """Say what a reviewer knows and can carry; the operations on which they worked stay."""
    _settings, database = open_service("review")
    with database.sessions.begin() as session:
        account = _account(session, email)
        its = organisations.current(session, account.organisation_id)
        worked_on = queries.worked_on(session, account.id)
        use_cases.edit_profile(
            session,
            account_id=account.id,
            knows=Knowledge(languages, sectors, countries, worked_on, capacity),
            organisation=its.name if its else None,
            office=office,
            actor=OPERATOR,
        )
    click.echo("Done.")


@accounts.command()
@click.argument("name")
@click.option("--into", required=True, help="The name of the organisation that it is.")
def merge(name: str, into: str) -> None:
    """Merge one spelling of an organisation into another record; intake is told by event."""
    _settings, database = open_service("review")
    with database.sessions.begin() as session:
        found, target = organisations.find(session, name), organisations.find(session, into)
        if found is None or target is None:
            raise click.ClickException("The register knows no organisation of that name.")
        use_cases.merge_organisation(
            session, organisation_id=found.id, into_id=target.id, actor=OPERATOR
        )
    click.echo("Done.")


@accounts.command()
@click.argument("email")
def forget(email: str) -> None:
    """Erase a person: their address leaves notes, accounts and mails.

    The notes stay, without a trace of who wrote.
    """
    address, found = clean_address(email), 0
    for service, forget_person in _FORGET.items():
        _settings, database = open_service(service)
        with database.sessions.begin() as session:
            found += forget_person(session, email=address, actor=OPERATOR)
        database.overwrite_deleted()
    if not found:
        raise click.ClickException(f"Nothing here knows {address}. Check how it is written.")
    click.echo(f"{address} is forgotten.")


@accounts.command("hand-over")
@click.argument("note")
@click.argument("email")
def hand_over(note: str, email: str) -> None:
    """Let another account of its organisation answer for a NOTE, such as AAN-2026-0001.

    A note that is kept to its reviewers is read by nobody else than who sent it: this gives it to
    their successor.
    """
    _settings, database = open_service("intake")
    with database.sessions.begin() as session:
        account = _account(session, email)
        found = intake.note_with_reference(session, clean_reference(note))
        hand_over_note(session, note=found, account=account, actor=OPERATOR)
    click.echo("Done.")


def _require_role(service: Service, role: str) -> None:
    if role not in ROLES[service]:
        raise click.ClickException(f"{service} has the roles {', '.join(ROLES[service])}.")


def _account(session: Session, email: str) -> Account:
    account = find_by_email(session, email)
    if account is None:
        raise click.ClickException("There is no account with this address.")
    return account
