"""When events were applied, since when more of them wait, who settled a parked one, what asked for
a mail.
"""

import sqlalchemy as sa
from alembic import op

from shared.platform.persistence.base import BigId, UtcDateTime

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Room for what the signs of life and the trace of a note are read from."""
    op.create_table(
        "applied_event",
        sa.Column("id", BigId, nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("applied_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_applied_event")),
    )
    op.create_index(op.f("ix_applied_event_event_id"), "applied_event", ["event_id"])
    op.add_column("cursor", sa.Column("behind_since", UtcDateTime(), nullable=True))
    op.add_column("parked_event", sa.Column("settled_by", sa.Uuid(), nullable=True))
    op.add_column("mail", sa.Column("correlation_id", sa.String(), nullable=True))
