"""What follows from the items of a note, and what a correction does to them, without a database."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from freezegun import freeze_time

from services.intake.model import Item, Note
from shared.domain.codelists.indicator import starter_catalogue
from shared.platform.errors import ConflictError

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
WATER, FOOD, ROADS = {"title": "Water"}, {"title": "Food"}, {"title": "Roads"}
COUNTED = {"indicator": "persons-received", "value": "5"}
OPEN = ["submitted", "assigned", "in_review"]
DECIDED = ["approved", "published", "rejected", "duplicate"]


def make_item(state="in_review", content=WATER, **changes):
    values = {"kind": "lesson", "version": 1, "place": 0}
    return Item(id=uuid4(), state=state, content=content, **{**values, **changes})


def make_note(*items, **changes):
    values = {"number": 7, "state": "in_review", "version": 1, "language": "en"}
    return Note(id=uuid4(), items=list(items), **{**values, **changes})


def content(*lessons, benchmarks=(), **changes):
    operation = {"title": "Return to Chad"}
    values = {"operation": operation, "sharing": "amber", "lessons": list(lessons)}
    return {**values, "benchmarks": list(benchmarks), **changes}


def told_of(note):
    """The items in the order of their places: what they say, their state and their version."""
    items = sorted(note.items, key=lambda item: (item.state == "withdrawn", item.place))
    return [(item.content["title"], item.state, item.version) for item in items]


@pytest.mark.parametrize(
    ("states", "state"),
    [
        ("submitted", "submitted"),
        ("submitted submitted", "submitted"),
        ("assigned assigned", "assigned"),
        ("in_review in_review", "in_review"),
        ("submitted assigned", "in_review"),
        ("assigned published", "in_review"),
        ("submitted rejected", "in_review"),
        ("changes_requested", "changes_requested"),
        ("changes_requested in_review", "changes_requested"),
        ("changes_requested published", "changes_requested"),
        ("published", "decided"),
        ("published rejected", "decided"),
        ("approved", "decided"),
        ("duplicate published", "decided"),
        ("withdrawn submitted", "submitted"),
        ("withdrawn published", "decided"),
    ],
)
def test_the_state_of_a_note_follows_from_its_items(states, state):
    note = make_note(*(make_item(state) for state in states.split()))

    with freeze_time(NOON):
        note.derive_state()

    assert (note.state, note.changed_at) == (state, NOON)


def test_an_entry_that_was_withdrawn_still_stands_in_its_note_and_what_was_taken_back_does_not():
    entry = make_item("withdrawn", place=1, entry_reference="LL-2026-0001")
    taken_back = make_item("withdrawn", place=0)
    note = make_note(entry, taken_back, make_item(place=0))

    assert note.current_items == [note.items[2], entry]
    note.derive_state()
    assert note.state == "in_review"


@pytest.mark.parametrize(("state", "may_be_written"), [
    ("draft", True), ("changes_requested", True), ("submitted", False), ("assigned", False),
    ("in_review", False), ("decided", False),
])  # fmt: skip
def test_it_is_the_submitters_turn_with_a_draft_and_when_it_was_returned(state, may_be_written):
    note = make_note(make_item("changes_requested"), state=state)
    assert note.may_be_written is may_be_written

    if may_be_written:
        note.hand_over(content(WATER))
        assert note.version == 2
    else:
        with pytest.raises(ConflictError):
            note.hand_over(content(WATER))
        assert note.version == 1


def test_the_first_version_gets_a_reference_and_its_items():
    note = make_note(state="draft", version=0, draft={"any": "thing"}, account_id=uuid4())

    with freeze_time(NOON):
        note.hand_over(content(WATER, FOOD, benchmarks=[COUNTED]))

    assert (note.reference, note.version, note.state) == ("AAN-2026-0007", 1, "submitted")
    assert (note.draft, note.submitted_at, note.changed_at) == (None, NOON, NOON)
    assert [(item.kind, item.place, item.state, item.version) for item in note.items] == [
        ("lesson", 0, "submitted", 1),
        ("lesson", 1, "submitted", 1),
        ("benchmark", 2, "submitted", 1),
    ]
    assert [item.content for item in note.items] == [WATER, FOOD, COUNTED]
    (version,) = note.versions
    assert (version.version, version.account_id, version.handed_over_at) == (
        1,
        note.account_id,
        NOON,
    )
    assert version.content == note.content == content(WATER, FOOD, benchmarks=[COUNTED])


def test_a_correction_keeps_reference_and_day_of_the_first_and_is_a_version_of_its_own():
    note = make_note(state="draft", version=0)
    with freeze_time(NOON):
        note.hand_over(content(WATER))
    note.items[0].state = note.state = "changes_requested"

    with freeze_time("2027-01-05 09:00"):
        note.hand_over(content(FOOD))

    assert (note.reference, note.version, note.submitted_at) == ("AAN-2026-0007", 2, NOON)
    assert note.changed_at == datetime(2027, 1, 5, 9, 0, tzinfo=UTC)
    assert [(one.version, one.content["lessons"]) for one in note.versions] == [
        (1, [WATER]),
        (2, [FOOD]),
    ]


@pytest.mark.parametrize(
    ("before", "lessons", "after"),
    [
        # as it was: only what was returned comes back to the reviewers
        ([("in_review", WATER)], [WATER], [("Water", "in_review", 1)]),
        ([("changes_requested", WATER)], [WATER], [("Water", "in_review", 2)]),
        ([("submitted", WATER)], [WATER], [("Water", "submitted", 1)]),
        # changed
        ([("changes_requested", WATER)], [FOOD], [("Food", "in_review", 2)]),
        ([("in_review", WATER)], [FOOD], [("Food", "in_review", 2)]),
        ([("assigned", WATER)], [FOOD], [("Food", "assigned", 2)]),
        # more, in either order: what did not change is found first
        (
            [("changes_requested", WATER)],
            [WATER, FOOD],
            [("Water", "in_review", 2), ("Food", "submitted", 2)],
        ),
        (
            [("changes_requested", WATER)],
            [FOOD, WATER],
            [("Food", "submitted", 2), ("Water", "in_review", 2)],
        ),
        # fewer
        (
            [("changes_requested", WATER), ("in_review", FOOD)],
            [FOOD],
            [("Food", "in_review", 1), ("Water", "withdrawn", 1)],
        ),
        (
            [("changes_requested", WATER), ("in_review", FOOD)],
            [],
            [("Water", "withdrawn", 1), ("Food", "withdrawn", 1)],
        ),
        # moved about
        (
            [("in_review", WATER), ("changes_requested", FOOD)],
            [FOOD, WATER],
            [("Food", "in_review", 2), ("Water", "in_review", 1)],
        ),
        # one changed, one not: the changed one continues the one that is left
        (
            [("in_review", WATER), ("changes_requested", FOOD)],
            [ROADS, WATER],
            [("Roads", "in_review", 2), ("Water", "in_review", 1)],
        ),
        # both changed: each continues one of them
        (
            [("changes_requested", WATER), ("changes_requested", FOOD)],
            [ROADS, {"title": "Bridges"}],
            [("Roads", "in_review", 2), ("Bridges", "in_review", 2)],
        ),
        # twice the same
        (
            [("in_review", WATER), ("changes_requested", WATER)],
            [WATER, WATER],
            [("Water", "in_review", 1), ("Water", "in_review", 2)],
        ),
        # of two that say the same, the decided one comes back as it was
        (
            [("changes_requested", WATER), ("published", WATER)],
            [ROADS, WATER],
            [("Roads", "in_review", 2), ("Water", "published", 1)],
        ),
        # what was decided stays, and what is new does not continue it
        (
            [("published", WATER), ("changes_requested", FOOD)],
            [WATER, ROADS],
            [("Water", "published", 1), ("Roads", "in_review", 2)],
        ),
        (
            [("rejected", WATER), ("changes_requested", FOOD)],
            [ROADS, WATER, FOOD],
            [("Roads", "submitted", 2), ("Water", "rejected", 1), ("Food", "in_review", 2)],
        ),
    ],
)
def test_a_correction_is_matched_with_what_there_was(before, lessons, after):
    items = [make_item(state, values, place=place) for place, (state, values) in enumerate(before)]
    note = make_note(*items, state="changes_requested")

    note.hand_over(content(*lessons))

    assert told_of(note) == after


def test_a_benchmark_does_not_continue_a_lesson():
    lesson = make_item("changes_requested", WATER)
    note = make_note(lesson, state="changes_requested")

    note.hand_over(content(benchmarks=[WATER]))

    assert lesson.state == "withdrawn"
    assert [(item.kind, item.state, item.version) for item in note.current_items] == [
        ("benchmark", "submitted", 2)
    ]


@pytest.mark.parametrize("state", DECIDED)
@pytest.mark.parametrize("lessons", [[FOOD], [FOOD, ROADS]])
def test_what_was_decided_is_neither_changed_nor_left_out(state, lessons):
    decided, returned = make_item(state, WATER), make_item("changes_requested", FOOD, place=1)
    note = make_note(decided, returned, state="changes_requested")

    with pytest.raises(ConflictError) as refused:
        note.hand_over(content(*lessons))

    assert "Water" in str(refused.value)
    assert (decided.state, returned.state) == (state, "changes_requested")


@pytest.mark.parametrize(
    ("state", "is_decided"),
    [
        *((state, False) for state in [*OPEN, "changes_requested"]),
        *((state, True) for state in [*DECIDED, "withdrawn"]),
    ],
)
def test_an_item_is_decided_when_reviewers_have_settled_its_fate(state, is_decided):
    assert make_item(state).is_decided is is_decided


@pytest.mark.parametrize(
    ("values", "title", "in_french"),
    [
        ({"title": "Water"}, "Water", "Water"),
        ({"indicator": "persons-received"}, "persons-received", "Personnes accueillies"),
        ({"indicator": "unknown"}, "unknown", "unknown"),
        ({"indicator": None, "proposed": {"name": "Meals"}}, "Meals", "Meals"),
        ({"indicator": None, "proposed": None}, "", ""),
    ],
)
def test_an_item_is_called_by_title_indicator_or_what_it_proposes(values, title, in_french):
    item = make_item(content=values)

    assert (item.title, item.title_in("fr", starter_catalogue())) == (title, in_french)


@pytest.mark.parametrize(
    ("kept", "draft", "title", "sharing"),
    [
        ({"operation": {"title": "Sent"}, "sharing": "clear"}, {"operation": {}}, "Sent", "clear"),
        (None, {"operation": {"title": "Typed"}, "sharing": "clear"}, "Typed", "red"),
        (None, {"operation": None}, "", "red"),
        (None, None, "", "red"),
    ],
)
def test_a_note_is_called_by_its_operation_and_for_nobody_until_it_says_for_whom(
    kept, draft, title, sharing
):
    note = make_note(content=kept, draft=draft)

    assert (note.title, note.sharing) == (title, sharing)


def test_an_item_and_the_countries_of_an_operation_are_found():
    first, second = make_item(), make_item()
    note = make_note(first, second)

    assert note.item_with(second.id) is second
    assert note.item_with(uuid4()) is None
