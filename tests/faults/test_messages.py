"""A broker that drops, repeats and reorders messages as it likes, and handlers that fail: the
promise holds.

Hypothesis makes up what happens; the log, the cursor, the parked events and the effects are in real
databases.
"""

from collections import Counter
from contextlib import suppress
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import insert, select

from shared.domain.events import IndicatorAccepted
from shared.platform.errors import ConflictError
from shared.platform.events import REVIEW_STREAM, Envelope
from shared.platform.messaging import consumer, parking, subscription
from shared.platform.messaging.broker import Broker
from shared.platform.messaging.consumer import Consumer
from shared.platform.messaging.pull import Page
from shared.platform.persistence import inbox, outbox
from shared.platform.persistence.engine import open_database
from testbed.chaos.tally import Tally
from tests.faults.pipeline import EFFECTS, SUBJECTS

pytestmark = [pytest.mark.faults, pytest.mark.timeout(280)]

subjects = st.sampled_from(SUBJECTS[:2])  # few, so that events meet
NOWHERE = Broker("sqla+sqlite:////nonexistent/broker.db")  # the machine is the broker


class BrokenError(Exception):
    """What a handler raises while it is broken."""


class Messages(RuleBasedStateMachine):
    """Review commits and numbers events; intake gets them in any way, or not, and applies them."""

    templates = None  # set by the test
    backend = "sqlite"

    def __init__(self):
        super().__init__()
        self.tally = Tally()
        self.flying = []  # published and not yet delivered
        self.skipped = set()
        self.failures_left = Counter()  # of the handler, for each subject

    @initialize()
    def begin(self):
        self._producer = self.templates.database(self.backend, "review")
        self._subscriber = self.templates.database(self.backend, "intake")
        self.review_db = open_database(self._producer.__enter__())
        self.intake_url = self._subscriber.__enter__()
        self.intake_db = None
        self.restart()
        EFFECTS.create(self.intake_db.engine)

    @rule(chosen=st.lists(subjects, min_size=1, max_size=4), published=st.booleans())
    def happen(self, chosen, published):
        with self.review_db.sessions.begin() as session:
            for subject in chosen:
                number = len(self.tally.attempted) + 1
                outbox.record(
                    session, IndicatorAccepted(code=subject, version=number, definition={})
                )
                self.tally.attempted.add(f"{subject} {number}")
        self.tally.acknowledged = set(self.tally.attempted)
        if published:
            self.publish()

    def publish(self):
        with self.review_db.sessions.begin() as session:
            outbox.number_pending(session, REVIEW_STREAM)
            session.flush()
            waiting = outbox.unpublished(session, REVIEW_STREAM, limit=100)
            self.flying += [Envelope.of_bytes(envelope.to_bytes()) for envelope in waiting]
            outbox.mark_published(
                session, REVIEW_STREAM, upto=self.flying[-1].position if waiting else 0
            )

    @precondition(lambda self: self.flying)
    @rule(place=st.integers(0), times=st.integers(0, 2), again=st.booleans())
    def deliver(self, place, times, again):
        """Any message in flight: not at all, once, twice; and perhaps again later."""
        envelope = self.flying[place % len(self.flying)]
        if not again:
            self.flying.remove(envelope)
        if times:
            self.consumer.receive([envelope] * times, are_hints=True)

    @precondition(lambda self: self.flying)
    @rule(count=st.integers(1, 5))
    def deliver_in_order(self, count):
        self.consumer.receive(self.flying[:count], are_hints=True)
        del self.flying[:count]

    @rule(times=st.integers(1, 6))
    def pull(self, times):
        for _ in range(times):  # each makes one attempt at an event that fails
            self.consumer.catch_up()

    @rule(subject=subjects, times=st.integers(1, 12))
    def break_handler(self, subject, times):
        """Five failures of one event park it."""
        self.failures_left[subject] = times

    @rule(mended=st.booleans())
    def retry_all_parked(self, mended):
        if mended:
            self.failures_left.clear()
        for parked in self._first_parked():
            with suppress(ConflictError), self.intake_db.sessions.begin() as session:
                parking.retry(session, parked.id, self.handlers)

    @precondition(lambda self: self._first_parked())
    @rule()
    def skip_one(self):
        parked = self._first_parked()[0]
        with self.intake_db.sessions.begin() as session:
            parking.skip(session, parked.id, reason="a person decided")
        data = parked.envelope["data"]
        self.skipped.add(f"{data['code']} {data['version']}")

    @rule()
    def restart(self):
        if self.intake_db is not None:
            self.intake_db.close()
        self.intake_db = open_database(self.intake_url)
        self.consumer = Consumer(self.intake_db, NOWHERE, self, REVIEW_STREAM, self.handlers)

    @invariant()
    def each_effect_once_and_in_order(self):
        with self.intake_db.readings() as session:
            rows = [
                (row.subject, row.number)
                for row in session.execute(select(EFFECTS).order_by(EFFECTS.c.id))
            ]
        self.tally.found = Counter(f"{subject} {number}" for subject, number in rows)
        assert (self.tally.duplicated, self.tally.unexpected) == (set(), set())
        for subject in SUBJECTS:
            numbers = [number for of, number in rows if of == subject]
            assert numbers == sorted(numbers)

    def teardown(self):
        """However it went: when all is mended and asked for once more, everything is there."""
        try:
            self.failures_left.clear()
            self.publish()
            self.pull(times=1)
            self.retry_all_parked(mended=True)
            self.each_effect_once_and_in_order()
            assert self.tally.lost == self.skipped
            assert self.tally.recovered == set()
        finally:
            self.intake_db.close()
            self.review_db.close()
            self._producer.__exit__(None, None, None)
            self._subscriber.__exit__(None, None, None)

    @property
    def handlers(self):
        return {IndicatorAccepted: self._handle}

    def page_after(self, position, _event_id):
        """The producer's log, in small pages."""
        with self.review_db.readings() as session:
            stream = outbox.stream_named(session, REVIEW_STREAM)
            rows = outbox.events_after(session, REVIEW_STREAM, position=position, limit=3)
            return Page(stream.epoch, stream.head, [row.envelope(stream.epoch) for row in rows])

    def _handle(self, session, event):
        """Fails after half of its work, so that what it did must be undone."""
        session.execute(insert(EFFECTS).values(subject=event.code, number=event.version))
        if self.failures_left[event.code]:
            self.failures_left[event.code] -= 1
            raise BrokenError

    def _first_parked(self):
        """The parked event of each subject that a person may decide on."""
        with self.intake_db.readings() as session:
            parked = inbox.parked_events(session)
        return list({event.subject: event for event in reversed(parked)}.values())


def run(templates, backend, monkeypatch, **how):
    monkeypatch.setattr(subscription, "FIRST_PAUSE", timedelta(0))  # each attempt may come at once
    # a busy machine may take long for one look
    monkeypatch.setattr(consumer, "STRETCH_SECONDS", 3600.0)
    machine = type("Run", (Messages,), {"templates": templates, "backend": backend})
    # Shrinking would take longer than a test may; the steps that failed and the blob are printed.
    how |= {
        "deadline": None,
        "phases": [Phase.generate],
        "suppress_health_check": list(HealthCheck),
    }
    run_state_machine_as_test(machine, settings=settings(print_blob=True, database=None, **how))


def test_whatever_becomes_of_messages_each_effect_happens_once_in_order_and_none_is_lost(
    templates, monkeypatch
):
    run(templates, "sqlite", monkeypatch, max_examples=60, stateful_step_count=40, derandomize=True)


@pytest.mark.slow
@pytest.mark.timeout(900)  # a hundred and fifty databases are emptied on PostgreSQL
def test_the_same_on_both_databases_with_new_histories_each_time(
    templates, monkeypatch, backend, both_backends
):
    run(templates, backend, monkeypatch, max_examples=150, stateful_step_count=60)
