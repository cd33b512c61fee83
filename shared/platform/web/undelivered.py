"""The administrator's page of mails that were given up: try again, or let them be.

The same in both services.
"""

from uuid import UUID

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from shared.platform.accounts.roles import Role
from shared.platform.delivery import deliveries
from shared.platform.errors import NotFoundError
from shared.platform.typed.addresses import masked_address
from shared.platform.web import database
from shared.platform.web.access import allow
from shared.platform.web.problems import translate

undelivered = Blueprint("undelivered", __name__)

MOST = 100


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
        return render_template(
            "undelivered.html",
            given_up=session.scalars(deliveries.given_up().limit(MOST)).all(),
            masked=masked_address,
            refused=refused,
        )
