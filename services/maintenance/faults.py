"""What is wrong, in words for whoever runs the register.

Every process needs these, so they load little.
"""

from sqlalchemy.orm import Session

from shared.platform import settings
from shared.platform.accounts.accounts import demonstration_accounts
from shared.platform.persistence import installation
from shared.platform.settings import PEER, BadSettingsError, Service


def configuration_faults() -> list[str]:
    """What is wrong with the configuration of both services."""
    faults: list[str] = []
    for service in PEER:
        try:
            settings.read(service)
        except BadSettingsError as error:
            faults += error.faults
    return list(dict.fromkeys(faults))


def demonstration_faults(session: Session, service: Service) -> list[str]:
    """Why this database is none for real use: what it holds of the demonstration."""
    faults = []
    if installation.fact(session, installation.DEMONSTRATION):
        faults.append(
            f"The {service} database holds the demonstration. Use another LESSONS_DATA_DIR "
            "or database."
        )
    if demonstration_accounts(session):
        faults.append(
            f"The {service} database has demonstration accounts, which anyone can sign in as."
        )
    return faults
