"""A returned note comes back as its next version."""

import pytest

from testbed.notes import approve, make_benchmark, make_lesson, make_note
from testbed.world import World
from tests.review.desk import correct, open_case, states_of


def returned(world, note):
    """A case whose first item was returned; the other one is not decided yet."""
    case = open_case(world, note)
    first = {"item": case["items"][0]["id"], "verdict": "request_changes", "comment": "Say when."}
    world.decide(case, [first])
    return case


def test_a_returned_item_comes_back_corrected_as_the_next_version(world: World, both_backends):
    note = make_note()
    case = open_case(world, note)
    world.decide(
        case,
        [
            {"item": case["items"][0]["id"], "verdict": "request_changes", "comment": "Say when."},
            approve(case["items"][1]),
        ],
    )
    note["lessons"][0]["observation"] = "In May 2011, nearly 4,000 people were waiting."

    answer = correct(world, case["note"], 1, note)
    world.carry()

    assert (answer.status_code, answer.json["version"], answer.json["state"]) == (
        200,
        2,
        "in_review",
    )
    again = world.case_of(case["note"])
    assert (again["note_version"], again["waits_for"]) == (2, ["editor"])
    assert [item["state"] for item in again["items"]] == ["in_review", "published"]
    assert again["items"][0]["content"]["observation"].startswith("In May 2011")
    assert again["items"][0]["id"] == case["items"][0]["id"]
    assert world.decide(again, [approve(again["items"][0])]).status_code == 200
    assert states_of(world, case["note"]) == ("decided", ["published", "published"])


def test_a_decision_on_a_stale_version_is_refused(world: World):
    note = make_note()
    case = open_case(world, note)
    world.decide(
        case,
        [{"item": case["items"][0]["id"], "verdict": "request_changes", "comment": "Say when."}],
    )
    correct(world, case["note"], 1, note)
    world.carry()

    answer = world.decide(case, [approve(case["items"][0])])

    assert answer.status_code == 409
    assert "version 2" in answer.json["detail"]


def test_a_correction_is_refused_when_not_returned_or_of_a_stale_version(world: World):
    case = open_case(world)

    assert correct(world, case["note"], 1, make_note()).status_code == 409
    world.decide(
        case,
        [{"item": case["items"][0]["id"], "verdict": "request_changes", "comment": "Say when."}],
    )
    assert correct(world, case["note"], 7, make_note()).status_code == 409
    assert correct(world, case["note"], 1, make_note()).status_code == 200
    assert correct(world, case["note"], 1, make_note()).status_code == 200, "the same request again"
    assert correct(world, case["note"], 1, make_note(), key="c2").status_code == 409


def test_a_correction_must_leave_a_decided_item_as_it_was(world: World):
    note = make_note()
    case = open_case(world, note)
    world.decide(
        case,
        [
            {"item": case["items"][0]["id"], "verdict": "request_changes", "comment": "?"},
            approve(case["items"][1]),
        ],
    )
    note["benchmarks"][0]["value"] = "90"

    answer = correct(world, case["note"], 1, note)

    assert answer.status_code == 409
    assert "transit-centre-capacity" in answer.json["detail"]
    shown = world.call("field", "GET", f"/intake/api/v1/notes/{case['note']}").json
    assert (shown["version"], shown["state"]) == (1, "changes_requested")


def test_what_the_status_shows_can_be_sent_back_even_with_converted_figures(world: World):
    note = make_note(
        benchmarks=[make_benchmark(indicator="days-in-transit", value="36", unit="hours")]
    )
    case = open_case(world, note)
    world.decide(
        case,
        [
            {"item": case["items"][0]["id"], "verdict": "request_changes", "comment": "?"},
            approve(case["items"][1]),
        ],
    )
    shown = world.call("field", "GET", f"/intake/api/v1/notes/{case['note']}").json

    assert shown["note"]["benchmarks"][0]["unit"] == "hours"
    assert correct(world, case["note"], 1, shown["note"]).status_code == 200


def test_a_lesson_taken_back_and_a_new_one_are_told_apart(world: World):
    note = make_note(lessons=[make_lesson(title="one"), make_lesson(title="two")], benchmarks=[])
    case = open_case(world, note)
    one, two = case["items"]
    world.decide(
        case, [approve(one), {"item": two["id"], "verdict": "request_changes", "comment": "?"}]
    )
    new = make_note(lessons=[make_lesson(title="new"), make_lesson(title="one")], benchmarks=[])

    assert correct(world, case["note"], 1, new).status_code == 200
    world.carry()

    items = world.case_of(case["note"])["items"]
    assert [(item["title"], item["state"], item["id"]) for item in items] == [
        ("new", "in_review", two["id"]),
        ("one", "published", one["id"]),
    ]


@pytest.mark.parametrize("sharing", ["amber_strict", "red"])
def test_what_a_correction_keeps_to_the_reviewers_is_not_published(world: World, sharing):
    case = returned(world, make_note())
    correct(world, case["note"], 1, make_note(sharing=sharing))
    world.carry()

    again = world.case_of(case["note"])
    answer = world.decide(again, [approve(item) for item in again["items"]])

    assert [item["state"] for item in answer.json["items"]] == ["approved", "approved"]
    assert world.call("editor", "GET", "/api/v1/entries").json["entries"] == []


def test_a_correction_says_anew_who_may_read_what_is_published_after_it(world: World):
    world.person("partner", "partner", organisation="Someone Else")
    case = returned(world, make_note(sharing="clear"))
    correct(world, case["note"], 1, make_note(sharing="green"))
    world.carry()

    again = world.case_of(case["note"])
    world.decide(again, [approve(item) for item in again["items"]])

    assert world.call(None, "GET", "/api/v1/entries").json["entries"] == []
    entries = world.call("partner", "GET", "/api/v1/entries").json["entries"]
    assert [entry["sharing"] for entry in entries] == ["green", "green"]


def test_what_waits_for_an_editor_is_not_published_once_its_team_keeps_it_back(world: World):
    note = make_note(sharing="green")
    case = open_case(world, note)
    lesson, benchmark = case["items"]
    returned = {"item": benchmark["id"], "verdict": "request_changes", "comment": "Say when."}
    world.decide(case, [approve(lesson, sharing="clear"), returned])
    correct(world, case["note"], 1, {**note, "sharing": "red"})
    world.carry()
    path = f"/review/api/v1/cases/{case['id']}/items/{lesson['id']}/publication"

    answer = world.call("editor", "POST", path, {"reason": "Asked for."})

    assert answer.status_code == 409
    assert world.call("editor", "GET", "/api/v1/entries").json["entries"] == []
