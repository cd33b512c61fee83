"""The administrator's page of accounts: invite, change role, stop and reopen.

The same in both services.

An application that registers `account_admin` sets `ROLES`, the roles that it has.
"""

from typing import Any
from uuid import UUID

from flask import Blueprint, current_app, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from marshmallow import ValidationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from shared.domain import administration, organisations
from shared.domain.administration import Invitation
from shared.domain.inputs import Text
from shared.platform.accounts import sign_in
from shared.platform.accounts.accounts import Account
from shared.platform.accounts.roles import Role
from shared.platform.accounts.sign_in import Ticket
from shared.platform.delivery import deliveries
from shared.platform.errors import InvalidError
from shared.platform.typed import sent
from shared.platform.web import database
from shared.platform.web.access import allow, signed_in
from shared.platform.web.forms import Form, read
from shared.platform.web.problems import flatten, translate

account_admin = Blueprint("account_admin", __name__)

_FIELDS = ("email", "name", "role", "organisation", "office", "language")
_NAME = Text(most=200, missing=lazy_gettext("Enter a name."))


@account_admin.get("/people")
@allow(Role.ADMIN)
def show() -> str:
    """Everyone with an account."""
    with database.reading() as session:
        invited = sent.query().get("invited", type=UUID)
        return _page(
            session,
            Form({"language": "en"}),
            invited=session.get(Account, invited) if invited else None,
        )


@account_admin.post("/people")
@allow(Role.ADMIN)
def invite() -> ResponseReturnValue:
    """Open an account and mail its owner a way in."""
    values = read(sent.form(), _FIELDS)
    with database.begin() as session:
        try:
            ticket = administration.invite(session, _invitation(session, values), actor=signed_in())
        except InvalidError as error:
            form = Form(
                values,
                {name: [translate(text) for text in texts] for name, texts in error.errors.items()},
            )
            return _page(session, form), 422
        _mail(session, ticket)
        invited = ticket.account.id
    return redirect(url_for("account_admin.show", invited=invited))


@account_admin.post("/people/<uuid:account_id>")
@allow(Role.ADMIN)
def change(account_id: Any) -> ResponseReturnValue:
    """Change a role, or stop or reopen an account; either way it is signed out everywhere."""
    role, active = sent.form().get("role", ""), sent.form().get("active") == "yes"
    if role not in current_app.config["ROLES"]:
        raise InvalidError({"role": [_("Choose a role.")]})
    with database.begin() as session:
        administration.change_account(
            session, account_id, role=role, active=active, actor=signed_in()
        )
    return redirect(url_for("account_admin.show"))


def _invitation(session: Session, values: dict[str, Any]) -> Invitation:
    """The invitation that was typed. Raises InvalidError with all that is wrong with it."""
    name, wrong = _name(values["name"])
    typed = {field: value for field, value in values.items() if value is not None}
    invitation = Invitation(**{"email": "", "role": "", "language": "", **typed, "name": name})
    errors = administration.errors_in(session, invitation)
    if wrong:
        errors["name"] = [wrong]
    if invitation.role not in current_app.config["ROLES"]:
        errors["role"] = [_("Choose a role.")]
    if errors:
        raise InvalidError({field: errors[field] for field in _FIELDS if field in errors})
    return invitation


def _name(typed: str | None) -> tuple[str, str | None]:
    """A name as it is stored, and what is wrong with it, if anything."""
    try:
        return str(_NAME.deserialize(typed)), None
    except ValidationError as error:
        return "", flatten(error.messages)[""][0]


def _mail(session: Session, ticket: Ticket) -> None:
    account = ticket.account
    deliveries.ask_for(
        session,
        recipient=account.email,
        template="invited",
        language=account.language,
        details={
            "link": url_for("sign_in.link_page", token=ticket.token),
            "code": ticket.code,
            "name": account.name,
        },
        lasts=sign_in.INVITATION_LASTS,
    )


def _page(session: Session, form: Form, *, invited: Account | None = None) -> str:
    everyone = session.scalars(select(Account).order_by(Account.active.desc(), Account.name)).all()
    return render_template(
        "accounts.html",
        form=form,
        invited=invited,
        accounts=everyone,
        roles=current_app.config["ROLES"],
        organisation_names=organisations.known_names(session),
        organisation_of={
            account.id: organisations.current(session, account.organisation_id)
            for account in everyone
        },
    )
