"""The approval form: a case with its items, each with verdict, comment and checklist.

Whatever is refused is answered by `again`.
"""

from collections.abc import Sequence
from typing import cast
from uuid import UUID

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session

from services.review.desk import queries, use_cases
from services.review.desk.model import (
    OPEN_TO_ALL_REVIEWERS,
    Case,
    CaseState,
    HistoryEvent,
    conflict_of,
)
from services.review.desk.pages.deciding import is_marked, is_remark_left, read_decisions
from services.review.desk.pages.done import back_to, just_done
from services.review.desk.pages.typed import VERSION, seen_version, without_field
from services.review.desk.schemas.wording import history_words, reason_words
from services.review.desk.use_cases import checklist_for
from services.review.library import queries as library
from shared.domain import organisations
from shared.platform.accounts.accounts import Account
from shared.platform.accounts.actor import Actor
from shared.platform.accounts.roles import REVIEWERS, Role
from shared.platform.errors import NotAllowedError
from shared.platform.typed import sent
from shared.platform.web import database
from shared.platform.web.access import allow, signed_in
from shared.platform.web.arrival import stored
from shared.platform.web.forms import Form
from shared.platform.web.problems import translate

case_pages = Blueprint("case", __name__, url_prefix="/review/cases")


@case_pages.get("/<uuid:case_id>")
@allow(Role.REVIEWER, Role.EDITOR)
def show(case_id: UUID) -> str:
    """A case: what the note tells, who reviews it and why, and the form to decide it."""
    with database.reading() as session:
        return case_page(session, queries.case_for(session, signed_in(), case_id), Form())


@case_pages.post("/<uuid:case_id>")
@allow(Role.REVIEWER, Role.EDITOR)
def decide(case_id: UUID) -> ResponseReturnValue:
    """Store the decisions that were filled in, all or none, and mark the case if that is asked."""
    with database.begin() as session:
        case = queries.case_to_change(session, signed_in(), case_id, version=seen_version())
        decisions = read_decisions(case)
        if is_marked():
            use_cases.mark_sensitive(session, case=case, actor=signed_in())
        if decisions:
            use_cases.decide_items(session, case=case, decisions=decisions, actor=signed_in())
        following = back_to(case)
    return following if is_remark_left(decisions) else stored(following)


@case_pages.post("/<uuid:case_id>/take")
@allow(Role.REVIEWER, Role.EDITOR)
def take(case_id: UUID) -> ResponseReturnValue:
    """Take a case that is open to all reviewers."""
    with database.begin() as session:
        case = queries.case_to_change(session, signed_in(), case_id, version=seen_version())
        use_cases.take_case(session, case=case, actor=signed_in())
        return back_to(case)


@case_pages.post("/<uuid:case_id>/release")
@allow(Role.REVIEWER, Role.EDITOR)
def release(case_id: UUID) -> ResponseReturnValue:
    """Step back from a case, or take it from someone as an editor."""
    actor = signed_in()
    with database.begin() as session:
        case = queries.case_to_change(session, actor, case_id, version=seen_version())
        account_id = sent.form().get("account", type=UUID) or cast("UUID", actor.account_id)
        use_cases.release_case(session, case=case, account_id=account_id, actor=actor)
        if account_id != actor.account_id:
            return back_to(case)
    return redirect(url_for("queue.show", left="yes"))  # it may not be theirs to see any more


def case_page(
    session: Session,
    case: Case,
    form: Form,
    *,
    since: Sequence[HistoryEvent] | None = None,
) -> str:
    """The page of a case, with what was typed and what is wrong with it.

    `since` is what was done after the page from which something was sent, if that was too old.
    """
    actor, catalogue = signed_in(), library.catalogue(session)
    candidate = queries.candidate(session, actor.account_id)
    conflict = conflict_of(candidate, queries.needs_of(session, case)) if candidate else None
    is_undecided = case.state != CaseState.DECIDED
    is_free = case.sharing in OPEN_TO_ALL_REVIEWERS and is_undecided
    mine = case.assignment_of(actor.account_id) is not None
    return render_template(
        "case.html",
        case=case,
        form=form,
        items=[item for item in case.items if not item.is_taken_back],
        open_items=[item for item in case.items if item.is_open],
        may_decide=conflict is None,
        checklist=checklist_for,
        catalogue=catalogue,
        reviewers={a.account_id: session.get(Account, a.account_id) for a in case.assignments},
        organisation=organisations.current(session, case.organisation_id),
        mine=mine,
        may_take=is_free and not mine and conflict is None,
        conflict=translate_conflict(conflict, candidate.account.name if candidate else ""),
        choices=_others(session, case) if actor.role == Role.EDITOR and is_undecided else [],
        reason_words=reason_words,
        history_words=history_words,
        since=since,
        just_done=just_done(case),
        version=_version_to_carry(case, form, since),
        changed_by_others=_changed_by_others(case, actor),
        without_field=without_field(case, form, actor, catalogue, may_decide=conflict is None),
    )


def _version_to_carry(case: Case, form: Form, since: Sequence[HistoryEvent] | None) -> int | str:
    """The version for the forms of the page: the present one, if whoever sees it knows what is new.

    After another error it is the one that was sent, for something may have been done since.
    """
    sent: str = form.value(VERSION)
    return sent if sent and since is None else case.version


def _changed_by_others(case: Case, actor: Actor) -> int:
    """The version that the latest act of someone else gave to the case."""
    theirs = (done.version for done in case.history if done.account_id != actor.account_id)
    return max(theirs, default=0)


def translate_conflict(conflict: str | None, name: str) -> str | None:
    """Why someone must not review a case, as a sentence."""
    if conflict is None:
        return None
    return translate(NotAllowedError(use_cases.CONFLICTS[conflict], name=name))


def _others(session: Session, case: Case) -> list[tuple[str, str]]:
    """Whom an editor can give the case to."""
    everyone = session.scalars(
        select(Account)
        .where(Account.role.in_(REVIEWERS), Account.active.is_(True))
        .order_by(Account.name)
    )
    needs = queries.needs_of(session, case)
    free = [account for account in everyone if case.assignment_of(account.id) is None]
    return [
        (str(account.id), f"{account.name} ({account.email})")
        for account in free
        if not queries.is_unfit(session, account.id, needs)
    ]
