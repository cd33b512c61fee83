"""The administrator's page of people: invite, change role, stop and reopen accounts.

The same in both services.

An application that registers `staff` sets `ROLES`, the roles that it has.
"""

from typing import Any
from uuid import UUID

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from marshmallow import ValidationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from shared.domain import codelists, organisations
from shared.domain.inputs import Text
from shared.platform.accounts import accounts, sessions, sign_in
from shared.platform.accounts.accounts import Account
from shared.platform.accounts.roles import Role
from shared.platform.delivery import deliveries
from shared.platform.errors import InvalidError
from shared.platform.languages import LANGUAGES
from shared.platform.web import database
from shared.platform.web.access import allow
from shared.platform.web.forms import Form, read
from shared.platform.web.problems import flatten

staff = Blueprint("staff", __name__)

_FIELDS = ("email", "name", "role", "organisation", "office", "language")
_NAME = Text(most=200, missing=lazy_gettext("Enter a name."))


@staff.get("/people")
@allow(Role.ADMIN)
def people_page() -> str:
    """Everyone with an account."""
    with database.reading() as session:
        invited = request.args.get("invited", type=UUID)
        return _list_page(
            session,
            Form({"language": "en"}),
            invited=session.get(Account, invited) if invited else None,
        )


@staff.post("/people")
@allow(Role.ADMIN)
def invite() -> ResponseReturnValue:
    """Open an account and mail its owner a way in."""
    values = read(request.form, _FIELDS)
    with database.begin() as session:
        try:
            invited = _invite(session, values)
        except InvalidError as error:
            form = Form(
                values,
                {path: [str(text) for text in texts] for path, texts in error.errors.items()},
            )
            return _list_page(session, form), 422
    return redirect(url_for("staff.people_page", invited=invited.id))


@staff.post("/people/<uuid:account_id>")
@allow(Role.ADMIN)
def change(account_id: Any) -> ResponseReturnValue:
    """Change a role, or stop or reopen an account; either way it is signed out everywhere."""
    role = request.form.get("role", "")
    if role not in current_app.config["ROLES"]:
        raise InvalidError({"role": [_("Choose a role.")]})
    with database.begin() as session:
        accounts.change(session, account_id, role=role, active=request.form.get("active") == "yes")
        sessions.end_all(session, account_id)
    return redirect(url_for("staff.people_page"))


def _invite(session: Session, values: dict[str, Any]) -> Account:
    if errors := _errors(session, values):
        raise InvalidError(errors)
    language = values["language"]
    account = accounts.invite(
        session,
        email=values["email"],
        name=_NAME.deserialize(values["name"]),
        role=values["role"],
        language=language,
    )
    account.office = values["office"]
    if values["organisation"]:
        account.organisation_id = organisations.find_or_record(session, values["organisation"]).id
    ticket = sign_in.request_ticket(session, account, lasts=sign_in.INVITATION_LASTS)
    details = {
        "link": url_for("people.link_page", token=ticket.token),
        "code": ticket.code,
        "name": account.name,
    }
    deliveries.ask_for(
        session,
        recipient=account.email,
        template="invited",
        language=language,
        details=details,
        lasts=sign_in.INVITATION_LASTS,
    )
    return account


def _errors(session: Session, values: dict[str, Any]) -> dict[str, list[Any]]:
    wrong = {
        "email": _wrong_with_email(session, values["email"]),
        "name": _wrong_with_name(values["name"]),
        "role": None if values["role"] in current_app.config["ROLES"] else _("Choose a role."),
        "office": None
        if values["office"] in (None, *codelists.countries())
        else _("Choose the country where they work."),
        "language": None if values["language"] in LANGUAGES else _("Choose a language."),
    }
    return {field: [text] for field, text in wrong.items() if text is not None}


def _wrong_with_email(session: Session, email: str | None) -> str | None:
    if not accounts.is_email(email):
        return _("Enter an email address, such as name@example.org.")
    if accounts.find_by_email(session, email or "") is not None:
        return _(
            "There is already an account for %(email)s.",
            email=accounts.normalise_email(email or ""),
        )
    return None


def _wrong_with_name(name: str | None) -> str | None:
    try:
        _NAME.deserialize(name)
    except ValidationError as error:
        return flatten(error.messages)[""][0]
    return None


def _list_page(session: Session, form: Form, *, invited: Account | None = None) -> str:
    everyone = session.scalars(select(Account).order_by(Account.active.desc(), Account.name)).all()
    return render_template(
        "people/list.html",
        form=form,
        invited=invited,
        accounts=everyone,
        roles=current_app.config["ROLES"],
        organisation_names=organisations.known_names(session),
        organisation_of={
            account.id: organisations.current(session, account.organisation_id)
            for account in everyone
            if account.organisation_id
        },
    )
