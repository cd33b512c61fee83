"""Notes that are kept to their reviewers: read by who sent one, or to whom it was handed over."""

from dataclasses import replace

import pytest

from services.intake import queries, use_cases
from shared.platform.accounts import sessions
from shared.platform.accounts.accounts import Account
from shared.platform.accounts.actor import OPERATOR
from shared.platform.accounts.roles import Role
from shared.platform.errors import NotAllowedError
from testbed.notes import make_note
from testbed.world import World

NOTES = "/intake/api/v1/notes"
TITLE = "Relocation of threatened witnesses"


@pytest.fixture
def holland(world: World) -> World:
    """Two people of MSF Holland, and the administrator of intake."""
    for name in ("sender", "colleague"):
        world.person(name, "field", organisation="MSF Holland")
    world.person("intake admin", "admin")
    return world


def submit(world: World, sharing: str) -> dict[str, str]:
    note = make_note(organisation="MSF Holland", operation__title=TITLE, sharing=sharing)
    return world.submit(note, who="sender")


def status_for(world: World, who: str, reference: str) -> int:
    return world.call(who, "GET", f"{NOTES}/{reference}").status_code


@pytest.mark.parametrize(
    ("sharing", "read_by"),
    [
        ("clear", ["sender", "colleague"]),
        ("amber", ["sender", "colleague"]),
        ("amber_strict", ["sender"]),
        ("red", ["sender"]),
    ],
)
def test_a_note_kept_to_its_reviewers_is_read_by_no_colleague(
    holland: World, both_backends, sharing, read_by
):
    note = submit(holland, sharing)

    found = [
        who for who in ("sender", "colleague") if status_for(holland, who, note["reference"]) == 200
    ]

    assert found == read_by


@pytest.mark.parametrize("who", ["colleague", "intake admin", None])
def test_its_receipt_shows_states_only(holland: World, who):
    receipt = submit(holland, "red")["receipt"]
    browser = signed_in(holland, who) if who else holland.intake

    page = browser.get(f"/intake/notes/{receipt}?lang=en").text

    assert "Lesson 1" in page
    assert TITLE not in page
    assert make_note()["lessons"][0]["title"] not in page


def signed_in(world: World, name: str):
    """A browser in which someone of intake is signed in."""
    client = world.intake
    with world.intake_db.sessions.begin() as session:
        token = sessions.start(session, session.get_one(Account, world.ids[name]))
    client.set_cookie("lessons_intake", token)
    return client


def hand_over(world: World, reference: str, name: str, actor=OPERATOR) -> None:
    with world.intake_db.sessions.begin() as session:
        account = session.get_one(Account, world.ids[name])
        note = queries.note_with_reference(session, reference)
        use_cases.hand_over_note(session, note=note, account=account, actor=actor)


def test_a_successor_reads_it_once_it_is_handed_over_and_who_sent_it_no_longer(holland: World):
    reference = submit(holland, "red")["reference"]

    hand_over(holland, reference, "colleague")

    assert status_for(holland, "colleague", reference) == 200
    assert status_for(holland, "sender", reference) == 404


def test_it_is_handed_over_to_nobody_else(holland: World):
    reference = submit(holland, "red")["reference"]
    holland.person("other", "field", organisation="UNHCR")

    with pytest.raises(NotAllowedError):
        hand_over(holland, reference, "other")

    assert status_for(holland, "other", reference) == 404


def test_only_an_administrator_hands_over(holland: World):
    reference = submit(holland, "red")["reference"]

    with pytest.raises(NotAllowedError):
        hand_over(holland, reference, "colleague", replace(OPERATOR, role=Role.FIELD))
