"""Applying a stream: in order, once, and what cannot be applied set aside."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from freezegun import freeze_time

from shared.errors import ConflictError, NotFoundError
from shared.events import Envelope, IndicatorAccepted
from shared.messaging import subscription
from shared.messaging.subscription import MOST_ATTEMPTS, Outcome
from shared.persistence.inbox import ParkedEvent
from tests.world import World

STREAM = "review.0"
EPOCH = UUID(int=7)


@dataclass
class Subscriber:
    """A subscriber whose effects are a list; a code in `broken` fails."""

    world: World
    effects: list = field(default_factory=list)
    broken: set = field(default_factory=set)

    @property
    def handlers(self):
        return {IndicatorAccepted: self._on_event}

    def _on_event(self, _session, event):
        if event.code in self.broken:
            raise ValueError(f"{event.code} is broken")
        self.effects.append(event.code)

    def receive(self, envelope):
        try:
            with self.world.intake_db.sessions.begin() as session:
                return subscription.apply(session, envelope, self.handlers)
        except Exception as error:
            with self.world.intake_db.sessions.begin() as session:
                return subscription.note_failure(session, envelope, error)

    def cursor(self):
        with self.world.intake_db.sessions.begin() as session:
            cursor = subscription.cursor_of(session, STREAM)
            return cursor.position, cursor.halted_reason

    def parked(self):
        with self.world.intake_db.readings() as session:
            return subscription.parked_events(session)


@pytest.fixture
def subscriber(world: World) -> Subscriber:
    return Subscriber(world)


def events(*codes, subject="one"):
    """Envelopes at positions 1, 2, … that follow each other."""
    made = []
    for position, code in enumerate(codes, start=1):
        made.append(
            Envelope(
                id=uuid4(),
                type="indicator.accepted.v1",
                subject=subject,
                time=datetime(2026, 3, 1, tzinfo=UTC),
                data={"code": code, "version": 1, "definition": {}},
                stream=STREAM,
                epoch=EPOCH,
                position=position,
                previous=made[-1].id if made else None,
            )
        )
    return made


def test_events_are_applied_in_order_and_only_once(subscriber, both_backends):
    a, b, c = events("a", "b", "c")

    outcomes = [subscriber.receive(event) for event in (a, a, c, b, b, c, a)]

    assert outcomes == [
        Outcome.APPLIED,
        Outcome.DUPLICATE,
        Outcome.GAP,
        Outcome.APPLIED,
        Outcome.DUPLICATE,
        Outcome.APPLIED,
        Outcome.DUPLICATE,
    ]
    assert subscriber.effects == ["a", "b", "c"]
    assert subscriber.cursor() == (3, None)


def test_the_cursor_moves_only_with_the_effect(subscriber, both_backends):
    (a,) = events("a")
    subscriber.broken = {"a"}

    assert subscriber.receive(a) is Outcome.FAILED
    assert subscriber.cursor() == (0, None)
    subscriber.broken = set()
    assert subscriber.receive(a) is Outcome.APPLIED


def test_another_epoch_stops_everything_and_says_why(subscriber):
    a, b = events("a", "b")
    subscriber.receive(a)

    assert subscriber.receive(replace(b, epoch=uuid4())) is Outcome.HALTED
    assert subscriber.receive(b) is Outcome.HALTED
    assert "was it restored?" in subscriber.cursor()[1]
    assert subscriber.effects == ["a"]


def test_an_event_that_does_not_follow_the_last_one_stops_everything(subscriber):
    a, b = events("a", "b")
    subscriber.receive(a)

    assert subscriber.receive(replace(b, previous=uuid4())) is Outcome.HALTED
    assert "does not follow" in subscriber.cursor()[1]


def test_another_event_at_the_position_of_the_last_one_stops_everything(subscriber):
    (a,) = events("a")
    subscriber.receive(a)

    assert subscriber.receive(replace(a, id=uuid4())) is Outcome.HALTED
    assert "another event" in subscriber.cursor()[1]


def test_a_person_lets_a_halted_stream_go_on_from_where_the_log_now_is(subscriber):
    a, b = events("a", "b")
    subscriber.receive(a)
    other = uuid4()
    subscriber.receive(replace(b, epoch=other))

    with subscriber.world.intake_db.sessions.begin() as session:
        subscription.resume(session, STREAM, epoch=other, position=1, event_id=a.id)

    assert subscriber.receive(replace(b, epoch=other)) is Outcome.APPLIED


def test_an_event_that_keeps_failing_is_parked_with_its_traceback_and_the_rest_goes_on(subscriber, both_backends):
    bad, good = events("bad", "good")
    good = replace(good, subject="two")
    subscriber.broken = {"bad"}

    outcomes = [subscriber.receive(bad) for _ in range(MOST_ATTEMPTS)]

    assert outcomes == [Outcome.FAILED] * (MOST_ATTEMPTS - 1) + [Outcome.PARKED]
    assert subscriber.receive(good) is Outcome.APPLIED
    (parked,) = subscriber.parked()
    assert "ValueError: bad is broken" in parked.error
    assert (parked.position, parked.attempts, parked.type) == (1, MOST_ATTEMPTS, "indicator.accepted.v1")


def test_attempts_wait_longer_each_time(subscriber):
    (bad,) = events("bad")
    subscriber.broken = {"bad"}

    with freeze_time("2026-03-01 12:00:00"):
        subscriber.receive(bad)
        subscriber.receive(bad)

    with subscriber.world.intake_db.sessions.begin() as session:
        assert f"{subscription.cursor_of(session, STREAM).retry_at:%S.%f}" == "00.400000"


def test_later_events_of_the_same_aggregate_wait_behind_a_parked_one(subscriber):
    bad, same, other = events("bad", "same", "other")
    other = replace(other, subject="two")
    subscriber.broken = {"bad"}
    for _ in range(MOST_ATTEMPTS):
        subscriber.receive(bad)

    assert subscriber.receive(same) is Outcome.PARKED
    assert subscriber.receive(other) is Outcome.APPLIED
    assert subscriber.effects == ["other"]
    assert [event.position for event in subscriber.parked()] == [1, 2]


def park_two(subscriber):
    bad, same = events("bad", "same")
    subscriber.broken = {"bad"}
    for _ in range(MOST_ATTEMPTS):
        subscriber.receive(bad)
    subscriber.receive(same)
    return [event.id for event in subscriber.parked()]


def test_a_person_retries_a_parked_event_and_those_behind_it_follow_in_order(subscriber, both_backends):
    first, _second = park_two(subscriber)
    subscriber.broken = set()

    with subscriber.world.intake_db.sessions.begin() as session:
        assert subscription.retry(session, first, subscriber.handlers) == 2

    assert subscriber.effects == ["bad", "same"]
    assert subscriber.parked() == []


def test_a_retry_that_fails_again_leaves_everything_parked(subscriber):
    first, _second = park_two(subscriber)

    with pytest.raises(ValueError, match="bad is broken"), subscriber.world.intake_db.sessions.begin() as session:
        subscription.retry(session, first, subscriber.handlers)

    assert len(subscriber.parked()) == 2


def test_a_person_skips_a_parked_event_with_a_reason_and_then_retries_the_next(subscriber):
    first, second = park_two(subscriber)

    with subscriber.world.intake_db.sessions.begin() as session:
        with pytest.raises(ConflictError):
            subscription.retry(session, second, subscriber.handlers)
        subscription.skip(session, first, reason="made by mistake")
        session.flush()
        subscription.retry(session, second, subscriber.handlers)

    assert subscriber.effects == ["same"]
    with subscriber.world.intake_db.readings() as session:
        assert session.get(ParkedEvent, first).reason == "made by mistake"
        with pytest.raises(NotFoundError):
            subscription.skip(session, 999, reason="x")


def test_a_type_that_this_version_does_not_know_waits_for_an_upgrade(subscriber):
    (unknown,) = events("x")
    unknown = replace(unknown, type="indicator.accepted.v9")

    outcomes = [subscriber.receive(unknown) for _ in range(MOST_ATTEMPTS)]

    assert outcomes[-1] is Outcome.PARKED
    assert "upgrade this service" in subscriber.parked()[0].error


def test_a_known_type_of_no_interest_passes(subscriber):
    (event,) = events("x")
    data = {"case_id": str(uuid4()), "note_id": str(uuid4()), "reviewers": 1}

    assert subscriber.receive(replace(event, type="case.assigned.v1", data=data)) is Outcome.APPLIED
    assert subscriber.effects == []


def test_fields_of_a_newer_producer_are_ignored_and_missing_ones_are_not(subscriber):
    a, b = events("a", "b")

    newer = replace(a, data={**a.data, "surprise": {"nested": [1]}})
    broken = replace(b, data={"code": "b"})

    assert subscriber.receive(newer) is Outcome.APPLIED
    assert subscriber.receive(broken) is Outcome.FAILED
