"""Reviewers' profiles."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from services.review.desk.model import Profile
from shared.domain import codelists, organisations
from shared.platform.accounts.accounts import account_with
from shared.platform.accounts.actor import Actor
from shared.platform.accounts.roles import Role
from shared.platform.errors import N_, DomainError, InvalidError, NotAllowedError
from shared.platform.languages import LANGUAGES

MOST_CASES = 1000


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
    organisation: str | None,
    office: str | None,
    actor: Actor,
) -> Profile:
    """Say what a reviewer knows, where they work, and how many cases they can carry at a time.

    An organisation that the register does not know is recorded; None for it or for the office
    means that nobody knows. What stands between them and a case follows from this, so nobody says
    it of themselves. Raises NotAllowedError, InvalidError with all that is wrong, NotFoundError.
    """
    actor.require_role(Role.ADMIN, Role.EDITOR)
    if account_id == actor.account_id:
        raise NotAllowedError(
            N_("Someone else must say this of you: conflicts of interest follow from it.")
        )
    if errors := _errors(knows, organisation, office):
        raise InvalidError(errors)
    account = account_with(session, account_id)
    its = organisations.find_or_record(session, organisation) if organisation else None
    profile = session.get(Profile, account_id)

    if profile is None:
        profile = Profile(account_id=account_id)
        session.add(profile)
    account.organisation_id, account.office = its.id if its else None, office
    profile.languages, profile.sectors = list(knows.languages), list(knows.sectors)
    profile.countries, profile.operations = list(knows.countries), list(knows.operations)
    profile.capacity = knows.capacity
    return profile


def _errors(knows: Knowledge, organisation: str | None, office: str | None) -> dict[str, list[Any]]:
    errors: dict[str, list[Any]] = {}
    if not knows.languages or not set(knows.languages) <= set(LANGUAGES):
        errors["languages"] = [N_("Tick at least one language.")]
    if not set(map(str, knows.sectors)) <= set(codelists.codes("sectors")):
        errors["sectors"] = [N_("Choose sectors from the list.")]
    if unknown := set(knows.countries) - codelists.countries():
        text = N_("%(codes)s: give countries by their three letters in ISO 3166, such as TCD LBY.")
        errors["countries"] = [DomainError(text, codes=", ".join(sorted(unknown)))]
    if office and office not in codelists.countries():
        errors["office"] = [N_("Choose the country where they work.")]
    if not 0 <= knows.capacity <= MOST_CASES:
        errors["capacity"] = [N_("Give a whole number of cases.")]
    if organisation and not organisations.is_name(organisation):
        errors["organisation"] = [N_("Enter the name of the organisation.")]
    return errors
