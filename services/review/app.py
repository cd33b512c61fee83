"""Review's web application: the desk, and the library."""

from collections.abc import Callable

from flask import Flask

from services.review.desk import queries
from services.review.desk.api import desk
from services.review.desk.handlers import HANDLERS
from services.review.desk.pages import BLUEPRINTS as DESK_PAGES
from services.review.library.api import feeds, library
from services.review.library.pages import BLUEPRINTS as LIBRARY_PAGES
from shared.domain.account_admin import account_admin
from shared.domain.labels import add_labels
from shared.platform.accounts.accounts import Account
from shared.platform.accounts.roles import ROLES
from shared.platform.events import REVIEW_STREAM
from shared.platform.persistence.engine import IMPATIENT_SECONDS, Database, open_database
from shared.platform.settings import Settings
from shared.platform.web.app import Shape, make_app
from shared.platform.web.problems import RegisterApi

PREFIX = "/api/v1"

SHAPE = Shape(
    stream=REVIEW_STREAM,
    handlers=HANDLERS,
    home="queue.show",
    packages=("services.review.desk", "services.review.library", "shared.domain"),
    roles=ROLES["review"],
)


def create_app(
    settings: Settings,
    opened: Database | None = None,
    field_accounts: Callable[[], list[Account]] = list,
) -> Flask:
    """The application. Call it after a fork: it opens the database, unless one is given.

    `field_accounts` gives intake's accounts of the demonstration, where one process has both
    services, so that the front page can offer them beside review's.
    """
    opened = opened or open_database(settings.database_url, patience=IMPATIENT_SECONDS)
    app = make_app(__name__, settings, opened, SHAPE)
    add_labels(app)
    app.config.update(
        API_TITLE="Lessons register: review and library",
        API_VERSION="v1",
        OPENAPI_VERSION="3.1.0",
        OPENAPI_URL_PREFIX=PREFIX,
        API_SPEC_OPTIONS={
            "components": {"securitySchemes": {"key": {"type": "http", "scheme": "bearer"}}},
            "security": [{"key": []}],
        },
    )
    api = RegisterApi(app)
    api.register_blueprint(desk)
    api.register_blueprint(library)
    app.extensions["case_version"] = queries.case_version
    app.extensions["field_accounts"] = field_accounts
    for blueprint in (feeds, *DESK_PAGES, *LIBRARY_PAGES):
        app.register_blueprint(blueprint)
    app.register_blueprint(account_admin, url_prefix="/review")
    return app
