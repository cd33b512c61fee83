"""Entries that were withdrawn before a withdrawal deleted what finds them."""

from alembic import op

revision = "0005"
down_revision = "0003"


def upgrade() -> None:
    """Delete their facets, and what a search looked through."""
    op.execute("DELETE FROM facet WHERE entry_id IN (SELECT id FROM entry WHERE state='withdrawn')")
    op.execute("UPDATE entry SET search_text='' WHERE state='withdrawn'")
