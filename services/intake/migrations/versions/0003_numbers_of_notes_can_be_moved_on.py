"""SQLite remembers the highest number of a note, so that a restore can move it past all that were
given.
"""

from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make the table of notes anew with AUTOINCREMENT. PostgreSQL has had its sequence from the
    start.
    """
    if op.get_bind().dialect.name == "sqlite":
        with op.batch_alter_table(
            "note", recreate="always", table_kwargs={"sqlite_autoincrement": True}
        ):
            pass
