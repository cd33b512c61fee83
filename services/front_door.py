"""One process for both services, as on the embedded default: the front door.

In production a reverse proxy does this, and each service runs on its own (see docker-compose.yml).
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING, cast

from flask import Flask

from services import lifeline
from services.intake.app import create_app as create_intake
from services.review.app import create_app as create_review
from shared.platform import settings
from shared.platform.accounts.accounts import Account, demonstration_accounts
from shared.platform.web import database
from shared.platform.web.health import EXPOSITION, State, exposition, state
from shared.platform.web.languages import LanguageInPath
from shared.platform.web.pages import serve_static

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


def create_front_door() -> "WSGIApplication":
    """Both services behind one door."""
    lifeline.hold_as_worker()
    intake = create_intake(settings.read("intake"))

    def field_accounts() -> list[Account]:
        with intake.app_context(), database.reading() as session:
            return demonstration_accounts(session)

    review = create_review(settings.read("review"), field_accounts=field_accounts)
    return cast("WSGIApplication", serve_static(LanguageInPath(FrontDoor(intake, review))))


def create_intake_alone() -> "WSGIApplication":
    """Intake for a reverse proxy in front of it."""
    return cast(
        "WSGIApplication", serve_static(LanguageInPath(create_intake(settings.read("intake"))))
    )


def create_review_alone() -> "WSGIApplication":
    """Review and the library for a reverse proxy in front of them."""
    return cast(
        "WSGIApplication", serve_static(LanguageInPath(create_review(settings.read("review"))))
    )


class FrontDoor:
    """Sends each request to the service that it is for, and answers for the health of both."""

    def __init__(self, intake: Flask, review: Flask) -> None:
        self._services = {"intake": intake, "review": review}
        self._health = _health_of(self._services)

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """Answer one request."""
        path = environ.get("PATH_INFO", "/")
        if path in ("/healthz", "/readyz", "/metrics"):
            return self._health(environ, start_response)
        is_intake = path == "/intake" or path.startswith("/intake/")
        return self._services["intake" if is_intake else "review"](environ, start_response)


def _health_of(services: dict[str, Flask]) -> Flask:
    """`/healthz`, `/readyz` and `/metrics` of both services together."""
    app = Flask(__name__, static_folder=None)

    def states() -> dict[str, State]:
        found = {}
        for name, service in services.items():
            with service.app_context():
                found[name] = state()
        return found

    @app.get("/healthz")
    def healthz() -> dict[str, str]:
        return {"status": "ok"}

    @app.get("/readyz")
    def readyz() -> tuple[dict[str, object], int]:
        found = states()
        wrong = {
            f"{name} {part}": text
            for name, now in found.items()
            for part, text in now.wrong.items()
        }
        every = {
            f"{name} {part}": text
            for name, now in found.items()
            for part, text in now.parts.items()
        }
        return {
            "status": "unwell" if wrong else "ok",
            "parts": wrong,
            "states": every,
        }, 503 if wrong else 200

    @app.get("/metrics")
    def metrics() -> tuple[bytes, dict[str, str]]:
        return exposition(states()), {"Content-Type": EXPOSITION}

    return app
