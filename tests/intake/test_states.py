"""Every act in every state of a note and its items, and who may do it, without a database."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest

from services.intake.model import (
    ITEM_TRANSITIONS,
    NOTE_TRANSITIONS,
    Item,
    ItemAct,
    Note,
    NoteAct,
    NoteState,
)
from shared.domain.states import ItemState
from shared.platform.accounts.actor import Actor
from shared.platform.accounts.roles import Role
from shared.platform.errors import ConflictError, NotAllowedError

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
CONTENT = {
    "operation": {"title": "Return to Chad"},
    "sharing": "amber",
    "lessons": [{"title": "Water"}],
    "benchmarks": [],
}
WRITTEN = "This note has been sent. It can be changed only when the reviewers return it."
HANDED_OVER = "This note is with the reviewers. It can be changed only when they return it."
NOT_RETURNED = "This note has not been returned, so there is nothing to correct."
NOTES = {  # act: in which states, and what is said in the others
    "write": ("draft changes_requested", WRITTEN),
    "hand_over": ("draft changes_requested", HANDED_OVER),
    "begin_correction": ("changes_requested", NOT_RETURNED),
    "correct": ("changes_requested", NOT_RETURNED),
}

DECIDED = {
    "approve": "approved",
    "request_changes": "changes_requested",
    "reject": "rejected",
    "duplicate": "duplicate",
}
SAID = {**DECIDED, "publish": "published", "withdraw": "withdrawn"}  # by review, at any time
ITEMS = {
    "submitted": {
        **SAID,
        "assign": "assigned",
        "take_up": "in_review",
        "revise": "submitted",
        "take_back": "withdrawn",
    },
    "assigned": {
        **SAID,
        "take_up": "in_review",
        "revise": "assigned",
        "take_back": "withdrawn",
    },
    "in_review": {**SAID, "revise": "in_review", "take_back": "withdrawn"},
    "changes_requested": {**SAID, "revise": "in_review", "take_back": "withdrawn"},
    "approved": SAID,
    "rejected": SAID,
    "duplicate": SAID,
    "published": SAID,
    "withdrawn": {"publish": "published", "withdraw": "withdrawn"},
}
TEAM = [None, "field", "admin"]  # None: whoever has the receipt
WHO = {act: [None] for act in [*SAID, "assign", "take_up"]} | {"revise": TEAM, "take_back": TEAM}


def actor(role):
    return None if role is None else Actor(uuid4(), "Amina", Role(role), "session")


def make_note(state):
    item = Item(id=uuid4(), kind="lesson", place=0, content={"title": "Water"}, version=1)
    return Note(id=uuid4(), number=7, state=NoteState(state), version=1, items=[item])


def make_item(state):
    return Item(id=uuid4(), state=ItemState(state), kind="lesson", content={}, version=1)


def do_to_note(note, act, who=None):
    {
        "write": lambda: note.write({"operation": {}}),
        "hand_over": lambda: note.hand_over(CONTENT, who),
        "begin_correction": lambda: note.begin_correction({"operation": {}}, who),
        "correct": lambda: note.require(NoteAct.CORRECT, who),
    }[act]()


def decision(state):
    said = dict.fromkeys(("verdict", "comment", "duplicate_of", "sharing"))
    values = {"state": state, **said}
    return lambda item, _who: item.decide(values, NOON)


DO = {
    **{act: decision(state) for act, state in DECIDED.items()},
    "assign": lambda item, _who: item.assign(),
    "take_up": lambda item, _who: item.take_up(),
    "publish": lambda item, _who: item.publish("LL-2026-0001", "clear", 1),
    "withdraw": lambda item, _who: item.withdraw("It names someone."),
    "revise": lambda item, who: item.revise(0, {}, 2, who),
    "take_back": lambda item, who: item.take_back(who),
}


def test_all_states_and_acts_are_tried():
    assert set(NOTES) == set(NoteAct)
    assert set(ITEMS) == set(ItemState)
    assert set(WHO) == set(DO) == set(ItemAct)


@pytest.mark.parametrize("act", NOTES)
@pytest.mark.parametrize("state", NoteState)
def test_a_note_can_be_acted_on_where_the_table_says(state, act):
    states, text = NOTES[act]
    note = make_note(state)

    if state in states.split():
        do_to_note(note, act)
    else:
        with pytest.raises(ConflictError) as refused:
            do_to_note(note, act)
        assert (str(refused.value), note.state) == (text, state)
    assert ((state, act) in NOTE_TRANSITIONS) is (state in states.split())


@pytest.mark.parametrize("role", [None, *Role])
@pytest.mark.parametrize("act", ["hand_over", "begin_correction", "correct"])
def test_a_note_is_written_by_its_team(act, role):
    note = make_note("changes_requested")

    if role in TEAM:
        do_to_note(note, act, actor(role))
    else:
        with pytest.raises(NotAllowedError):
            do_to_note(note, act, actor(role))
        assert (note.state, note.version) == ("changes_requested", 1)


@pytest.mark.parametrize("act", WHO)
@pytest.mark.parametrize("state", ITEMS)
def test_an_item_goes_where_the_table_says_or_stays_and_the_act_is_refused(state, act):
    item = make_item(state)

    if act in ITEMS[state] or act == "revise":  # what was decided comes as it was
        DO[act](item, None)
    else:
        with pytest.raises(ConflictError):
            DO[act](item, None)

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


def test_what_review_says_of_an_item_is_kept():
    item = make_item("in_review")
    said = {"verdict": "duplicate", "comment": "So.", "duplicate_of": "LL-2026-0002"}

    item.decide({**said, "state": "duplicate", "sharing": None}, NOON)
    assert (item.verdict, item.comment, item.duplicate_of) == ("duplicate", "So.", "LL-2026-0002")
    assert item.decided_at == NOON

    item.publish("LL-2026-0001", "clear", 3)
    published = (item.entry_reference, item.entry_sharing, item.published_version)
    assert published == ("LL-2026-0001", "clear", 3)

    item.withdraw("It names someone.")
    withdrawn = (item.entry_reference, item.entry_sharing, item.comment)
    assert withdrawn == ("LL-2026-0001", None, "It names someone.")


@pytest.mark.parametrize(
    ("act", "text"),
    [
        (
            "take_back",
            "“Water” has been decided and cannot be changed or left out. Send it as it was.",
        ),
        ("assign", "“assign” cannot be done in the state “published”."),
    ],
)
def test_a_refused_act_says_what_is_the_matter(act, text):
    item = make_item("published")
    item.content = {"title": "Water"}

    with pytest.raises(ConflictError) as refused:
        DO[act](item, None)

    assert str(refused.value) == text


def test_what_is_new_is_a_draft_or_submitted():
    assert (Note().state, Item().state) == ("draft", "submitted")


def test_from_every_state_but_the_end_something_leads_on():
    leads_on = {s for (s, _act), (_who, to) in ITEM_TRANSITIONS.items() if to not in (None, s)}

    assert set(ItemState) - leads_on == set()  # withdrawn, too: it may have been published just now
    assert {state for state, _act in NOTE_TRANSITIONS} == {"draft", "changes_requested"}
    # The others lead on when review decides their items; `decided` stays until an entry goes.
