"""What a withdrawal takes away is taken from the entries that were withdrawn before, too."""

from alembic import op

revision = "0005"
down_revision = "0003"

NO_FACETS = "DELETE FROM facet WHERE entry_id IN (SELECT id FROM entry WHERE state = 'withdrawn')"
NO_WORDS = "UPDATE entry SET search_text = '' WHERE state = 'withdrawn'"
NO_READERS = """
    UPDATE sight
    SET holds = false, lost_at = (SELECT withdrawn_at FROM entry WHERE id = entry_id)
    WHERE holds AND entry_id IN (SELECT id FROM entry WHERE state = 'withdrawn')
"""


def upgrade() -> None:
    """Delete their facets and what a search looked through; nobody sees them any more."""
    for statement in (NO_FACETS, NO_WORDS, NO_READERS):
        op.execute(statement)
