"""The pages of people and organisations."""

import re
from uuid import uuid4

import pytest
from sqlalchemy import select

from services.review.desk.model import Profile
from shared.domain import organisations
from shared.platform.accounts.accounts import Account, find_by_email
from shared.platform.delivery.deliveries import Delivery
from testbed.notes import make_note
from testbed.world import World


@pytest.fixture
def admin(world: World):
    """A browser in which an administrator is signed in."""
    world.person("admin", "admin")
    return Signed(world.sign_in("admin"))


class Signed:
    """A browser that sends the form token of the page it is on."""

    def __init__(self, browser):
        self.browser = browser

    def post(self, page, path, **answers):
        token = re.search(r'name="form_token" value="(\w+)"', self.browser.get(page).text).group(1)
        return self.browser.post(path, data={"form_token": token, **answers})


def test_someone_is_invited_by_mail(world: World, admin):
    answer = admin.post(
        "/review/people",
        "/review/people",
        name="Amina",
        email="amina@example.org",
        role="reviewer",
        organisation="MSF Holland",
        office="NLD",
        language="fr",
    )

    assert answer.status_code == 302
    with world.review_db.readings() as session:
        account = find_by_email(session, "amina@example.org")
        assert (account.role, account.office, account.language) == ("reviewer", "NLD", "fr")
        assert organisations.current(session, account.organisation_id).name == (
            "Médecins Sans Frontières Holland"
        )
        mail = session.scalars(select(Delivery)).one()
    assert (mail.template, mail.language) == ("invited", "fr")
    assert world.review.post(mail.details["link"]).status_code == 302


def test_a_bad_invitation_names_every_field_and_keeps_what_was_typed(world: World, admin):
    page = admin.post(
        "/review/people",
        "/review/people",
        name="",
        email="editor@example.org",
        role="queen",
        office="X",
        language="xx",
    )

    assert page.status_code == 422
    assert re.findall(r'<a href="#(\w+)">', page.text) == [
        "email",
        "name",
        "role",
        "office",
        "language",
    ]
    assert 'value="editor@example.org"' in page.text


@pytest.mark.parametrize(
    ("field", "typed", "message"),
    [
        ("email", "bad", "Enter an email address, such as name@example.org."),
        ("email", "a@b", "Enter an email address, such as name@example.org."),
        ("email", " Editor@example.org", "There is already an account for editor@example.org."),
        ("name", " ", "Enter a name."),
        ("name", "x" * 400, "Shorten this to 200 characters or fewer."),
    ],
)
def test_a_bad_invitation_says_what_is_wrong(world: World, admin, field, typed, message):
    answers = {
        "name": "Amina",
        "email": "amina@example.org",
        "role": "queen",
        "language": "en",
        field: typed,
    }

    page = admin.post("/review/people?lang=en", "/review/people", **answers)

    assert re.findall(rf'<a href="#{field}">([^<]+)</a>', page.text) == [message]


def test_a_good_invitation_is_confirmed_once(world: World, admin):
    answers = {
        "name": "A\u200cmina ",
        "email": "Amina@example.org",
        "role": "reviewer",
        "language": "en",
    }
    answer = admin.post("/review/people?lang=en", "/review/people", **answers)

    page = admin.browser.get(answer.headers["Location"]).text

    assert "A\u200cmina is invited: a mail with a way in goes to amina@example.org." in page
    for path in ("/review/people", f"/review/people?invited={uuid4()}", "/review/people?invited=x"):
        assert "is invited" not in admin.browser.get(path).text


def test_a_stopped_account_is_signed_out_everywhere(world: World, admin):
    editor = world.sign_in("editor")
    assert editor.get("/review/").status_code == 200

    admin.post("/review/people", f"/review/people/{world.ids['editor']}", role="editor")

    assert editor.get("/review/").status_code == 302
    with world.review_db.readings() as session:
        assert session.get(Account, world.ids["editor"]).active is False


def test_the_last_administrator_cannot_stop_themselves(world: World, admin):
    answer = admin.post("/review/people", f"/review/people/{world.ids['admin']}", role="admin")

    assert answer.status_code == 409


def test_a_profile_is_edited_and_a_bad_one_is_refused(world: World, admin):
    world.reviewer("reviewer")
    path = f"/review/people/{world.ids['reviewer']}/profile"

    bad = admin.post(path, path, capacity="many", countries="TCD XXX", sectors="77", office="X")
    good = admin.post(
        path,
        path,
        capacity="7",
        countries="tcd, lby",
        sectors=["3", "4"],
        languages=["fr", "en"],
        office="CHE",
    )

    assert bad.status_code == 422
    assert {"languages", "sectors", "countries", "office", "capacity"} == set(
        re.findall(r'<a href="#(\w+)">', bad.text)
    )
    assert good.status_code == 302
    with world.review_db.readings() as session:
        profile = session.get(Profile, world.ids["reviewer"])
        assert (profile.languages, profile.sectors, profile.countries) == (
            ["fr", "en"],
            [3, 4],
            ["TCD", "LBY"],
        )
        assert profile.capacity == 7


def test_operations_that_the_page_does_not_offer_stay_in_a_profile(world: World, admin):
    shown = world.case_of(world.submit()["reference"])["operation"]["id"]
    close = make_note(operation__title="Relocation", operation__glide=None, sharing="amber")
    hidden = world.case_of(world.submit(close)["reference"])["operation"]["id"]
    world.reviewer("reviewer", operations=[shown, hidden])
    path = f"/review/people/{world.ids['reviewer']}/profile"
    assert hidden not in admin.browser.get(path).text

    admin.post(path, path, capacity="7", languages=["en"], operations=[])

    with world.review_db.readings() as session:
        assert session.get(Profile, world.ids["reviewer"]).operations == [hidden]


def test_an_editor_confirms_an_organisation_and_intake_hears_of_it(world: World):
    editor = Signed(world.sign_in("editor"))
    world.submit(make_note(organisation="Chad Helping Hands"))
    with world.review_db.readings() as session:
        organisation_id = organisations.find(session, "Chad Helping Hands").id
    path = f"/review/organisations/{organisation_id}"

    assert "Chad Helping Hands" in editor.browser.get("/review/organisations").text
    bad = editor.post(
        "/review/organisations", path, action="confirm", name="CHH Chad", parent="Nobody"
    )
    assert bad.status_code == 422
    editor.post("/review/organisations", path, action="confirm", name="CHH Chad", parent="IOM")
    world.carry()

    with world.intake_db.readings() as session:
        message = organisations.find(session, "CHH Chad")
        assert message.confirmed
        assert organisations.family_of(session, message.id) == organisations.find(session, "IOM").id
        assert organisations.find(session, "Chad Helping Hands").id == message.id


def test_an_editor_merges_another_spelling_and_intake_hears_of_it(world: World, both_backends):
    editor = Signed(world.sign_in("editor"))
    world.submit(make_note(organisation="Medcins sans frontiere Holland"))
    with world.review_db.readings() as session:
        organisation_id = organisations.find(session, "Medcins sans frontiere Holland").id
    path = f"/review/organisations/{organisation_id}"

    bad = editor.post("/review/organisations", path, action="merge", into="Nobody")
    editor.post("/review/organisations", path, action="merge", into="MSF Holland")
    world.carry()

    assert bad.status_code == 422
    with world.intake_db.readings() as session:
        found = organisations.find(session, "Medcins sans frontiere Holland")
        assert found.name == "Médecins Sans Frontières Holland"


def test_a_key_is_made_shown_once_and_ended(world: World):
    editor = Signed(world.sign_in("editor"))

    page = editor.post("/review/account", "/review/account/keys", label="R", kind="full").text

    key = re.search(r"llr\.[\w-]+\.[\w-]+", page).group(0)
    world.keys["made"] = key
    assert world.call("made", "GET", "/review/api/v1/cases").status_code == 200
    again = editor.browser.get("/review/account").text
    assert key not in again
    end = re.findall(r'action="(/review/account/keys/[\w-]+/end)"', again)[-1]
    editor.post("/review/account", end)
    assert world.call("made", "GET", "/review/api/v1/cases").status_code == 401


def test_signing_in_by_mail_works_with_its_code_and_tells_strangers_nothing(world: World):
    browser = world.review
    known = browser.post("/review/sign-in", data={"email": "editor@example.org"}).text
    unknown = browser.post("/review/sign-in", data={"email": "nobody@example.org"}).text
    assert known.replace("editor@", "nobody@") == unknown
    with world.review_db.readings() as session:
        mail = session.scalars(select(Delivery)).one()

    wrong = browser.post(
        "/review/sign-in/code", data={"email": "editor@example.org", "code": "abc"}
    )
    assert wrong.status_code == 422
    right = browser.post(
        "/review/sign-in/code",
        data={
            "email": "editor@example.org",
            "code": (f" {mail.details['code']} "),
            "next": "/review/cases",
        },
    )

    assert right.headers["Location"] == "/review/cases"
    assert browser.get("/review/cases").status_code == 200
    token = re.search(
        (
            r'name="form_token" '
            r'value="(\w+)"'
        ),
        browser.get("/review/cases").text,
    ).group(1)
    browser.post("/review/sign-out", data={"form_token": token})
    assert browser.get("/review/cases").status_code == 302


def test_opening_the_link_of_a_mail_does_not_use_it_up(world: World):
    browser = world.review
    browser.post("/review/sign-in", data={"email": "editor@example.org"})
    with world.review_db.readings() as session:
        link = session.scalars(select(Delivery)).one().details["link"]

    for _ in range(3):
        assert browser.get(link).status_code == 200
    assert browser.post(link).status_code == 302
    assert browser.get("/review/").status_code == 200
    assert world.review.post(link).status_code == 410


@pytest.mark.parametrize(
    ("path", "accepts", "cookie", "language"),
    [
        ("/library/", "es-CO,es;q=0.9", None, "es"),
        ("/library/", "sw", None, "en"),
        ("/library/", "es", "ar", "ar"),
        ("/library/?lang=fr", "es", "ar", "fr"),
        ("/library/?lang=xx", "es", None, "es"),
    ],
)
def test_the_language_is_the_one_asked_for_then_the_cookies_then_the_browsers(
    world, path, accepts, cookie, language
):
    browser = world.review
    if cookie:
        browser.set_cookie("lang", cookie)

    page = browser.get(path, headers={"Accept-Language": accepts})

    assert f'<html lang="{language}"' in page.text
    assert page.headers["Content-Language"] == language


def test_a_name_is_not_taken_from_another_organisation(world: World, admin):
    with world.review_db.sessions.begin() as session:
        mine = organisations.find_or_record(session, "Helpers of Faya").id

    page = admin.post(
        "/review/organisations", f"/review/organisations/{mine}", name="WHO", action="confirm"
    )

    assert page.status_code == 422
    assert f'href="#name-{mine}"' in page.text
    assert "World Health Organization is found under this name" in page.text
    with world.review_db.readings() as session:
        assert organisations.find(session, "WHO").name == "World Health Organization"


def test_a_confirmed_organisation_is_not_merged_into_one_that_nobody_vouches_for(
    world: World, admin
):
    with world.review_db.sessions.begin() as session:
        organisations.find_or_record(session, "Helpers of Faya")
        known = organisations.find(session, "WHO").id
    path = f"/review/organisations/{known}"
    page = admin.post("/review/organisations", path, into="Helpers of Faya", action="merge")
    assert page.status_code == 409
    assert "Confirm the other organisation first" in page.text


@pytest.mark.parametrize("name", ["", "x" * 301, "12", "\u200b"])
def test_what_is_no_name_is_refused(world: World, admin, name):
    with world.review_db.sessions.begin() as session:
        mine = organisations.find_or_record(session, "Helpers of Faya").id
    page = admin.post(
        "/review/organisations", f"/review/organisations/{mine}", name=name, action="confirm"
    )
    assert page.status_code == 422


def test_nobody_says_of_themselves_what_stands_between_them_and_a_case(world: World):
    editor = Signed(world.sign_in("editor"))
    path = f"/review/people/{world.ids['editor']}/profile"
    assert editor.post(path, path, languages="en", capacity="5").status_code == 403
