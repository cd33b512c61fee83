"""`lessons operations`: which notes are about one operation."""

import click
from rich.table import Column, Table

from services.cli.installing import open_service
from services.cli.tables import show_table
from services.intake import queries, use_cases
from shared.platform.typed.texts import clean_reference


@click.group()
def operations() -> None:
    """Operations that several notes are about."""


@operations.command()
def joined() -> None:
    """The operations whose notes were joined and would be told apart if they came now.

    Each group would be an operation of its own: “lessons operations separate” makes it one.
    """
    table = Table("Operation", Column("Title", overflow="fold"), "Group", "Note", "Dates")
    _settings, database = open_service("intake")
    with database.readings() as session:
        for operation in queries.joined_operations(session):
            for number, notes in enumerate(operation.groups, start=1):
                for note, *dates in notes:
                    days = " – ".join(filter(None, dates))
                    row = (operation.reference, operation.title, str(number), note, days)
                    table.add_row(*row)
    if table.row_count:
        show_table(table)
    else:
        click.echo("There are none.")


@operations.command()
@click.argument("operation")
@click.argument("notes", nargs=-1, required=True)
def separate(operation: str, notes: tuple[str, ...]) -> None:
    """Give notes of an operation a new one of their own: figures, pages and reviewers follow.

    OPERATION is a reference such as OP-2026-0001, NOTES are such as AAN-2026-0002.
    """
    _settings, database = open_service("intake")
    with database.sessions.begin() as session:
        named = [clean_reference(note) for note in notes]
        asked = clean_reference(operation)
        new = use_cases.separate_notes(session, reference=asked, notes=named).reference
    click.echo(f"{new} is the operation of {', '.join(notes)} now. Review is told.")


@operations.command()
def tell() -> None:
    """Tell review the references of operations that it has not heard of; safe to repeat.

    Once after the upgrade that gave operations references: entries of before then show them, too.
    Each such entry comes again to whoever follows the library.
    """
    _settings, database = open_service("intake")
    with database.sessions.begin() as session:
        count = use_cases.tell_operations(session)
    click.echo(f"Review is told of {count} notes.")
