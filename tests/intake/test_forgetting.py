"""A person who asks for it is forgotten."""

import pytest

from services.intake import use_cases
from services.intake.model import Note
from shared.platform.accounts.accounts import Account
from shared.platform.accounts.actor import OPERATOR, Actor
from shared.platform.errors import NotAllowedError
from testbed.world import World, make_note


def test_notes_stay_without_a_trace_of_who_wrote(world: World, both_backends):
    kept, left = (
        world.submit(make_note(operation__title=title))["reference"] for title in ("One", "Two")
    )
    with world.intake_db.sessions.begin() as session:
        other = session.query(Note).filter_by(reference=left).one()
        other.contact = "other@example.org"

    with world.intake_db.sessions.begin() as session:
        found = use_cases.forget_person(session, email="Field@example.org ", actor=OPERATOR)

    assert found == 2
    with world.intake_db.readings() as session:
        contacts = {note.reference: note.contact for note in session.query(Note)}
        assert contacts == {kept: None, left: "other@example.org"}
        assert session.get(Account, world.ids["field"]).active is False


def test_only_an_administrator_forgets(world: World):
    world.submit()
    officer = Actor(account_id=world.ids["field"], name="field", role="field", via="session")

    with world.intake_db.sessions.begin() as session, pytest.raises(NotAllowedError):
        use_cases.forget_person(session, email="field@example.org", actor=officer)

    with world.intake_db.readings() as session:
        assert session.query(Note).one().contact == "field@example.org"
