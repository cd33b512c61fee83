"""What an act at the desk brings with it elsewhere on the case."""

from uuid import UUID

import pytest
from freezegun import freeze_time

from services.review.desk import queries, use_cases
from shared.platform.accounts.actor import Actor
from shared.platform.accounts.roles import Role
from shared.platform.errors import ConflictError
from testbed.notes import approve, make_benchmark, make_note
from testbed.world import World
from tests.review.desk import Desk, correct, open_case, returned, withdraw

ACTS_ON_REVIEWERS = ("/release", "/take", "/assign")


def test_an_item_whose_entry_is_withdrawn_is_withdrawn_too(world: World):
    case = open_case(world)
    answer = world.decide(case, [approve(item) for item in case["items"]])
    published = [done for done in answer.json["history"] if done["action"] == "published"]

    withdraw(world, published[0]["detail"]["reference"])

    items = world.case_of(case["note"])["items"]
    assert [item["state"] for item in items] == ["withdrawn", "published"]


@pytest.mark.parametrize("act", ["release", "give", "take"])
def test_who_reviewed_a_decided_case_stays_on_record(world: World, both_backends, act):
    world.reviewer("first")
    world.reviewer("second", capacity=0)
    case = open_case(world)
    world.decide(case, [approve(item) for item in case["items"]])
    first, second, editor = (world.ids[name] for name in ("first", "second", "editor"))

    with world.review_db.sessions.begin() as session:
        decided = queries.case_locked(session, UUID(case["id"]))
        acts = {
            "release": lambda: use_cases.release_case(
                session, case=decided, account_id=first, actor=actor(first, Role.REVIEWER)
            ),
            "give": lambda: use_cases.give_case(
                session, case=decided, account_id=second, actor=actor(editor, Role.EDITOR)
            ),
            "take": lambda: use_cases.take_case(
                session, case=decided, actor=actor(second, Role.REVIEWER)
            ),
        }
        with pytest.raises(ConflictError) as refused:
            acts[act]()

        assert str(refused.value) == "This case is decided."
        assert [one.account_id for one in decided.reviewers] == [first]


def actor(account_id, role):
    return Actor(account_id, "Amina", role, "session")


def test_the_page_of_a_decided_case_is_not_due_and_offers_nobody_to_leave_or_get_it(world: World):
    world.reviewer("first")
    world.reviewer("second", capacity=0)
    with freeze_time("2026-11-27 12:00"):
        case = open_case(world)
    path = f"/review/cases/{case['id']}"
    shown = {name: Desk(world, name, path).text for name in ("first", "editor")}
    assert all("due Dec 4, 2026" in page for page in shown.values())
    world.decide(case, [approve(item) for item in case["items"]])

    for name in ("first", "editor"):
        page = Desk(world, name, path)
        assert " due " not in page.page.xpath("string(//main)")
        actions = [form.get("action") for form in page.page.forms]
        assert not [action for action in actions if action and action.endswith(ACTS_ON_REVIEWERS)]
        assert "first: speaks English" in " ".join(page.page.xpath("string(//main)").split())


def test_a_decided_case_that_nobody_was_given_asks_no_editor_to_give_it(world: World):
    case = open_case(world)
    path = f"/review/cases/{case['id']}"
    assert "No reviewer fits." in Desk(world, "editor", path).text

    world.decide(case, [approve(item) for item in case["items"]])

    assert "No reviewer fits." not in Desk(world, "editor", path).text


def test_what_waits_to_be_published_and_what_was_mapped_is_called_by_the_indicators_name(
    world: World,
):
    proposed = {"name": "Trucks", "definition": "Moved on", "unit": "persons/week"}
    proposal = make_benchmark(indicator=None, proposed={**proposed, "direction": "higher"})
    note = make_note(benchmarks=[make_benchmark(), proposal | {"unit": "persons/week"}])
    case = open_case(world, note)
    _lesson, capacity, _trucks = case["items"]
    assert world.decide(case, [approve(capacity)], sensitive=True).status_code == 200
    desk = Desk(world, "editor", f"/review/cases/{case['id']}")

    desk.send("/indicator", action="map", indicator="onward-persons-per-week")
    desk.follow()

    (heading,) = desk.page.xpath("//h2[starts-with(@id, 'publish-')]")
    assert heading.text_content() == "To publish: Transit centre capacity"
    assert "proposal is the indicator Persons moved onward in a week" in desk.text
    assert "transit-centre-capacity" not in desk.page.xpath("string(//main)")


def test_a_correction_gives_the_reviewers_a_week_again(world: World):
    with freeze_time("2026-03-01 12:00"):
        case = open_case(world, make_note())
        world.decide(case, [returned(case["items"][0])])
    with freeze_time("2026-03-05 12:00"):
        note = make_note()
        assert correct(world, case["note"], 1, note).status_code == 200
        world.carry()

        assert world.case_of(case["note"])["due_at"].startswith("2026-03-12T12:00")
