"""All tables that both services have, known to SQLAlchemy once this module is imported: for migrations and tests."""

from shared.domain import organisations  # noqa: F401 - to import them is what makes their tables known
from shared.platform import mail  # noqa: F401 - to import them is what makes their tables known
from shared.platform.accounts import accounts, keys, sessions, sign_in  # noqa: F401 - to import them is what makes their tables known
from shared.platform.persistence import heartbeat, inbox, installation, outbox  # noqa: F401 - to import them is what makes their tables known
from shared.platform.persistence.base import SharedBase

SHARED = SharedBase.metadata
