"""The queue: the cases whose turn is yours, and all others that you may see."""

from uuid import UUID

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from services.review.desk import queries
from services.review.desk.model import CaseState
from services.review.desk.schemas.wording import reason_words
from shared.platform import clock
from shared.platform.accounts.roles import Role
from shared.platform.typed import sent
from shared.platform.web import database
from shared.platform.web.access import allow, signed_in

queue = Blueprint("queue", __name__, url_prefix="/review")

STATES = ("open", CaseState.CHANGES_REQUESTED, "closed")
PAGE = 50
MOST = 100  # cases that wait for someone, on one page


@queue.get("/")
@allow(Role.REVIEWER, Role.EDITOR, Role.PARTNER, Role.ADMIN)
def show() -> ResponseReturnValue:
    """The cases that wait for you, the oldest due first.

    Partners and administrators have nothing to review.
    """
    who = signed_in()
    if who.role == Role.PARTNER:
        return redirect(url_for("library.browse"))
    if who.role == Role.ADMIN:
        return redirect(url_for("account_admin.show"))
    with database.reading() as session:
        return render_template(
            "queue.html",
            cases=queries.my_turn(session, who, most=MOST),
            count=queries.count_my_turn(session, who),
            state=None,
            now=clock.now(),
            words=reason_words,
            more=None,
        )


@queue.get("/cases")
@allow(Role.REVIEWER, Role.EDITOR)
def all_cases() -> str:
    """Every case that you may see, by its state."""
    state = sent.query().get("state", "open")
    state = state if state in STATES else "open"
    after = sent.query().get("after", type=UUID)
    with database.reading() as session:
        cases = queries.visible_cases(
            session, signed_in(), state=state, after=after, limit=PAGE + 1
        )
        shown, more = cases[:PAGE], cases[PAGE - 1].id if len(cases) > PAGE else None
        return render_template(
            "queue.html", cases=shown, state=state, now=clock.now(), words=reason_words, more=more
        )
