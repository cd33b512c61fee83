"""Deciding items of a case: approve, request changes, reject, duplicate."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from services.review.desk.model import Case, CaseAct, Item, ItemAct
from services.review.desk.use_cases.assigning import require_no_conflict, take_case
from services.review.desk.use_cases.decisions import Decision, Errors, errors_in
from services.review.desk.use_cases.publishing import publish_if_allowed
from shared.domain.events import ItemsDecided
from shared.domain.states import UNTOUCHED
from shared.platform import clock
from shared.platform.accounts.actor import Actor
from shared.platform.accounts.roles import Role
from shared.platform.errors import N_, ConflictError, InvalidError
from shared.platform.persistence import outbox


def decide_items(
    session: Session,
    *,
    case: Case,
    decisions: Sequence[Decision],
    actor: Actor,
) -> Case:
    """Decide items of a case: all of these decisions, or none.

    Raises ConflictError when an item was decided before, InvalidError with everything that is
    wrong by its path, NotAllowedError for a conflict of interest.
    """
    _require_may_decide(session, case, actor)
    errors: Errors = {}
    for place, decision in enumerate(decisions):
        errors |= errors_in(session, case, decision, actor, f"decisions.{place}")
    if len({decision.item for decision in decisions}) < len(decisions):
        errors["decisions"] = [N_("Decide each item once.")]
    if errors:
        raise InvalidError(errors)

    decided = [_decide(case, decision, actor) for decision in decisions]
    for item in case.items:
        if item.state in UNTOUCHED:
            item.take_up(actor)

    outbox.record(session, _event(case, decided))
    for item in decided:
        publish_if_allowed(session, item=item, actor=actor)
    case.derive_state()
    return case


def mark_sensitive(session: Session, *, case: Case, actor: Actor) -> None:
    """Ask for a second pair of eyes on whatever is approved in this case from now on.

    Marking it twice changes nothing. Raises ConflictError when the case is decided, NotAllowedError
    for a conflict of interest.
    """
    case.require(CaseAct.MARK_SENSITIVE, actor)
    require_no_conflict(session, case=case, actor=actor)

    if not case.sensitive:
        case.sensitive = True
        case.note_done(actor, "marked_sensitive")


def _require_may_decide(session: Session, case: Case, actor: Actor) -> None:
    case.require(CaseAct.DECIDE, actor)
    if actor.role == Role.REVIEWER:
        take_case(session, case=case, actor=actor)
    require_no_conflict(session, case=case, actor=actor)


def _decide(case: Case, decision: Decision, actor: Actor) -> Item:
    item = case.item_with(decision.item)
    if item is None:
        raise ConflictError(N_("This case has no such item."))
    comment, duplicate_of = decision.comment, decision.duplicate_of
    item.decide(decision.verdict, actor, comment=comment, duplicate_of=duplicate_of)
    if decision.verdict == ItemAct.APPROVE:
        item.sharing, item.readers = decision.sharing, list(decision.readers)
    case.note_done(
        actor,
        "decided",
        item_id=item.id,
        title=item.title,
        verdict=decision.verdict,
        comment=decision.comment,
        duplicate_of=item.duplicate_of,
        sharing=item.sharing,
    )
    return item


def _event(case: Case, decided: Sequence[Item]) -> ItemsDecided:
    return ItemsDecided(
        case_id=case.id,
        note_id=case.note_id,
        version=case.note_version,
        decided_at=clock.now(),
        decisions=[
            {
                "item_id": item.id,
                "state": item.state,
                "verdict": item.verdict,
                "comment": item.comment,
                "duplicate_of": item.duplicate_of,
                "sharing": item.sharing,
            }
            for item in decided
        ],
    )
