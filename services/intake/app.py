"""Intake's web application."""

from flask import Flask

from services.intake import use_cases
from services.intake.api import PREFIX, notes
from services.intake.handlers import HANDLERS
from services.intake.pages import draft_pages, intake_pages, status_pages
from shared.domain.account_admin import account_admin
from shared.domain.labels import add_labels
from shared.platform.accounts.roles import ROLES
from shared.platform.events import INTAKE_STREAM
from shared.platform.persistence.engine import IMPATIENT_SECONDS, Database, open_database
from shared.platform.settings import Settings
from shared.platform.web.app import Shape, make_app
from shared.platform.web.problems import RegisterApi

SHAPE = Shape(
    stream=INTAKE_STREAM,
    handlers=HANDLERS,
    home="intake.start",
    packages=("services.intake", "shared.domain"),
    roles=ROLES["intake"],
)


def create_app(settings: Settings, opened: Database | None = None) -> Flask:
    """The application. Call it after a fork: it opens the database, unless one is given."""
    opened = opened or open_database(settings.database_url, patience=IMPATIENT_SECONDS)
    app = make_app(__name__, settings, opened, SHAPE)
    add_labels(app)
    app.extensions["welcome"] = use_cases.welcome_submitter
    app.config.update(
        API_TITLE="Lessons register: intake",
        API_VERSION="v1",
        OPENAPI_VERSION="3.1.0",
        OPENAPI_URL_PREFIX=PREFIX,
        API_SPEC_OPTIONS={
            "components": {"securitySchemes": {"key": {"type": "http", "scheme": "bearer"}}},
            "security": [{"key": []}],
        },
    )
    RegisterApi(app).register_blueprint(notes)
    for blueprint in (intake_pages, draft_pages, status_pages):
        app.register_blueprint(blueprint)
    app.register_blueprint(account_admin, url_prefix="/intake")
    return app
