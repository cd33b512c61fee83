"""Reviewers' profiles, and organisations that an editor or administrator vouches for."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from services.review.desk.model import Profile
from shared.domain import organisations
from shared.domain.events import OrganisationConfirmed
from shared.domain.organisations import Organisation
from shared.platform.accounts.accounts import account_with
from shared.platform.persistence import outbox


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


def confirm_organisation(
    session: Session, *, organisation_id: UUID, name: str, parent_id: UUID | None
) -> Organisation:
    """Vouch for an organisation, under this name and as part of that parent. Intake is told."""
    organisation = organisations.confirm(session, organisation_id, name=name, parent_id=parent_id)
    _record_event(session, organisation, merged_id=None)
    return organisation


def merge_organisation(session: Session, *, organisation_id: UUID, into_id: UUID) -> Organisation:
    """Two records are one organisation. Intake is told."""
    organisation = organisations.merge(session, organisation_id, into_id=into_id)
    _record_event(session, organisation, merged_id=organisation_id)
    return organisation


def _record_event(session: Session, organisation: Organisation, *, merged_id: UUID | None) -> None:
    outbox.record(
        session,
        OrganisationConfirmed(
            organisation_id=organisation.id,
            organisation=organisation.name,
            parent_id=organisation.parent_id,
            aliases=organisations.aliases_of(session, organisation.id),
            merged_id=merged_id,
        ),
    )
