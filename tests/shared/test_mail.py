"""Mail through a real SMTP server, and into a folder."""

import email
import email.policy
import smtplib
import socket
from collections.abc import Iterator
from datetime import timedelta

import pytest
from aiosmtpd.controller import Controller
from freezegun import freeze_time
from sqlalchemy import select

from shared.platform import clock
from shared.platform.delivery import deliveries
from shared.platform.delivery.deliveries import Delivery
from shared.platform.delivery.mail import MailTransport, is_final, mail_channel
from shared.platform.errors import NotFoundError

SENDER = "Lessons register <no-reply@example.org>"


class Letterbox:
    def __init__(self):
        self.mails = []

    async def handle_DATA(self, _server, _session, envelope):  # noqa: N802 - aiosmtpd's name
        self.mails.append(email.message_from_bytes(envelope.content, policy=email.policy.default))
        return "250 taken"


@pytest.fixture
def server() -> Iterator[tuple[MailTransport, Letterbox]]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    box = Letterbox()
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    yield MailTransport(f"smtp://127.0.0.1:{port}", SENDER), box
    controller.stop()


def render(template, language, details):
    return f"{template} {language}", f"Dear {details['name']}\n"


def ask(world, **changes):
    with world.review_db.sessions.begin() as session:
        wanted = {
            "recipient": "amina@example.org",
            "template": "sign_in",
            "language": "ar",
            "details": {"name": "أمينة"},
        }
        deliveries.ask_for(session, **{**wanted, **changes})


def deliver(world, transport, written=render):
    return deliveries.deliver_due(world.review_db, {"mail": mail_channel(transport, written)})


def stored(world):
    with world.review_db.readings() as session:
        return session.scalars(select(Delivery)).one()


def test_a_mail_goes_out_once_with_its_text_intact(world, server):
    office, box = server
    ask(world)

    assert deliver(world, office, render) == 1
    assert deliver(world, office, render) == 0

    (sent,) = box.mails
    assert (sent["To"], sent["Subject"]) == ("amina@example.org", "sign_in ar")
    assert sent.get_content().splitlines() == ["Dear أمينة"]


def test_a_sent_mail_keeps_nothing_of_what_it_said(world, server):
    ask(world)
    deliver(world, server[0], render)

    assert stored(world).details == {}
    assert stored(world).sent_at is not None


def test_a_mail_that_nobody_takes_waits_longer_each_time_and_is_not_lost(world):
    closed = MailTransport("smtp://127.0.0.1:1", SENDER)
    with freeze_time("2026-03-01 12:00"):
        ask(world)
        assert deliver(world, closed, render) == 0
        assert deliver(world, closed, render) == 0
    with freeze_time("2026-03-01 12:01"):
        deliver(world, closed, render)

    kept = stored(world)
    assert kept.attempts == 2
    assert f"{kept.due_at:%H:%M}" == "12:03"
    assert "ConnectionRefusedError" in kept.error


def test_a_mail_whose_next_attempt_was_set_by_a_clock_that_ran_ahead_goes_out(
    world, server, both_backends
):
    with freeze_time("2026-03-03 12:00"):
        ask(world)
        deliver(world, MailTransport("smtp://127.0.0.1:1", SENDER), render)
    with freeze_time("2026-03-01 12:00"):
        assert deliver(world, server[0], render) == 1


def test_a_mail_waits_for_the_longest_of_its_pauses(world, server):
    closed = MailTransport("smtp://127.0.0.1:1", SENDER)
    with freeze_time("2026-03-01 12:00") as time:
        ask(world)
        for _attempt in range(12):
            time.move_to(stored(world).due_at)
            deliver(world, closed, render)

        assert stored(world).due_at - clock.now() == timedelta(minutes=2048)
        assert deliver(world, server[0], render) == 0


def test_a_mail_with_a_line_break_in_its_address_is_refused_and_harms_nothing(world, server):
    ask(world, recipient="a@example.org\nBcc: everyone@example.org")

    assert deliver(world, server[0], render) == 0
    assert server[1].mails == []


def test_without_a_server_mails_lie_in_a_folder_that_only_its_owner_reads(world, tmp_path):
    ask(world)

    deliver(world, MailTransport(f"file://{tmp_path}/mail%20box", SENDER), render)

    (path,) = (tmp_path / "mail box").iterdir()
    assert path.stat().st_mode & 0o777 == 0o600
    assert (
        "Dear أمينة"
        in email.message_from_bytes(path.read_bytes(), policy=email.policy.default).get_content()
    )


def test_a_round_of_sending_ends_after_a_while_and_the_next_goes_on(world, server, monkeypatch):
    office, box = server
    for name in ("Amina", "Brahim"):
        ask(world, details={"name": name})
    monkeypatch.setattr(deliveries, "STRETCH_SECONDS", -1.0)

    assert [deliver(world, office, render) for _round in range(3)] == [1, 1, 0]
    assert len(box.mails) == 2


def test_a_scheduler_that_was_taken_over_does_not_send_again_what_its_successor_sent(world, server):
    office, box = server
    for name in ("Amina", "Brahim"):
        ask(world, details={"name": name})

    def render_while_another_takes_over(*said):
        assert deliver(world, office, render) == 2
        raise ValueError("the first notes its failure too late")

    assert deliver(world, office, render_while_another_takes_over) == 0
    assert [letter.get_content() for letter in box.mails] == ["Dear Amina\r\n", "Dear Brahim\r\n"]
    with world.review_db.readings() as session:
        assert [
            (one.attempts, one.error, one.due_at) for one in session.scalars(select(Delivery))
        ] == [(1, None, None)] * 2


def test_the_log_does_not_say_whom_a_server_refused(world, capfd, monkeypatch):
    def refuse(*_arguments):
        refused = (550, b"no amina@example.org here")
        raise smtplib.SMTPRecipientsRefused({"amina@example.org": refused})

    monkeypatch.setattr(MailTransport, "send", refuse)
    said = []
    monkeypatch.setattr(
        deliveries.log, "warning", lambda event, **values: said.append((event, values))
    )
    ask(world)
    deliver(world, MailTransport("smtp://127.0.0.1:1", SENDER), render)

    assert said[0][1]["error"] == "SMTPRecipientsRefused"
    assert "amina" not in str(said)
    assert stored(world).error == "550 no amina@example.org here"


def refusing(monkeypatch, error):
    def refuse(*_arguments):
        raise error

    monkeypatch.setattr(MailTransport, "send", refuse)
    return MailTransport("smtp://127.0.0.1:1", SENDER)


@pytest.mark.parametrize(
    ("error", "final"),
    [
        (smtplib.SMTPRecipientsRefused({"a@example.org": (550, b"no such box")}), True),
        (smtplib.SMTPRecipientsRefused({"a@example.org": (500, b"no")}), True),
        (smtplib.SMTPRecipientsRefused({"a@example.org": (499, b"later")}), False),
        (smtplib.SMTPRecipientsRefused({"a@example.org": (451, b"try later")}), False),
        (smtplib.SMTPDataError(554, b"refused"), True),
        (smtplib.SMTPDataError(452, b"full"), False),
        (smtplib.SMTPSenderRefused(550, b"who are you", "x"), False),
        (smtplib.SMTPAuthenticationError(535, b"wrong password"), False),
        (smtplib.SMTPNotSupportedError("SMTPUTF8"), True),
        (ValueError("a line break in an address"), True),
        (ConnectionRefusedError(), False),
        (KeyError("a mistake in a template"), False),
    ],
)
def test_what_a_server_refuses_for_good_is_given_up_at_once(error, final):
    assert is_final(error) is final


def test_a_mail_that_is_refused_for_good_is_given_up_and_the_next_goes_out(
    world, server, monkeypatch
):
    transport, box = server
    ask(world, recipient="gone@example.org")
    with monkeypatch.context() as patch:
        refused = smtplib.SMTPRecipientsRefused({"gone@example.org": (550, b"no such box")})
        deliver(world, refusing(patch, refused))

    given_up = stored(world)
    assert (given_up.attempts, given_up.due_at) == (1, None)
    assert given_up.given_up_at is not None
    assert given_up.history[0].endswith("Z 550 no such box")
    ask(world)
    assert deliver(world, transport) == 1
    assert len(box.mails) == 1


def test_after_the_thirteenth_attempt_a_mail_is_given_up_until_an_administrator_tries_again(
    world, server
):
    closed = MailTransport("smtp://127.0.0.1:1", SENDER)
    with freeze_time("2026-03-01 12:00") as time:
        ask(world)
        for _attempt in range(13):
            time.move_to(stored(world).due_at)
            deliver(world, closed)

        assert (stored(world).attempts, stored(world).due_at) == (13, None)
        with world.review_db.sessions.begin() as session:
            assert deliveries.cannot_reach(session, "amina@example.org")
            deliveries.try_again(session, session.scalars(deliveries.given_up()).one().id)
        assert deliver(world, server[0]) == 1
    with world.review_db.readings() as session:
        assert not deliveries.cannot_reach(session, "amina@example.org")
        assert session.scalars(deliveries.given_up()).all() == []


def test_what_an_administrator_dismissed_is_told_no_more(world, monkeypatch):
    ask(world)
    deliver(world, refusing(monkeypatch, smtplib.SMTPDataError(554, b"refused")))

    with world.review_db.sessions.begin() as session:
        deliveries.dismiss(session, session.scalars(deliveries.given_up()).one().id)
    with world.review_db.sessions.begin() as session:
        assert session.scalars(deliveries.given_up()).all() == []
        with pytest.raises(NotFoundError):
            deliveries.try_again(session, stored(world).id)


def test_a_sign_in_link_that_has_run_out_is_not_sent(world, server):
    with freeze_time("2026-03-01 12:00"):
        ask(world, lasts=timedelta(minutes=30))
    with freeze_time("2026-03-01 12:30"):
        assert deliver(world, server[0]) == 0
    assert server[1].mails == []
    assert (stored(world).due_at, stored(world).details, stored(world).given_up_at) == (
        None,
        {},
        None,
    )
