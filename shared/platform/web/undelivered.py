"""The administrator's page of mails that were given up: try again, or let them be.

The same in both services.
"""

from collections.abc import Sequence
from uuid import UUID

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy import select
from sqlalchemy.orm import Session

from shared.platform.accounts.accounts import Account
from shared.platform.accounts.roles import Role
from shared.platform.delivery import deliveries
from shared.platform.delivery.deliveries import Delivery
from shared.platform.errors import N_, NotFoundError
from shared.platform.typed.addresses import masked_address
from shared.platform.web import database
from shared.platform.web.access import allow
from shared.platform.web.problems import translate

undelivered = Blueprint("undelivered", __name__)

MOST = 100
KINDS = {  # what a mail is, by its template
    "sign_in": N_("A link to sign in"),
    "invited": N_("An invitation"),
    "receipts": N_("Receipts of notes"),
    "returned": N_("A note to correct"),
    "decided": N_("Decisions on a note"),
    "withdrawn": N_("The withdrawal of an entry"),
    "assigned": N_("A note to review"),
}


@undelivered.get("/undelivered")
@allow(Role.ADMIN)
def show() -> str:
    """The mails that were given up, the newest first."""
    return _page()


@undelivered.post("/undelivered/<uuid:delivery_id>/retry")
@allow(Role.ADMIN)
def retry(delivery_id: UUID) -> ResponseReturnValue:
    """Send it again, now that the cause is mended."""
    try:
        with database.begin() as session:
            deliveries.try_again(session, delivery_id)
    except NotFoundError as error:
        return _page(refused=translate(error)), 404
    return redirect(url_for("undelivered.show"))


@undelivered.post("/undelivered/<uuid:delivery_id>/dismiss")
@allow(Role.ADMIN)
def dismiss(delivery_id: UUID) -> ResponseReturnValue:
    """Let it be: it is not sent any more."""
    try:
        with database.begin() as session:
            deliveries.dismiss(session, delivery_id)
    except NotFoundError as error:
        return _page(refused=translate(error)), 404
    return redirect(url_for("undelivered.show"))


def _page(*, refused: str | None = None) -> str:
    with database.reading() as session:
        mails = session.scalars(deliveries.given_up().limit(MOST)).all()
        return render_template(
            "undelivered.html",
            given_up=mails,
            kind_of=_kind_of,
            about=_about,
            names=_names(session, mails),
            masked=_masked,
            refused=refused,
        )


def _kind_of(mail: Delivery) -> str:
    return gettext(KINDS.get(mail.template, mail.template))


def _about(mail: Delivery) -> str:
    """The references of the notes that it is about, never their titles."""
    notes = [mail.details, *mail.details.get("notes", [])]
    return ", ".join(note["reference"] for note in notes if note.get("reference"))


def _names(session: Session, mails: Sequence[Delivery]) -> dict[str, str]:
    """Whose account an address is, where it is one's."""
    addresses = {mail.recipient for mail in mails}
    known = select(Account.email, Account.name).where(Account.email.in_(addresses))
    return dict(session.execute(known).all())


def _masked(text: str, mail: Delivery) -> str:
    """A text without the address: a server repeats it, and who has no name is called by it."""
    return text.replace(mail.recipient, masked_address(mail.recipient))
