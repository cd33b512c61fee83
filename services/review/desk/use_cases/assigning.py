"""Giving a case to someone who knows its language, sector and country, without a conflict of
interest.
"""

from uuid import UUID

from sqlalchemy.orm import Session

from services.review.desk import queries
from services.review.desk.model import (
    OPEN_TO_ALL_REVIEWERS,
    Assignment,
    Case,
    CaseAct,
    CaseState,
    Reason,
    choose,
    conflict_of,
)
from shared.domain.events import CaseAssigned
from shared.domain.states import ItemState
from shared.platform import clock
from shared.platform.accounts.accounts import Account
from shared.platform.accounts.actor import Actor
from shared.platform.accounts.roles import Role
from shared.platform.delivery import deliveries
from shared.platform.errors import N_, ConflictError, NotAllowedError
from shared.platform.persistence import outbox

CONFLICTS = {
    "worked_on_operation": N_(
        "%(name)s worked on what is, or may be, this operation and cannot review this note.",
    ),
    "own_team": N_(
        "%(name)s belongs to the organisation that wrote this note and cannot review it."
    ),
    "own_office": N_(
        "%(name)s works in the country office that this note is about and cannot review it."
    ),
}


def assign_case(session: Session, *, case: Case, but_not: UUID | None = None) -> None:
    """Give a case to the reviewer who fits best; visibly to the editors if nobody does."""
    case.require(CaseAct.ASSIGN, None)
    candidates = [
        candidate for candidate in queries.candidates(session) if candidate.account.id != but_not
    ]
    chosen = choose(candidates, queries.needs_of(session, case))

    if chosen is None:
        case.note_done(None, "nobody_fits")
    else:
        _assign(session, case, chosen[0].account, chosen[1])
    case.derive_state()

    _record_assignment(session, case)


def give_case(session: Session, *, case: Case, account_id: UUID, actor: Actor) -> None:
    """An editor gives a case to a reviewer of their choice.

    A conflict of interest is refused even then.
    """
    case.require(CaseAct.GIVE, actor)
    candidate = queries.candidate(session, account_id)
    if candidate is None or not candidate.may_review:
        raise NotAllowedError(N_("Only an active reviewer or editor can review a case."))
    if case.assignment_of(account_id) is not None:
        raise ConflictError(N_("%(name)s reviews this case already."), name=candidate.account.name)
    _refuse_conflict(session, case, account_id)

    _assign(session, case, candidate.account, {"given_by": actor.name}, actor)
    case.derive_state()

    _record_assignment(session, case)


def take_case(session: Session, *, case: Case, actor: Actor) -> None:
    """A reviewer takes a case that is open to all of them. Taking it twice changes nothing."""
    if case.assignment_of(actor.account_id) is not None:
        return
    case.require(CaseAct.TAKE, actor)
    if actor.role == Role.REVIEWER and case.sharing not in OPEN_TO_ALL_REVIEWERS:
        raise NotAllowedError(N_("This case goes only to the reviewers whom an editor names."))
    _refuse_conflict(session, case, actor.account_id)

    account = session.get_one(Account, actor.account_id)
    _assign(session, case, account, {"taken": True}, actor)
    case.derive_state()

    _record_assignment(session, case)


def release_case(session: Session, *, case: Case, account_id: UUID, actor: Actor) -> None:
    """Someone stops reviewing a case: of their own will, or because an editor says so.

    It goes to whoever fits next.
    """
    case.require(CaseAct.RELEASE, actor)
    assignment = case.assignment_of(account_id)
    if assignment is None:
        raise ConflictError(N_("This person does not review the case."))
    if actor.role != Role.EDITOR and actor.account_id != account_id:
        raise NotAllowedError(N_("Only an editor can take a case from someone else."))

    _release(session, assignment, actor)
    case.derive_state()

    if not case.reviewers:
        assign_case(session, case=case, but_not=account_id)


def release_unfit(session: Session, *, case: Case) -> None:
    """End the assignments of those who may no longer review this case, and find someone else for
    it.

    An account is stopped or gets another role, a profile says more, a note comes back in another
    organisation's name.
    """
    if case.state == CaseState.DECIDED:  # meanwhile; who reviewed it stays on record
        return
    needs = queries.needs_of(session, case)
    for assignment in case.reviewers:
        if queries.is_unfit(session, assignment.account_id, needs):
            _release(session, assignment, None)
    if not case.reviewers:
        assign_case(session, case=case)


def find_unfit(session: Session) -> list[UUID]:
    """The undecided cases for `release_unfit`; asked by the clock, for what makes people unfit
    happens elsewhere.
    """
    return [case.id for case in queries.assigned_cases(session) if _is_held_by_unfit(session, case)]


def _is_held_by_unfit(session: Session, case: Case) -> bool:
    needs = queries.needs_of(session, case)
    return any(
        queries.is_unfit(session, assignment.account_id, needs) for assignment in case.reviewers
    )


def require_no_conflict(session: Session, *, case: Case, actor: Actor) -> None:
    """Raises NotAllowedError when something stands between this person and the case."""
    _refuse_conflict(session, case, actor.account_id)


def _release(session: Session, assignment: Assignment, actor: Actor | None) -> None:
    case, account_id = assignment.case, assignment.account_id
    assignment.ended_at = clock.now()
    session.flush()  # so that it is not counted when someone else is chosen
    case.note_done(actor, "released", account_id=str(account_id))


def _record_assignment(session: Session, case: Case) -> None:
    reviewers = len(case.reviewers)
    event = CaseAssigned(
        case_id=case.id,
        note_id=case.note_id,
        reviewers=reviewers,
        version=case.note_version,
    )
    outbox.record(session, event)


def _refuse_conflict(session: Session, case: Case, account_id: UUID | None) -> None:
    candidate = queries.candidate(session, account_id)
    if candidate is None:
        raise NotAllowedError(N_("Only an active reviewer or editor can review a case."))
    conflict = conflict_of(candidate, queries.needs_of(session, case))
    if conflict is not None:
        raise NotAllowedError(CONFLICTS[conflict], name=candidate.account.name)


def _assign(
    session: Session,
    case: Case,
    account: Account,
    reason: Reason,
    actor: Actor | None = None,
) -> None:
    assignment = Assignment(
        case_id=case.id, account_id=account.id, reason=reason, assigned_at=clock.now()
    )
    case.assignments.append(assignment)
    for item in case.items:
        if item.state == ItemState.SUBMITTED:
            item.assign(actor)
    case.note_done(actor, "assigned", account_id=str(account.id), name=account.name, reason=reason)
    if actor is None or actor.account_id != account.id:
        deliveries.ask_for(
            session,
            recipient=account.email,
            template="assigned",
            language=account.language,
            details={"case_id": str(case.id), "reference": case.reference, "title": case.title},
        )
