"""Pruning lets go of what passed through, and of nothing else."""

import sqlite3
from contextlib import closing
from datetime import timedelta

import pytest
from freezegun import freeze_time
from sqlalchemy import func, select

from services.intake.model import IdempotencyKey, Note
from services.review.library.model import Entry
from shared.platform import clock
from shared.platform.accounts import sessions
from shared.platform.accounts.accounts import Account
from shared.platform.accounts.sessions import SignedIn
from shared.platform.delivery import deliveries
from shared.platform.delivery.deliveries import Delivery
from shared.platform.messaging.broker import Broker
from shared.platform.persistence.inbox import AppliedEvent, ParkedEvent
from shared.platform.persistence.outbox import OutboxEvent
from testbed.world import World

KEPT = (OutboxEvent, IdempotencyKey, Note, Entry)


@pytest.fixture
def prune(command, tmp_path):
    """Runs `lessons prune`."""
    Broker(f"sqla+sqlite:///{tmp_path}/broker.db").prepare()

    def run(*arguments):
        done = command("prune", *arguments)
        assert done.exit_code == 0, done.output
        return done.output

    return run


def count(database, table):
    with database.readings() as session:
        return session.scalar(select(func.count()).select_from(table))


def kept(world):
    """How much there is of what must stay."""
    return [
        count(world.review_db if table is Entry else world.intake_db, table) for table in KEPT
    ] + [count(world.review_db, OutboxEvent)]


def fill(world):
    """A note published, a mail sent, a sign-in run out, an event skipped, a draft begun."""
    world.publish()
    with world.intake_db.sessions.begin() as session:
        deliveries.ask_for(
            session, recipient="a@example.org", template="decided", language="en", details={}
        )
        session.flush()
        for sent in session.scalars(select(Delivery)):
            sent.due_at, sent.sent_at = None, clock.now()
        sessions.start(session, session.get_one(Account, world.ids["field"]))
        event = session.scalars(select(OutboxEvent)).first()
        session.add(
            ParkedEvent(
                stream="review.0",
                position=1,
                event_id=event.event_id,
                type="items.decided.v1",
                subject=event.subject,
                envelope={"data": {"comment": "A person's name"}},
                error="Traceback with a person's name",
                attempts=5,
                parked_at=clock.now(),
                state="skipped",
                reason="came twice",
                settled_at=clock.now(),
            )
        )
        session.add(AppliedEvent(event_id=event.event_id, applied_at=clock.now()))
        session.add(
            Note(
                receipt="draft",
                language="en",
                created_at=clock.now(),
                changed_at=clock.now(),
                draft={},
            )
        )


def test_what_is_old_and_passed_through_goes_and_the_log_the_keys_and_the_entries_stay(
    world: World, prune, both_backends
):
    with freeze_time(clock.now() - timedelta(days=400)):
        fill(world)
    before = kept(world)

    said = prune()

    assert kept(world) == before
    assert min(before) > 0
    assert count(world.intake_db, Delivery) == 0
    assert count(world.intake_db, SignedIn) == 0
    assert count(world.intake_db, AppliedEvent) == 0
    with world.intake_db.readings() as session:
        parked = session.scalars(select(ParkedEvent)).one()
        assert (parked.envelope, parked.error, parked.reason) == ({}, "", "came twice")
    assert "intake: 1 texts of settled events are gone." in said
    assert "intake: 0 texts of settled events are gone." in prune()


def test_what_is_young_stays_and_a_dry_run_changes_nothing(world: World, prune):
    fill(world)
    assert "0 mails" in prune()
    assert count(world.intake_db, SignedIn) == 1

    with freeze_time(clock.now() + timedelta(days=400)):
        said = prune("--dry-run", "--drafts", "30")

    assert "1 drafts would go" in said
    assert (
        count(world.intake_db, Delivery),
        count(world.intake_db, SignedIn),
        count(world.intake_db, Note),
    ) == (
        2,
        1,
        2,
    )


def test_drafts_go_only_when_asked_for(world: World, prune):
    with freeze_time(clock.now() - timedelta(days=400)):
        fill(world)

    prune("--drafts", "500")
    assert count(world.intake_db, Note) == 2
    prune("--drafts", "365")

    with world.intake_db.readings() as session:
        assert [note.state for note in session.scalars(select(Note))] == ["decided"]


def test_messages_that_were_delivered_go_and_their_room_is_given_back(
    world: World, prune, tmp_path
):
    path = tmp_path / "broker.db"
    with closing(sqlite3.connect(path)) as file, file:
        row = (
            "INSERT INTO kombu_message (visible, timestamp, payload, version, queue_id) "
            "VALUES (?, ?, ?, 1, 1)"
        )
        file.executemany(
            row, [(visible, "2026-03-01 12:00:00", "x" * 5000) for visible in (0, 0, 1) * 200]
        )
    with closing(sqlite3.connect(path)) as file:
        file.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    before = path.stat().st_size

    assert "broker: 400 messages would go." in prune("--dry-run")
    assert "broker: 400 messages are gone." in prune()

    assert path.stat().st_size < before / 2
    with closing(sqlite3.connect(path)) as file:
        assert file.execute("SELECT count(*) FROM kombu_message").fetchone() == (200,)
