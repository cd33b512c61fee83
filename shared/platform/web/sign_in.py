"""Signing in and out: the same pages in both services.

An application that registers `sign_in_pages` sets `HOME`, the endpoint to go to after signing in;
it may put a `welcome` into its extensions, which says what to do about an address that has no
account.
"""

from collections.abc import Callable
from typing import Any

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from shared.platform.accounts import sessions, sign_in
from shared.platform.accounts.accounts import Account, find_by_email
from shared.platform.delivery import deliveries
from shared.platform.errors import DomainError, TooManyError
from shared.platform.logs import log
from shared.platform.typed import sent, texts
from shared.platform.typed.addresses import clean_address, is_address
from shared.platform.web import database, languages
from shared.platform.web.access import public
from shared.platform.web.forms import Form, read
from shared.platform.web.problems import translate

Stranger = Callable[[Session, str], Account | None]
"""What to do about an address without an account: open one, or None."""


sign_in_pages = Blueprint("sign_in", __name__)


@sign_in_pages.get("/sign-in")
@public
def show() -> str:
    """Ask for the address to which the sign-in mail goes."""
    return render_template("sign_in/page.html", form=Form(), next=_safe_next())


@sign_in_pages.post("/sign-in")
@public
def send_ticket() -> ResponseReturnValue:
    """Send the mail, if we know the address, and ask for its code; the answer does not
    tell which.
    """
    values = read(sent.form(), ("email",))
    email = clean_address(values["email"] or "")
    if not is_address(email):
        errors = {"email": [_("Enter an email address, such as name@example.org.")]}
        return render_template(
            "sign_in/page.html", form=Form(values, errors), next=_safe_next()
        ), 422
    with database.begin() as session:
        _send_ticket(session, email)
    return render_template("sign_in/code.html", form=Form({"email": email}), next=_safe_next())


@sign_in_pages.post("/sign-in/code")
@public
def use_code() -> ResponseReturnValue:
    """Sign in with the code of the newest mail."""
    values = read(sent.form(), ("email", "code"))
    code = texts.clean_digits(values["code"] or "")
    try:
        with database.begin() as session:
            account = sign_in.use_code(session, values["email"] or "", code)
            token = sessions.start(session, account) if account is not None else None
    except DomainError as error:
        form = Form(values, {"code": [translate(error)]})
        return render_template("sign_in/code.html", form=form, next=_safe_next()), error.status
    if token is None:
        form = Form(
            values, {"code": [_("This is not the code of the newest mail. Check the six digits.")]}
        )
        return render_template("sign_in/code.html", form=form, next=_safe_next()), 422
    return _signed_in(token, _safe_next() or url_for(current_app.config["HOME"]))


@sign_in_pages.get("/sign-in/<token:token>")
@public
def link_page(token: str) -> str:
    """The page behind the mail's link: its button signs in, for mail scanners follow links too."""
    return render_template("sign_in/link.html", token=token, next=_safe_next())


@sign_in_pages.post("/sign-in/<token:token>")
@public
def use_link(token: str) -> ResponseReturnValue:
    """Sign in with the link of a mail."""
    with database.begin() as session:
        fresh = sessions.start(session, sign_in.use_link(session, token))
    return _signed_in(fresh, _safe_next() or url_for(current_app.config["HOME"]))


@sign_in_pages.post("/sign-out")
@public
def sign_out() -> ResponseReturnValue:
    """End the session of this browser."""
    cookie = current_app.config["SESSION_TOKEN_COOKIE"]
    with database.begin() as session:
        sessions.end(session, sent.cookie(cookie))
    response = redirect(f"{request.script_root}/")
    response.delete_cookie(
        cookie, secure=cookie.startswith("__Host-"), httponly=True, samesite="Lax"
    )
    return response


@sign_in_pages.post("/demonstration/<uuid:account_id>")
@public
def demonstration(account_id: Any) -> ResponseReturnValue:
    """Sign in as a demonstration account, in a demonstration only."""
    with database.begin() as session:
        account = session.get(Account, account_id)
        if not current_app.config["DEMONSTRATION"] or account is None or not account.demonstration:
            abort(404)
        token = sessions.start(session, account)
    return _signed_in(token, url_for(current_app.config["HOME"]))


def _send_ticket(session: Session, email: str) -> None:
    """Says nothing either way: it is nobody's business who has an account."""
    welcome: Stranger | None = current_app.extensions.get("welcome")
    account = find_by_email(session, email)
    if account is None and welcome is not None:
        account = welcome(session, email)
    if account is None or not account.active:
        return
    try:
        ticket = sign_in.request_ticket(session, account)
    except TooManyError as error:
        log.warning("no sign-in mail", account_id=str(account.id), reason=str(error))
        return
    deliveries.ask_for(
        session,
        recipient=account.email,
        template="sign_in",
        language=languages.language(),
        details={
            "link": url_for("sign_in.link_page", token=ticket.token, next=_safe_next()),
            "code": ticket.code,
        },
        lasts=sign_in.LASTS,
    )


def _signed_in(token: str, target: str) -> Response:
    cookie = current_app.config["SESSION_TOKEN_COOKIE"]
    response = redirect(target)
    response.set_cookie(
        cookie,
        token,
        max_age=int(sessions.LASTS.total_seconds()),
        secure=cookie.startswith("__Host-"),
        httponly=True,
        samesite="Lax",
    )
    return response  # type: ignore[return-value] # werkzeug types its parent


def _safe_next() -> str | None:
    """Where to go after signing in, if it is a path of ours and nothing that a browser takes for
    another site.
    """
    target = sent.field("next") or sent.asked("next")
    is_ours = (
        target.startswith("/") and not target.startswith(("//", "/\\")) and target.isprintable()
    )
    return target if is_ours else None
