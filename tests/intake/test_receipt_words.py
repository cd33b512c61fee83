"""A receipt says one thing of a matter: whether mail arrives."""

import smtplib

from shared.platform.delivery import deliveries
from shared.platform.delivery.mail import MailTransport, mail_channel
from testbed.notes import approve, make_note
from testbed.world import World


def receipt(world, note, language="en"):
    browser = world.intake
    browser.set_cookie("lang", language)
    return browser.get(f"/intake/notes/{note['receipt']}").text


def decided(world, note, **decision):
    """A note whose items were all approved."""
    sent = world.submit(note)
    case = world.case_of(sent["reference"])
    assert world.decide(case, [approve(i, **decision) for i in case["items"]]).status_code == 200
    return sent


def refuse_mail(world, monkeypatch):
    def refuse(*_mail):
        raise smtplib.SMTPRecipientsRefused({"field@example.org": (550, b"No such user")})

    with monkeypatch.context() as patch:
        patch.setattr(MailTransport, "send", refuse)
        channel = mail_channel(MailTransport("smtp://x", "a@example.org"), lambda *_: ("s", "t"))
        deliveries.deliver_due(world.intake_db, {"mail": channel})


def test_who_cannot_be_reached_is_not_told_that_we_write_to_them(world: World, monkeypatch):
    note = decided(world, make_note())
    assert "We write to" in receipt(world, note)

    refuse_mail(world, monkeypatch)

    assert "We could not deliver mail to the address" in receipt(world, note)
    assert "We write to" not in receipt(world, note)
