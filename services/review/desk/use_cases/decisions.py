"""What someone decided of an item, and what is wrong with that."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.review.desk.model import Case, Item, ItemAct
from services.review.desk.use_cases.publishing import snapshot_of
from services.review.library import use_cases as library
from services.review.library.model import Entry, EntryState
from shared.domain import codelists, organisations
from shared.domain.sharing import NEVER_PUBLISHED, SHARING, level_of
from shared.platform.accounts.actor import Actor
from shared.platform.errors import N_, InvalidError

Errors = dict[str, list[str]]


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


def errors_in(session: Session, case: Case, decision: Decision, actor: Actor, path: str) -> Errors:
    """Everything that is wrong with a decision, below its path.

    Whatever it says and its verdict has no use for is wrong, too: it would be dropped, and whoever
    said it would believe that it holds. Raises ConflictError when the item was decided before.
    """
    item = case.item_with(decision.item)
    if item is None:
        return {f"{path}.item": [N_("This case has no such item.")]}
    item.after(ItemAct(decision.verdict), actor)
    errors: Errors = {}
    if decision.verdict != ItemAct.APPROVE and not decision.comment:
        errors[f"{path}.comment"] = [N_("Say why, so that the submitter can understand it.")]
    if decision.verdict == ItemAct.APPROVE:
        errors |= _check_approval(item, decision, path)
        errors |= _check_sharing(session, item, decision, path)
    elif decision.sharing or decision.readers:
        field = "sharing" if decision.sharing else "readers"
        errors[f"{path}.{field}"] = [N_("You chose other readers: choose Approve, or clear them.")]
    if decision.verdict == ItemAct.DUPLICATE:
        errors |= _check_duplicate(session, item, decision, path)
    elif decision.duplicate_of:
        text = N_("You gave a duplicate reference: choose Duplicate, or clear it.")
        errors[f"{path}.duplicate_of"] = [text]
    return errors


def _check_approval(item: Item, decision: Decision, path: str) -> Errors:
    errors: Errors = {}
    confirmed = decision.checklist or {}
    for code in checklist_for(item):
        if confirmed.get(code) is not True:
            errors[f"{path}.checklist.{code}"] = [
                N_("Confirm this point, or choose another verdict.")
            ]
    if item.is_proposal:
        errors[f"{path}.item"] = [N_("An editor must first say which indicator this is.")]
    return errors


def _check_sharing(session: Session, item: Item, decision: Decision, path: str) -> Errors:
    asked = item.case.sharing
    if decision.sharing is not None and decision.sharing not in SHARING:
        return {f"{path}.sharing": [N_("Choose who may read it.")]}
    if asked in NEVER_PUBLISHED and (decision.sharing or decision.readers):
        text = N_("This note is for its reviewers only. Only its submitter can widen that.")
        return {f"{path}.sharing": [text]}
    level = level_of(asked, decision.sharing)
    if level == "amber":
        return _check_readers(session, item, decision, path)
    return {f"{path}.readers": [library.NAMED_IN_VAIN]} if decision.readers else {}


def _check_readers(session: Session, item: Item, decision: Decision, path: str) -> Errors:
    """At amber somebody can read it beside its own team, or whoever decides has said so."""
    snapshot = replace(snapshot_of(item), sharing="amber", readers=decision.readers)
    try:
        found = library.find_readers(session, snapshot)
    except InvalidError as error:
        return {f"{path}.{name}": [*texts] for name, texts in error.errors.items()}
    own = organisations.current(session, item.case.organisation_id)
    if decision.readers or set(found) - {str(own.id) if own else None}:
        return {}
    return {
        f"{path}.readers": [
            N_(
                "No partner of this operation is known: name the organisations that may read it, "
                "or choose other readers."
            )
        ]
    }


def _check_duplicate(session: Session, item: Item, decision: Decision, path: str) -> Errors:
    if not decision.duplicate_of:
        return {f"{path}.duplicate_of": [N_("Give the reference of the entry that says the same.")]}
    entry = session.scalar(select(Entry).where(Entry.reference == decision.duplicate_of))
    if entry is None or entry.state != EntryState.PUBLISHED or entry.kind != item.kind:
        return {f"{path}.duplicate_of": [N_("The library has no such entry of this kind.")]}
    return {}
