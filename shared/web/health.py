"""Whether the service lives and works: read from its database, so that every web worker says the same.

Each service has these below its own path; the front door puts those of both together.
"""

from flask import Blueprint, Response, current_app, jsonify
from prometheus_client import CollectorRegistry, Gauge, generate_latest
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.orm import Session

from shared import clock
from shared.mail import Mail
from shared.persistence import heartbeat
from shared.persistence.inbox import Cursor, ParkedEvent
from shared.persistence.outbox import OutboxEvent, Stream
from shared.web import database
from shared.web.access import public

PARTS = ("relay", "consumer", "clockwork")

Figures = dict[str, float]


health = Blueprint("health", __name__)


@health.get("/healthz")
@public
def healthz() -> Response:
    """This process answers."""
    return jsonify(status="ok")


@health.get("/readyz")
@public
def readyz() -> tuple[Response, int]:
    """All parts of this service work; otherwise 503, with what is wrong by the name of the part."""
    wrong = troubles()
    return jsonify(status="unwell" if wrong else "ok", parts=wrong), 503 if wrong else 200


@health.get("/metrics")
@public
def metrics() -> Response:
    """The figures of the pipeline, for Prometheus."""
    return Response(exposition(), content_type="text/plain; version=0.0.4; charset=utf-8")


def troubles() -> dict[str, str]:
    """What is wrong, by the name of the part; empty when all is well."""
    try:
        with database.reading() as session:
            if not database.is_migrated():
                return {"database": "its schema is not of this version: run “lessons upgrade”"}
            wrong = heartbeat.unwell(session, PARTS)
            for cursor in session.scalars(select(Cursor).where(Cursor.halted_reason.is_not(None))):
                wrong["consumer"] = f"halted: {cursor.halted_reason}"
            return wrong
    except (DBAPIError, PoolTimeoutError) as error:
        return {"database": f"{type(error).__name__}"}


def exposition() -> bytes:
    """The figures in Prometheus' text format."""
    service = current_app.name.split(".")[1]
    registry = CollectorRegistry()
    with database.reading() as session:
        for name, value in figures(session).items():
            gauge = Gauge(f"lessons_{name}", _MEANING[name], ["service"], registry=registry)
            gauge.labels(service).set(value)
    return generate_latest(registry)


def figures(session: Session) -> Figures:
    """How far the log and the cursor are, what waits, and for how long."""
    unpublished = select(func.count(), func.min(OutboxEvent.occurred_at)).where(OutboxEvent.published_at.is_(None))
    waiting, oldest = session.execute(unpublished).one()
    parked = select(func.count()).where(ParkedEvent.state == "parked")
    unsent = select(func.count()).where(Mail.due_at.is_not(None))
    return {
        "stream_head": float(session.scalar(select(func.coalesce(func.sum(Stream.head), 0))) or 0),
        "events_unpublished": float(waiting),
        "oldest_unpublished_seconds": (clock.now() - oldest).total_seconds() if waiting else 0.0,
        "cursor_position": float(session.scalar(select(func.coalesce(func.sum(Cursor.position), 0))) or 0),
        "lag_events": float(
            session.scalar(select(func.coalesce(func.sum(Cursor.producer_head - Cursor.position), 0))) or 0
        ),
        "events_parked": float(session.scalar(parked) or 0),
        "mails_unsent": float(session.scalar(unsent) or 0),
    }


_MEANING = {
    "stream_head": "Position of the newest event of the service's own stream",
    "events_unpublished": "Events that the broker has not confirmed",
    "oldest_unpublished_seconds": "Age of the oldest of them",
    "cursor_position": "Position of the last event of the other service that was applied",
    "lag_events": "Events of the other service that are known of and not applied",
    "events_parked": "Events that wait for a person",
    "mails_unsent": "Mails that are still to be sent",
}
