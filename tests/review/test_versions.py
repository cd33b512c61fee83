"""A case has a version that moves with every act on it, so that nobody acts on what has moved."""

import inspect
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from services.review.desk import queries, use_cases
from services.review.desk.model import FIRST_VERSION, Case, CaseMovedError, Item
from services.review.desk.use_cases import Decision
from services.review.library.model import Entry
from shared.domain.events import NoteCorrected, NoteSubmitted
from shared.platform.accounts.accounts import Account
from shared.platform.accounts.actor import Actor
from shared.platform.accounts.roles import Role
from shared.platform.errors import NotAllowedError
from shared.platform.persistence.outbox import OutboxEvent
from testbed.notes import approve, make_benchmark, make_note
from testbed.world import World
from tests.review.desk import correct, open_case, returned

NOW = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)


def bare_case(**values: Any) -> Case:
    """A case as it is before anything was done to it."""
    return Case(id=uuid4(), version=FIRST_VERSION, note_version=1, **values)


def test_whatever_is_noted_as_done_moves_the_version_by_one_and_carries_it():
    case = bare_case()

    case.note_done(None, "opened")
    case.note_version = 2
    case.note_done(None, "corrected")

    assert case.version == 1002
    assert [(done.action, done.version, done.note_version) for done in case.history] == [
        ("opened", 1001, 1),
        ("corrected", 1002, 2),
    ]


@pytest.mark.parametrize("version", [1000, 1001, 1003, 1, 0, -1, 10**30])
def test_only_the_present_version_can_be_acted_on(version):
    case = bare_case()
    case.note_done(None, "opened")
    case.note_done(None, "nobody_fits")

    case.require_version(1002)
    with pytest.raises(CaseMovedError) as refused:
        case.require_version(version)

    assert (refused.value.case_id, refused.value.version) == (case.id, version)


@pytest.mark.parametrize(
    ("version", "since"),
    [
        (1001, ["nobody_fits", "corrected"]),
        (1002, ["corrected"]),
        (1003, []),
        (1000, []),  # no case was ever shown before it was opened
        (2, []),
        (-1, []),
        (1004, []),
    ],
)
def test_what_was_done_since_is_known_for_every_version_that_the_case_had(version, since):
    case = bare_case()
    for action in ("opened", "nobody_fits", "corrected"):
        case.note_done(None, action)

    assert [done.action for done in case.done_since(version)] == since


# Each use case that acts on a case, done to the one that `eventful_case` prepares.
ACTS = {
    "accept_indicator": lambda do: use_cases.accept_indicator(
        do.session,
        case=do.case,
        item_id=do.proposal,
        code=None,
        family="quality",
        actor=do.editor,
    ),
    "assign_case": lambda do: use_cases.assign_case(do.session, case=do.case),
    "decide_items": lambda do: use_cases.decide_items(
        do.session,
        case=do.case,
        decisions=[Decision(do.proposal, "request_changes", "Say how you counted.")],
        actor=do.editor,
    ),
    "give_case": lambda do: use_cases.give_case(
        do.session,
        case=do.case,
        account_id=do.second,
        actor=do.editor,
    ),
    "map_indicator": lambda do: use_cases.map_indicator(
        do.session,
        case=do.case,
        item_id=do.proposal,
        code="onward-persons-per-week",
        actor=do.editor,
    ),
    "mark_sensitive": lambda do: use_cases.mark_sensitive(
        do.session, case=do.case, actor=do.editor
    ),
    "publish_item": lambda do: use_cases.publish_item(
        do.session, case=do.case, item_id=do.waiting, actor=do.editor, reason="Nobody else is here."
    ),
    "release_case": lambda do: use_cases.release_case(
        do.session,
        case=do.case,
        account_id=do.first,
        actor=do.editor,
    ),
    "release_unfit": lambda do: (
        do.stop(do.first),
        use_cases.release_unfit(do.session, case=do.case),
    ),
    "revise_case": lambda do: use_cases.revise_case(do.session, do.correction()),
    "share_entry": lambda do: use_cases.share_entry(
        do.session, entry=do.entry, sharing="clear", readers=(), reason="Agreed.", actor=do.editor
    ),
    "take_case": lambda do: use_cases.take_case(do.session, case=do.case, actor=do.reviewer),
    "withdraw_entry": lambda do: use_cases.withdraw_entry(
        do.session, entry=do.entry, reason="It names someone.", actor=do.editor
    ),
}
BY_ITSELF = {"assign_case", "release_unfit", "revise_case"}
# What is given a case and does nothing to one that people could have seen before.
NO_ACTS = {"open_case": "the case begins with it"}


class Doing:
    """A session, a case in it to which something can be done, and who does it."""

    def __init__(self, world: World, session: Session, case_id: UUID) -> None:
        self.session, self.case = session, queries.case_locked(session, case_id)
        items = {item.state: item.id for item in self.case.items}
        self.waiting, self.proposal = items["approved"], items["in_review"]
        self.first, self.second = world.ids["first"], world.ids["second"]
        self.editor = Actor(world.ids["editor"], "editor", "editor", "session")
        self.reviewer = Actor(self.second, "second", "reviewer", "session")
        self.entry = session.scalars(select(Entry)).one()

    def stop(self, account_id: UUID) -> None:
        """Stop an account."""
        self.session.get_one(Account, account_id).active = False
        self.session.flush()

    def correction(self) -> NoteCorrected:
        """The next version of the note."""
        case = self.case
        return NoteCorrected(
            note_id=case.note_id,
            reference=case.reference,
            version=case.note_version + 1,
            submitted_at=NOW,
            organisation={"id": case.organisation_id, "name": "Chad Migration Support"},
            office=case.office,
            vouched=case.vouched,
            language=case.language,
            sharing=case.sharing,
            operation={**case.operation, "id": case.operation_id},
            items=[{"id": i.id, "kind": i.kind, i.kind: i.content} for i in case.items],
            **case.background,
        )


def eventful_case(world: World) -> UUID:
    """A case with a published lesson, a benchmark that waits for an editor, and a proposal."""
    world.reviewer("first")
    world.reviewer("second", capacity=0)
    proposed = {"name": "Hot meals", "definition": "Meals a day", "unit": "persons/day"}
    proposal = make_benchmark(
        indicator=None,
        proposed={**proposed, "direction": "higher"},
        unit="persons/day",
    )
    case = open_case(world, make_note(sharing="green", benchmarks=[make_benchmark(), proposal]))
    lesson, benchmark, _proposal = case["items"]
    answer = world.decide(case, [approve(lesson), approve(benchmark, sharing="clear")])
    states = [item["state"] for item in answer.json["items"]]
    assert states == ["published", "approved", "in_review"]
    return UUID(case["id"])


def is_about_a_case(use_case: Any) -> bool:
    """Whether it is given a case, a part of one, or what makes or changes one."""
    classes = {Case, Item, Entry, NoteSubmitted, NoteCorrected}
    return any(parameter.annotation in classes for parameter in parameters_of(use_case))


def parameters_of(use_case: Any) -> list[inspect.Parameter]:
    return list(inspect.signature(use_case).parameters.values())


def test_every_use_case_that_acts_on_a_case_is_among_those_that_are_tried():
    named = {name: getattr(use_cases, name) for name in use_cases.__all__}
    found = {
        name
        for name, use_case in named.items()
        if inspect.isfunction(use_case)
        and parameters_of(use_case)[0].annotation is Session
        and is_about_a_case(use_case)
    }

    assert found == {*ACTS, *NO_ACTS}


@pytest.mark.parametrize("name", ACTS)
def test_every_act_on_a_case_moves_its_version(world: World, name):
    case_id = eventful_case(world)
    with world.review_db.sessions.begin() as session:
        doing = Doing(world, session, case_id)
        before = doing.case.version
        ACTS[name](doing)

    with world.review_db.readings() as session:
        case = session.get_one(Case, case_id)
        done = [(event.version, event.note_version) for event in case.history]
        assert case.version > before
        assert [version for version, _note in done] == [*range(1001, case.version + 1)]
        assert done[-1][1] == case.note_version == (2 if name == "revise_case" else 1)


# The others are the register's own. Which roles may do what is tried without a database.
@pytest.mark.parametrize("name", sorted(ACTS.keys() - BY_ITSELF))
def test_an_act_is_refused_to_a_partner_by_the_use_case_itself(world: World, name):
    case_id = eventful_case(world)
    with world.review_db.sessions.begin() as session:
        doing = Doing(world, session, case_id)
        before = doing.case.version
        doing.editor = doing.reviewer = Actor(uuid4(), "Brice", Role.PARTNER, "key")
        with pytest.raises(NotAllowedError):
            ACTS[name](doing)

    with world.review_db.readings() as session:
        assert session.get_one(Case, case_id).version == before
        assert session.scalars(select(Entry)).one().state == "published"


def test_a_new_case_starts_above_every_version_of_its_note(world: World):
    case = open_case(world)

    assert (case["version"], case["note_version"]) == (1002, 1)
    assert [(done["version"], done["note_version"]) for done in case["history"]] == [
        (1001, 1),
        (1002, 1),
    ]


def test_events_go_on_carrying_the_version_of_the_note(world: World):
    note = make_note()
    case = open_case(world, note)
    back = world.decide(case, [returned(case["items"][0])]).json
    assert back["version"] == 1003
    correct(world, case["note"], 1, note)
    world.carry()
    again = world.case_of(case["note"])
    world.decide(again, [approve(again["items"][0])])

    with world.review_db.readings() as session:
        classes = session.scalars(select(OutboxEvent).order_by(OutboxEvent.position)).all()
        versions = [(event.type, event.data["version"]) for event in classes]

    assert versions == [
        ("case.assigned.v1", 1),
        ("items.decided.v1", 1),
        ("case.assigned.v1", 2),
        ("items.decided.v1", 2),
        ("entry.published.v1", 1),  # that of the entry
    ]


def test_reading_moves_nothing(world: World):
    case_id = eventful_case(world)
    reviewer = world.sign_in("first")

    def version():
        return world.call("editor", "GET", f"/review/api/v1/cases/{case_id}").json["version"]

    before = version()
    for path in (f"/review/cases/{case_id}", "/review/", "/review/cases", "/library/"):
        assert reviewer.get(path).status_code == 200
    with world.review_db.sessions.begin() as session:
        assert use_cases.find_unfit(session) == []
        use_cases.take_case(  # they review it already, so nothing is done
            session,
            case=queries.case_locked(session, case_id),
            actor=Actor(world.ids["first"], "first", "reviewer", "session"),
        )

    assert version() == before


def test_a_list_of_cases_gives_both_versions(world: World):
    note = make_note()
    case = open_case(world, note)
    world.decide(case, [returned(case["items"][0])])
    correct(world, case["note"], 1, note)
    world.carry()

    (listed,) = world.call("editor", "GET", "/review/api/v1/cases").json["cases"]

    # opened, nobody fits, decided, corrected, nobody fits
    assert (listed["version"], listed["note_version"]) == (1005, 2)
