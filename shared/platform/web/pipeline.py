"""The administrator's page of the pipeline: a picture, its figures, and the events that wait for a
person.

The same in both services. Whoever registers it hands in its service's handlers, which apply what is
retried.
"""

from contextlib import suppress
from datetime import timedelta

from babel.dates import format_timedelta
from flask import Blueprint, current_app, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from shared.platform import clock, pipeline
from shared.platform.accounts.accounts import Account
from shared.platform.accounts.roles import Role
from shared.platform.errors import N_, ConflictError, InvalidError
from shared.platform.logs import where_from
from shared.platform.messaging import parking
from shared.platform.persistence import inbox
from shared.platform.persistence.inbox import ParkedEvent
from shared.platform.typed import sent
from shared.platform.web import database, languages
from shared.platform.web.access import allow, signed_in
from shared.platform.web.forms import Form
from shared.platform.web.health import service_name
from shared.platform.web.problems import translate

pipeline_pages = Blueprint("pipeline", __name__)

MOST_PARKED, MOST_RESOLVED = 50, 20
ID = "<int(max=9223372036854775807):parked_id>"  # what a database can hold
# of shared.platform.pipeline
WORDS = (N_("not started"), N_("silent"), N_("in trouble"), N_("halted"), N_("replaying"))
PARTS = {"relay": N_("sending"), "consumer": N_("receiving"), "clockwork": N_("jobs")}


@pipeline_pages.app_template_global()
def events_waiting() -> int:
    """How many events wait for a person: told to administrators at the foot of each page, which
    must not fail by it.
    """
    with suppress(SQLAlchemyError), database.reading() as session:
        return pipeline.count_parked(session)
    return 0


@pipeline_pages.get("/pipeline")
@allow(Role.ADMIN)
def show() -> str:
    """How the pipeline stands, and what waits for a person."""
    with database.reading() as session:
        return _page(session, Form())


@pipeline_pages.get(f"/pipeline/parked/{ID}/retry")
@pipeline_pages.get(f"/pipeline/parked/{ID}/skip")
@allow(Role.ADMIN)
def show_again(parked_id: int) -> ResponseReturnValue:  # noqa: ARG001 - a part of the address
    """The page, for whoever opens again the address at which a refusal stood."""
    return redirect(url_for("pipeline.show"))


@pipeline_pages.post(f"/pipeline/parked/{ID}/retry")
@allow(Role.ADMIN)
def retry(parked_id: int) -> ResponseReturnValue:
    """Apply a parked event and those behind it, now that the cause is mended."""
    handlers = current_app.extensions["handlers"]
    try:
        with database.begin() as session:
            applied = parking.retry(session, parked_id, handlers, by=signed_in().account_id)
    except ConflictError as error:
        return _refused(error)
    return redirect(url_for("pipeline.show", applied=applied))


@pipeline_pages.post(f"/pipeline/parked/{ID}/skip")
@allow(Role.ADMIN)
def skip(parked_id: int) -> ResponseReturnValue:
    """Let a parked event have no effect, with a reason that is kept."""
    field, reason = f"reason-{parked_id}", sent.form().get("reason", "")
    try:
        with database.begin() as session:
            parking.skip(session, parked_id, reason=reason, by=signed_in().account_id)
    except ConflictError as error:
        return _refused(error)
    except InvalidError as error:
        errors = [translate(text) for text in error.errors["reason"]]
        with database.reading() as session:
            return _page(session, Form({field: reason}, {field: errors})), 422
    return redirect(url_for("pipeline.show", skipped=parked_id))


def _refused(error: ConflictError) -> ResponseReturnValue:
    """The page as it is now, with why that could not be done: another tab may have resolved the
    event.
    """
    with database.reading() as session:
        return _page(session, Form(), refused=translate(error)), 409


def _page(session: Session, form: Form, *, refused: str | None = None) -> str:
    parked = inbox.parked_events(session)
    resolved = (
        select(ParkedEvent)
        .where(ParkedEvent.state != "parked")
        .order_by(ParkedEvent.resolved_at.desc())
    )
    latest = session.scalars(resolved.limit(MOST_RESOLVED)).all()
    accounts = session.scalars(
        select(Account).where(Account.id.in_([event.resolved_by for event in latest]))
    )
    names = {"intake": _("Intake"), "review": _("Review desk")}
    here = service_name()
    skipped = sent.query().get("skipped", 0, type=int)
    return render_template(
        "pipeline/page.html",
        form=form,
        pipeline=pipeline.read_pipeline(session),
        parts={part: translate(PARTS[part]) for part in pipeline.PARTS},
        service=here,
        here=names.pop(here),
        there=names.popitem()[1],
        parked=parked[:MOST_PARKED],
        first={event.subject: event.id for event in reversed(parked)},
        resolved=latest,
        resolved_by={account.id: account.name for account in accounts},
        refused=refused,
        applied=max(0, sent.query().get("applied", 0, type=int)),
        skipped=next((event for event in latest if event.id == skipped), None),
        now=clock.now(),
        said=translate,
        where_from=where_from,
        ago=_ago,
    )


def _ago(seconds: float) -> str:
    """A span of time in the language of the page: “3 minutes”."""
    return format_timedelta(timedelta(seconds=round(seconds)), locale=languages.language())
