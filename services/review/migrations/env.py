"""Alembic's entry to the migrations of review: its own tables and the ones that both services have."""

from services.review.model import Base
from shared.persistence import migration_env
from shared.tables import SHARED

migration_env.run(Base.metadata, SHARED)
