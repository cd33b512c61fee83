"""What becomes of a note: its receipt, its corrections, and the way back to it."""

import re

import pytest
from sqlalchemy import select

from services.intake import queries
from shared.platform.accounts.accounts import Account
from shared.platform.delivery.deliveries import Delivery
from testbed.notes import approve
from testbed.world import YEAR, World
from tests.intake.officer import LESSON, Officer, write_short_note


def returned(world: World, officer: Officer, *, begun: bool = False):
    write_short_note(officer, begun=begun)
    officer.send()
    world.carry()
    case = world.case_of(f"AAN-{YEAR}-0001")
    lesson, benchmark = case["items"]
    change = {"item": lesson["id"], "verdict": "request_changes", "comment": "Quel mois ?"}
    world.decide(case, [change, approve(benchmark)])
    return case


def test_a_returned_note_is_corrected_by_someone_of_its_organisation(world: World):
    stranger, author = Officer(world), Officer(world)
    world.person("field holland", "field", organisation="MSF Holland")
    returned(world, author)
    status = f"/intake/notes/{author.receipt}"

    author.open(status)
    assert "Quel mois" in author.page
    answer = stranger.post(f"{status}/correct", {})
    assert "/sign-in" in answer.headers["Location"]

    colleague = Officer(world, "fr")
    colleague.browser = world.intake
    with world.intake_db.sessions.begin() as session:
        from shared.platform.accounts import sessions
        from shared.platform.accounts.accounts import Account

        token = sessions.start(session, session.get_one(Account, world.ids["field holland"]))
    colleague.browser.set_cookie("lessons_intake", token)
    colleague.browser.set_cookie("lang", "fr")
    colleague.receipt = author.receipt
    colleague.open(status)
    colleague.post(f"{status}/correct", {})
    assert "Quel mois" in colleague.page
    colleague.step(
        "lesson", **{**LESSON, "observation": ("En mai 2011, près de 4 000 personnes attendaient.")}
    )
    assert colleague.send().status_code == 302
    world.carry()

    again = world.case_of(f"AAN-{YEAR}-0001")
    assert again["note_version"] == 2
    assert [item["state"] for item in again["items"]] == ["in_review", "published"]
    assert again["items"][0]["content"]["observation"].startswith("En mai 2011")


def test_a_note_cannot_be_written_after_it_was_sent_nor_by_a_stranger_after_it_was_returned(
    world: World,
):
    officer = Officer(world)
    write_short_note(officer)
    officer.send()
    path = f"/intake/notes/{officer.receipt}/write/lesson/0"
    assert officer.open(path).headers["Location"] == f"/intake/notes/{officer.receipt}"
    assert officer.browser.post(path, data=LESSON).status_code == 409
    world.carry()
    case = world.case_of(f"AAN-{YEAR}-0001")
    world.decide(
        case, [{"item": case["items"][0]["id"], "verdict": "request_changes", "comment": "?"}]
    )

    assert officer.browser.post(path, data=LESSON).status_code == 403
    assert officer.browser.post(f"/intake/notes/{officer.receipt}/check").status_code in (302, 403)
    world.carry()
    assert world.case_of(f"AAN-{YEAR}-0001")["note_version"] == 1


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("write/nothing/0", 404),
        ("write/lesson/1", 404),
        ("write/lesson/999999999999", 404),
        ("write/number/0", 404),
        ("write/number/x", 404),
    ],
)
def test_pages_that_are_not_there_are_not_found(world: World, path, status):
    officer = Officer(world)
    officer.begin()

    assert officer.open(f"/intake/notes/{officer.receipt}/{path}").status_code == status


def test_an_unknown_receipt_says_how_to_mend_it(world: World):
    page = Officer(world, "en").open("/intake/notes/AAAAAAAAAAAAAAAAAAAAAA")

    assert page.status_code == 404
    assert "Check that all of it was copied" in page.text


@pytest.mark.parametrize(("sharing", "shows_text"), [("clear", True), ("green", False)])
def test_a_receipt_shows_the_text_only_of_what_everyone_may_read(world: World, sharing, shows_text):
    officer = Officer(world)
    write_short_note(officer)
    officer.step("sharing", sharing=sharing)
    officer.send()

    officer.open(f"/intake/notes/{officer.receipt}")

    assert (LESSON["observation"] in officer.page) is shows_text
    assert f"AAN-{YEAR}-0001" in officer.page


def test_a_receipt_numbers_lessons_and_numbers_each_by_themselves_as_the_form_does(world: World):
    officer = Officer(world, "en")
    write_short_note(officer)
    officer.step("lesson", 1, **LESSON)
    officer.step("indicator", 1, indicator="persons-received")
    officer.step("number", 1, value="90", how_known="reported")
    officer.step("sharing", sharing="green")
    officer.send()

    page = officer.open(f"/intake/notes/{officer.receipt}").text

    titles = re.findall(r'<h3 class="lr-card__title" dir="auto">(.*?)</h3>', page, re.S)
    assert [title.strip() for title in titles] == ["Lesson 1", "Lesson 2", "Number 1", "Number 2"]


@pytest.mark.parametrize(
    ("asked", "published", "shows_title"),
    [("green", None, False), ("green", "clear", True), ("clear", "green", True)],
)
def test_a_receipt_shows_the_title_of_an_entry_only_while_anyone_may_read_it(
    world: World, asked, published, shows_title
):
    officer, title = Officer(world, "en"), "Près de 4 000 personnes attendaient"
    write_short_note(officer)
    officer.step("sharing", sharing=asked)
    officer.send()
    world.carry()
    case = world.case_of(f"AAN-{YEAR}-0001")
    world.decide(case, [approve(case["items"][0], sharing=published)])
    publish_wider(world, case)

    assert (title in officer.open(f"/intake/notes/{officer.receipt}").text) is shows_title


def publish_wider(world, case):
    """The editor publishes what waits for a second pair of eyes."""
    if world.case_of(case["note"])["items"][0]["state"] == "approved":
        editor, page = world.sign_in("editor"), f"/review/cases/{case['id']}"
        shown = editor.get(page).text
        token = re.search(r'name="form_token" value="(\w+)"', shown).group(1)
        version = re.search(r'name="version" value="(\d+)"', shown).group(1)
        item = case["items"][0]["id"]
        sent = {"form_token": token, "version": version, "reason": "Nobody else is here."}
        assert editor.post(f"{page}/items/{item}/publish", data=sent).status_code == 302
        world.carry()


def test_receipts_are_mailed_again_and_nobody_learns_whose_address_is_known(world: World):
    officer = Officer(world, "en")
    write_short_note(officer)
    officer.post(f"/intake/notes/{officer.receipt}/contact", {"email": "Amina@Example.org"})
    pages = []
    for email in ("amina@example.org", "nobody@example.org"):
        officer.open("/intake/receipts")
        officer.post("/intake/receipts", {"email": email})
        pages.append(officer.page)

    assert pages[0] == pages[1]
    with world.intake_db.readings() as session:
        (mail,) = session.scalars(select(Delivery)).all()
    assert (mail.recipient, mail.template) == ("amina@example.org", "receipts")
    assert mail.details["notes"][0]["receipt"] == officer.receipt


def test_an_address_on_a_note_is_not_replaced_by_whoever_finds_the_receipt(world: World):
    officer = Officer(world, "en")
    officer.begin()
    path = f"/intake/notes/{officer.receipt}/contact"

    assert officer.post(path, {"email": "not an address"}).status_code == 422
    assert officer.post(path, {"email": "amina@example.org"}).status_code == 302
    assert officer.post(path, {"email": "thief@example.org"}).status_code == 409


def test_a_submitter_without_an_account_signs_in_with_the_notes_address_and_touches_only_that_note(
    world: World,
):
    officer, other = Officer(world, "en"), Officer(world, "en", name="field")
    returned(world, officer)
    officer.post(f"/intake/notes/{officer.receipt}/contact", {"email": "amina@example.org"})
    write_short_note(other)
    other.step("number", value="1", how_known="measured")
    other.send()

    officer.post("/intake/sign-in", {"email": "amina@example.org"})
    with world.intake_db.readings() as session:
        mail = session.scalars(select(Delivery).where(Delivery.template == "sign_in")).one()
    officer.post(mail.details["link"], {})
    officer.open(f"/intake/notes/{officer.receipt}")
    answer = officer.post(f"/intake/notes/{officer.receipt}/correct", {})
    assert answer.status_code == 302
    answer = officer.open(f"/intake/notes/{other.receipt}/write/lesson/0")
    assert answer.headers["Location"] == f"/intake/notes/{other.receipt}"
    assert "Correct the note" not in officer.browser.get(f"/intake/notes/{other.receipt}").text


def test_strangers_who_begin_very_many_notes_are_asked_to_sign_in(world: World, monkeypatch):
    monkeypatch.setattr("services.intake.use_cases.drafting.MOST_UNSIGNED_AN_HOUR", 2)
    assert [Officer(world).begin().status_code for _ in range(3)] == [302, 302, 429]
    assert Officer(world, "en", name="field").begin().status_code == 302


def test_receipts_are_not_mailed_again_at_once(world: World):
    officer = Officer(world, "en")
    officer.begin()
    officer.post(f"/intake/notes/{officer.receipt}/contact", {"email": "amina@example.org"})
    for _ in range(3):
        officer.post("/intake/receipts", {"email": "amina@example.org"})

    with world.intake_db.readings() as session:
        assert len(session.scalars(select(Delivery)).all()) == 1


def test_the_way_back_for_someone_without_an_account_is_said_on_the_page(world: World):
    officer = Officer(world, "en")
    returned(world, officer)
    path = f"/intake/notes/{officer.receipt}"

    assert "Leave your email address below, then sign in with it" in officer.browser.get(path).text
    officer.open(path)
    officer.post(f"{path}/contact", {"email": "amina@example.org"})

    assert (
        'the address that was left with this note: <bdi dir="ltr">am…@example.org</bdi>'
    ) in officer.page
    assert "amina@example.org" not in officer.page


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_masked_address_reads_from_the_left_in_every_language(world: World, language):
    officer = Officer(world, language)
    officer.begin()
    path = f"/intake/notes/{officer.receipt}"
    officer.post(f"{path}/contact", {"email": "1&1@example.org"})

    assert '<bdi dir="ltr">1&amp;…@example.org</bdi>' in officer.browser.get(path).text


def test_a_correction_shows_what_the_reviewer_said_where_it_is_made(world: World):
    officer, colleague = Officer(world), Officer(world, "en", name="field")
    returned(world, officer)
    with world.intake_db.sessions.begin() as session:
        note = queries.note_with_receipt(session, officer.receipt)
        session.get_one(Account, world.ids["field"]).organisation_id = note.organisation_id
    colleague.open(f"/intake/notes/{officer.receipt}")
    colleague.post(f"/intake/notes/{officer.receipt}/correct", {})

    page = colleague.browser.get(f"/intake/notes/{officer.receipt}/write/lesson/0").text
    assert '<strong>The reviewer says:</strong> <span dir="auto">Quel mois ?</span>' in page

    colleague.step("lesson", **{**LESSON, "observation": "En mai, 4 000 personnes attendaient."})
    colleague.send()
    world.carry()
    assert world.case_of(f"AAN-{YEAR}-0001")["items"][0]["title"] == (
        "En mai, 4 000 personnes attendaient"
    )


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("{receipt}", True),
        ("http://localhost/fr/intake/notes/{receipt}?lang=fr", True),
        ("\u200b{receipt}\ufeff", True),
        ("{start}\u2060\u200b\n{rest}", True),
        (f"aan-{YEAR}-0001", False),
        ("", False),
    ],
)
def test_a_receipt_is_found_in_whatever_was_copied_with_it(world: World, typed, found):
    officer = Officer(world, "en")
    officer.begin()
    officer.open("/intake/receipts")
    parts = {"receipt": officer.receipt, "start": officer.receipt[:9], "rest": officer.receipt[9:]}
    answer = officer.post("/intake/receipts", {"receipt": typed.format(**parts)})
    assert answer.status_code == (302 if found else 422)
    assert found or list(officer.errors) == ["#receipt"]


def test_mails_name_indicators_as_people_do(world: World):
    officer = Officer(world)
    officer.begin()
    officer.post(f"/intake/notes/{officer.receipt}/contact", {"email": "amina@example.org"})
    returned(world, officer, begun=True)

    with world.intake_db.readings() as session:
        mail = session.scalars(select(Delivery)).one()
    assert mail.details["items"][1]["title"] == "Eau par personne et par jour"


def test_a_mailed_link_leads_back_to_where_signing_in_was_asked_for(world: World):
    officer = Officer(world, "en")
    returned(world, officer)
    path = f"/intake/notes/{officer.receipt}"
    officer.open(path)
    officer.post(f"{path}/contact", {"email": "amina@example.org"})
    officer.open(f"/intake/sign-in?next={path}")
    officer.post("/intake/sign-in", {"email": "amina@example.org", "next": path})
    with world.intake_db.readings() as session:
        mail = session.scalars(select(Delivery).where(Delivery.template == "sign_in")).one()

    assert f'name="next" value="{path}"' in officer.open(mail.details["link"]).text
    assert officer.browser.post(mail.details["link"]).headers["Location"] == path
