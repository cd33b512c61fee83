"""Alembic's entry to the migrations of intake: its own tables and the ones that both
services have.
"""

from services.intake.model import Base
from shared.domain.tables import SHARED
from shared.platform.persistence import migration_env

migration_env.run(Base.metadata, SHARED)
