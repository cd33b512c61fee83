"""The front door, and the privacy notice."""

from flask import Blueprint, current_app, render_template

from services.review.library import queries
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
            demonstration_accounts=current_app.extensions["demonstration_accounts"](),
        )


@front.get("/privacy")
@public
def privacy() -> str:
    """What is stored about people who submit, and how it is erased."""
    return render_template("privacy.html")
