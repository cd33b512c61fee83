"""Who may read an entry, and what remains for those who could, without a database."""

from datetime import UTC, datetime
from uuid import UUID

import pytest
from freezegun import freeze_time

from services.review.library.model import Entry, audience_of, audiences_for
from shared.platform.accounts.actor import Actor
from shared.platform.accounts.roles import Role
from shared.platform.errors import ConflictError

EDITOR = Actor(UUID(int=3), "Amina", Role.EDITOR, "session")
MSF, IOM = str(UUID(int=1)), str(UUID(int=2))
NOON, LATER = datetime(2026, 3, 1, 12, tzinfo=UTC), datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("sharing", "readers", "audiences"),
    [
        ("clear", [], {"desk", "anyone"}),
        ("clear", [MSF], {"desk", "anyone"}),
        ("green", [], {"desk", "partners"}),
        ("amber", [MSF, IOM], {"desk", f"organisation:{MSF}", f"organisation:{IOM}"}),
        ("amber", [], {"desk"}),
        ("amber_strict", [MSF], {"desk"}),
        ("red", [MSF], {"desk"}),
        ("none that there is", [MSF], {"desk"}),
    ],
)
def test_a_level_is_read_by_these(sharing, readers, audiences):
    assert audiences_for(sharing, readers) == audiences


def test_an_organisation_is_one_audience_however_its_id_is_given():
    assert audience_of(UUID(MSF)) == audience_of(MSF) == f"organisation:{MSF}"


def shown(entry):
    return {sight.audience: (sight.holds, sight.lost_at) for sight in entry.sights}


def test_who_loses_sight_is_remembered_with_the_moment_and_may_gain_it_again():
    entry = Entry(reference="LL-2026-0001")
    with freeze_time(NOON):
        entry.show_to({"desk", "anyone"})
    assert shown(entry) == {"desk": (True, None), "anyone": (True, None)}
    assert entry.changed_at == NOON

    with freeze_time(LATER):
        entry.show_to({"desk", "partners"})
    narrowed = {"desk": (True, None), "anyone": (False, LATER), "partners": (True, None)}
    assert shown(entry) == narrowed
    assert entry.changed_at == LATER

    with freeze_time("2026-03-03 12:00"):
        entry.show_to({"desk", "partners"})
    assert shown(entry) == narrowed

    entry.show_to({"desk", "anyone"})
    holds = {sight.audience: sight.holds for sight in entry.sights}
    assert holds == {"desk": True, "anyone": True, "partners": False}


def test_an_entry_is_withdrawn_once_with_its_reason_and_moment():
    entry = Entry(reference="LL-2026-0001", state="published")
    with freeze_time(NOON):
        entry.withdraw("The camp was named.", EDITOR)

    assert (entry.state, entry.withdrawal_reason) == ("withdrawn", "The camp was named.")
    assert (entry.withdrawn_at, entry.changed_at) == (NOON, NOON)
    with freeze_time(LATER), pytest.raises(ConflictError):
        entry.withdraw("Again.", EDITOR)
    assert (entry.withdrawal_reason, entry.withdrawn_at) == ("The camp was named.", NOON)


def test_a_benchmark_has_an_indicator_and_a_lesson_none():
    assert Entry(content={"indicator": "hours-waited"}).indicator == "hours-waited"
    assert Entry(content={"title": "Water"}).indicator is None
