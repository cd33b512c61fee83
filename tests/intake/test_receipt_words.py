"""A receipt says one thing of a matter: whose word it is, whether it is published, whether mail
arrives.
"""

import smtplib

import pytest
from sqlalchemy import select

from shared.platform.delivery import deliveries
from shared.platform.delivery.deliveries import Delivery
from shared.platform.delivery.mail import MailTransport, mail_channel
from shared.platform.web.mails import render
from testbed.notes import approve, make_lesson, make_note
from testbed.world import World
from tests.intake.officer import Officer
from tests.review.desk import withdraw

KEPT = "Approved, and not published: it is for its reviewers only."


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


def test_the_reason_of_a_withdrawal_is_the_editors_word(world: World):
    note = decided(world, make_note(benchmarks=[]))
    withdraw(world, world.call("field", "GET", path(note)).json["items"][0]["entry"])
    world.carry()

    page = receipt(world, note)

    assert "An editor withdrew the entry:" in page
    assert "The reviewer says:" not in page


def test_a_correction_tells_the_editors_word_from_the_reviewers(world: World):
    lessons = [make_lesson(title="One"), make_lesson(title="Two", observation="Another one.")]
    sent = world.submit(make_note(benchmarks=[], lessons=lessons))
    case = world.case_of(sent["reference"])
    back = {"item": case["items"][1]["id"], "verdict": "request_changes", "comment": "Which month?"}
    world.decide(case, [approve(case["items"][0]), back])
    withdraw(world, world.call("field", "GET", path(sent)).json["items"][0]["entry"])
    world.carry()
    officer = Officer(world, "en", name="field")
    officer.open(f"/intake/notes/{sent['receipt']}")
    officer.post(f"/intake/notes/{sent['receipt']}/correct", {})

    page = officer.open(f"/intake/notes/{sent['receipt']}/check").text

    assert page.count("An editor withdrew the entry:") == 1
    assert page.count("The reviewer says:") == 1


@pytest.mark.parametrize("sharing", ["red", "amber_strict"])
def test_what_is_kept_to_the_reviewers_is_said_not_to_be_published(world: World, sharing):
    note = decided(world, make_note(sharing=sharing))

    assert receipt(world, note).count(KEPT) == 2
    assert mail_of(world).count(KEPT) == 2


def test_what_waits_for_an_editor_is_not_said_to_stay_unpublished(world: World):
    note = decided(world, make_note(sharing="green"), sharing="clear")

    assert "Approved" in receipt(world, note)
    assert KEPT not in receipt(world, note)
    assert KEPT not in mail_of(world)


def test_what_is_not_decided_yet_or_not_taken_up_is_not_said_to_stay_unpublished(world: World):
    note = world.submit(make_note(sharing="red"))
    assert KEPT not in receipt(world, note)
    case = world.case_of(note["reference"])
    world.decide(
        case, [{"item": i["id"], "verdict": "reject", "comment": "No."} for i in case["items"]]
    )

    assert KEPT not in receipt(world, note)
    assert KEPT not in mail_of(world)


def path(note):
    return f"/intake/api/v1/notes/{note['reference']}"


def mail_of(world):
    """The text of the mail about the decisions."""
    with world.intake_db.readings() as session:
        mail = session.scalars(select(Delivery).where(Delivery.template == "decided")).one()
        return render(world.intake_app, mail.template, "en", mail.details)[1]
