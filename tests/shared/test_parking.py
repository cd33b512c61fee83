"""What keeps failing is set aside for a person with those behind it, who retries or skips it."""

from dataclasses import replace
from uuid import uuid4

import pytest
from freezegun import freeze_time
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from shared.platform import clock
from shared.platform.accounts.accounts import Account
from shared.platform.errors import ConflictError, InvalidError, NotFoundError
from shared.platform.messaging import parking, replay, subscription
from shared.platform.messaging.subscription import MOST_ATTEMPTS, Outcome
from shared.platform.persistence.inbox import AppliedEvent, ParkedEvent
from testbed.world import World
from tests.shared.subscriber import STREAM, Subscriber, events


@pytest.fixture
def subscriber(world: World) -> Subscriber:
    return Subscriber(world)


def test_an_event_that_keeps_failing_is_parked_with_where_it_failed_and_the_rest_goes_on(
    subscriber, both_backends
):
    bad, good = events("bad", "good")
    good = replace(good, subject="two")
    subscriber.broken = {"bad"}

    outcomes = [subscriber.receive(bad) for _ in range(MOST_ATTEMPTS)]

    assert outcomes == [Outcome.FAILED] * (MOST_ATTEMPTS - 1) + [Outcome.PARKED]
    assert subscriber.receive(good) is Outcome.APPLIED
    (parked,) = subscriber.parked()
    assert parked.error.endswith("\nValueError\n")
    assert "in _on_event" in parked.error
    assert (parked.position, parked.attempts, parked.type) == (
        1,
        MOST_ATTEMPTS,
        "indicator.accepted.v1",
    )


def test_what_is_parked_keeps_nothing_that_the_error_quotes(subscriber, both_backends, backend):
    def invite_again(session, _event):
        try:
            values = {"name": "Amina", "role": "field", "created_at": clock.now()}
            session.execute(insert(Account).values(id=uuid4(), email="field@example.org", **values))
        except IntegrityError as error:
            raise ValueError("Amina: field@example.org is there") from error

    (bad,) = events("bad")
    subscriber._on_event = invite_again
    for _ in range(MOST_ATTEMPTS):
        subscriber.receive(bad)

    (parked,) = subscriber.parked()
    kinds = [
        line for line in parked.error.splitlines() if not line.startswith(("  File ", "Traceback "))
    ]
    assert (
        kinds
        == {
            "sqlite": [
                "sqlite3.IntegrityError: SQLITE_CONSTRAINT_UNIQUE",
                "sqlalchemy.exc.IntegrityError: SQLITE_CONSTRAINT_UNIQUE",
                "ValueError",
            ],
            "postgres": [
                "psycopg.errors.UniqueViolation: 23505: uq_account_email",
                "sqlalchemy.exc.IntegrityError: 23505: uq_account_email",
                "ValueError",
            ],
        }[backend]
    )
    assert "in invite_again\n" in parked.error
    assert "@" not in parked.error
    assert "Amina" not in parked.error


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
    return park_two_of(subscriber, *events("bad", "same"))


def park_two_of(subscriber, bad, same):
    subscriber.broken = {"bad"}
    for _ in range(MOST_ATTEMPTS):
        subscriber.receive(bad)
    subscriber.receive(same)
    return [event.id for event in subscriber.parked()]


def test_a_person_retries_a_parked_event_and_those_behind_it_follow_in_order(
    subscriber, both_backends
):
    first, _second = park_two(subscriber)
    subscriber.broken = set()

    with subscriber.world.intake_db.sessions.begin() as session:
        assert parking.retry(session, first, subscriber.handlers) == 2

    assert subscriber.effects == ["bad", "same"]
    assert subscriber.parked() == []


def test_a_retry_that_fails_again_leaves_everything_parked(subscriber):
    first, _second = park_two(subscriber)

    with (
        pytest.raises(ConflictError, match=r"failed again \(ValueError\)"),
        subscriber.world.intake_db.sessions.begin() as session,
    ):
        parking.retry(session, first, subscriber.handlers)

    assert len(subscriber.parked()) == 2


def test_a_retry_that_the_database_refuses_leaves_everything_parked(subscriber, both_backends):
    first, _second = park_two(subscriber)

    def add_what_cannot_be(session, _event):
        session.add(AppliedEvent(event_id=uuid4(), applied_at=None))

    subscriber._on_event = add_what_cannot_be
    with (
        pytest.raises(ConflictError, match=f"Event {first} failed again") as refused,
        subscriber.world.intake_db.sessions.begin() as session,
    ):
        parking.retry(session, first, subscriber.handlers)

    assert isinstance(refused.value.__cause__, IntegrityError)
    assert len(subscriber.parked()) == 2


def test_a_person_skips_a_parked_event_with_a_reason_and_then_retries_the_next(subscriber):
    first, second = park_two(subscriber)

    with subscriber.world.intake_db.sessions.begin() as session:
        with pytest.raises(ConflictError):
            parking.retry(session, second, subscriber.handlers)
        parking.skip(session, first, reason="made by mistake")
        session.flush()
        parking.retry(session, second, subscriber.handlers)

    assert subscriber.effects == ["same"]
    with subscriber.world.intake_db.readings() as session:
        assert session.get(ParkedEvent, first).reason == "made by mistake"
        with pytest.raises(NotFoundError):
            parking.skip(session, 999, reason="x")


def test_nothing_is_retried_or_skipped_while_a_replay_derives_everything_again(
    subscriber, both_backends
):
    first, _second = park_two(subscriber)
    with subscriber.world.intake_db.sessions.begin() as session:
        subscription.halt(subscription.cursor_of(session, STREAM), replay.REASON)

    for settle in (
        lambda session: parking.retry(session, first, subscriber.handlers),
        lambda session: parking.skip(session, first, reason="made by mistake"),
    ):
        with (
            pytest.raises(ConflictError, match="A replay is under way"),
            subscriber.world.intake_db.sessions.begin() as session,
        ):
            settle(session)

    assert len(subscriber.parked()) == 2
    assert subscriber.effects == []


@pytest.mark.parametrize("skipped", [True, False])
def test_an_event_that_comes_again_after_a_resume_is_applied_or_parked_again(
    subscriber, skipped, both_backends
):
    bad, same = events("bad", "same")
    first, _second = park_two_of(subscriber, bad, same)
    with subscriber.world.intake_db.sessions.begin() as session:
        if skipped:
            parking.skip(session, first, reason="made by mistake")
        subscription.resume(session, STREAM, epoch=bad.epoch, position=0, event_id=None)
    assert subscriber.parked() == []

    outcomes = [subscriber.receive(bad) for _ in range(MOST_ATTEMPTS)]
    subscriber.broken = set()

    assert outcomes == [Outcome.FAILED] * (MOST_ATTEMPTS - 1) + [Outcome.PARKED]
    assert [(event.id, event.reason, event.settled_at) for event in subscriber.parked()] == [
        (first, None, None)
    ]
    assert subscriber.receive(same) is Outcome.PARKED
    with subscriber.world.intake_db.sessions.begin() as session:
        assert parking.retry(session, first, subscriber.handlers) == 2
    assert subscriber.effects == ["bad", "same"]


def test_what_was_applied_after_a_resume_counts_as_applied_for_a_replay(subscriber, both_backends):
    bad, same = events("bad", "same")
    first, _second = park_two_of(subscriber, bad, same)
    with subscriber.world.intake_db.sessions.begin() as session:
        parking.skip(session, first, reason="made by mistake")
        subscription.resume(session, STREAM, epoch=bad.epoch, position=0, event_id=None)
    subscriber.broken = set()
    assert [subscriber.receive(bad), subscriber.receive(same)] == [Outcome.APPLIED, Outcome.APPLIED]

    with subscriber.world.intake_db.readings() as session:
        assert set(session.scalars(select(ParkedEvent.state))) == {"retried"}


@pytest.mark.parametrize("reason", ["", "  ", "\u200b\u200b", "…", "a\x00b", "x" * 501])
def test_a_reason_that_nobody_can_read_later_is_refused(subscriber, reason, both_backends):
    first, _second = park_two(subscriber)

    with pytest.raises(InvalidError), subscriber.world.intake_db.sessions.begin() as session:
        parking.skip(session, first, reason=reason)

    assert len(subscriber.parked()) == 2
