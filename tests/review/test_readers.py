"""Who may read an entry: organisations with their sections, and readers that change."""

from itertools import pairwise

import pytest

from shared.domain import organisations
from testbed.notes import make_note
from testbed.world import World
from tests.review.desk import share

ENTRIES = "/api/v1/entries"
MSF, HOLLAND = "Médecins Sans Frontières", "MSF Holland"


@pytest.fixture
def partners(world: World) -> World:
    """A partner of MSF, one each of two of its sections, and one of another organisation."""
    world.person("msf", "partner", organisation=MSF)
    world.person("holland", "partner", organisation=HOLLAND)
    world.person("france", "partner", organisation="MSF France")
    world.person("stranger", "partner", organisation="Someone Else")
    return world


def publish_for(world, organisation):
    """A lesson that, beside its authors, only this organisation may read."""
    note = make_note(sharing="amber", operation__lead_agency=None)
    note["partners"] = [{"organisation": organisation, "role": "health"}]
    return world.publish(note)[0]


def statuses(world, reference, *names):
    return [world.call(who, "GET", f"{ENTRIES}/{reference}").status_code for who in names]


def test_what_is_for_an_organisation_is_for_its_sections_too(partners: World):
    lesson = publish_for(partners, MSF)

    assert statuses(partners, lesson, "msf", "holland", "france", "stranger", None) == [
        *(200, 200, 200),
        *(404, 404),
    ]


def test_what_is_for_a_section_is_not_for_the_whole_nor_for_another_section(partners: World):
    lesson = publish_for(partners, HOLLAND)

    assert statuses(partners, lesson, "holland", "msf", "france") == [200, 404, 404]


def test_an_office_of_a_section_is_part_of_the_whole(partners: World):
    partners.person("office", "partner", organisation="MSF Holland in Chad")
    with partners.review_db.sessions.begin() as session:
        names = (MSF, HOLLAND, "MSF Holland in Chad")
        family = [organisations.find_or_record(session, name) for name in names]
        for parent, part in pairwise(family):
            organisations.confirm(session, part.id, name=part.name, parent_id=parent.id)
    lesson = publish_for(partners, MSF)

    assert statuses(partners, lesson, "office") == [200]


def test_naming_other_readers_shows_it_to_them_and_takes_it_from_those_before(partners: World):
    lesson = publish_for(partners, HOLLAND)

    share(partners, lesson, "amber", "Someone Else")

    assert statuses(partners, lesson, "stranger", "holland", "france") == [200, 410, 404]
    share(partners, lesson, "amber", "MSF France", HOLLAND)
    assert statuses(partners, lesson, "stranger", "holland", "france") == [410, 200, 200]


def test_naming_the_same_readers_again_changes_nothing(partners: World):
    lesson = publish_for(partners, HOLLAND)
    share(partners, lesson, "amber", "MSF France", HOLLAND)
    before = partners.call("editor", "GET", f"{ENTRIES}/{lesson}").json

    share(partners, lesson, "amber", HOLLAND, "MSF France")

    assert partners.call("editor", "GET", f"{ENTRIES}/{lesson}").json == before


@pytest.mark.parametrize(
    ("path", "for_holland", "for_others"),
    [
        ("/", "2 published lessons and benchmarks", "0 published lessons and benchmarks"),
        ("/library/", "2 entries", "0 entries"),
        ("/library/?q=convoys", "1 entry", "0 entries"),
        ("/library/?indicator=transit-centre-capacity", "1 entry", "0 entries"),
        ("/library/benchmarks/transit-centre-capacity", "of 1 operation", "of 0 operations"),
    ],
)
def test_what_a_person_may_not_read_is_not_counted(partners: World, path, for_holland, for_others):
    publish_for(partners, HOLLAND)

    assert for_holland in partners.sign_in("holland").get(path).text
    assert for_others in partners.sign_in("france").get(path).text
    assert for_others in partners.review.get(path).text


def test_the_list_of_indicators_counts_no_value_that_somebody_may_not_read(partners: World):
    publish_for(partners, HOLLAND)

    assert "1 value, 1 operation<" in partners.sign_in("holland").get("/library/benchmarks/").text
    for reader in (partners.sign_in("france"), partners.review):
        assert "1 value" not in reader.get("/library/benchmarks/").text
