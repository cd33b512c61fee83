"""The approval form: a case with its items, each with verdict, comment and checklist."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from services.review import queries, use_cases
from services.review.model import OPEN_TO_ALL_REVIEWERS, Case, Item, conflict_of
from services.review.schemas.wording import history_words, reason_words
from services.review.use_cases import Decision, checklist_for
from shared.errors import ConflictError, InvalidError, NotAllowedError
from shared.people import organisations
from shared.people.accounts import Account
from shared.web import database
from shared.web.access import allow, signed_in
from shared.web.arrival import stored
from shared.web.forms import Form
from shared.web.inputs import LONG
from shared.web.problems import translate

case_pages = Blueprint("case", __name__, url_prefix="/review/cases")

TOGETHER = "together"


@case_pages.get("/<uuid:case_id>")
@allow("reviewer", "editor")
def show(case_id: UUID) -> str:
    """A case: what the note tells, who reviews it and why, and the form to decide it."""
    with database.reading() as session:
        return case_page(session, queries.case_for(session, signed_in(), case_id), Form())


@case_pages.post("/<uuid:case_id>")
@allow("reviewer", "editor")
def decide(case_id: UUID) -> ResponseReturnValue:
    """Store the decisions that were filled in, all or none; whatever is wrong, the typed text stays on the page."""
    try:
        with database.begin() as session:
            case = queries.case_to_change(session, signed_in(), case_id, version=_version())
            decisions = _decisions(case)
            use_cases.decide_items(
                session,
                case=case,
                decisions=decisions,
                actor=signed_in(),
                sensitive=request.form.get("sensitive") == "yes",
            )
    except InvalidError as error:
        return _again(case_id, _by_field(case_id, error), 422)
    except (ConflictError, NotAllowedError) as error:
        return _again(case_id, {"version": [translate(error)]}, error.status)
    following = redirect(url_for("case.show", case_id=case_id))
    return following if _is_remark_left(decisions) else stored(following)


@case_pages.post("/<uuid:case_id>/take")
@allow("reviewer", "editor")
def take(case_id: UUID) -> ResponseReturnValue:
    """Take a case that is open to all reviewers."""
    with database.begin() as session:
        case = queries.case_to_change(session, signed_in(), case_id, version=None)
        use_cases.take_case(session, case=case, actor=signed_in())
    return redirect(url_for("case.show", case_id=case_id))


@case_pages.post("/<uuid:case_id>/release")
@allow("reviewer", "editor")
def release(case_id: UUID) -> ResponseReturnValue:
    """Step back from a case, or take it from someone as an editor."""
    actor = signed_in()
    with database.begin() as session:
        case = queries.case_to_change(session, actor, case_id, version=None)
        account_id = request.form.get("account", type=UUID) or actor.account_id
        use_cases.release_case(session, case=case, account_id=account_id, actor=actor)  # type: ignore[arg-type] # who is signed in has an account
    return redirect(url_for("queue.show"))


def case_page(session: Session, case: Case, form: Form) -> str:
    """The page of a case, with what was typed and what is wrong with it."""
    actor = signed_in()
    candidate = queries.candidate(session, actor.account_id)
    conflict = conflict_of(candidate, queries.needs_of(session, case)) if candidate else None
    reviewers = {a.account_id: session.get(Account, a.account_id) for a in case.assignments}
    mine = case.assignment_of(actor.account_id) is not None
    return render_template(
        "case.html",
        case=case,
        form=form,
        items=[item for item in case.items if item.state != "withdrawn" or item.decided_at],
        open_items=[item for item in case.items if item.is_open],
        may_decide=conflict is None,
        checklist=checklist_for,
        catalogue=queries.catalogue(session),
        reviewers=reviewers,
        organisation=organisations.current(session, case.organisation_id),
        mine=mine,
        may_take=not mine and conflict is None and case.sharing in OPEN_TO_ALL_REVIEWERS and case.state != "decided",
        conflict=translate_conflict(conflict, candidate.account.name if candidate else ""),
        choices=_others(session, case) if actor.role == "editor" else [],
        reason_words=reason_words,
        history_words=history_words,
    )


def translate_conflict(conflict: str | None, name: str) -> str | None:
    """Why someone must not review a case, as a sentence."""
    if conflict is None:
        return None
    return translate(NotAllowedError(use_cases.CONFLICTS[conflict], name=name))


def _again(case_id: UUID, errors: Mapping[str, list[str]], status: int) -> ResponseReturnValue:
    with database.reading() as session:
        case = queries.case_for(session, signed_in(), case_id)
        return case_page(session, case, Form(_Typed(), errors)), status


class _Typed(dict[str, Any]):
    """What stands in the sent form, by the name of the field: lists of ticks as lists."""

    def __init__(self) -> None:
        lists = {name: request.form.getlist(name) for name in request.form if name.startswith("check-")}
        super().__init__({**request.form.to_dict(), **lists})


def _version() -> int:
    text = request.form.get("version", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 9 else -1


def _decisions(case: Case) -> list[Decision]:
    """What was filled in. Items without a verdict and a remark can be approved together, with one checklist for all."""
    together = request.form.get(TOGETHER) == "yes"
    decisions = []
    for item in case.items:
        decision = _decision(item)
        if decision is not None:
            decisions.append(decision)  # also of an item that someone else decided meanwhile: that is a conflict
        elif together and item.is_open and not request.form.get(f"comment-{item.id}", "").strip():
            ticked = request.form.getlist(f"check-{TOGETHER}")
            decisions.append(Decision(item.id, "approve", checklist=dict.fromkeys(ticked, True)))
    if not decisions:
        raise InvalidError({"decisions": [_("Choose a verdict for at least one item.")]})
    return decisions


def _decision(item: Item) -> Decision | None:
    verdict = request.form.get(f"verdict-{item.id}", "")
    if verdict not in ("approve", "request_changes", "reject", "duplicate"):
        return None
    readers = [line.strip() for line in request.form.get(f"readers-{item.id}", "").splitlines() if line.strip()]
    return Decision(
        item=item.id,
        verdict=verdict,
        comment=_clean(f"comment-{item.id}"),
        duplicate_of=_clean(f"duplicate-{item.id}"),
        checklist=dict.fromkeys(request.form.getlist(f"check-{item.id}"), True),
        sharing=request.form.get(f"sharing-{item.id}") or None,
        readers=readers[:50],
    )


def _is_remark_left(decisions: list[Decision]) -> bool:
    """Whether a remark was typed about an item that was not decided: it is nowhere but in the browser."""
    decided = {f"comment-{decision.item}" for decision in decisions}
    return any(
        name.startswith("comment-") and name not in decided and text.strip() for name, text in request.form.items()
    )


def _clean(name: str) -> str | None:
    text = request.form.get(name, "").replace("\x00", "").replace("\r\n", "\n").strip()
    if len(text) > LONG:
        raise InvalidError({name: [_("Shorten this to %(most)s characters or fewer.", most=LONG)]})
    return text or None


def _by_field(case_id: UUID, error: InvalidError) -> dict[str, list[str]]:
    """The errors by the names of this form's fields: decisions are numbered, fields are named after their item."""
    with database.reading() as session:
        case = queries.case_for(session, signed_in(), case_id)
        items = [decision.item for decision in _decisions(case)] if "decisions" not in error.errors else []
    found: dict[str, list[str]] = {}
    for path, texts in error.errors.items():
        _decisions_word, _dot, rest = path.partition(".")
        place, _dot, name = rest.partition(".")
        field = path
        if place.isdecimal():
            field = _FIELDS.get(name.split(".")[0], "verdict") + f"-{items[int(place)]}"
        found.setdefault(field, [])
        found[field] += [text for text in map(translate, texts) if text not in found[field]]
    return found


_FIELDS = {
    "comment": "comment",
    "duplicate_of": "duplicate",
    "checklist": "check",
    "sharing": "sharing",
    "readers": "readers",
}


def _others(session: Session, case: Case) -> list[tuple[str, str]]:
    """Whom an editor can give the case to."""
    everyone = session.scalars(
        select(Account).where(Account.role.in_(("reviewer", "editor")), Account.active.is_(True)).order_by(Account.name)
    )
    needs = queries.needs_of(session, case)
    free = [account for account in everyone if case.assignment_of(account.id) is None]
    return [
        (str(account.id), f"{account.name} ({account.email})")
        for account in free
        if not queries.is_unfit(session, account.id, needs)
    ]
