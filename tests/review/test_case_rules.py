"""What follows from the items of a case and from its assignments, without a database."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from freezegun import freeze_time

from services.review.desk.model import Assignment, Case, Item
from shared.domain.codelists.indicator import Indicator
from shared.platform.accounts.actor import Actor
from shared.platform.errors import ConflictError

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
REVIEWER = Assignment(account_id=uuid4(), ended_at=None)
HOURS = Indicator("hours-waited", 1, {"unit": "hours"})


def make_item(state="in_review", **changes):
    values = {"kind": "lesson", "content": {"title": "Water"}, "version": 1, "place": 0}
    return Item(id=uuid4(), state=state, **{**values, **changes})


def proposal(state="in_review", **changes):
    proposed = {"name": "Days without water", "definition": "…", "unit": "days"}
    content = {"indicator": None, "proposed": proposed, "value": "2", "unit": "days"}
    return make_item(state, **{"kind": "benchmark", "content": content, **changes})


def make_case(*items, reviewers=1, **changes):
    values = {"sharing": "green", "sensitive": False, "version": 1, "state": "submitted"}
    assignments = [Assignment(account_id=uuid4(), ended_at=None) for _ in range(reviewers)]
    return Case(id=uuid4(), items=list(items), assignments=assignments, **{**values, **changes})


def turns(case):
    return "".join(
        letter
        for letter, is_theirs in (
            ("r", case.reviewer_turn),
            ("e", case.editor_turn),
            ("s", case.submitter_turn),
        )
        if is_theirs
    )


@pytest.mark.parametrize(
    ("states", "reviewers", "state", "turn"),
    [
        ("submitted", 0, "submitted", "e"),
        ("submitted submitted", 0, "submitted", "e"),
        ("assigned assigned", 1, "assigned", "r"),
        ("in_review in_review", 1, "in_review", "r"),
        ("in_review", 0, "in_review", "e"),
        ("in_review published", 1, "in_review", "r"),
        ("assigned published", 1, "in_review", "r"),
        ("submitted rejected", 0, "in_review", "e"),
        ("changes_requested", 1, "changes_requested", "s"),
        ("changes_requested in_review", 1, "changes_requested", "rs"),
        ("changes_requested in_review", 0, "changes_requested", "es"),
        ("changes_requested published", 1, "changes_requested", "s"),
        ("changes_requested approved", 1, "changes_requested", "es"),
        ("published published", 1, "decided", ""),
        ("published rejected", 0, "decided", ""),
        ("duplicate", 1, "decided", ""),
        ("approved", 1, "decided", "e"),
        ("approved published", 0, "decided", "e"),
        ("approved in_review", 1, "in_review", "re"),
        ("withdrawn", 1, "decided", ""),
        ("withdrawn assigned", 1, "assigned", "r"),
        ("withdrawn submitted", 0, "submitted", "e"),
        ("withdrawn published", 1, "decided", ""),
        ("", 1, "decided", ""),
    ],
)
def test_state_and_turns_follow_from_the_items(states, reviewers, state, turn):
    case = make_case(*(make_item(state) for state in states.split()), reviewers=reviewers)

    with freeze_time(NOW):
        case.derive_state()

    assert (case.state, turns(case), case.changed_at) == (state, turn, NOW)


@pytest.mark.parametrize(
    ("items", "reviewers", "turn"),
    [
        ([proposal()], 1, "e"),
        ([proposal(), make_item()], 1, "re"),
        ([proposal(), make_item("published")], 1, "e"),
        ([proposal("changes_requested")], 1, "s"),
        ([proposal("rejected")], 1, ""),
        ([proposal(resolution={"indicator": "x", "unit": "days"})], 1, "r"),
    ],
)
def test_an_editor_must_say_what_is_proposed_before_a_reviewer_can_decide_it(
    items, reviewers, turn
):
    case = make_case(*items, reviewers=reviewers)

    case.derive_state()

    assert turns(case) == turn


@pytest.mark.parametrize("level", ["red", "amber_strict"])
def test_what_is_never_published_waits_for_nobody_when_it_is_approved(level):
    case = make_case(make_item("approved"), sharing=level)

    case.derive_state()

    assert (case.state, turns(case)) == ("decided", "")


@pytest.mark.parametrize("level", ["red", "amber_strict"])
def test_what_the_desk_keeps_to_the_reviewers_waits_for_nobody_when_it_is_approved(level):
    kept, published = make_item("approved", sharing=level), make_item("published")
    case = make_case(kept, published, sharing="clear", sensitive=True)

    case.derive_state()

    assert (case.state, turns(case), kept.waits_for_editor) == ("decided", "", False)


def test_whoever_stopped_reviewing_is_no_reviewer():
    case = make_case(make_item(), reviewers=0)
    gone, there = uuid4(), uuid4()
    case.assignments = [
        Assignment(account_id=gone, ended_at=NOW),
        Assignment(account_id=there, ended_at=None),
    ]

    assert [one.account_id for one in case.reviewers] == [there]
    assert case.assignment_of(there) is case.assignments[1]
    assert case.assignment_of(gone) is None
    assert case.assignment_of(None) is None


def test_an_item_is_found_by_its_id():
    first, second = make_item(), make_item()
    case = make_case(first, second)

    assert case.item_with(second.id) is second
    assert case.item_with(uuid4()) is None


def test_title_and_countries_are_those_of_the_operation():
    operation = {"title": "Return to Chad", "countries": [{"code": "LBY"}, {"code": "TCD"}]}
    case = make_case(operation=operation)

    assert (case.title, case.countries) == ("Return to Chad", {"LBY", "TCD"})


@pytest.mark.parametrize("version", [1, 3])
def test_another_version_than_the_present_one_is_refused(version):
    case = make_case(version=2)

    case.require_version(2)
    with pytest.raises(ConflictError):
        case.require_version(version)


@freeze_time(NOW)
def test_the_history_says_who_did_what_when_and_to_which_version():
    case, who, item_id = make_case(version=3), uuid4(), uuid4()

    case.note_done(
        Actor(who, "Amina", "editor", "session"), "shared", item_id=item_id, sharing="green"
    )
    case.note_done(None, "opened")

    first, second = case.history
    assert (first.at, first.account_id, first.who, first.action) == (NOW, who, "Amina", "shared")
    assert (first.version, first.item_id, first.detail) == (4, item_id, {"sharing": "green"})
    assert (second.version, case.version) == (5, 5)
    assert (second.account_id, second.who, second.item_id, second.detail) == (None, None, None, {})


@pytest.mark.parametrize(
    ("state", "is_open"),
    [
        ("submitted", True),
        ("assigned", True),
        ("in_review", True),
        ("changes_requested", True),
        ("approved", False),
        ("published", False),
        ("rejected", False),
        ("duplicate", False),
        ("withdrawn", False),
    ],
)
def test_an_item_can_be_decided_until_it_is(state, is_open):
    assert make_item(state).is_open is is_open


def test_only_a_benchmark_without_an_indicator_of_which_nobody_has_spoken_is_a_proposal():
    assert proposal().is_proposal
    assert not proposal(resolution={"indicator": "x", "unit": "days"}).is_proposal
    assert not proposal(content={"indicator": "hours-waited"}).is_proposal
    assert not make_item().is_proposal


@pytest.mark.parametrize(
    ("own", "asked", "level", "is_wider"),
    [
        (None, "green", "green", False),
        ("green", "green", "green", False),
        ("clear", "green", "clear", True),
        ("amber", "green", "amber", False),
        ("green", "amber", "green", True),
        ("amber", "amber_strict", "amber_strict", False),
        ("clear", "red", "red", False),
        ("red", "clear", "red", False),
        ("amber_strict", "clear", "amber_strict", False),
    ],
)
def test_a_decision_may_change_the_level_and_a_wider_one_wants_a_second_pair_of_eyes(
    own, asked, level, is_wider
):
    item = make_item(sharing=own)
    make_case(item, sharing=asked)

    assert (item.level, item.is_wider, item.needs_second_pair_of_eyes) == (
        level,
        is_wider,
        is_wider,
    )


def test_a_sensitive_case_wants_a_second_pair_of_eyes_for_every_item():
    item = make_item(sharing="red")
    make_case(item, sharing="green", sensitive=True)

    assert (item.is_wider, item.needs_second_pair_of_eyes) == (False, True)


@pytest.mark.parametrize(
    ("state", "level", "waits"),
    [
        ("approved", "clear", True),
        ("approved", "green", True),
        ("approved", "amber", True),
        ("approved", "amber_strict", False),
        ("approved", "red", False),
        ("in_review", "green", False),
        ("published", "green", False),
        ("withdrawn", "green", False),
    ],
)
def test_only_what_is_approved_and_may_be_published_waits_for_an_editor(state, level, waits):
    item = make_item(state)
    make_case(item, sharing=level)

    assert item.waits_for_editor is waits


@pytest.mark.parametrize(
    ("content", "title"),
    [
        ({"title": "Water", "indicator": "x"}, "Water"),
        ({"indicator": "hours-waited", "proposed": {"name": "Hours"}}, "hours-waited"),
        ({"indicator": None, "proposed": {"name": "Hours"}}, "Hours"),
        ({"indicator": None, "proposed": None}, ""),
    ],
)
def test_an_item_is_called_by_title_indicator_or_what_it_proposes(content, title):
    assert make_item(content=content).title == title


def test_a_resolved_proposal_is_shown_with_the_editors_word_and_unit():
    item = proposal()
    item.content = {**item.content, "baseline": "1", "target": None, "remark": "about"}

    item.resolve(HOURS)

    assert item.resolution == {"indicator": "hours-waited", "unit": "hours"}
    assert item.resolved_content == {
        "indicator": "hours-waited",
        "proposed": None,
        "value": "48",
        "baseline": "24",
        "target": None,
        "unit": "hours",
        "remark": "about",
    }
    assert item.content["unit"] == "days"
    assert item.title == "hours-waited"


def test_a_target_is_converted_too():
    item = proposal(content={"indicator": None, "value": None, "target": "3", "unit": "days"})

    item.resolve(HOURS)

    assert (item.resolved_content["value"], item.resolved_content["target"]) == (None, "72")


def test_what_nobody_resolved_is_told_as_it_was_sent():
    item = proposal()

    assert item.resolved_content is item.content


def test_an_indicator_of_another_kind_is_refused_and_changes_nothing():
    item = proposal()

    with pytest.raises(ConflictError):
        item.resolve(Indicator("litres", 1, {"unit": "litres"}))
    assert (item.resolution, item.is_proposal) == (None, True)


@pytest.mark.parametrize(
    ("before", "after", "version"),
    [
        ("submitted", "submitted", 2),
        ("assigned", "assigned", 2),
        ("in_review", "in_review", 2),
        ("changes_requested", "in_review", 2),
    ],
)
def test_a_correction_changes_an_open_item(before, after, version):
    item = make_item(before)

    item.revise(4, {"title": "Clean water"}, 2)

    assert (item.place, item.content, item.state) == (4, {"title": "Clean water"}, after)
    assert item.version == version


@pytest.mark.parametrize(
    ("before", "after", "version"),
    [("in_review", "in_review", 1), ("changes_requested", "in_review", 2)],
)
def test_an_item_that_comes_back_unchanged_moves_on_only_if_it_was_returned(before, after, version):
    item = make_item(before)

    item.revise(0, {"title": "Water"}, 2)

    assert (item.state, item.version) == (after, version)


@pytest.mark.parametrize("state", ["approved", "published", "rejected", "duplicate", "withdrawn"])
def test_a_correction_leaves_what_was_decided_and_moves_only_its_place(state):
    item = make_item(state)

    item.revise(4, {"title": "Clean water"}, 2)

    assert (item.place, item.content, item.state, item.version) == (4, {"title": "Water"}, state, 1)


@pytest.mark.parametrize(
    ("changes", "is_kept"),
    [
        ({"value": "3"}, True),
        ({"unit": "weeks"}, False),
        ({"proposed": {"name": "Days without food", "unit": "days"}}, False),
    ],
)
def test_an_editors_word_holds_while_the_proposal_speaks_of_the_same(changes, is_kept):
    item = proposal()
    item.resolve(HOURS)

    item.revise(0, {**item.content, **changes}, 2)

    assert (item.resolution is not None, item.is_proposal) == (is_kept, not is_kept)
