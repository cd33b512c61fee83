"""Deciding items of a case: approve, request changes, reject, duplicate."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.review.desk.model import Case, CaseAct, Item, ItemAct
from services.review.desk.use_cases.assigning import require_no_conflict, take_case
from services.review.desk.use_cases.publishing import publish_if_allowed
from services.review.library.model import Entry, EntryState
from shared.domain import codelists
from shared.domain.events import ItemsDecided
from shared.domain.sharing import NEVER_PUBLISHED, SHARING
from shared.domain.states import UNTOUCHED
from shared.platform import clock
from shared.platform.accounts.actor import Actor
from shared.platform.accounts.roles import Role
from shared.platform.errors import N_, ConflictError, InvalidError
from shared.platform.persistence import outbox


@dataclass(frozen=True)
class Decision:
    """What someone decided of one item.

    `sharing` and `readers` change who may read it, where they are given.
    """

    item: UUID
    verdict: str
    comment: str | None = None
    duplicate_of: str | None = None
    checklist: Mapping[str, bool] | None = None
    sharing: str | None = None
    readers: Sequence[str] = ()


def checklist_for(item: Item) -> tuple[str, ...]:
    """What must hold before this item is approved, as codes."""
    return codelists.codes(f"{item.kind}_checklist")


def decide_items(
    session: Session,
    *,
    case: Case,
    decisions: Sequence[Decision],
    actor: Actor,
    sensitive: bool = False,
) -> Case:
    """Decide items of a case: all of these decisions, or none.

    Raises ConflictError when an item was decided before, InvalidError with everything that is
    wrong by its path, NotAllowedError for a conflict of interest.
    """
    _require_may_decide(session, case, actor)
    errors: dict[str, list[str]] = {}
    for place, decision in enumerate(decisions):
        errors |= _check(session, case, decision, actor, f"decisions.{place}")
    if len({decision.item for decision in decisions}) < len(decisions):
        errors["decisions"] = [N_("Decide each item once.")]
    if errors:
        raise InvalidError(errors)

    if sensitive and not case.sensitive:
        case.sensitive = True
        case.note_done(actor, "marked_sensitive")
    decided = [_decide(case, decision, actor) for decision in decisions]
    for item in case.items:
        if item.state in UNTOUCHED:
            item.take_up(actor)

    outbox.record(session, _event(case, decided))
    for item in decided:
        publish_if_allowed(session, item=item, actor=actor)
    case.derive_state()
    return case


def _require_may_decide(session: Session, case: Case, actor: Actor) -> None:
    case.require(CaseAct.DECIDE, actor)
    if actor.role == Role.REVIEWER:
        take_case(session, case=case, actor=actor)
    require_no_conflict(session, case=case, actor=actor)


def _check(
    session: Session, case: Case, decision: Decision, actor: Actor, path: str
) -> dict[str, list[str]]:
    item = case.item_with(decision.item)
    if item is None:
        return {f"{path}.item": [N_("This case has no such item.")]}
    item.after(ItemAct(decision.verdict), actor)
    errors: dict[str, list[str]] = {}
    if decision.verdict != ItemAct.APPROVE and not decision.comment:
        errors[f"{path}.comment"] = [N_("Say why, so that the submitter can understand it.")]
    if decision.verdict == ItemAct.DUPLICATE:
        errors |= _check_duplicate(session, item, decision, path)
    if decision.verdict == ItemAct.APPROVE:
        errors |= _check_approval(item, decision, path)
    return errors


def _check_approval(item: Item, decision: Decision, path: str) -> dict[str, list[str]]:
    errors: dict[str, list[str]] = {}
    confirmed = decision.checklist or {}
    for code in checklist_for(item):
        if confirmed.get(code) is not True:
            errors[f"{path}.checklist.{code}"] = [
                N_("Confirm this point, or choose another verdict.")
            ]
    if item.is_proposal:
        errors[f"{path}.item"] = [N_("An editor must first say which indicator this is.")]
    if decision.sharing is not None and decision.sharing not in SHARING:
        errors[f"{path}.sharing"] = [N_("Choose who may read it.")]
    elif decision.sharing is not None and item.case.sharing in NEVER_PUBLISHED:
        errors[f"{path}.sharing"] = [
            N_("This note is for its reviewers only. Only its submitter can widen that.")
        ]
    return errors


def _check_duplicate(
    session: Session, item: Item, decision: Decision, path: str
) -> dict[str, list[str]]:
    if not decision.duplicate_of:
        return {f"{path}.duplicate_of": [N_("Give the reference of the entry that says the same.")]}
    entry = session.scalar(select(Entry).where(Entry.reference == decision.duplicate_of))
    if entry is None or entry.state != EntryState.PUBLISHED or entry.kind != item.kind:
        return {f"{path}.duplicate_of": [N_("The library has no such entry of this kind.")]}
    return {}


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
            }
            for item in decided
        ],
    )
