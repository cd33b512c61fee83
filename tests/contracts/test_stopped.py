"""A stopped account gets in by none of its doors: session, key, feed key, link and code."""

import pytest
from sqlalchemy import select

from shared.platform.accounts import accounts, keys
from shared.platform.accounts.accounts import Account
from shared.platform.delivery.deliveries import Delivery
from testbed.world import World

ACCOUNTS = [
    ("field", "/intake/api/v1/notes/AAN-2026-0001", 404),
    ("editor", "/review/api/v1/cases", 200),
    ("partner", "/api/v1/entries", 200),
]


def database_of(world, name):
    return world.intake_db if name == "field" else world.review_db


def change(world, name, *, active):
    with database_of(world, name).sessions.begin() as session:
        accounts.change(
            session,
            world.ids[name],
            role=session.get_one(Account, world.ids[name]).role,
            active=active,
        )


@pytest.mark.parametrize(("name", "path", "status"), ACCOUNTS)
def test_a_key_of_a_stopped_account_answers_401_until_it_is_reopened(
    world: World, name, path, status
):
    world.person("partner", "partner", organisation="MSF")
    assert world.call(name, "GET", path).status_code == status

    change(world, name, active=False)
    assert world.call(name, "GET", path).status_code == 401
    change(world, name, active=True)
    assert world.call(name, "GET", path).status_code == status


@pytest.mark.parametrize("kind", [keys.FULL, keys.FEED])
@pytest.mark.parametrize("way", ["basic", "bearer"])
def test_feeds_refuse_the_key_of_a_stopped_account_however_it_is_sent(world: World, kind, way):
    partner = world.person("partner", "partner", organisation="MSF")
    with world.review_db.sessions.begin() as session:
        text = keys.make(
            session, session.get_one(Account, partner.id), label="reader", kind=kind
        ).text

    def read():
        sent = (
            {"auth": ("key", text)}
            if way == "basic"
            else {"headers": {"Authorization": f"Bearer {text}"}}
        )
        return world.review.get("/feeds/lessons.json", **sent).status_code

    assert read() == 200
    change(world, "partner", active=False)
    assert read() == 401


@pytest.mark.parametrize(
    ("name", "page"), [("field", "/intake/account"), ("editor", "/review/account")]
)
def test_a_browser_of_a_stopped_account_is_asked_to_sign_in(world: World, name, page):
    browser = world.sign_in(name)
    assert browser.get(page).status_code == 200

    change(world, name, active=False)
    answer = browser.get(page)
    assert (answer.status_code, "/sign-in" in answer.headers["Location"]) == (302, True)


def test_a_stopped_account_gets_no_mail_to_sign_in(world: World):
    change(world, "editor", active=False)
    world.review.post("/review/sign-in", data={"email": "editor@example.org"})

    with world.review_db.readings() as session:
        assert session.scalars(select(Delivery).where(Delivery.template == "sign_in")).all() == []
