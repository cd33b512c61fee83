"""Reading what assignment needs: the reviewers with their profiles and loads, and what a case asks for."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.review.model import Candidate, Case, Needs, Profile, conflict_of
from services.review.queries.cases import open_case_counts
from services.review.queries.catalogue import catalogue
from shared.people import organisations
from shared.people.accounts import Account
from shared.persistence.once import once


def candidates(session: Session) -> list[Candidate]:
    """All active reviewers."""
    loads = open_case_counts(session)
    return [
        Candidate(account=account, profile=profile, family=family, open_cases=loads[account.id])
        for account, profile, family in once(session, "reviewers", lambda: _reviewers(session))
    ]


def _reviewers(session: Session) -> list[tuple[Account, Profile, UUID | None]]:
    """The active reviewers, each with the head of the family of their organisation."""
    rows = session.execute(
        select(Account, Profile)
        .join(Profile, Profile.account_id == Account.id)
        .where(Account.role == "reviewer", Account.active.is_(True))
    ).all()
    return [(account, profile, organisations.family_of(session, account.organisation_id)) for account, profile in rows]


def candidate(session: Session, account_id: UUID | None) -> Candidate | None:
    """One reviewer or editor, with an empty profile if there is none."""
    account = session.get(Account, account_id) if account_id is not None else None
    if account is None:
        return None
    profile = session.get(Profile, account.id)
    if profile is None:
        profile = Profile(account_id=account.id, sectors=[], countries=[], languages=[], operations=[], capacity=0)
    family = organisations.family_of(session, account.organisation_id)
    return Candidate(account=account, profile=profile, family=family, open_cases=0)


def is_unfit(session: Session, account_id: UUID, needs: Needs) -> bool:
    """Whether someone may not review a case, or no longer."""
    found = once(session, ("candidate", account_id), lambda: candidate(session, account_id))
    return found is None or not found.may_review or conflict_of(found, needs) is not None


def needs_of(session: Session, case: Case) -> Needs:
    """What a case asks of its reviewer."""
    known = catalogue(session)
    sectors: set[int] = set()
    for item in case.items:
        indicator = known.get(item.content.get("indicator") or "")
        sectors |= set(indicator.sectors) if indicator else set()
        sectors |= {item.content["sector"]} if item.content.get("sector") else set()
    names = [case.operation.get("lead_agency"), *(partner["organisation"] for partner in case.background["partners"])]
    took_part = {_family_named(session, name) for name in names if name}
    return Needs(
        case=case,
        sectors=frozenset(sectors),
        family=_family(session, case.organisation_id),
        took_part=frozenset(took_part - {None}),
    )


def _family(session: Session, organisation_id: UUID) -> UUID | None:
    return once(session, ("family", organisation_id), lambda: organisations.family_of(session, organisation_id))


def _family_named(session: Session, name: str) -> UUID | None:
    """The head of the family of the organisation with this name, if there is one."""
    known = once(session, ("named", name), lambda: organisations.find(session, name))
    return _family(session, known.id) if known is not None else None
