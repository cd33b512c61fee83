"""All tables that both services have, known to SQLAlchemy once this module is imported: for
migrations and tests.
"""

# ruff: noqa: F401 - to import them is what makes their tables known
from shared.domain import organisations
from shared.platform import scheduler
from shared.platform.accounts import accounts, keys, sessions, sign_in
from shared.platform.delivery import deliveries
from shared.platform.persistence import heartbeat, inbox, installation, outbox
from shared.platform.persistence.base import SharedBase

SHARED = SharedBase.metadata
