"""The front door, and the privacy notice."""

from flask import Blueprint, current_app, render_template
from sqlalchemy.orm import Session

from services.review.library import queries
from shared.platform.accounts.accounts import Account, demonstration_accounts
from shared.platform.web import database
from shared.platform.web.access import actor, public

front = Blueprint("front", __name__)


@front.get("/")
@public
def door() -> str:
    """What the register is, and the ways in."""
    with database.reading() as session:
        audiences = queries.audiences_of(session, actor())
        return render_template(
            "front.html",
            count=queries.count_entries(session, audiences, filters={}),
            newest=queries.newest_entries(session, audiences, before=None, limit=3, filters={}),
            demonstration_accounts=_accounts_to_try(session),
        )


@front.get("/privacy")
@public
def privacy() -> str:
    """What is stored about people who submit, and how it is erased."""
    return render_template("privacy.html")


def _accounts_to_try(session: Session) -> list[tuple[str, Account]]:
    """The accounts of the demonstration, each with its service."""
    if not current_app.config["DEMONSTRATION"]:
        return []
    field = current_app.extensions["field_accounts"]()
    return [
        *(("intake", account) for account in field),
        *(("review", account) for account in demonstration_accounts(session)),
    ]
