"""What becomes an entry at once, what waits for an editor, and what never does."""

import pytest

from testbed.notes import approve, make_note
from testbed.world import World, bad_fields
from tests.review.desk import open_case


def test_a_duplicate_names_a_published_entry_of_its_kind(world: World):
    lesson, benchmark = world.publish()
    case = open_case(world)

    def duplicate(of):
        decision = {
            "item": case["items"][0]["id"],
            "verdict": "duplicate",
            "comment": "Same.",
            "duplicate_of": of,
        }
        return world.decide(case, [decision])

    assert bad_fields(duplicate(None)) == ["decisions.0.duplicate_of"]
    assert bad_fields(duplicate(benchmark)) == ["decisions.0.duplicate_of"]
    assert bad_fields(duplicate("LL-2026-9999")) == ["decisions.0.duplicate_of"]
    assert duplicate(lesson).status_code == 200
    shown = world.call("field", "GET", f"/intake/api/v1/notes/{case['note']}").json
    assert (shown["items"][0]["state"], shown["items"][0]["duplicate_of"]) == ("duplicate", lesson)


def test_a_sensitive_case_is_published_by_an_editor_and_not_by_who_approved_it_alone(world: World):
    world.reviewer("reviewer", capacity=0)
    case = open_case(world)
    answer = world.decide(case, [approve(case["items"][0])], who="reviewer", sensitive=True)
    assert [item["state"] for item in answer.json["items"]] == ["approved", "in_review"]
    path = f"/review/api/v1/cases/{case['id']}/items/{case['items'][0]['id']}/publication"

    assert world.call("reviewer", "POST", path, {}).status_code == 403
    assert world.call("editor", "POST", path, {}).json["reference"].startswith("LL-")
    assert world.call("editor", "POST", path, {}).status_code == 409


def test_an_editor_who_approved_a_sensitive_item_needs_a_reason_to_publish_it(world: World):
    case = open_case(world)
    world.decide(case, [approve(case["items"][0])], sensitive=True)
    path = f"/review/api/v1/cases/{case['id']}/items/{case['items'][0]['id']}/publication"

    assert bad_fields(world.call("editor", "POST", path, {})) == ["reason"]
    assert (
        world.call(
            "editor", "POST", path, {"reason": ("Nobody else is here this week.")}
        ).status_code
        == 200
    )
    history = world.case_of(case["note"])["history"]
    assert history[-1]["detail"]["reason"] == "Nobody else is here this week."


def test_a_wider_sharing_level_than_asked_for_waits_for_a_second_person(world: World):
    case = open_case(world, make_note(sharing="green"))

    wider = world.decide(case, [approve(case["items"][0], sharing="clear")])
    narrow = approve(case["items"][1], sharing="amber", readers=["MSF Holland"])
    narrower = world.decide(wider.json, [narrow])

    assert [item["state"] for item in wider.json["items"]] == ["approved", "in_review"]
    assert narrower.json["items"][1]["state"] == "published"


@pytest.mark.parametrize("sharing", ["amber_strict", "red"])
def test_what_only_reviewers_may_read_never_becomes_an_entry(world: World, sharing):
    case = open_case(world, make_note(sharing=sharing))

    answer = world.decide(case, [approve(item) for item in case["items"]])

    assert [item["state"] for item in answer.json["items"]] == ["approved", "approved"]
    assert answer.json["state"] == "decided"
    assert answer.json["waits_for"] == []
    assert world.call("editor", "GET", "/api/v1/entries").json["entries"] == []


@pytest.mark.parametrize("sharing", ["amber_strict", "red"])
def test_nobody_at_the_desk_can_widen_what_is_for_reviewers_only(world: World, sharing):
    case = open_case(world, make_note(sharing=sharing))
    answer = world.decide(case, [approve(case["items"][0], sharing="clear")])
    assert (answer.status_code, bad_fields(answer)) == (422, ["decisions.0.sharing"])


def test_marking_a_case_as_sensitive_stands_in_its_history(world: World):
    case = open_case(world)
    world.decide(case, [approve(case["items"][0])], sensitive=True)
    assert "marked_sensitive" in [
        event["action"] for event in world.case_of(case["note"])["history"]
    ]
