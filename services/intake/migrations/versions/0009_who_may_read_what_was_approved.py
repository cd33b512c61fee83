"""Items say for whom their approval was, where that is not what their team asked for."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """A column that review's events fill from now on."""
    op.add_column("item", sa.Column("sharing", sa.String(), nullable=True))
