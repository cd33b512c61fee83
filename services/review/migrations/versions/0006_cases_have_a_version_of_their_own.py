"""A case has a version of its own, that moves with every act on it; it had that of its note."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Number what was done to each case, from 1001 on; the last one is the case's version."""
    for table in ("review_case", "history_event"):
        op.execute(f"ALTER TABLE {table} RENAME COLUMN version TO note_version")
        op.add_column(table, sa.Column("version", sa.Integer(), nullable=True))
    op.execute(
        """
        UPDATE history_event SET version = 1000 + (
            SELECT count(*) FROM history_event AS earlier
            WHERE earlier.case_id = history_event.case_id AND earlier.id <= history_event.id
        )
        """
    )
    op.execute(
        """
        UPDATE review_case SET version = 1000 + (
            SELECT count(*) FROM history_event WHERE history_event.case_id = review_case.id
        )
        """
    )
    with op.batch_alter_table("review_case") as cases:
        cases.alter_column("version", existing_type=sa.Integer(), nullable=False)
    with op.batch_alter_table("history_event") as history:
        history.alter_column("version", existing_type=sa.Integer(), nullable=False)
        name = op.f("uq_history_event_case_id_version")
        history.create_unique_constraint(name, ["case_id", "version"])
        history.drop_index(op.f("ix_history_event_case_id"))
