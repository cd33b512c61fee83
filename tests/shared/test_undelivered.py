"""What an administrator reads of a mail that was given up: whose address is to be mended, and
why.
"""

import re
import smtplib
from html import unescape
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller

from shared.platform.accounts.accounts import Account
from shared.platform.delivery import deliveries
from shared.platform.delivery.mail import MailTransport, mail_channel, said_by
from shared.platform.web.undelivered import KINDS
from testbed.machine import free_port
from testbed.notes import approve
from testbed.world import YEAR, World

ROOT = Path(__file__).parents[2]


class Refusing:
    """A mail server that knows nobody, and says so with the address."""

    # aiosmtpd's name
    async def handle_RCPT(self, _server, _session, _envelope, address, _options):  # noqa: N802
        return f"550 5.1.1 No such user: {address}"


@pytest.fixture
def refuse():
    """Lets a server refuse all mail of a service that is due."""
    server = Controller(Refusing(), hostname="127.0.0.1", port=free_port())
    server.start()
    transport = MailTransport(f"smtp://127.0.0.1:{server.port}", "no-reply@example.org")
    channel = mail_channel(transport, lambda *_mail: ("subject", "text"))
    yield lambda database: deliveries.deliver_due(database, {"mail": channel})
    server.stop()


def read(world, service, language="en"):
    """The words of the page, as the service's administrator reads it."""
    name = "intake admin" if service == "intake" else "admin"
    if name not in world.ids:
        world.person(name, "admin")
    browser = world.sign_in(name)
    browser.set_cookie("lang", language)
    page = browser.get(f"/{service}/undelivered")
    assert page.status_code == 200
    main = page.text.partition("<main")[2].partition("</main>")[0]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", main)).split())


def decide(world):
    """A note that was decided, whose mail is asked for."""
    case = world.case_of(world.submit()["reference"])
    world.decide(case, [approve(item) for item in case["items"]])


def test_a_mail_about_a_note_names_its_reference_its_account_and_the_servers_answer(
    world: World, refuse, both_backends
):
    decide(world)
    refuse(world.intake_db)

    shown = read(world, "intake")

    assert f"Kind of mail Decisions on a note About AAN-{YEAR}-0001 Account field" in shown
    assert "What the server said 550 5.1.1 No such user: fi…@example.org" in shown
    assert "field@example.org" not in shown
    assert "Return of migrants" not in shown
    assert "decided" not in shown


def test_a_mail_to_a_reviewer_names_the_note_and_the_reviewer(world: World, refuse):
    world.reviewer("Rosa Reviewer", sectors=[1])
    world.submit()
    refuse(world.review_db)

    shown = read(world, "review")

    assert f"Kind of mail A note to review About AAN-{YEAR}-0001 Account Rosa Reviewer" in shown


def test_a_mail_of_receipts_names_the_notes(world: World, refuse):
    for _note in range(2):
        world.submit()
    world.intake.post("/intake/receipts", data={"email": "field@example.org"})
    refuse(world.intake_db)

    shown = read(world, "intake")

    assert f"Receipts of notes About AAN-{YEAR}-0002, AAN-{YEAR}-0001 Account field" in shown


def test_a_mail_to_sign_in_names_the_account(world: World, refuse):
    world.review.post("/review/sign-in", data={"email": "editor@example.org"})
    refuse(world.review_db)

    shown = read(world, "review")

    assert "Kind of mail A link to sign in Account editor Given up" in shown


def test_who_is_called_by_their_address_is_named_without_it(world: World, refuse):
    with world.review_db.sessions.begin() as session:
        session.get_one(Account, world.ids["editor"]).name = "editor@example.org"
    world.review.post("/review/sign-in", data={"email": "editor@example.org"})
    refuse(world.review_db)

    shown = read(world, "review")

    assert "Account ed…@example.org" in shown
    assert "editor@example.org" not in shown


@pytest.mark.parametrize(
    ("language", "kind"),
    [
        ("fr", "Décisions sur une note"),
        ("es", "Decisiones sobre una nota"),
        ("ar", "قرارات بشأن مذكرة"),
    ],
)
def test_the_kind_of_a_mail_is_said_in_words_of_the_readers_language(
    world: World, refuse, language, kind
):
    decide(world)
    refuse(world.intake_db)

    assert kind in read(world, "intake", language)


def test_each_kind_of_mail_has_words():
    templates = {path.stem for path in ROOT.glob("s*/**/templates/mail/*.txt")}

    assert templates == set(KINDS)


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (
            smtplib.SMTPRecipientsRefused({"a@b.c": (550, b"5.1.1 No such user")}),
            "550 5.1.1 No such user",
        ),
        (smtplib.SMTPDataError(554, b"5.7.1 Spam"), "554 5.7.1 Spam"),
        (smtplib.SMTPSenderRefused(550, b"Who are you?", "x"), "550 Who are you?"),
        (smtplib.SMTPAuthenticationError(535, b"Wrong password"), "535 Wrong password"),
        (smtplib.SMTPConnectError(421, "Busy"), "421 Busy"),
        (smtplib.SMTPDataError(554, "Refusé".encode("latin-1")), "554 Refus�"),
        (
            smtplib.SMTPServerDisconnected("Connection unexpectedly closed"),
            "SMTPServerDisconnected: Connection unexpectedly closed",
        ),
        (
            ConnectionRefusedError(111, "Connection refused"),
            "ConnectionRefusedError: [Errno 111] Connection refused",
        ),
    ],
)
def test_what_a_server_answered_is_code_and_text(error, said):
    assert said_by(error) == said
