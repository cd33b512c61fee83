"""Applying a stream: in order, and once; what contradicts it halts, what the broker brings is only
a hint.
"""

from dataclasses import replace
from uuid import uuid4

import pytest

from shared.platform.messaging import subscription
from shared.platform.messaging.subscription import MOST_ATTEMPTS, Outcome
from testbed.world import World
from tests.shared.subscriber import STREAM, Subscriber, events


@pytest.fixture
def subscriber(world: World) -> Subscriber:
    return Subscriber(world)


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


def test_a_type_that_this_version_does_not_know_waits_for_an_upgrade(subscriber):
    (unknown,) = events("x")
    unknown = replace(unknown, type="indicator.accepted.v9")

    outcomes = [subscriber.receive(unknown) for _ in range(MOST_ATTEMPTS)]

    assert outcomes[-1] is Outcome.PARKED
    assert subscriber.parked()[0].error.endswith(
        "\nshared.platform.messaging.subscription.UnknownTypeError\n"
    )


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


def test_a_hint_of_another_life_of_the_log_halts_nobody_before_the_producer_was_asked(
    subscriber, both_backends
):
    a, b = events("a", "b")
    subscriber.receive(a)

    for doubtful in (
        replace(a, id=uuid4()),
        replace(a, id=uuid4(), epoch=uuid4()),
        replace(b, previous=uuid4()),
        replace(b, epoch=uuid4()),
    ):
        assert subscriber.receive(doubtful, is_hint=True) is Outcome.GAP

    assert subscriber.cursor() == (1, None)
    assert subscriber.receive(b, is_hint=True) is Outcome.APPLIED


def test_a_hint_that_comes_again_and_again_uses_up_no_attempts(subscriber, both_backends):
    (bad,) = events("bad")
    subscriber.broken = {"bad"}
    subscriber.receive(bad, is_hint=True)

    outcomes = [subscriber.receive(bad, is_hint=True) for _ in range(2 * MOST_ATTEMPTS)]

    assert set(outcomes) == {Outcome.FAILED}
    assert subscriber.parked() == []


def test_a_late_answer_of_the_producer_does_not_overrule_a_person(subscriber):
    a, b = events("a", "b")
    subscriber.receive(a)
    subscriber.receive(b)

    with subscriber.world.intake_db.sessions.begin() as session:
        subscription.resume(session, STREAM, epoch=a.epoch, position=1, event_id=a.id)
        subscription.halt_at(session, STREAM, (2, b.id), "the log ends at 1")

    assert subscriber.cursor() == (1, None)
