"""What both services' applications are made of."""

from dataclasses import dataclass
from uuid import uuid4

import structlog
from flask import Flask, Response, g, request
from werkzeug.exceptions import UnsupportedMediaType
from werkzeug.middleware.proxy_fix import ProxyFix

from shared.platform.accounts.roles import Role
from shared.platform.logs import log
from shared.platform.messaging.subscription import Handlers
from shared.platform.persistence.engine import Database
from shared.platform.settings import Settings
from shared.platform.typed import sent
from shared.platform.web import access, database, languages, pages, problems
from shared.platform.web.account import account_pages
from shared.platform.web.event_log import event_log
from shared.platform.web.health import health
from shared.platform.web.paths import know_paths
from shared.platform.web.pipeline import pipeline_pages
from shared.platform.web.sign_in import sign_in_pages
from shared.platform.web.undelivered import undelivered

LARGEST_REQUEST = 1_000_000  # bytes: a long note is some 50 kB
CORRELATION = "X-Correlation-Id"
LOOKS = ("GET", "HEAD", "OPTIONS")


@dataclass(frozen=True)
class Shape:
    """What differs between the two: the stream each writes, what it does on the other's events, its
    roles.

    `home` is the endpoint to go to after signing in; the templates are in the `packages`.
    """

    stream: str
    handlers: Handlers
    home: str
    roles: tuple[Role, ...]
    packages: tuple[str, ...]


def make_app(import_name: str, settings: Settings, opened: Database, shape: Shape) -> Flask:
    """An application with its database, pages, guard, errors, health, sign-in and log; the service
    adds its views.
    """
    app = Flask(import_name, static_folder=None)
    app.config.update(
        MAX_CONTENT_LENGTH=LARGEST_REQUEST,
        MAX_FORM_MEMORY_SIZE=LARGEST_REQUEST,
        PUBLIC_URL=settings.public_url,
        DEMONSTRATION=settings.demonstration,
        LICENCE_NAME=settings.licence_name,
        LICENCE_URL=settings.licence_url,
        STREAM=shape.stream,
        HOME=shape.home,
        ROLES=shape.roles,
    )
    # of the provider that Flask makes by default
    app.json.sort_keys = False  # type: ignore[attr-defined]
    know_paths(app)
    database.attach(app, opened)
    app.extensions["handlers"] = shape.handlers
    languages.speak(app)
    pages.prepare(app, packages=shape.packages, demonstration=settings.demonstration)
    app.before_request(_correlate)
    app.before_request(_refuse_compressed)
    access.guard(app, cookie=settings.cookie, service_key=settings.service_key)
    app.before_request(_take_in)
    app.after_request(_tell_correlation)
    problems.answer_errors(app)
    for blueprint in (health, event_log, sign_in_pages, account_pages, pipeline_pages, undelivered):
        app.register_blueprint(blueprint, url_prefix=f"/{settings.service}")
    if settings.public_url.startswith("https://"):
        proxied = ProxyFix(app.wsgi_app, x_for=1, x_proto=1, x_host=1)
        app.wsgi_app = proxied  # type: ignore[method-assign] # Flask's own way to wrap it
    return app


def _correlate() -> None:
    """Give what this request causes one name, from here to the published entry: the caller's, if it
    gave one.
    """
    given = sent.header(CORRELATION)
    g.correlation_id = (
        given if 8 <= len(given) <= 64 and given.isascii() and given.isprintable() else uuid4().hex
    )
    structlog.contextvars.bind_contextvars(
        correlation_id=g.correlation_id,
        traceparent=sent.header("traceparent")[:55] or None,
    )


def _refuse_compressed() -> None:
    """Refuse a body that would have to be unpacked first: nobody does, and it would look like
    broken JSON.
    """
    packed = sent.header("Content-Encoding").lower() not in ("", "identity")
    if request.method not in LOOKS and packed:
        raise UnsupportedMediaType


def _take_in() -> None:
    """Refuse a form in which something cannot be stored, whatever its page would read of it."""
    if not access.is_program():
        sent.form()


def _tell_correlation(response: Response) -> Response:
    """To the caller, and for a request that could change something or failed, to the log."""
    response.headers[CORRELATION] = g.get("correlation_id", "")
    if request.method not in LOOKS or response.status_code >= 500:
        # not the path: it may hold a receipt
        rule = request.url_rule.rule if request.url_rule else None
        log.info("request answered", method=request.method, rule=rule, status=response.status_code)
    return response
