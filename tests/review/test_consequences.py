"""What an act at the desk brings with it elsewhere on the case."""

from uuid import UUID

from freezegun import freeze_time

from services.review.desk import queries, use_cases
from shared.platform.accounts.actor import Actor
from shared.platform.accounts.roles import Role
from testbed.notes import approve, make_note
from testbed.world import World
from tests.review.desk import correct, open_case, returned, withdraw


def test_an_item_whose_entry_is_withdrawn_is_withdrawn_too(world: World):
    case = open_case(world)
    answer = world.decide(case, [approve(item) for item in case["items"]])
    published = [done for done in answer.json["history"] if done["action"] == "published"]

    withdraw(world, published[0]["detail"]["reference"])

    items = world.case_of(case["note"])["items"]
    assert [item["state"] for item in items] == ["withdrawn", "published"]


def test_who_steps_back_from_a_decided_case_leaves_it_without_a_reviewer(world: World):
    world.reviewer("first")
    world.reviewer("second")
    case = open_case(world)
    world.decide(case, [approve(item) for item in case["items"]])

    with world.review_db.sessions.begin() as session:
        decided = queries.case_locked(session, UUID(case["id"]))
        (holder,) = decided.reviewers
        actor = Actor(holder.account_id, "Amina", Role.REVIEWER, "session")
        use_cases.release_case(session, case=decided, account_id=holder.account_id, actor=actor)

        assert decided.reviewers == []


def test_a_correction_gives_the_reviewers_a_week_again(world: World):
    with freeze_time("2026-03-01 12:00"):
        case = open_case(world, make_note())
        world.decide(case, [returned(case["items"][0])])
    with freeze_time("2026-03-05 12:00"):
        note = make_note()
        assert correct(world, case["note"], 1, note).status_code == 200
        world.carry()

        assert world.case_of(case["note"])["due_at"].startswith("2026-03-12T12:00")
