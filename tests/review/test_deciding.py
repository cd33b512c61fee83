"""Deciding items of a case."""

import re
from importlib import import_module
from uuid import uuid4

import pytest

from tests.world import World, approve, make_benchmark, make_lesson, make_note


def open_case(world: World, note=None):
    return world.case_of(world.submit(note)["reference"])


def states_of(world, reference):
    shown = world.call("field", "GET", f"/intake/api/v1/notes/{reference}").json
    return shown["state"], [item["state"] for item in shown["items"]]


def errors_of(answer):
    return sorted(error["field"] for error in answer.json["errors"])


def test_an_approval_publishes_at_once_whatever_its_siblings_state(world: World, both_backends):
    case = open_case(world)

    answer = world.decide(case, [approve(case["items"][1])])

    assert answer.status_code == 200
    assert [item["state"] for item in answer.json["items"]] == ["in_review", "published"]
    assert states_of(world, case["note"]) == ("in_review", ["in_review", "published"])
    shown = world.call("field", "GET", f"/intake/api/v1/notes/{case['note']}").json
    assert shown["items"][1]["entry"].startswith("BM-20")
    assert shown["items"][1]["verdict"] == "approve"


def test_the_submitter_learns_verdict_and_comment_of_each_item(world: World):
    case = open_case(world)
    lesson, benchmark = case["items"]

    world.decide(
        case,
        [
            {"item": lesson["id"], "verdict": "request_changes", "comment": "When was that?"},
            {"item": benchmark["id"], "verdict": "reject", "comment": "Not a measure."},
        ],
    )

    shown = world.call("field", "GET", f"/intake/api/v1/notes/{case['note']}").json
    assert shown["state"] == "changes_requested"
    assert [(item["state"], item["comment"]) for item in shown["items"]] == [
        ("changes_requested", "When was that?"),
        ("rejected", "Not a measure."),
    ]


@pytest.mark.parametrize("verdict", ["request_changes", "reject", "duplicate"])
def test_every_verdict_but_approval_wants_a_comment(world: World, verdict):
    case = open_case(world)

    answer = world.decide(case, [{"item": case["items"][0]["id"], "verdict": verdict}])

    assert answer.status_code == 422
    assert "decisions.0.comment" in errors_of(answer)


def test_an_unanswered_point_of_the_checklist_refuses_the_approval(world: World):
    case = open_case(world)
    lesson = case["items"][0]
    codes = lesson["checklist"]
    checklist = dict.fromkeys(codes[2:], True) | {codes[1]: False}

    answer = world.decide(case, [{"item": lesson["id"], "verdict": "approve", "checklist": checklist}])

    assert answer.status_code == 422
    assert errors_of(answer) == sorted(f"decisions.0.checklist.{code}" for code in codes[:2])


def test_one_bad_decision_stores_none(world: World, both_backends):
    case = open_case(world)
    lesson, benchmark = case["items"]

    answer = world.decide(case, [approve(lesson), {"item": benchmark["id"], "verdict": "reject"}])

    assert answer.status_code == 422
    assert [item["state"] for item in world.case_of(case["note"])["items"]] == ["submitted", "submitted"]
    assert world.call(None, "GET", "/api/v1/entries").json["entries"] == []


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({"decisions": []}, ["decisions", "version"]),
        ({"version": "1", "decisions": [{}]}, ["decisions.0.item", "decisions.0.verdict", "version"]),
        (
            {"version": 1, "decisions": [{"item": "x", "verdict": "praise"}]},
            ["decisions.0.item", "decisions.0.verdict"],
        ),
        ({"version": 1, "decisions": [], "extra": 1}, ["decisions", "extra"]),
    ],
)
def test_a_malformed_request_is_named_field_by_field(world: World, body, fields):
    case = open_case(world)

    answer = world.call("editor", "POST", f"/review/api/v1/cases/{case['id']}/decisions", body)

    assert answer.status_code == 422
    assert errors_of(answer) == fields


def test_an_item_of_another_case_and_the_same_item_twice_are_refused(world: World):
    case = open_case(world)
    twice = [approve(case["items"][0]), {"item": case["items"][0]["id"], "verdict": "reject", "comment": "x"}]

    assert errors_of(world.decide(case, [{"item": str(uuid4()), "verdict": "reject", "comment": "x"}])) == [
        "decisions.0.item"
    ]
    assert errors_of(world.decide(case, twice)) == ["decisions"]


def test_a_decided_item_cannot_be_decided_again(world: World):
    case = open_case(world)
    decision = {"item": case["items"][0]["id"], "verdict": "reject", "comment": "No."}
    world.decide(case, [decision])

    answer = world.decide(case, [decision])

    assert answer.status_code == 409
    assert "has been decided" in answer.json["detail"]


def correct(world, reference, version, note, key="c1"):
    return world.call(
        "field", "PUT", f"/intake/api/v1/notes/{reference}", {**note, "version": version}, Idempotency_Key=key
    )


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

    assert (answer.status_code, answer.json["version"], answer.json["state"]) == (200, 2, "in_review")
    again = world.case_of(case["note"])
    assert (again["version"], again["waits_for"]) == (2, ["editor"])
    assert [item["state"] for item in again["items"]] == ["in_review", "published"]
    assert again["items"][0]["content"]["observation"].startswith("In May 2011")
    assert again["items"][0]["id"] == case["items"][0]["id"]
    assert world.decide(again, [approve(again["items"][0])]).status_code == 200
    assert states_of(world, case["note"]) == ("decided", ["published", "published"])


def test_a_decision_on_a_stale_version_is_refused(world: World):
    note = make_note()
    case = open_case(world, note)
    world.decide(case, [{"item": case["items"][0]["id"], "verdict": "request_changes", "comment": "Say when."}])
    correct(world, case["note"], 1, note)
    world.carry()

    answer = world.decide(case, [approve(case["items"][0])])

    assert answer.status_code == 409
    assert "version 2" in answer.json["detail"]


def test_a_correction_is_refused_when_not_returned_or_of_a_stale_version(world: World):
    case = open_case(world)

    assert correct(world, case["note"], 1, make_note()).status_code == 409
    world.decide(case, [{"item": case["items"][0]["id"], "verdict": "request_changes", "comment": "Say when."}])
    assert correct(world, case["note"], 7, make_note()).status_code == 409
    assert correct(world, case["note"], 1, make_note()).status_code == 200
    assert correct(world, case["note"], 1, make_note()).status_code == 200, "the same request again"
    assert correct(world, case["note"], 1, make_note(), key="c2").status_code == 409


def test_a_correction_must_leave_a_decided_item_as_it_was(world: World):
    note = make_note()
    case = open_case(world, note)
    world.decide(
        case,
        [{"item": case["items"][0]["id"], "verdict": "request_changes", "comment": "?"}, approve(case["items"][1])],
    )
    note["benchmarks"][0]["value"] = "90"

    answer = correct(world, case["note"], 1, note)

    assert answer.status_code == 409
    assert "transit-centre-capacity" in answer.json["detail"]
    shown = world.call("field", "GET", f"/intake/api/v1/notes/{case['note']}").json
    assert (shown["version"], shown["state"]) == (1, "changes_requested")


def test_what_the_status_shows_can_be_sent_back_even_with_converted_figures(world: World):
    note = make_note(benchmarks=[make_benchmark(indicator="days-in-transit", value="36", unit="hours")])
    case = open_case(world, note)
    world.decide(
        case,
        [{"item": case["items"][0]["id"], "verdict": "request_changes", "comment": "?"}, approve(case["items"][1])],
    )
    shown = world.call("field", "GET", f"/intake/api/v1/notes/{case['note']}").json

    assert shown["note"]["benchmarks"][0]["unit"] == "hours"
    assert correct(world, case["note"], 1, shown["note"]).status_code == 200


def test_a_lesson_taken_back_and_a_new_one_are_told_apart(world: World):
    note = make_note(lessons=[make_lesson(title="one"), make_lesson(title="two")], benchmarks=[])
    case = open_case(world, note)
    one, two = case["items"]
    world.decide(case, [approve(one), {"item": two["id"], "verdict": "request_changes", "comment": "?"}])
    new = make_note(lessons=[make_lesson(title="new"), make_lesson(title="one")], benchmarks=[])

    assert correct(world, case["note"], 1, new).status_code == 200
    world.carry()

    items = world.case_of(case["note"])["items"]
    assert [(item["title"], item["state"], item["id"]) for item in items] == [
        ("new", "in_review", two["id"]),
        ("one", "published", one["id"]),
    ]


def test_a_duplicate_names_a_published_entry_of_its_kind(world: World):
    lesson, benchmark = world.publish()
    case = open_case(world)

    def duplicate(of):
        decision = {"item": case["items"][0]["id"], "verdict": "duplicate", "comment": "Same.", "duplicate_of": of}
        return world.decide(case, [decision])

    assert errors_of(duplicate(None)) == ["decisions.0.duplicate_of"]
    assert errors_of(duplicate(benchmark)) == ["decisions.0.duplicate_of"]
    assert errors_of(duplicate("LL-2026-9999")) == ["decisions.0.duplicate_of"]
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

    assert errors_of(world.call("editor", "POST", path, {})) == ["reason"]
    assert world.call("editor", "POST", path, {"reason": "Nobody else is here this week."}).status_code == 200
    history = world.case_of(case["note"])["history"]
    assert history[-1]["detail"]["reason"] == "Nobody else is here this week."


def test_a_wider_sharing_level_than_asked_for_waits_for_a_second_person(world: World):
    case = open_case(world, make_note(sharing="green"))

    wider = world.decide(case, [approve(case["items"][0], sharing="clear")])
    narrower = world.decide(case, [approve(case["items"][1], sharing="amber", readers=["MSF Holland"])])

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


def propose(world):
    proposed = {
        "name": "Hot meals per person",
        "definition": "Meals served per person and day",
        "unit": "persons/day",
        "direction": "higher",
    }
    benchmark = make_benchmark(indicator=None, proposed=proposed, unit="persons/day", value="3")
    return open_case(world, make_note(lessons=[], benchmarks=[benchmark]))


def resolve(world, case, body, who="editor"):
    path = f"/review/api/v1/cases/{case['id']}/items/{case['items'][0]['id']}/indicator"
    return world.call(who, "POST", path, body)


def test_a_proposed_indicator_must_be_dealt_with_before_approval(world: World):
    case = propose(world)

    assert case["waits_for"] == ["editor"]
    assert errors_of(world.decide(case, [approve(case["items"][0])])) == ["decisions.0.item"]


def test_a_proposal_is_mapped_to_an_indicator_and_shown_in_its_unit(world: World):
    case = propose(world)

    assert errors_of(resolve(world, case, {"indicator": "nonsense"})) == ["indicator"]
    assert resolve(world, case, {"indicator": "days-in-transit"}).status_code == 409
    mapped = resolve(world, case, {"indicator": "onward-persons-per-week"}).json

    content = mapped["items"][0]["content"]
    assert (content["indicator"], content["value"], content["unit"]) == (
        "onward-persons-per-week",
        "21",
        "persons/week",
    )
    assert resolve(world, case, {"indicator": "onward-persons-per-week"}).status_code == 409
    assert world.decide(mapped, [approve(mapped["items"][0])]).status_code == 200


def test_an_accepted_proposal_reaches_intake_and_can_be_used_there(world: World, both_backends):
    world.reviewer("reviewer")
    case = propose(world)

    assert resolve(world, case, {"accept": True, "family": "quality"}, who="reviewer").status_code == 403
    assert resolve(world, case, {"accept": True, "code": "Hot Meals"}).status_code == 422
    assert resolve(world, case, {"accept": True, "code": "people-per-tap"}).status_code == 422
    accepted = resolve(world, case, {"accept": True, "family": "quality"}).json
    world.carry()

    assert accepted["items"][0]["content"]["indicator"] == "hot-meals-per-person"
    note = make_note(benchmarks=[make_benchmark(indicator="hot-meals-per-person", unit="persons/day", value="2")])
    assert world.submit(note)["reference"]
    page = world.review.get("/library/benchmarks/hot-meals-per-person")
    assert page.status_code == 200


def test_the_history_says_who_did_what_when_to_which_version(world: World):
    case = open_case(world)
    world.decide(case, [{"item": case["items"][0]["id"], "verdict": "reject", "comment": "Not a lesson."}])

    event = world.case_of(case["note"])["history"][-1]

    assert (event["who"], event["action"], event["version"]) == ("editor", "decided", 1)
    assert event["detail"]["verdict"] == "reject"
    assert event["detail"]["comment"] == "Not a lesson."
    assert event["item"] == case["items"][0]["id"]


def test_the_submitter_is_mailed_what_was_decided(world: World):
    case = open_case(world)
    world.decide(case, [{"item": case["items"][0]["id"], "verdict": "request_changes", "comment": "When was that?"}])

    from sqlalchemy import select

    from shared.mail import Mail

    with world.intake_db.readings() as session:
        (mail,) = session.scalars(select(Mail)).all()
    assert (mail.recipient, mail.template, mail.language) == ("field@example.org", "returned", "en")
    assert mail.details["items"][0]["comment"] == "When was that?"


def test_cases_are_listed_by_state_and_paged(world: World):
    for number in range(3):
        world.submit(make_note(operation__title=f"Operation {number}"))
    first = world.call("editor", "GET", "/review/api/v1/cases?state=open&limit=2").json
    rest = world.call("editor", "GET", f"/review/api/v1/cases?state=open&limit=2&after={first['next']}").json

    assert [case["title"] for case in first["cases"] + rest["cases"]] == ["Operation 0", "Operation 1", "Operation 2"]
    assert rest["next"] is None
    assert world.call("editor", "GET", "/review/api/v1/cases?state=closed").json["cases"] == []
    assert world.call("editor", "GET", "/review/api/v1/cases?state=odd").status_code == 422
    assert world.call("editor", "GET", f"/review/api/v1/cases?after={uuid4()}").status_code == 404
    assert world.call("field", "GET", "/review/api/v1/cases").status_code == 401
    assert world.call(None, "GET", "/review/api/v1/cases").status_code == 401


def test_the_case_of_one_note_is_found_by_its_reference(world: World):
    world.submit(make_note(operation__title="Operation 1"))
    reference = world.submit(make_note(operation__title="Operation 2"))["reference"]
    listed = world.call("editor", "GET", f"/review/api/v1/cases?note={reference}").json["cases"]
    assert [case["title"] for case in listed] == ["Operation 2"]


def test_all_open_cases_are_listed_page_by_page(world: World, monkeypatch):
    monkeypatch.setattr(import_module("services.review.pages.queue"), "PAGE", 2)
    for number in range(3):
        world.submit(make_note(operation__title=f"Operation {number}"))
    editor = world.sign_in("editor")

    first = editor.get("/review/cases?state=open&lang=en").text
    (more,) = re.findall(r'rel="next" href="([^"]+)"', first)
    second = editor.get(more.replace("&amp;", "&")).text

    assert re.findall(r"Operation \d", first) == ["Operation 0", "Operation 1"]
    assert re.findall(r"Operation \d", second) == ["Operation 2"]
    assert 'rel="next"' not in second
