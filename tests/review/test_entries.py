"""An entry: who may see it, who lost sight of it, and what is left when it is taken back."""

from datetime import UTC, datetime

import pytest
from freezegun import freeze_time
from sqlalchemy import func, select

from services.review.model import Entry, Facet
from shared.errors import ConflictError

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
    entry.withdraw("She can be recognised.")

    assert (entry.state, entry.withdrawal_reason) == ("withdrawn", "She can be recognised.")
    assert found_by(entry) == ("", [])


def test_withdrawing_again_is_refused_and_keeps_the_first_reason_and_time(entry):
    with freeze_time("2026-11-01"):
        entry.withdraw("She can be recognised.")

    with freeze_time("2026-11-02"), pytest.raises(ConflictError):
        entry.withdraw("Again.")

    assert entry.withdrawal_reason == "She can be recognised."
    assert entry.withdrawn_at == entry.changed_at == datetime(2026, 11, 1, tzinfo=UTC)


def test_a_narrower_circle_of_readers_finds_an_entry_as_before(entry):
    entry.show_to(AMBER)

    assert found_by(entry) == ("the nurse was named", [("country", "NER"), ("sector", "4")])


def test_a_withdrawal_deletes_words_and_facets_and_a_narrowing_does_not(world, both_backends):
    lesson, benchmark = world.publish()

    def rows_of(reference):
        with world.review_db.readings() as session:
            entry = session.scalars(select(Entry).where(Entry.reference == reference)).one()
            facets = select(func.count()).where(Facet.entry_id == entry.id)
            return "faya largeau" in entry.search_text, session.scalar(facets)

    def change(reference, what, body):
        path = f"/review/api/v1/entries/{reference}/{what}"
        assert world.call("editor", "POST", path, body).status_code == 200

    assert (rows_of(lesson), rows_of(benchmark)) == ((True, 4), (True, 6))
    change(lesson, "withdrawal", {"reason": "x"})
    change(benchmark, "sharing", {"sharing": "green", "reason": "x"})
    assert (rows_of(lesson), rows_of(benchmark)) == ((False, 0), (True, 6))
