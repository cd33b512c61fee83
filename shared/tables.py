"""All tables that both services have, known to SQLAlchemy once this module is imported: for migrations and tests."""

from shared import mail  # noqa: F401 - to import them is what makes their tables known
from shared.people import accounts, keys, organisations, sessions, sign_in  # noqa: F401 - to import them is what makes their tables known
from shared.persistence import heartbeat, inbox, installation, outbox  # noqa: F401 - to import them is what makes their tables known
from shared.persistence.base import SharedBase

SHARED = SharedBase.metadata
