"""What an editor or administrator says of a reviewer."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from services.review.desk.model import Profile
from shared.platform.accounts.accounts import account_with


@dataclass(frozen=True)
class Knowledge:
    """What a reviewer knows and can carry; no sectors or no countries mean all of them."""

    languages: Sequence[str]
    sectors: Sequence[int] = ()
    countries: Sequence[str] = ()
    operations: Sequence[str] = ()
    capacity: int = 10


def edit_profile(
    session: Session,
    *,
    account_id: UUID,
    knows: Knowledge,
    organisation_id: UUID | None,
    office: str | None,
) -> Profile:
    """Say what a reviewer knows, where they work, and how many cases they can carry at a time.

    What stands between them and a case follows from this, so nobody says it of themselves.
    """
    account = account_with(session, account_id)
    account.organisation_id, account.office = organisation_id, office
    profile = session.get(Profile, account_id)
    if profile is None:
        profile = Profile(account_id=account_id)
        session.add(profile)

    profile.languages, profile.sectors = list(knows.languages), list(knows.sectors)
    profile.countries, profile.operations = list(knows.countries), list(knows.operations)
    profile.capacity = knows.capacity
    return profile
