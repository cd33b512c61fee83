"""`lessons people`: who may use the register, without a browser."""

from typing import Any, cast

import click
from rich.table import Column, Table
from sqlalchemy import CursorResult, Delete, Update, delete, select, update
from sqlalchemy.orm import Session

from services.cli.installing import open_service
from services.cli.tables import show_table
from services.intake.model import Note
from services.review.desk import use_cases
from services.review.desk.use_cases import Knowledge
from shared.domain import codelists, organisations
from shared.platform.accounts import accounts, keys, sessions, sign_in
from shared.platform.accounts.accounts import Account
from shared.platform.delivery.deliveries import Delivery
from shared.platform.languages import LANGUAGES
from shared.platform.settings import SERVICES, Service

ROLES = {"intake": ("field", "admin"), "review": ("reviewer", "editor", "partner", "admin")}

_service = click.option(
    "--service",
    type=click.Choice(SERVICES),
    required=True,
    help=("Each service has its own accounts."),
)


@click.group()
def people() -> None:
    """Accounts, roles and keys."""


@people.command("list")
def list_people() -> None:
    """Everyone with an account."""
    table = Table(
        "Service", "Name", Column("Address", overflow="fold"), "Role", "Active", "Organisation"
    )
    for service in SERVICES:
        _settings, database = open_service(service)
        with database.readings() as session:
            for account in session.scalars(select(Account).order_by(Account.name)):
                own = (
                    organisations.current(session, account.organisation_id)
                    if account.organisation_id
                    else None
                )
                active = "yes" if account.active else "no"
                table.add_row(
                    service,
                    account.name,
                    account.email,
                    account.role,
                    active,
                    own.name if own else "",
                )
    show_table(table)


@people.command()
@_service
@click.option("--email", required=True)
@click.option("--name", required=True)
@click.option(
    "--role",
    required=True,
    help=("Intake: field, admin. Review: reviewer, editor, partner, admin."),
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
        account = accounts.invite(session, email=email, name=name, role=role, language=language)
        if organisation:
            account.organisation_id = organisations.find_or_record(session, organisation).id
        ticket = sign_in.request_ticket(session, account, lasts=sign_in.INVITATION_LASTS)
    click.echo(f"{of_service.public_url}/{service}/sign-in/{ticket.token}")


@people.command()
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
        account = _account(accounts.find_by_email(session, email))
        is_active = account.active if active is None else active
        accounts.change(session, account.id, role=role or account.role, active=is_active)
        sessions.end_all(session, account.id)
    click.echo("Done.")


@people.command()
@_service
@click.argument("email")
@click.option("--label", default="", help="What it is for.")
@click.option(
    "--feed", is_flag=True, help=("A key that can only read the library, for feed readers.")
)
def key(service: Service, email: str, label: str, feed: bool) -> None:
    """Make an API key and print it. It is not shown again."""
    _settings, database = open_service(service)
    with database.sessions.begin() as session:
        account = _account(accounts.find_by_email(session, email))
        new = keys.make(session, account, label=label, kind=keys.FEED if feed else keys.FULL)
    click.echo(new.text)


@people.command()
@click.argument("email")
@click.option("--language", "languages", multiple=True, required=True, type=click.Choice(LANGUAGES))
@click.option(
    "--sector",
    "sectors",
    multiple=True,
    type=click.IntRange(1, 15),
    help=("None given: all of them."),
)
@click.option(
    "--country",
    "countries",
    multiple=True,
    help=("Three letters of ISO 3166; none given: all of them."),
)
@click.option("--capacity", default=10, show_default=True, help="Most open cases at a time.")
@click.option(
    "--office",
    default=None,
    help=("The country where they work; it keeps them from its own notes."),
)
def profile(
    email: str,
    languages: tuple[str, ...],
    sectors: tuple[int, ...],
    countries: tuple[str, ...],
    capacity: int,
    office: str,
) -> None:
    """Say what a reviewer knows and can carry."""
    unknown = {*countries, *([office] if office else [])} - codelists.countries()
    if unknown:
        raise click.ClickException(
            f"These are no countries of ISO 3166: {', '.join(sorted(unknown))}."
        )
    _settings, database = open_service("review")
    with database.sessions.begin() as session:
        account = _account(accounts.find_by_email(session, email))
        knows = Knowledge(
            languages=languages, sectors=sectors, countries=countries, capacity=capacity
        )
        use_cases.edit_profile(
            session,
            account_id=account.id,
            knows=knows,
            organisation_id=account.organisation_id,
            office=office,
        )
    click.echo("Done.")


@people.command()
@click.argument("name")
@click.option("--into", required=True, help="The name of the organisation that it is.")
def merge(name: str, into: str) -> None:
    """Merge one spelling of an organisation into another record; intake is told by event."""
    _settings, database = open_service("review")
    with database.sessions.begin() as session:
        found, target = organisations.find(session, name), organisations.find(session, into)
        if found is None or target is None:
            raise click.ClickException("The register knows no organisation of that name.")
        use_cases.merge_organisation(session, organisation_id=found.id, into_id=target.id)
    click.echo("Done.")


@people.command()
@click.argument("email")
def forget(email: str) -> None:
    """Erase a person: their address leaves notes, accounts and mails.

    The notes stay, without a trace of who wrote.
    """
    address, found = accounts.normalise_email(email), 0
    for service in SERVICES:
        _settings, database = open_service(service)
        with database.sessions.begin() as session:
            account = accounts.find_by_email(session, address)
            if account is not None:
                # not the last administrator
                accounts.change(session, account.id, role=account.role, active=False)
                accounts.forget(account)
                sessions.end_all(session, account.id)
                found += 1
            if service == "intake":
                found += _count(
                    session, update(Note).where(Note.contact == address).values(contact=None)
                )
            found += _count(session, delete(Delivery).where(Delivery.recipient == address))
        database.overwrite_deleted()
    if not found:
        raise click.ClickException(f"Nothing here knows {address}. Check how it is written.")
    click.echo(f"{address} is forgotten.")


def _count(session: Session, statement: Update | Delete) -> int:
    """Carry it out; how many rows it concerned."""
    result = cast("CursorResult[Any]", session.execute(statement))
    return result.rowcount


def _require_role(service: Service, role: str) -> None:
    if role not in ROLES[service]:
        raise click.ClickException(f"{service} has the roles {', '.join(ROLES[service])}.")


def _account(found: Account | None) -> Account:
    if found is None:
        raise click.ClickException("There is no account with this address.")
    return found
