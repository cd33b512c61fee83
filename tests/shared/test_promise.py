"""The order of things on which the promise rests: commit, then tell; store, then acknowledge; one
numbers at a time.
"""

import threading
from collections.abc import Iterator
from uuid import uuid4

import pytest
from kombu import Message
from sqlalchemy import event, select

from shared.platform.events import REVIEW_STREAM
from shared.platform.messaging.broker import Broker
from shared.platform.messaging.relay import Relay
from shared.platform.persistence import outbox
from shared.platform.persistence.inbox import Cursor
from testbed.world import World
from tests.shared.pipeline import Effects, LogOf, consumer_of, happen, running


@pytest.fixture
def broker(tmp_path) -> Iterator[Broker]:
    made = Broker(
        f"sqla+sqlite:///{tmp_path}/broker.db", namespace=f"lessons-test-{uuid4().hex[:10]}"
    )
    made.prepare()
    return made


def test_what_was_not_committed_is_never_told(world: World, broker, both_backends):
    effects, source = Effects(), LogOf(world)
    source.away = True  # only the broker can bring it
    relay = Relay(world.review_db, broker, REVIEW_STREAM)
    happen(world, "a")

    @event.listens_for(world.review_db.sessions, "before_commit")
    def break_down(_session):
        raise ConnectionAbortedError

    with pytest.raises(ConnectionAbortedError):
        relay.work()
    event.remove(world.review_db.sessions, "before_commit", break_down)

    with running((consumer_of(world, broker, source, effects).run, "intake")):
        assert effects.wait_for(1, seconds=1.0) == []
    relay._drop_publisher()
    relay._sole.release()


def test_a_message_is_acknowledged_only_when_its_effect_is_stored(
    world: World, broker, monkeypatch, both_backends
):
    effects, stored_when_acknowledged, acknowledge = Effects(), [], Message.ack

    def look_first(message, *arguments, **options):
        with world.intake_db.readings() as session:
            stored_when_acknowledged.append(session.scalar(select(Cursor.position)))
        acknowledge(message, *arguments, **options)

    monkeypatch.setattr(Message, "ack", look_first)
    relay, source = Relay(world.review_db, broker, REVIEW_STREAM), LogOf(world)
    source.away = True

    with running((relay.run,), (consumer_of(world, broker, source, effects).run, "intake")):
        happen(world, "a")
        assert effects.wait_for(1) == ["a"]

    assert stored_when_acknowledged == [1]


@pytest.mark.postgres
@pytest.mark.parametrize("backend", ["postgres"])  # on SQLite whoever writes is alone anyway
def test_a_second_relay_waits_until_the_first_has_numbered(world: World):
    counts = []
    happen(world, "a", "b")

    def number():
        with world.review_db.sessions.begin() as session:
            counts.append(len(outbox.number_pending(session, REVIEW_STREAM)))

    with world.review_db.sessions.begin() as first:
        counts.append(len(outbox.number_pending(first, REVIEW_STREAM)))
        first.flush()
        second = threading.Thread(target=number)
        second.start()
        second.join(0.5)
        assert second.is_alive()
    second.join(10)

    assert counts == [2, 0]
