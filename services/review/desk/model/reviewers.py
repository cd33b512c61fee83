"""Reviewers: what they know, what stands between them and a case, and whose turn it is fairly."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from services.review.base import Base
from services.review.desk.model.cases import Case
from services.review.desk.model.history import Fit
from shared.domain.operations import Traits, may_be_same
from shared.platform.accounts.accounts import Account
from shared.platform.accounts.roles import REVIEWERS


class Profile(Base):
    """What a reviewer knows and can carry.

    No sectors or no countries: all of them. `operations` they worked on.
    """

    __tablename__ = "profile"

    account_id: Mapped[UUID] = mapped_column(primary_key=True)
    sectors: Mapped[list[int]]
    countries: Mapped[list[str]]
    languages: Mapped[list[str]]
    operations: Mapped[list[str]]
    capacity: Mapped[int] = mapped_column(default=10)


@dataclass(frozen=True)
class Candidate:
    """A reviewer as seen when a case is assigned.

    Account, profile, family of organisation, open cases; `worked_on` are the operations of their
    profile, as each note tells them.
    """

    account: Account
    profile: Profile
    family: UUID | None
    open_cases: int
    worked_on: frozenset[Traits] = frozenset()

    @property
    def may_review(self) -> bool:
        """Whether this account reviews at all, now."""
        return self.account.active and self.account.role in REVIEWERS


@dataclass(frozen=True)
class Needs:
    """What a case asks of a reviewer: its sectors, and the families of organisations it is about.

    `family` is that of the organisation that wrote the note; `took_part` those of the lead agency
    and the partners.
    """

    case: Case
    sectors: frozenset[int]
    family: UUID | None
    took_part: frozenset[UUID | None] = frozenset()


def conflict_of(candidate: Candidate, needs: Needs) -> str | None:
    """Why someone must not review a case, as a code; None when nothing stands in the way.

    Nobody reviews a note of their own team or country office, or of an operation they worked on or
    one that may be the same. The same organisation elsewhere may, visibly. An office that is not
    known could be this one. The country office of a lead agency or partner worked on it too.
    """
    account, case = candidate.account, needs.case
    if _may_have_worked_on_it(candidate, case):
        return "worked_on_operation"
    if candidate.family is None or candidate.family not in {needs.family, *needs.took_part}:
        return None
    if account.office is None:
        return "own_team" if account.organisation_id == case.organisation_id else None
    return "own_office" if account.office in {*case.countries, case.office} else None


def _may_have_worked_on_it(candidate: Candidate, case: Case) -> bool:
    if str(case.operation_id) in candidate.profile.operations:
        return True
    if not candidate.worked_on:
        return False
    described = Traits.of(case.operation)
    return any(may_be_same(described, known) for known in candidate.worked_on)


def reason_for(candidate: Candidate, needs: Needs) -> Fit | None:
    """Why a case fits a reviewer, to be stored and shown; None when it does not."""
    profile, case = candidate.profile, needs.case
    sectors = sorted(needs.sectors & set(profile.sectors))
    countries = sorted(case.countries & set(profile.countries))
    fits = (
        case.language in profile.languages
        and (sectors or not profile.sectors or not needs.sectors)
        and (countries or not profile.countries)
        and candidate.open_cases < profile.capacity
        and conflict_of(candidate, needs) is None
    )
    if not fits:
        return None
    return {
        "language": case.language,
        "sectors": sectors,
        "countries": countries,
        "open_cases": candidate.open_cases,
        "same_organisation": candidate.family is not None and candidate.family == needs.family,
    }


def choose(candidates: Iterable[Candidate], needs: Needs) -> tuple[Candidate, Fit] | None:
    """The reviewer for a case, with the reason: the least busy of those who fit.

    Between equally busy ones, the one who knows more of its sectors and countries; then by address,
    so that the same question always has the same answer.
    """
    fitting = [
        (candidate, reason)
        for candidate in candidates
        if (reason := reason_for(candidate, needs)) is not None
    ]
    return min(fitting, key=_rank, default=None)


def _rank(choice: tuple[Candidate, Fit]) -> tuple[int, int, str]:
    candidate, reason = choice
    return (
        candidate.open_cases,
        -len(reason["sectors"]) - len(reason["countries"]),
        candidate.account.email,
    )
