"""Who may read the text of a note and correct it."""

from dataclasses import replace

import pytest

from services.intake import queries
from shared.domain import organisations
from shared.platform.accounts.accounts import Account
from shared.platform.accounts.actor import Actor
from testbed.notes import make_note
from testbed.world import World

NOTES = "/intake/api/v1/notes"


@pytest.fixture
def note(world: World):
    """A note of MSF Holland, sent by someone of it."""
    world.person("holland", "field", organisation="MSF Holland")
    return world.submit(make_note(organisation="MSF-H"), who="holland")["reference"]


def may_read(world, reference, **changes):
    with world.intake_db.readings() as session:
        note = queries.note_for(session, admin(), reference)
        holland = organisations.find(session, "MSF Holland").id
        stranger = {
            "account_id": holland,
            "name": "A",
            "role": "field",
            "via": "session",
            "email": "a@example.org",
        }
        names = {
            "organisation": lambda name: {"organisation_id": organisations.find(session, name).id}
        }
        answers = {}
        for name, value in changes.items():
            answers |= names[name](value) if name in names else {name: value}
        return queries.may_read(session, Actor(**{**stranger, **answers}), note)


def admin():
    return Actor(account_id=None, name="A", role="admin", via="session")


def test_a_colleague_reads_a_note_when_an_administrator_stands_for_them(world: World, note):
    assert may_read(world, note, organisation="MSF Holland", vouched=True)
    assert may_read(world, note, organisation="MSF", vouched=True)
    assert may_read(world, note, organisation="Médecins Sans Frontières France", vouched=True)


@pytest.mark.parametrize("organisation", ["MSF Holland", "MSF", "Médecins Sans Frontières France"])
def test_someone_for_whom_nobody_stands_does_not_read_the_notes_of_their_organisation(
    world: World, note, organisation
):
    assert not may_read(world, note, organisation=organisation, vouched=False)


def test_another_organisation_and_none_at_all_read_nothing(world: World, note):
    assert not may_read(world, note, organisation="UNHCR")
    assert not may_read(world, note)


def test_whoever_sent_it_or_left_the_address_on_it_reads_it_even_if_nobody_stands_for_them(
    world: World, note
):
    assert may_read(world, note, account_id=world.ids["holland"], vouched=False)
    assert may_read(world, note, email="holland@example.org", vouched=False)
    assert not may_read(world, note, email="other@example.org", vouched=False)
    assert not may_read(world, note, email=None, vouched=False)


def test_an_administrator_reads_every_note_and_a_stranger_none(world: World, note):
    with world.intake_db.readings() as session:
        found = queries.note_for(session, admin(), note)
        assert not queries.may_read(session, None, found)
        assert not queries.may_read(session, replace(admin(), role="field"), found)


def test_a_note_without_address_is_not_for_someone_without_address(world: World, note):
    with world.intake_db.sessions.begin() as session:
        found = queries.note_for(session, admin(), note)
        found.account_id = found.contact = found.organisation_id = None
        session.flush()

        assert not queries.may_read(session, replace(admin(), role="field"), found)


def test_a_colleague_whom_nobody_vouches_for_gets_404_by_key_and_cannot_correct(world: World, note):
    world.person("intake colleague", "field", organisation="MSF Holland")
    assert world.call("intake colleague", "GET", f"{NOTES}/{note}").status_code == 200

    with world.intake_db.sessions.begin() as session:
        session.get_one(Account, world.ids["intake colleague"]).vouched = False

    assert world.call("intake colleague", "GET", f"{NOTES}/{note}").status_code == 404
    correction = {**make_note(organisation="MSF-H"), "version": 1}
    answer = world.call(
        "intake colleague", "PUT", f"{NOTES}/{note}", correction, Idempotency_Key="c"
    )
    assert answer.status_code == 404
