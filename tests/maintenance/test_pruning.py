"""What passed through goes when its days are over, and not a second before."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from freezegun import freeze_time
from sqlalchemy import func, select

from services.intake.model import Note
from services.maintenance.pruning import Gone, forget_drafts, prune
from shared.platform import clock
from shared.platform.accounts import sessions, sign_in
from shared.platform.accounts.accounts import Account
from shared.platform.delivery import deliveries
from shared.platform.delivery.deliveries import Delivery
from shared.platform.persistence.inbox import ParkedEvent
from testbed.world import World

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.fixture
def session(world: World):
    """A transaction on intake's database, undone afterwards."""
    with world.intake_db.sessions() as opened:
        yield opened
        opened.rollback()


def gone(session, moment):
    """How many mails and texts of settled events go at this moment, after 90 and 180 days."""
    with freeze_time(moment):
        found = prune(session, mails=90, parked=180)
    return found.mails, found.settled


def ask_for_mail(session, **changes):
    with freeze_time(NOON):
        deliveries.ask_for(
            session, recipient="a@example.org", template="decided", language="en", details={}
        )
        session.flush()
    mail = session.scalars(select(Delivery)).one()
    for name, value in changes.items():
        setattr(mail, name, value)
    session.flush()


def park(session, state, settled_at=None):
    session.add(
        ParkedEvent(
            stream="review.0",
            position=1,
            event_id=uuid4(),
            type="items.decided.v1",
            subject="a note",
            envelope={"data": {"comment": "a name"}},
            error="a traceback",
            attempts=5,
            parked_at=NOON,
            state=state,
            settled_at=settled_at,
        )
    )
    session.flush()


def test_a_mail_that_was_sent_stays_for_its_days(session):
    ask_for_mail(session, due_at=None, sent_at=NOON)

    assert gone(session, NOON + timedelta(days=90)) == (0, 0)
    assert gone(session, NOON + timedelta(days=90) + SECOND) == (1, 0)


def test_a_mail_that_is_still_to_be_sent_stays_however_old_it_is(session):
    ask_for_mail(session)

    assert gone(session, NOON + timedelta(days=4000)) == (0, 0)


@pytest.mark.parametrize("state", ["retried", "skipped"])
def test_a_settled_event_is_emptied_once_after_its_days(session, state):
    park(session, state, settled_at=NOON)

    assert gone(session, NOON + timedelta(days=180)) == (0, 0)
    assert gone(session, NOON + timedelta(days=180) + SECOND) == (0, 1)
    assert gone(session, NOON + timedelta(days=181)) == (0, 0)
    session.expire_all()
    parked = session.scalars(select(ParkedEvent)).one()
    assert (parked.envelope, parked.error, parked.state) == ({}, "", state)


def test_an_event_that_waits_for_a_person_keeps_what_it_says(session):
    park(session, "parked")

    assert gone(session, NOON + timedelta(days=4000)) == (0, 0)


def test_sign_ins_that_ran_out_are_counted_together_with_the_requests(world: World, session):
    account = session.get_one(Account, world.ids["field"])
    with freeze_time(NOON):
        sessions.start(session, account)
        sign_in.request_ticket(session, account)
        session.flush()
    with freeze_time(NOON + timedelta(days=30)):
        assert prune(session, mails=90, parked=180) == Gone(0, 2, 0, 0)


def test_a_draft_goes_some_days_after_it_was_changed_and_what_was_sent_never(session):
    with freeze_time(NOON):
        for receipt, version in (("draft", 0), ("returned", 1)):
            session.add(
                Note(
                    receipt=receipt,
                    version=version,
                    language="en",
                    created_at=clock.now(),
                    changed_at=clock.now(),
                    draft={},
                )
            )
        session.flush()
    for moment, left in ((NOON + timedelta(days=30), 2), (NOON + timedelta(days=30) + SECOND, 1)):
        with freeze_time(moment):
            assert forget_drafts(session, days=30) == 2 - left
        assert session.scalar(select(func.count()).select_from(Note)) == left
    assert session.scalars(select(Note.receipt)).all() == ["returned"]
