"""An event of the log says when and why a part of it was redacted."""

import sqlalchemy as sa
from alembic import op

from shared.platform.persistence.base import UtcDateTime

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Two columns, empty for what was never redacted."""
    op.add_column("outbox", sa.Column("redacted_at", UtcDateTime(), nullable=True))
    op.add_column("outbox", sa.Column("redacted_because", sa.String(), nullable=True))
