"""Who is asking, and whether they may.

Every view declares who may use it with `allow(...)` or `public`; a view that declares nothing is
refused to everybody, and a test walks the URL map so that none is forgotten.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar, cast

from flask import Flask, Response, current_app, g, redirect, request, url_for
from werkzeug.exceptions import Forbidden, Unauthorized

from shared.platform.accounts import keys, sessions
from shared.platform.accounts.actor import Actor
from shared.platform.accounts.roles import Role
from shared.platform.accounts.secrets import same
from shared.platform.typed import sent
from shared.platform.web import database

View = TypeVar("View", bound=Callable[..., Any])
FORM_TOKEN = "form_token"  # noqa: S105 - the name of a field
LIBRARY_ENDPOINTS = ("api-docs.openapi_json",)


@dataclass(frozen=True)
class Access:
    """Who may use a view: anybody, or these roles; `feed` views also take keys that can do nothing
    else.
    """

    roles: frozenset[Role]
    public: bool
    feed: bool = False


def allow(*roles: Role) -> Callable[[View], View]:
    """Only these roles may use the view."""
    return _declare(Access(frozenset(roles), public=False))


def public(view: View) -> View:
    """Anybody may use the view, signed in or not."""
    return _declare(Access(frozenset(), public=True))(view)


def public_feed(view: View) -> View:
    """Anybody may use the view, and a feed key shows more of it."""
    return _declare(Access(frozenset(), public=True, feed=True))(view)


def access_of(view: Callable[..., Any] | None) -> Access | None:
    """What a view declared, if anything."""
    return cast("Access | None", getattr(view, "access", None))


def actor() -> Actor | None:
    """Who is asking, None for a stranger."""
    return cast("Actor | None", g.get("actor"))


def signed_in() -> Actor:
    """Who is asking, in a view that `allow` guards."""
    who = actor()
    if who is None:
        raise Unauthorized
    return who


def guard(app: Flask, *, cookie: str, service_key: str) -> None:
    """Put the guard before every request of this service."""
    app.config.update(SESSION_TOKEN_COOKIE=cookie, SERVICE_KEY=service_key)
    app.before_request(_check)


def is_program() -> bool:
    """Whether the answer goes to a program rather than to a person: it wants problem documents, not
    pages.
    """
    path = request.path
    return "/api/" in path or path.startswith("/feeds/") or path.endswith("/events")


def _declare(access: Access) -> Callable[[View], View]:
    def mark(view: View) -> View:
        view.access = access  # type: ignore[attr-defined] # ours, on a function of Flask's
        return view

    return mark


def _check() -> Response | None:
    if request.endpoint is None:
        return None  # nothing lives here: the router's own 404 or 405 follows
    view = current_app.view_functions[request.endpoint]
    access = access_of(view) or (
        Access(frozenset(), public=True) if request.endpoint in LIBRARY_ENDPOINTS else None
    )
    if access is None:
        raise Forbidden
    g.actor = who = _identify(access)
    _refuse_forgery(who)
    if access.public:
        return None
    if who is None:
        if is_program():
            raise Unauthorized
        wanted = request.full_path.rstrip("?") if request.method == "GET" else None
        return cast("Response", redirect(url_for("sign_in.show", next=wanted)))
    if who.role not in access.roles:
        raise Forbidden
    return None


def _identify(access: Access) -> Actor | None:
    given = request.authorization
    if given is not None and given.type == "bearer" and given.token:
        return _with_key(given.token, access)
    if given is not None and given.type == "basic" and access.feed:
        return _with_key(given.password or given.username or "", access)
    if given is not None or sent.has_header("Authorization"):
        raise Unauthorized  # of another kind, or garbled: not a stranger's, and not a key
    return None if "/api/" in request.path else _with_cookie()


def _with_key(text: str, access: Access) -> Actor:
    if same(text, current_app.config["SERVICE_KEY"]):
        return Actor(account_id=None, name=Role.SERVICE, role=Role.SERVICE, via="service")
    with database.reading() as session:
        found = keys.find(session, text)
    if found is None or (found[1] == keys.FEED and not access.feed):
        raise Unauthorized
    return found[0]


def _with_cookie() -> Actor | None:
    token = sent.cookie(current_app.config["SESSION_TOKEN_COOKIE"])
    if not token:
        return None
    with database.reading() as session:
        found = sessions.find(session, token)
    if found is None:
        return None
    signed_in, account = found
    return Actor(
        account_id=account.id,
        name=account.name,
        role=Role(account.role),
        via="session",
        organisation_id=account.organisation_id,
        office=account.office,
        vouched=account.vouched,
        email=account.email,
        form_token=signed_in.form_token,
    )


def _refuse_forgery(who: Actor | None) -> None:
    """Another site must not send forms in our visitor's name: its origin gives it away, and it has
    no form token.
    """
    if request.method in ("GET", "HEAD", "OPTIONS") or (who is not None and who.via != "session"):
        return
    origin = sent.header("Origin")
    own = {request.host_url.rstrip("/"), current_app.config["PUBLIC_URL"].rstrip("/")}
    if sent.header("Sec-Fetch-Site") == "cross-site" or (
        origin not in ("", "null") and origin not in own
    ):
        raise Forbidden
    if who is not None and not sessions.unmasked_matches(
        sent.field(FORM_TOKEN), who.form_token or ""
    ):
        raise Forbidden
