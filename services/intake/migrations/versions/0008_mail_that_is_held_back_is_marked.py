"""Mail that a restore holds back is marked, each for itself."""

from datetime import datetime

import sqlalchemy as sa
from alembic import op

from shared.platform.persistence.base import UtcDateTime

revision = "0008"
down_revision = "0007"

HELD_SINCE = "mail held since"  # a fact until now
DELIVERY = sa.table(
    "delivery",
    sa.column("asked_at", UtcDateTime()),
    sa.column("due_at", UtcDateTime()),
    sa.column("held_at", UtcDateTime()),
)
FACT = sa.table("installation", sa.column("name"), sa.column("value"))


def upgrade() -> None:
    """What waited when a restore began to hold mail back stays held; what was asked for since goes
    out.
    """
    op.add_column("delivery", sa.Column("held_at", UtcDateTime(), nullable=True))
    noted = FACT.c.name == HELD_SINCE
    since = op.get_bind().scalar(sa.select(FACT.c.value).where(noted))
    if since is None:
        return
    moment = datetime.fromisoformat(since)
    waited = DELIVERY.c.due_at.is_not(None) & (DELIVERY.c.asked_at <= moment)
    op.execute(sa.update(DELIVERY).where(waited).values(held_at=moment))
    op.execute(sa.delete(FACT).where(noted))
