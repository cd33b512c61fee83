"""Tables on the terminal."""

from rich.console import Console
from rich.table import Table

IN_FULL = 1000  # characters of a line


def show_table(table: Table) -> None:
    """Print a table as wide as the terminal; into a file or a pipe with a line for each row, for
    who searches there.
    """
    console = Console(markup=False, emoji=False)
    if not console.is_terminal:
        console.width = IN_FULL
    console.print(table)
