"""What became of a note, for whoever has its receipt; and the way back for whoever lost it."""

import re
from collections.abc import Mapping

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from services.intake import queries, use_cases
from services.intake.model import Note
from services.intake.pages import meanwhile, unsent
from shared.platform.delivery import deliveries
from shared.platform.typed import sent
from shared.platform.typed.addresses import is_address, masked_address
from shared.platform.typed.texts import clean_reference, clean_value, is_reference
from shared.platform.web import database, languages
from shared.platform.web.access import actor, public
from shared.platform.web.forms import Form, read
from shared.platform.web.paths import Token

status_pages = Blueprint("status", __name__, url_prefix="/intake")


@status_pages.get("/notes/<token:receipt>")
@public
def show(receipt: str) -> str:
    """Where the note stands, and what was decided on each item."""
    with database.reading() as session:
        return _status_page(session, queries.note_with_receipt(session, receipt), Form())


@status_pages.post("/notes/<token:receipt>/contact")
@public
def leave_contact(receipt: str) -> ResponseReturnValue:
    """Leave an address to write to."""
    values = read(sent.form(), ("email",))
    with database.begin() as session:
        note = queries.note_with_receipt(session, receipt, lock=True)
        if not is_address(values["email"]):
            form = Form(values, {"email": [_("Enter an email address, such as name@example.org.")]})
            return _status_page(session, note, form), 422
        use_cases.leave_contact(session, note=note, email=values["email"])
    return redirect(url_for("status.show", receipt=receipt))


@status_pages.post("/notes/<token:receipt>/correct")
@public
def correct(receipt: str) -> ResponseReturnValue:
    """Open a returned note for writing.

    Someone who is not signed in is asked to, and comes back here.
    """
    if actor() is None:
        return redirect(url_for("sign_in.show", next=url_for("status.show", receipt=receipt)))
    with database.begin() as session:
        note = queries.note_with_receipt(session, receipt, lock=True)
        use_cases.begin_correction(
            session, note=note, actor=actor(), draft=meanwhile.draft_of(note)
        )
    return redirect(url_for("write.review", receipt=receipt))


@status_pages.route("/receipts", methods=["GET", "POST"])
@public
def receipts() -> ResponseReturnValue:
    """Type a receipt that was written down, or have all receipts of an address mailed again."""
    if request.method == "GET":
        return render_template("receipts.html", form=Form(), mailed=False)
    values = read(sent.form(), ("receipt", "email"))
    if "receipt" in sent.form():
        return _open(values)
    if not is_address(values["email"]):
        form = Form(values, {"email": [_("Enter an email address, such as name@example.org.")]})
        return render_template("receipts.html", form=form, mailed=False), 422
    with database.begin() as session:
        use_cases.mail_receipts(session, email=values["email"], language=languages.language())
    return render_template("receipts.html", form=Form(), mailed=True)


def _open(values: Mapping[str, str | None]) -> ResponseReturnValue:
    receipt = "".join(clean_value(values["receipt"] or "").split())
    # people copy the whole address, too
    receipt = receipt.partition("?")[0].rstrip("/").rpartition("/")[2]
    if re.fullmatch(Token.regex, receipt):
        return redirect(url_for("status.show", receipt=receipt))
    if is_reference(clean_reference(receipt)):
        errors = {
            "receipt": [
                _("This is the reference. The receipt is the longer code that stood below it.")
            ]
        }
    else:
        errors = {"receipt": [_("This is not a receipt. Check that all of it was copied.")]}
    return render_template("receipts.html", form=Form(values, errors), mailed=False), 422


def _status_page(session: Session, note: Note, form: Form) -> str:
    mine = queries.may_read(session, actor(), note)
    shows_text = mine or note.sharing == "clear"
    catalogue = queries.catalogue(session)
    return render_template(
        "status.html",
        note=note,
        form=form,
        mine=mine,
        masked_contact=masked_address(note.contact) if note.contact else "",
        cannot_reach=note.contact is not None and deliveries.cannot_reach(session, note.contact),
        content=note.content if shows_text else None,
        catalogue=catalogue,
        correction=unsent.correction_of(note, catalogue),
        just_sent="sent" in sent.query() and note.draft is None,
    )
