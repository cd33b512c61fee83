"""Mail becomes a channel of the deliveries, and what the clock does has its rows."""

import sqlalchemy as sa
from alembic import op

from shared.platform.persistence.base import Json, UtcDateTime

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """The mails move, those that wait with what they are about; those that were let be are given
    up.
    """
    op.create_table(
        "delivery",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("recipient", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("template", sa.String(), nullable=False),
        sa.Column("details", Json, nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=True),
        sa.Column("expires_at", UtcDateTime(), nullable=True),
        sa.Column("sent_at", UtcDateTime(), nullable=True),
        sa.Column("given_up_at", UtcDateTime(), nullable=True),
        sa.Column("dismissed_at", UtcDateTime(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("error", sa.String(), nullable=True),
        sa.Column("history", Json, nullable=False),
        sa.Column("correlation_id", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery")),
    )
    for column in ("recipient", "due_at", "given_up_at"):
        op.create_index(op.f(f"ix_delivery_{column}"), "delivery", [column])
    op.execute("""
        INSERT INTO delivery (
            channel, history, given_up_at, id, recipient, language, template, details,
            asked_at, due_at, sent_at, attempts, error, correlation_id
        )
        SELECT
            'mail', '[]',
            CASE WHEN sent_at IS NULL AND due_at IS NULL AND attempts >= 12 THEN asked_at END,
            id, recipient, language, template, details,
            asked_at, due_at, sent_at, attempts, error, correlation_id
        FROM mail
    """)  # after twelve attempts the version before let a mail be, without a word
    op.drop_table("mail")
    op.create_table(
        "job",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.Column("finished_at", UtcDateTime(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("error", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_job")),
    )
