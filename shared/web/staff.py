"""The administrator's page of people: invite, change role, stop and reopen accounts. The same in both services.

An application that registers `staff` sets `ROLES`, the roles that it has.
"""

from typing import Any

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from shared import codelists, mail
from shared.errors import InvalidError
from shared.people import accounts, organisations, sessions, sign_in
from shared.people.accounts import Account
from shared.web import database
from shared.web.access import allow
from shared.web.forms import Form, read

staff = Blueprint("staff", __name__)

LONGEST_NAME = 200
_FIELDS = ("email", "name", "role", "organisation", "office", "language")


@staff.get("/people")
@allow("admin")
def people_page() -> str:
    """Everyone with an account."""
    with database.reading() as session:
        return _list_page(session, Form({"language": "en"}))


@staff.post("/people")
@allow("admin")
def invite() -> ResponseReturnValue:
    """Open an account and mail its owner a way in."""
    values = read(request.form, _FIELDS)
    with database.begin() as session:
        try:
            _invite(session, values)
        except InvalidError as error:
            form = Form(values, {path: [str(text) for text in texts] for path, texts in error.errors.items()})
            return _list_page(session, form), 422
    return redirect(url_for("staff.people_page"))


@staff.post("/people/<uuid:account_id>")
@allow("admin")
def change(account_id: Any) -> ResponseReturnValue:
    """Change a role, or stop or reopen an account; either way it is signed out everywhere."""
    role = request.form.get("role", "")
    if role not in current_app.config["ROLES"]:
        raise InvalidError({"role": [_("Choose a role.")]})
    with database.begin() as session:
        accounts.change(session, account_id, role=role, active=request.form.get("active") == "yes")
        sessions.end_all(session, account_id)
    return redirect(url_for("staff.people_page"))


def _invite(session: Session, values: dict[str, Any]) -> None:
    if errors := _errors(session, values):
        raise InvalidError(errors)
    language = values["language"]
    account = accounts.invite(
        session, email=values["email"], name=values["name"], role=values["role"], language=language
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
    mail.ask_for(session, recipient=account.email, template="invited", language=language, details=details)


def _errors(session: Session, values: dict[str, Any]) -> dict[str, list[Any]]:
    name = values["name"] or ""
    address_is_free = accounts.is_email(values["email"]) and accounts.find_by_email(session, values["email"]) is None
    wrong = {
        "email": None if address_is_free else _("Enter an email address that has no account yet."),
        "name": None if name and name.isprintable() and len(name) <= LONGEST_NAME else _("Enter a name."),
        "role": None if values["role"] in current_app.config["ROLES"] else _("Choose a role."),
        "office": None
        if values["office"] in (None, *codelists.countries())
        else _("Choose the country where they work."),
        "language": None if values["language"] in codelists.LANGUAGES else _("Choose a language."),
    }
    return {field: [text] for field, text in wrong.items() if text is not None}


def _list_page(session: Session, form: Form) -> str:
    everyone = session.scalars(select(Account).order_by(Account.active.desc(), Account.name)).all()
    return render_template(
        "people/list.html",
        form=form,
        accounts=everyone,
        roles=current_app.config["ROLES"],
        organisation_names=organisations.known_names(session),
        organisation_of={
            account.id: organisations.current(session, account.organisation_id)
            for account in everyone
            if account.organisation_id
        },
    )
