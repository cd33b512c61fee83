"""One's own account and its keys: the same pages in both services."""

from typing import Any

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from shared.platform.accounts import keys
from shared.platform.accounts.accounts import Account
from shared.platform.accounts.roles import EVERYONE
from shared.platform.typed import sent
from shared.platform.web import access, database
from shared.platform.web.access import allow
from shared.platform.web.forms import Form, read

account_pages = Blueprint("account", __name__)


@account_pages.get("/account")
@allow(*EVERYONE)
def show() -> str:
    """One's own account and its keys."""
    return _account_page(None)


@account_pages.post("/account/keys")
@allow(*EVERYONE)
def make_key() -> ResponseReturnValue:
    """Make a key and show it, this once."""
    values = read(sent.form(), ("label", "kind"))
    kind = keys.FEED if values["kind"] == keys.FEED else keys.FULL
    with database.begin() as session:
        new = keys.make(
            session, _own_account(session), label=(values["label"] or "")[:100], kind=kind
        )
    return _account_page(new.text)


@account_pages.post("/account/keys/<uuid:key_id>/end")
@allow(*EVERYONE)
def end_key(key_id: Any) -> ResponseReturnValue:
    """End a key."""
    with database.begin() as session:
        keys.revoke(session, key_id, account_id=_own_account(session).id)
    return redirect(url_for("account.show"))


def _own_account(session: Session) -> Account:
    return session.get_one(Account, access.signed_in().account_id)


def _account_page(new_key: str | None) -> str:
    with database.reading() as session:
        own = _own_account(session)
        return render_template(
            "account.html",
            account=own,
            keys=keys.keys_of(session, own.id),
            new_key=new_key,
            empty_form=Form(),
        )
