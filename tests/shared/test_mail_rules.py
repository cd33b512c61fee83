"""When a mail is tried again, when it is given up, and what is held back after a restore."""

from datetime import UTC, datetime, timedelta

import pytest
from freezegun import freeze_time
from sqlalchemy import select

from shared.platform.delivery import deliveries
from shared.platform.delivery.deliveries import Delivery
from shared.platform.delivery.mail import MailTransport, mail_channel

CLOSED = MailTransport("smtp://127.0.0.1:1", "Lessons register <no-reply@example.org>")
NOON = "2026-03-01 12:00"


@pytest.fixture
def office(tmp_path):
    """A folder as post office: it takes everything."""
    return MailTransport(f"file://{tmp_path}", CLOSED.sender)


def render(template, language, details):
    return template, language


def deliver(world, transport, written=render):
    return deliveries.deliver_due(world.review_db, {"mail": mail_channel(transport, written)})


def ask(world, template="decided", recipient="amina@example.org"):
    with world.review_db.sessions.begin() as session:
        deliveries.ask_for(
            session, recipient=recipient, template=template, language="en", details={"secret": 1}
        )


def stored(world):
    with world.review_db.readings() as session:
        return session.scalars(select(Delivery).order_by(Delivery.asked_at)).all()


def sent(world, office):
    """The templates of what goes out now."""
    said = []
    deliver(world, office, lambda template, *rest: said.append(template) or render(template, *rest))
    return said


def hold(world):
    with world.review_db.sessions.begin() as session:
        deliveries.hold(session)


def release(world, *, drop=False):
    with world.review_db.sessions.begin() as session:
        return deliveries.release(session, drop=drop)


def test_after_thirteen_attempts_a_mail_is_given_up_and_says_why(world):
    with freeze_time(NOON) as time:
        ask(world)
        pauses = []
        while (due_at := stored(world)[0].due_at) is not None and len(pauses) < 20:
            time.move_to(due_at)
            deliver(world, CLOSED)
            after = stored(world)[0].due_at
            pauses.append(None if after is None else (after - due_at) // timedelta(minutes=1))

    assert pauses == [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, None]
    given_up = stored(world)[0]
    assert (given_up.attempts, given_up.sent_at, given_up.details) == (13, None, {"secret": 1})
    assert "ConnectionRefusedError" in given_up.error


def test_a_mail_that_goes_out_at_its_twelfth_attempt_is_sent(world, office):
    with freeze_time(NOON) as time:
        ask(world)
        for _attempt in range(11):
            time.move_to(stored(world)[0].due_at)
            deliver(world, CLOSED)
        time.move_to(stored(world)[0].due_at)
        assert deliver(world, office) == 1

    done = stored(world)[0]
    assert (done.attempts, done.due_at, done.error, done.details) == (12, None, None, {})
    assert done.sent_at is not None


def test_a_mail_is_due_at_its_moment_and_not_before(world, office):
    with freeze_time(NOON):
        ask(world)
        deliver(world, CLOSED)
    with freeze_time("2026-03-01 12:00:59"):
        assert sent(world, office) == []
    with freeze_time("2026-03-01 12:01:00"):
        assert sent(world, office) == ["decided"]


def test_what_is_longest_due_goes_first_and_the_rest_with_the_next_round(world, office):
    for minute, template in ((2, "later"), (1, "first"), (3, "last")):
        with freeze_time(f"2026-03-01 12:0{minute}"):
            ask(world, template)

    said = []
    for _round in range(2):
        channel = mail_channel(office, lambda name, *rest: said.append(name) or render(name, *rest))
        deliveries.deliver_due(world.review_db, {"mail": channel}, most=2)
        said.append("|")

    assert said == ["first", "later", "|", "last", "|"]


def count_held(world):
    with world.review_db.readings() as session:
        return deliveries.count_held(session)


def test_after_a_restore_what_waits_is_held_and_what_is_asked_for_from_then_on_goes_out(
    world, office, both_backends
):
    for template in ("sign_in", "invited", "decided"):
        ask(world, template)
    hold(world)
    assert sent(world, office) == []
    for template in ("sign_in", "invited", "decided", "receipts"):
        ask(world, template)

    assert sent(world, office) == ["sign_in", "invited", "decided", "receipts"]
    assert count_held(world) == 3


@pytest.mark.parametrize("restored_at", ["2026-02-01 12:00", NOON, "2026-04-01 12:00"])
@pytest.mark.parametrize("later", ["2026-02-02 12:00", NOON, "2026-05-01 12:00"])
def test_whatever_the_clocks_say_what_waited_is_held_and_what_is_new_goes_out(
    world, office, restored_at, later
):
    with freeze_time(NOON):
        ask(world, "decided")
    with freeze_time(restored_at):
        hold(world)
    with freeze_time(later):
        ask(world, "receipts")

        assert sent(world, office) == ["receipts"]
        assert count_held(world) == 1


def test_held_mail_goes_out_when_it_is_released(world, office):
    ask(world)
    hold(world)
    assert sent(world, office) == []

    assert release(world) == 1
    assert sent(world, office) == ["decided"]
    assert count_held(world) == 0


def test_dropped_mail_is_never_sent_and_keeps_nothing_of_what_it_said(world, office):
    ask(world, "decided")
    ask(world, "sign_in")
    hold(world)
    ask(world, "invited")
    ask(world, "receipts")

    assert release(world, drop=True) == 2
    assert sent(world, office) == ["invited", "receipts"]
    dropped = [one for one in stored(world) if one.sent_at is None]
    assert [(one.details, one.due_at, one.error) for one in dropped] == [
        ({}, None, "dropped after a restore")
    ] * 2
    assert count_held(world) == 0


def test_nothing_is_released_where_nothing_is_held(world, office):
    ask(world)

    assert release(world, drop=True) == 0
    assert sent(world, office) == ["decided"]


def test_a_mail_was_asked_for_since_when_it_was_asked_for_later_for_the_same_address_and_reason(
    world,
):
    with freeze_time(NOON):
        ask(world, "receipts")

    def was_asked_for(since, *, template="receipts", recipient="amina@example.org"):
        with world.review_db.readings() as session:
            return deliveries.was_asked_for(
                session, recipient=recipient, template=template, since=since
            )

    before, then = datetime(2026, 3, 1, 11, 59, tzinfo=UTC), datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
    assert was_asked_for(before)
    assert not was_asked_for(then)
    assert not was_asked_for(before, template="decided")
    assert not was_asked_for(before, recipient="brahim@example.org")


def test_in_a_session_in_which_mail_is_switched_off_none_is_asked_for(world):
    with world.review_db.sessions.begin() as session:
        deliveries.switch_off(session)
        deliveries.ask_for(
            session, recipient="a@example.org", template="decided", language="en", details={}
        )

    assert stored(world) == []
