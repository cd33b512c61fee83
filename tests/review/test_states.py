"""Every act in every state at the desk and in the library, and who may do it, without a
database.
"""

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from freezegun import freeze_time

from services.review.desk.model import (
    CASE_TRANSITIONS,
    ITEM_TRANSITIONS,
    Case,
    CaseAct,
    CaseState,
    Item,
    ItemAct,
)
from services.review.library.model import ENTRY_TRANSITIONS, Entry, EntryAct, EntryState
from shared.domain.states import ItemState
from shared.platform.accounts.actor import Actor
from shared.platform.accounts.roles import Role
from shared.platform.errors import ConflictError, InvalidError, NotAllowedError

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
OPEN = {
    "approve": "approved",
    "request_changes": "changes_requested",
    "reject": "rejected",
    "duplicate": "duplicate",
    "take_back": "withdrawn",
}
ITEMS = {
    "submitted": {**OPEN, "assign": "assigned", "take_up": "in_review", "revise": "submitted"},
    "assigned": {**OPEN, "take_up": "in_review", "revise": "assigned"},
    "in_review": {**OPEN, "revise": "in_review"},
    "changes_requested": {**OPEN, "revise": "in_review"},
    "approved": {"publish": "published", "publish_directly": "published"},
    "rejected": {},
    "duplicate": {},
    "published": {"withdraw": "withdrawn"},
    "withdrawn": {},
}
WHO = {  # None is the register itself: an event of intake, or the clock
    "approve": ["reviewer", "editor"],
    "request_changes": ["reviewer", "editor"],
    "reject": ["reviewer", "editor"],
    "duplicate": ["reviewer", "editor"],
    "assign": [None, "reviewer", "editor"],
    "take_up": ["reviewer", "editor"],
    "publish": ["editor"],
    "publish_directly": ["reviewer", "editor"],
    "withdraw": ["editor"],
    "revise": [None],
    "take_back": [None],
}
CASES = {  # act: in which states, and who may
    "assign": ("submitted assigned in_review changes_requested", [None]),
    "give": ("submitted assigned in_review changes_requested", ["editor"]),
    "take": ("submitted assigned in_review changes_requested", ["reviewer", "editor"]),
    "release": (
        "submitted assigned in_review changes_requested",
        [None, "reviewer", "editor"],
    ),
    "decide": ("submitted assigned in_review changes_requested decided", ["reviewer", "editor"]),
    "mark_sensitive": (
        "submitted assigned in_review changes_requested",
        ["reviewer", "editor"],
    ),
    "resolve": ("submitted assigned in_review changes_requested decided", ["editor"]),
    "correct": ("submitted assigned in_review changes_requested decided", [None]),
    "change_operation": ("submitted assigned in_review changes_requested decided", [None]),
}
NOT_THEIRS = {
    "take": "Only an active reviewer or editor can review a case.",
    "decide": "Only reviewers and editors decide.",
    "resolve": "Only an editor can say which indicator this is.",
}
ENTRIES = {
    "published": {"share": "published", "withdraw": "withdrawn"},
    "withdrawn": {},
}

ENDS = {"withdrawn"}
# Nothing leads on from these yet: an editor will be able to open them anew.
WITHOUT_A_WAY_OUT = {"rejected", "duplicate"}


def actor(role):
    return None if role is None else Actor(uuid4(), "Amina", Role(role), "session")


def make_item(state):
    item = Item(id=uuid4(), state=ItemState(state), kind="lesson", content={"title": "Water"})
    item.version, item.place = 1, 0
    Case(id=uuid4(), items=[item], sharing="green", sensitive=False)
    return item


def verdict(word):
    return lambda item, who: item.decide(word, who, comment="So.", duplicate_of="LL-2026-0001")


DO = {
    **{word: verdict(word) for word in ("approve", "request_changes", "reject", "duplicate")},
    "assign": lambda item, who: item.assign(who),
    "take_up": lambda item, who: item.take_up(who),
    "publish": lambda item, who: item.publish(who, reason="Nobody else is here."),
    "publish_directly": lambda item, who: item.publish_directly(who),
    "withdraw": lambda item, who: item.withdraw(who),
    "revise": lambda item, _who: item.revise(0, {"title": "Water"}, 2),
    "take_back": lambda item, _who: item.take_back(),
}


def test_all_states_and_acts_are_tried():
    assert set(ITEMS) == set(ItemState)
    assert set(WHO) == set(DO) == set(ItemAct)
    assert set(CASES) == set(CaseAct)
    assert set(ENTRIES) == set(EntryState)
    assert {state for _act, (states, _who) in CASES.items() for state in states.split()} == set(
        CaseState
    )


@pytest.mark.parametrize("act", WHO)
@pytest.mark.parametrize("state", ITEMS)
def test_an_item_goes_where_the_table_says_or_stays_and_the_act_is_refused(state, act):
    item, who = make_item(state), actor(WHO[act][-1])

    if act in ITEMS[state] or act == "revise":  # what was decided stays as it is
        DO[act](item, who)
    else:
        with pytest.raises(ConflictError):
            DO[act](item, who)

    assert item.state == ITEMS[state].get(act, state)
    assert ((state, act) in ITEM_TRANSITIONS) is (act in ITEMS[state])


@pytest.mark.parametrize("role", [None, *Role])
@pytest.mark.parametrize("act", WHO)
def test_an_act_on_an_item_is_only_for_those_who_may(act, role):
    state = next(state for state, acts in ITEMS.items() if act in acts)
    item = make_item(state)

    if role in WHO[act]:
        assert item.after(ItemAct(act), actor(role)) == ITEMS[state][act]
    else:
        with pytest.raises(NotAllowedError):
            item.after(ItemAct(act), actor(role))


@pytest.mark.parametrize(
    ("state", "act", "text"),
    [
        ("approved", "reject", "“Water” has been decided already."),
        ("published", "approve", "“Water” has been decided already."),
        ("in_review", "publish", "This item does not wait to be published."),
        ("published", "publish_directly", "This item does not wait to be published."),
        ("approved", "withdraw", "“withdraw” cannot be done in the state “approved”."),
        ("assigned", "assign", "“assign” cannot be done in the state “assigned”."),
    ],
)
def test_a_refused_act_says_what_is_the_matter(state, act, text):
    with pytest.raises(ConflictError) as refused:
        DO[act](make_item(state), actor("editor"))

    assert str(refused.value) == text
    assert {"act": act, "state": state}.items() <= refused.value.values.items()


def test_a_reviewer_does_not_publish_what_asks_for_a_second_pair_of_eyes():
    item = make_item("approved")
    item.case.sensitive = True

    with pytest.raises(NotAllowedError) as refused:
        item.publish_directly(actor("reviewer"))

    assert (item.state, str(refused.value)) == ("approved", "Only an editor can publish this.")


@pytest.mark.parametrize(
    ("word", "duplicate_of"),
    [
        ("approve", None),
        ("request_changes", None),
        ("reject", None),
        ("duplicate", "LL-2026-0001"),
    ],
)
def test_a_decision_is_kept_with_who_made_it_and_when(word, duplicate_of):
    item, who = make_item("in_review"), actor("reviewer")

    with freeze_time(NOON):
        item.decide(word, who, comment="So.", duplicate_of="LL-2026-0001")

    assert (item.verdict, item.comment, item.duplicate_of) == (word, "So.", duplicate_of)
    assert (item.decided_by, item.decided_at) == (who.account_id, NOON)


def test_who_approved_it_is_no_second_pair_of_eyes_and_must_say_why_they_publish_it():
    item, approver, other = make_item("approved"), actor("editor"), actor("editor")
    item.decided_by = approver.account_id

    with pytest.raises(InvalidError) as refused:
        item.publish(approver, reason=None)
    assert (list(refused.value.errors), item.state) == (["reason"], "approved")

    item.publish(approver, reason="Nobody else is here.")
    assert item.state == "published"

    item.state = ItemState.APPROVED
    item.publish(other, reason=None)
    assert item.state == "published"


@pytest.mark.parametrize(
    ("state", "decided_at", "is_taken_back"),
    [
        ("withdrawn", None, True),
        ("withdrawn", NOON, False),
        ("in_review", None, False),
        ("published", NOON, False),
    ],
)
def test_only_what_went_undecided_was_taken_back(state, decided_at, is_taken_back):
    item = make_item(state)
    item.decided_at = decided_at

    assert item.is_taken_back is is_taken_back


@pytest.mark.parametrize("level", ["red", "amber_strict"])
@pytest.mark.parametrize("act", ["publish", "publish_directly"])
def test_what_is_kept_to_the_reviewers_is_published_by_nobody(act, level):
    item = make_item("approved")
    item.case.sharing = level

    with pytest.raises(ConflictError):
        DO[act](item, actor("editor"))
    assert item.state == "approved"


@pytest.mark.parametrize("act", CASES)
@pytest.mark.parametrize("state", CaseState)
def test_a_case_can_be_acted_on_where_the_table_says(state, act):
    states, who = CASES[act]
    case = Case(id=uuid4(), state=state)

    if state in states.split():
        case.require(CaseAct(act), actor(who[0]))
    else:
        with pytest.raises(ConflictError):
            case.require(CaseAct(act), actor(who[0]))
    assert ((state, act) in CASE_TRANSITIONS) is (state in states.split())


@pytest.mark.parametrize("role", [None, *Role])
@pytest.mark.parametrize("act", CASES)
def test_an_act_on_a_case_is_only_for_those_who_may(act, role):
    case, (_states, who) = Case(id=uuid4()), CASES[act]

    if role in who:
        case.require(CaseAct(act), actor(role))
    else:
        with pytest.raises(NotAllowedError) as refused:
            case.require(CaseAct(act), actor(role))
        assert str(refused.value) == NOT_THEIRS.get(act, "You may not do that here.")


def do_to_entry(entry, act, who):
    if act == "share":
        entry.share("green", [], who)
    else:
        entry.withdraw("It names someone.", who)


@pytest.mark.parametrize("act", EntryAct)
@pytest.mark.parametrize("state", ENTRIES)
def test_an_entry_goes_where_the_table_says_or_stays_and_the_act_is_refused(state, act):
    entry = Entry(reference="LL-2026-0001", state=EntryState(state))

    if act in ENTRIES[state]:
        do_to_entry(entry, act, actor("editor"))
    else:
        with pytest.raises(ConflictError) as refused:
            do_to_entry(entry, act, actor("editor"))
        assert str(refused.value) == "LL-2026-0001 has been withdrawn already."

    assert entry.state == ENTRIES[state].get(act, state)
    assert ((state, act) in ENTRY_TRANSITIONS) is (act in ENTRIES[state])


@pytest.mark.parametrize("role", [None, *Role])
@pytest.mark.parametrize("act", EntryAct)
def test_only_an_editor_changes_an_entry(act, role):
    entry = Entry(reference="LL-2026-0001", sharing="clear")

    if role == "editor":
        do_to_entry(entry, act, actor(role))
    else:
        with pytest.raises(NotAllowedError):
            do_to_entry(entry, act, actor(role))
        assert (entry.state, entry.sharing) == ("published", "clear")


def test_what_is_new_is_submitted_or_published():
    assert (Item().state, Case().state, Entry().state) == ("submitted", "submitted", "published")


def test_from_every_state_but_the_ends_somebody_may_lead_on():
    leads_on = {
        state
        for (state, _act), (who, to) in ITEM_TRANSITIONS.items()
        if to not in (None, state) and who - {None}
    }

    assert set(ItemState) - leads_on == ENDS | WITHOUT_A_WAY_OUT
    assert {state for state, _act in ENTRY_TRANSITIONS} == set(EntryState) - ENDS
