"""`lessons init` and `lessons upgrade`: setting the register up, and bringing it to a new
version.
"""

from contextlib import closing

import click

from services import demonstration, one_machine
from services.maintenance import installation
from shared.platform import settings
from shared.platform.persistence.engine import Database, open_database
from shared.platform.settings import SERVICES, Service, Settings


@click.command()
@click.option("--email", prompt="Your email address, as first administrator")
@click.option("--name", prompt="Your name")
@click.option("--public-url", help="Address at which people will reach the register.")
def init(email: str, name: str, public_url: str | None) -> None:
    """Set up a register for real use: configuration, databases, first administrator.

    Needs no mail server: prints the links with which the administrator signs in. Safe to repeat;
    keeps what there is, and writes no configuration where the environment brings its own. Refuses
    the data of a demonstration.
    """
    installation.require_fit(email=email)
    if not settings.is_given("LESSONS_SECRET_KEY"):
        url = public_url or click.prompt(
            "Address at which people will reach it", default=settings.ADDRESS
        )
        click.echo(f"Configuration: {installation.configure(url)}")
    elif public_url:
        installation.change_address(public_url)
    installation.upgrade()
    for service in SERVICES:
        of_service, database = open_service(service)
        with database.sessions.begin() as session:
            ticket = installation.first_administrator(session, email=email, name=name)
        click.echo(
            f"Sign in to {service}, within seven days: {one_machine.link_of(ticket, of_service)}"
        )
    warn_of_address()
    click.echo(
        "Now start it: “lessons serve” for everything on this machine, or each process by "
        "“lessons run”."
    )


@click.command()
@click.option("--without-backup", is_flag=True, help="Migrate even where no backup can be made.")
def upgrade(without_backup: bool) -> None:
    """Back both databases up, then bring them to this version.

    Also prepares the broker. Safe to repeat.
    """
    for made in installation.upgrade(without_backup=without_backup):
        click.echo(f"Backup: {made}")
    click.echo("Databases and broker are of this version.")


def warn_of_address() -> None:
    """Say it where nobody said at which address the register runs."""
    if demonstration.address() is None and not settings.is_given("LESSONS_PUBLIC_URL"):
        click.echo(
            "LESSONS_PUBLIC_URL is not set, so the address of the register is not known here: "
            f"where it is not {settings.ADDRESS}, put the right one in front of the link.",
            err=True,
        )


def open_service(service: Service) -> tuple[Settings, Database]:
    """Settings and database of a service, for a command; it is closed when the command ends."""
    of_service = settings.read(service)
    command = click.get_current_context()
    return of_service, command.with_resource(closing(open_database(of_service.database_url)))
