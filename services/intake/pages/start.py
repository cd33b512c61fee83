"""The start page of intake, and its administration."""

from flask import Blueprint, render_template

from services.intake import queries
from shared.platform.web import database
from shared.platform.web.access import actor, public

intake_pages = Blueprint("intake", __name__, url_prefix="/intake")


@intake_pages.get("/")
@public
def start() -> str:
    """Begin a note, follow one, and for someone signed in the notes they sent."""
    who = actor()
    with database.reading() as session:
        notes = queries.notes_of(session, who) if who else ()
        return render_template("start.html", notes=notes)
