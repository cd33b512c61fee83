"""Who reads what is for named partners: whom a decision named, else those of the operation."""

import pytest

from services.review.library.model import Entry
from shared.domain import organisations
from testbed.notes import approve, make_note
from testbed.world import World

READERS = {
    "holland": "MSF Holland",
    "iom": "IOM",
    "own": "Chad Migration Support",
    "unhcr": "UNHCR",
    "helpers": "Chad Helping Hands",
}


@pytest.fixture
def partners(world: World):
    """A partner of each of these organisations."""
    for name, organisation in READERS.items():
        world.person(name, "partner", organisation=organisation)
    return world


def publish(world, **changes):
    """An amber note, of which the lesson is approved. Returns the reference of its entry."""
    note = make_note(sharing="amber", benchmarks=[], **changes.pop("note", {}))
    case = world.case_of(world.submit(note)["reference"])
    answer = world.decide(case, [approve(case["items"][0], **changes)])
    assert answer.status_code == 200, answer.json
    (published,) = (event for event in answer.json["history"] if event["action"] == "published")
    return published["detail"]["reference"]


def who_reads(world, reference):
    path = f"/api/v1/entries/{reference}"
    answers = {name: world.call(name, "GET", path).status_code for name in READERS}
    assert world.call(None, "GET", path).status_code == 404
    assert world.call("editor", "GET", path).status_code == 200
    return {name for name, status in answers.items() if status == 200}


def test_partners_lead_agency_and_the_team_itself_read_what_names_nobody(partners: World):
    reference = publish(partners)

    assert who_reads(partners, reference) == {"holland", "iom", "own"}


def test_a_partner_that_the_register_knows_by_name_reads_and_one_that_it_does_not_know_is_left_out(
    partners: World,
):
    named = [{"organisation": "Chad Helping Hands"}, {"organisation": "Nobody Knows Them"}]
    reference = publish(partners, note={"partners": named, "operation__lead_agency": None})

    assert who_reads(partners, reference) == {"helpers", "own"}


def test_who_is_named_reads_instead_of_those_of_the_operation(partners: World):
    assert who_reads(partners, publish(partners, readers=["UNHCR"])) == {"unhcr"}


def test_readers_may_be_named_by_alias_or_id_and_twice(partners: World):
    with partners.review_db.readings() as session:
        unhcr = str(organisations.find(session, "UNHCR").id)
    reference = publish(partners, readers=["MSF-H", unhcr, "UNHCR"])

    with partners.review_db.readings() as session:
        assert len(session.query(Entry).one().readers) == 2
    assert who_reads(partners, reference) == {"unhcr", "holland"}


@pytest.mark.parametrize("sharing", ["green", "clear"])
def test_another_level_than_amber_names_nobody(partners: World, sharing):
    reference = publish(partners, readers=["UNHCR"])

    assert share(partners, reference, sharing=sharing, readers=["UNHCR"]) == 422

    assert who_reads(partners, reference) == {"unhcr"}
    assert share(partners, reference, sharing=sharing) == 200
    with partners.review_db.readings() as session:
        assert session.query(Entry).one().readers == []


def share(world, reference, **named):
    body = {"reason": "Asked for.", "readers": [], **named}
    path = f"/review/api/v1/entries/{reference}/sharing"
    answer = world.call("editor", "POST", path, body)
    world.carry()
    return answer.status_code


def test_sharing_the_same_again_is_nothing_new(partners: World):
    reference = publish(partners, readers=["UNHCR"])
    with partners.review_db.readings() as session:
        before = session.query(Entry).one().event_id

    assert share(partners, reference, sharing="amber", readers=["UNHCR"]) == 200
    with partners.review_db.readings() as session:
        assert session.query(Entry).one().event_id == before
    assert share(partners, reference, sharing="amber", readers=["MSF Holland"]) == 200
    with partners.review_db.readings() as session:
        assert session.query(Entry).one().event_id != before


def test_sight_is_lost_and_gained_again_with_each_change_of_level(partners: World):
    reference = publish(partners, readers=["UNHCR"])
    path = f"/api/v1/entries/{reference}"

    def status(name):
        return partners.call(name, "GET", path).status_code

    assert share(partners, reference, sharing="green") == 200
    assert (status("unhcr"), status("iom"), status(None)) == (200, 200, 404)
    assert share(partners, reference, sharing="amber", readers=["IOM"]) == 200
    assert (status("unhcr"), status("iom"), status(None)) == (410, 200, 404)
    assert share(partners, reference, sharing="clear") == 200
    assert (status("unhcr"), status("iom"), status(None)) == (200, 200, 200)
    assert share(partners, reference, sharing="green") == 200
    assert (status("unhcr"), status("iom"), status(None)) == (200, 200, 410)


@pytest.mark.parametrize("sharing", ["red", "amber_strict", "none"])
def test_an_entry_is_not_shared_with_fewer_than_named_partners(partners: World, sharing):
    reference = publish(partners, readers=["UNHCR"])

    assert share(partners, reference, sharing=sharing) == 422
    assert who_reads(partners, reference) == {"unhcr"}
