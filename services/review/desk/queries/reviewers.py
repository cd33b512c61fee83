"""Reading what assignment needs: the reviewers with their profiles and loads, and what a case asks
for.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import replace
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.review.desk.model import Candidate, Case, Needs, Profile, conflict_of
from services.review.desk.queries.cases import open_case_counts
from services.review.library.queries.catalogue import catalogue
from shared.domain import organisations
from shared.domain.operations import Traits
from shared.platform.accounts.accounts import Account
from shared.platform.accounts.roles import Role
from shared.platform.persistence.cache import cached

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")  # profiles hold what was ticked


def candidates(session: Session) -> list[Candidate]:
    """All active reviewers."""
    loads = open_case_counts(session)
    reviewers = cached(session, "reviewers", lambda: _reviewers(session))
    return [replace(reviewer, open_cases=loads[reviewer.account.id]) for reviewer in reviewers]


def _reviewers(session: Session) -> list[Candidate]:
    """The active reviewers, whatever they carry."""
    rows = session.execute(
        select(Account, Profile)
        .join(Profile, Profile.account_id == Account.id)
        .where(Account.role == Role.REVIEWER, Account.active.is_(True))
    ).all()
    described = _descriptions_of(
        session, {id_ for _account, profile in rows for id_ in profile.operations}
    )
    return [_candidate(session, account, profile, described) for account, profile in rows]


def candidate(session: Session, account_id: UUID | None) -> Candidate | None:
    """One reviewer or editor, with an empty profile if there is none."""
    account = session.get(Account, account_id) if account_id is not None else None
    if account is None:
        return None
    profile = session.get(Profile, account.id)
    if profile is None:
        profile = Profile(
            account_id=account.id, sectors=[], countries=[], languages=[], operations=[], capacity=0
        )
    return _candidate(session, account, profile, _descriptions_of(session, profile.operations))


def worked_on(session: Session, account_id: UUID) -> list[str]:
    """The ids of the operations on which somebody worked, as their profile says."""
    profile = session.get(Profile, account_id)
    return profile.operations if profile is not None else []


def _candidate(
    session: Session,
    account: Account,
    profile: Profile,
    described: Mapping[str, frozenset[Traits]],
) -> Candidate:
    return Candidate(
        account=account,
        profile=profile,
        family=organisations.family_of(session, account.organisation_id),
        open_cases=0,
        worked_on=frozenset().union(*(described.get(id_, ()) for id_ in profile.operations)),
    )


def _descriptions_of(session: Session, ids: Collection[str]) -> dict[str, frozenset[Traits]]:
    """These operations as their notes tell them, by id."""
    if not ids:
        return {}
    known = Case.operation_id.in_([UUID(id_) for id_ in ids if _UUID.fullmatch(id_)])
    rows = session.execute(select(Case.operation_id, Case.operation).where(known).distinct())
    described: dict[str, frozenset[Traits]] = {}
    for operation_id, operation in rows:
        key = str(operation_id)
        described[key] = described.get(key, frozenset()) | {Traits.of(operation)}
    return described


def is_unfit(session: Session, account_id: UUID, needs: Needs) -> bool:
    """Whether someone may not review a case, or no longer."""
    found = cached(session, ("candidate", account_id), lambda: candidate(session, account_id))
    return found is None or not found.may_review or conflict_of(found, needs) is not None


def needs_of(session: Session, case: Case) -> Needs:
    """What a case asks of its reviewer."""
    known = catalogue(session)
    sectors: set[int] = set()
    for item in case.items:
        if "title" in item.content:
            sector = item.content.get("sector")
            sectors |= {sector} if sector else set()
        else:
            indicator = known.get(item.content.get("indicator") or "")
            sectors |= set(indicator.sectors) if indicator else set()
    names = [
        case.operation.get("lead_agency"),
        *(partner["organisation"] for partner in case.background["partners"]),
    ]
    took_part = {_family_named(session, name) for name in names if name}
    return Needs(
        case=case,
        sectors=frozenset(sectors),
        family=_family(session, case.organisation_id),
        took_part=frozenset(took_part - {None}),
    )


def _family(session: Session, organisation_id: UUID) -> UUID | None:
    return cached(
        session,
        ("family", organisation_id),
        lambda: organisations.family_of(session, organisation_id),
    )


def _family_named(session: Session, name: str) -> UUID | None:
    """The head of the family of the organisation with this name, if there is one."""
    known = cached(session, ("named", name), lambda: organisations.find(session, name))
    return _family(session, known.id) if known is not None else None
