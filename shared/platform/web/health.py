"""Whether the service lives and works: read from its database, so that every web worker says the
same.

Each service has these below its own path; the front door puts those of both together.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Blueprint, Response, current_app, jsonify
from prometheus_client import CollectorRegistry, Gauge, generate_latest
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from shared.platform import clock
from shared.platform.logs import log
from shared.platform.pipeline import PARTS, Pipeline, read_pipeline
from shared.platform.web import database
from shared.platform.web.access import public

EXPOSITION = "text/plain; version=0.0.4; charset=utf-8"

METRICS = {
    "up": "1 when the service's database can be read; without it there are no other figures",
    "part_up": (
        "1 when a part (relay, consumer, clockwork) shows signs of life and says that it can work"
    ),
    "heartbeat_age_seconds": "How long ago a part last showed a sign of life",
    "stream_head": "Position of the newest event of the service's own log",
    "events_unnumbered": "Events that have no position yet, because the relay has not seen them",
    "events_unpublished": (
        "Events that the broker has not confirmed, with those that have no position"
    ),
    "oldest_unpublished_seconds": "Age of the oldest of them",
    "cursor_position": "Position of the last event of the other service that was applied",
    "lag_events": "Events of the other service that are known of and not applied",
    "lag_seconds": "Age of the oldest of them",
    "retries": "Failed attempts at the event of the other service that comes next",
    "halted": (
        "1 when the other service's log contradicts what was applied, and a person must decide"
    ),
    "replaying": "1 while what derives from the other service's log is derived again from it",
    "events_parked": "Events that wait for a person",
    "mails_unsent": "Mails that are still to be sent, with those that are held back",
    "mails_given_up": "Mails that were given up and wait for an administrator",
    "jobs_failing": "Jobs of the scheduler that failed when they were last tried",
    "mails_held": "Mails that are held back after a restore, until a person lets them go",
}
"""The figures that /metrics gives, each with the prefix `lessons_`."""


@dataclass(frozen=True)
class State:
    """How a service is, in words that a stranger may read: what is wrong by the name of the part,
    and its figures.
    """

    wrong: Mapping[str, str]
    pipeline: Pipeline | None

    @property
    def parts(self) -> dict[str, str]:
        """Each part with “ok” or what is wrong with it; only the database when nothing else could
        be read.
        """
        known = ("database", *PARTS) if self.pipeline else ("database",)
        return {part: self.wrong.get(part, "ok") for part in known}


health = Blueprint("health", __name__)


@health.get("/healthz")
@public
def healthz() -> Response:
    """This process answers."""
    return jsonify(status="ok")


@health.get("/readyz")
@public
def readyz() -> tuple[Response, int]:
    """All parts of this service work; otherwise 503. `parts` has what is wrong, `states` every
    part, in general words.

    Details, which may name servers of the inside, are on the administrator's page of the pipeline
    and in the logs.
    """
    now = state()
    return jsonify(
        status="unwell" if now.wrong else "ok", parts=now.wrong, states=now.parts
    ), 503 if now.wrong else 200


@health.get("/metrics")
@public
def metrics() -> Response:
    """The figures of the pipeline, for Prometheus; also when the database is away."""
    return Response(exposition({service_name(): state()}), content_type=EXPOSITION)


def service_name() -> str:
    """The service whose application this is: intake or review."""
    return current_app.name.split(".")[1]


def state() -> State:
    """How the service is now. Never fails: a database that is away is what is wrong then."""
    try:
        try:
            return _read_state()
        except DBAPIError as error:
            if not error.connection_invalidated:
                raise
            # a connection of the pool was cut off before: a new one tells whether it still is
            return _read_state()
    except (DBAPIError, PoolTimeoutError) as error:
        log.warning("the database is away", error=type(error).__name__)
        return State({"database": "away"}, None)


def _read_state() -> State:
    with database.reading() as session:
        if not database.is_migrated():
            return State({"database": "not of this version"}, None)
        pipeline = read_pipeline(session)
        return State({part: unwell.word for part, unwell in pipeline.wrong.items()}, pipeline)


def exposition(states: Mapping[str, State]) -> bytes:
    """The figures of services, by name, in Prometheus' text format."""
    registry = CollectorRegistry()
    gauges = {name: _gauge(name, registry) for name in METRICS}
    for service, now in states.items():
        gauges["up"].labels(service).set(now.pipeline is not None)
        if now.pipeline is None:
            continue
        for name, value in _figures(now.pipeline).items():
            gauges[name].labels(service).set(value)
        for part in PARTS:
            gauges["part_up"].labels(service, part).set(part not in now.wrong)
            if beat := now.pipeline.beats.get(part):
                gauges["heartbeat_age_seconds"].labels(service, part).set(
                    (clock.now() - beat).total_seconds()
                )
    return generate_latest(registry)


def _gauge(name: str, registry: CollectorRegistry) -> Gauge:
    labels = ["service", "part"] if name in ("part_up", "heartbeat_age_seconds") else ["service"]
    return Gauge(f"lessons_{name}", METRICS[name], labels, registry=registry)


def _figures(pipeline: Pipeline) -> dict[str, float]:
    log, lag = pipeline.log, pipeline.lag
    return {
        "stream_head": log.head,
        "events_unnumbered": log.unnumbered,
        "events_unpublished": log.unpublished,
        "oldest_unpublished_seconds": log.oldest,
        "cursor_position": lag.position,
        "lag_events": lag.events,
        "lag_seconds": lag.seconds,
        "retries": lag.attempts,
        "halted": lag.halted is not None and not lag.replaying,
        "replaying": lag.replaying,
        "events_parked": pipeline.parked,
        "mails_unsent": pipeline.mails_unsent,
        "mails_held": pipeline.mails_held,
        "mails_given_up": pipeline.mails_given_up,
        "jobs_failing": len(pipeline.jobs_failing),
    }
