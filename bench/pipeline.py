"""Relay and consumer over a backlog, beside bare kombu and beside one event per transaction."""

import threading
import time
from contextlib import closing
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from bench import bare_kombu
from bench.figures import Figure, Part, Ratio, in_turn, ratio
from bench.filling import events_only, fill
from bench.laboratory import Laboratory, Plan
from bench.rows import connect
from services.review.desk.handlers import HANDLERS, prefetch
from services.review.desk.model import Assignment, Case
from shared.platform import clock
from shared.platform.events import INTAKE_STREAM, Envelope
from shared.platform.messaging import subscription
from shared.platform.messaging.consumer import Consumer
from shared.platform.messaging.pull import Page
from shared.platform.messaging.relay import Relay
from shared.platform.messaging.subscription import Outcome
from shared.platform.persistence import outbox
from shared.platform.persistence.engine import Database, open_database
from testbed.client import wait_for
from testbed.queues import purge_queue
from testbed.register import Register

RELAY, CONSUMER = "the register's relay", "the register's consumer"
BARE, BARE_TAKE, SINGLE = (
    "bare kombu",
    "bare kombu, consume and acknowledge",
    "one event per transaction",
)
ABOUT = """\
A backlog of real events (5 kB each) is worked off. *The relay* numbers, publishes with confirms and
marks; *bare kombu* publishes the same bodies over the same connection settings, on RabbitMQ with
confirms drained per batch of 100 (the embedded broker cannot confirm). *The consumer* opens a case
with its eight items, finds the reviewer and writes the history for each event; *one event per
transaction* calls the same handlers from a plain kombu consumer that commits and acknowledges one
by one."""
LIMIT = 180.0


def measure(lab: Laboratory, plan: Plan) -> Part:
    """All figures of one back end."""
    part = Part("pipeline", "Relay and consumer", ABOUT)
    _measure_relay(part, lab, plan.rounds, plan.backlog)
    _measure_consumer(part, lab, plan.rounds, plan.backlog // 2)
    return part


def bodies(database: Database, numbers: range) -> list[bytes]:
    """The events at these positions, as they go over the wire."""
    with database.readings() as session:
        epoch = outbox.stream_named(session, INTAKE_STREAM).epoch
        rows = outbox.events_after(
            session, INTAKE_STREAM, position=numbers[0] - 1, limit=len(numbers)
        )
        return [row.envelope(epoch).to_bytes() for row in rows]


def _measure_relay(part: Part, lab: Laboratory, rounds: int, events: int) -> None:
    register = lab.register()
    database = open_database(register.intake_url)
    same = bodies(database, fill(register.intake_url, events_only(lab.note), events, numbered=True))

    def by_relay() -> dict[str, float]:
        relay = Relay(database, register.broker, INTAKE_STREAM)
        relay.work()  # connects, and publishes what the prepared log holds
        fill(register.intake_url, events_only(lab.note), events, numbered=False)
        found = _rate(register, events, partial(_drain, relay, database))
        _end(relay)
        return found

    def by_kombu() -> dict[str, float]:
        with closing(bare_kombu.Publisher(register.broker, INTAKE_STREAM)) as publisher:
            return _rate(register, events, partial(publisher.publish, same))

    found = in_turn(rounds, {RELAY: by_relay, BARE: by_kombu})["rate"]
    part.figures.append(Figure("Events published", lab.backend, "events per second", found))
    text = "events published: relay ÷ bare kombu"
    part.ratios.append(ratio(text, lab.backend, found[RELAY], found[BARE], "peer"))
    database.close()


def _drain(relay: Relay, database: Database) -> None:
    deadline = clock.ticks() + LIMIT
    while relay.work() == 0.0 and clock.ticks() < deadline:
        pass
    with database.readings() as session:
        if outbox.has_unnumbered(session, INTAKE_STREAM) or outbox.unpublished(
            session, INTAKE_STREAM, limit=1
        ):
            raise RuntimeError("the relay left events behind")


def _rate(register: Register, events: int, act: Any) -> dict[str, float]:
    started = time.perf_counter()
    act()
    rate = events / (time.perf_counter() - started)
    _purge(register)
    return {"rate": rate}


def _purge(register: Register) -> None:
    purge_queue(register.broker, INTAKE_STREAM)
    register.broker.sweep()


def _end(relay: Relay) -> None:
    stopped = threading.Event()
    stopped.set()
    relay.run(stopped)


def _measure_consumer(part: Part, lab: Laboratory, rounds: int, events: int) -> None:
    # their reviews have followed their logs to the end
    register, peer = lab.register(), lab.register()
    review = open_database(register.review_url)

    def ours() -> dict[str, float]:
        return _by_consumer(register, review, _publish(lab, register, events))

    def single() -> dict[str, float]:
        _publish(lab, register, events)
        return {
            "rate": events
            / bare_kombu.consume(register.broker, "review", events, partial(_apply, review))
        }

    def take() -> dict[str, float]:
        _publish(lab, peer, events)
        return {
            "rate": events / bare_kombu.consume(peer.broker, "review", events, lambda _body: None)
        }

    found = in_turn(rounds, {CONSUMER: ours, SINGLE: single, BARE_TAKE: take})["rate"]
    review.close()
    part.figures.append(Figure("Events applied", lab.backend, "events per second", found))
    times = "events applied: consumer ÷ one event per transaction"
    part.ratios += [
        ratio(times, lab.backend, found[CONSUMER], found[SINGLE], "peer"),
        Ratio("notes per second with case, assignment and history", lab.backend, found[CONSUMER]),
    ]


def _publish(lab: Laboratory, register: Register, events: int) -> range:
    """Let the broker hold the next events of a register. Returns their positions."""
    decide_all(register)
    numbers = fill(register.intake_url, events_only(lab.note), events, numbered=True)
    intake = open_database(register.intake_url)
    register.broker.sweep()
    with closing(bare_kombu.Publisher(register.broker, INTAKE_STREAM)) as publisher:
        publisher.publish(bodies(intake, numbers))
    intake.close()
    return numbers


def _apply(review: Database, body: Any) -> None:
    with review.sessions.begin() as session:
        outcome = subscription.apply(session, Envelope.of_bytes(body), HANDLERS)
    if outcome is not Outcome.APPLIED:
        raise RuntimeError(f"an event was not applied: {outcome}")


class NothingToPull:
    """A producer that says nothing new, so that all events come through the broker."""

    def __init__(self, epoch: UUID) -> None:
        self._epoch = epoch

    def page_after(self, position: int, _event_id: UUID | None) -> Page:
        """An empty page."""
        return Page(self._epoch, position, [])


def _by_consumer(register: Register, review: Database, numbers: range) -> dict[str, float]:
    """The consumer as it runs: from the first case that it opens until all of these are
    committed.
    """
    started = clock.now()
    with review.sessions.begin() as session:
        epoch = subscription.cursor_of(session, INTAKE_STREAM).epoch
    if epoch is None:
        raise RuntimeError("the prepared review database has applied nothing")
    own = open_database(register.review_url)
    source: Any = NothingToPull(epoch)
    consumer = Consumer(own, register.broker, source, INTAKE_STREAM, HANDLERS, prefetch)
    stop = threading.Event()
    thread = threading.Thread(target=consumer.run, args=("review", stop))
    thread.start()
    try:
        with closing(connect(register.review_url)) as connection:
            wait_for(
                lambda: position_of(connection) >= numbers[-1], LIMIT, "the last case", every=0.005
            )
            ended = clock.now()
    finally:
        stop.set()
        thread.join(30)
        own.close()
    with review.readings() as session:
        opened = (
            select(func.count(), func.min(Case.opened_at))
            .join(Assignment)
            .where(Case.opened_at >= started)
        )
        cases, first = session.execute(opened).one()
    if cases != len(numbers):
        raise RuntimeError(f"{cases} cases have a reviewer, of {len(numbers)}")
    return {"rate": cases / (ended - first).total_seconds()}


def decide_all(register: Register) -> None:
    """Let all cases be decided: else one reviewer would soon have more of them open than anyone
    ever has.
    """
    with closing(connect(register.review_url)) as connection:
        connection.execute("UPDATE review_case SET state = 'decided' WHERE state <> 'decided'")
        connection.execute("ANALYZE review_case")


def position_of(connection: Any) -> int:
    """How far review has applied intake's log, by a plain connection to its database."""
    row = connection.execute(
        f"SELECT position FROM cursor WHERE stream = '{INTAKE_STREAM}'"
    ).fetchone()
    return int(row[0]) if row else 0
