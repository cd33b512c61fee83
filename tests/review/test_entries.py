"""An entry: who may see it, who lost sight of it, and what is left when it is taken back."""

from datetime import UTC, datetime

import pytest
from freezegun import freeze_time
from lxml import etree
from sqlalchemy import func, select

from services.review.library.model import Entry, Facet
from shared.platform import clock
from shared.platform.accounts.actor import Actor
from shared.platform.accounts.roles import Role
from shared.platform.errors import ConflictError
from tests.review.desk import share, withdraw

EDITOR = Actor(None, "Amina", Role.EDITOR, "session")
CLEAR, GREEN, AMBER = {"desk", "anyone"}, {"desk", "partners"}, {"desk", "organisation:1"}


@pytest.fixture
def entry():
    """An entry for anyone, found by a word and by two properties."""
    made = Entry(reference="LL-2026-0001", state="published", search_text="the nurse was named")
    made.facets = [Facet(name="country", value="NER"), Facet(name="sector", value="4")]
    made.show_to(CLEAR)
    return made


def found_by(entry):
    return entry.search_text, [(facet.name, facet.value) for facet in entry.facets]


def test_what_was_withdrawn_is_found_by_nothing(entry):
    entry.withdraw("She can be recognised.", EDITOR)

    assert (entry.state, entry.withdrawal_reason) == ("withdrawn", "She can be recognised.")
    assert found_by(entry) == ("", [])


def test_withdrawing_again_is_refused_and_keeps_the_first_reason_and_time(entry):
    with freeze_time("2026-11-01"):
        entry.withdraw("She can be recognised.", EDITOR)

    with freeze_time("2026-11-02"), pytest.raises(ConflictError):
        entry.withdraw("Again.", EDITOR)

    assert entry.withdrawal_reason == "She can be recognised."
    assert entry.withdrawn_at == entry.changed_at == datetime(2026, 11, 1, tzinfo=UTC)


def test_a_narrower_circle_of_readers_finds_an_entry_as_before(entry):
    entry.show_to(AMBER)

    assert found_by(entry) == ("the nurse was named", [("country", "NER"), ("sector", "4")])


def sights_of(entry):
    return {sight.audience: (sight.holds, sight.lost_at) for sight in entry.sights}


def test_whoever_loses_sight_is_kept_with_the_time_at_which_they_last_did(entry):
    for day, audiences in enumerate((GREEN, CLEAR, AMBER, CLEAR, AMBER), start=1):
        with freeze_time(f"2026-11-0{day}"):
            entry.show_to(audiences)

    assert sights_of(entry) == {
        "desk": (True, None),
        "anyone": (False, datetime(2026, 11, 5, tzinfo=UTC)),
        "partners": (False, datetime(2026, 11, 2, tzinfo=UTC)),
        "organisation:1": (True, datetime(2026, 11, 4, tzinfo=UTC)),
    }


def test_a_withdrawal_takes_it_from_all_who_could_still_see_it(entry):
    with freeze_time("2026-11-01"):
        entry.show_to(AMBER)
    with freeze_time("2026-11-02"):
        entry.withdraw("She can be recognised.", EDITOR)

    assert sights_of(entry) == {
        "desk": (False, datetime(2026, 11, 2, tzinfo=UTC)),
        "anyone": (False, datetime(2026, 11, 1, tzinfo=UTC)),
        "organisation:1": (False, datetime(2026, 11, 2, tzinfo=UTC)),
    }


def test_a_withdrawal_deletes_words_and_facets_and_a_narrowing_does_not(world, both_backends):
    lesson, benchmark = world.publish()

    def rows_of(reference):
        with world.review_db.readings() as session:
            entry = session.scalars(select(Entry).where(Entry.reference == reference)).one()
            facets = select(func.count()).where(Facet.entry_id == entry.id)
            return "faya largeau" in entry.search_text, session.scalar(facets)

    assert (rows_of(lesson), rows_of(benchmark)) == ((True, 4), (True, 6))
    withdraw(world, lesson)
    share(world, benchmark, "green")
    assert (rows_of(lesson), rows_of(benchmark)) == ((False, 0), (True, 6))


def test_a_tombstone_tells_when_its_reader_lost_sight_whatever_happens_later(world, both_backends):
    world.person("holland", "partner", organisation="MSF Holland")
    world.person("stranger", "partner", organisation="Someone Else")
    lesson, _benchmark = world.publish()
    with freeze_time("2026-12-01"):
        share(world, lesson, "green")
    with freeze_time("2026-12-02"):
        share(world, lesson, "amber", "MSF Holland", "MSF France")
    with freeze_time("2026-12-03"):
        share(world, lesson, "amber", "MSF Holland")
    with freeze_time("2026-12-04"):
        withdraw(world, lesson)

    for who, day in ((None, 1), ("stranger", 2), ("holland", 4), ("editor", 4)):
        moment = f"2026-12-0{day}T00:00:00+00:00"
        tombstone = world.call(who, "GET", f"/api/v1/entries/{lesson}").json
        (item,) = world.call(who, "GET", "/feeds/lessons.json").json["items"]
        feed = etree.fromstring(world.call(who, "GET", "/feeds/lessons.atom").data)
        assert tombstone["withdrawn_at"] == moment, who
        assert (item["date_modified"], item["_register"]) == (moment, tombstone), who
        assert feed.find("{*}deleted-entry").get("when") == moment, who
        assert feed.findtext("{*}updated") == moment, who


def test_what_the_version_before_withdrew_is_a_tombstone_as_well(world):
    lesson, _benchmark = world.publish()
    with world.review_db.sessions.begin() as session, freeze_time("2026-12-01"):
        entry = session.scalars(select(Entry).where(Entry.reference == lesson)).one()
        entry.state = "withdrawn"
        entry.withdrawn_at = entry.changed_at = clock.now()

    for query in ("", "?q=nurse", "?q=convoys"):
        entries = world.call(None, "GET", f"/api/v1/entries{query}").json["entries"]
        assert entries[0]["state"] == "withdrawn", query
        assert entries[0]["withdrawn_at"] == "2026-12-01T00:00:00+00:00"
    assert world.call(None, "GET", f"/api/v1/entries/{lesson}").status_code == 410
