"""Cases: their list, their history, and what the submitter is told."""

import re
from importlib import import_module
from uuid import uuid4

from testbed.notes import approve, make_note
from testbed.world import World
from tests.review.desk import open_case


def test_the_history_says_who_did_what_when_to_which_version(world: World):
    case = open_case(world)
    world.decide(
        case, [{"item": case["items"][0]["id"], "verdict": "reject", "comment": "Not a lesson."}]
    )

    event = world.case_of(case["note"])["history"][-1]

    assert (event["who"], event["action"], event["note_version"]) == ("editor", "decided", 1)
    assert event["detail"]["verdict"] == "reject"
    assert event["detail"]["comment"] == "Not a lesson."
    assert event["item"] == case["items"][0]["id"]


def test_the_submitter_is_mailed_what_was_decided(world: World):
    case = open_case(world)
    world.decide(
        case,
        [
            {
                "item": case["items"][0]["id"],
                "verdict": "request_changes",
                "comment": "When was that?",
            }
        ],
    )

    from sqlalchemy import select

    from shared.platform.delivery.deliveries import Delivery

    with world.intake_db.readings() as session:
        (mail,) = session.scalars(select(Delivery)).all()
    assert (mail.recipient, mail.template, mail.language) == ("field@example.org", "returned", "en")
    assert mail.details["items"][0]["comment"] == "When was that?"


def test_cases_are_listed_by_state_and_paged(world: World):
    for number in range(3):
        world.submit(make_note(operation__title=f"Operation {number}"))
    first = world.call("editor", "GET", "/review/api/v1/cases?state=open&limit=2").json
    rest = world.call(
        "editor", "GET", f"/review/api/v1/cases?state=open&limit=2&after={first['next']}"
    ).json

    assert [case["title"] for case in first["cases"] + rest["cases"]] == [
        "Operation 0",
        "Operation 1",
        "Operation 2",
    ]
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


def test_whoever_has_more_cases_than_a_page_holds_is_told_how_many_and_where_they_are(
    world: World, monkeypatch
):
    monkeypatch.setattr(import_module("services.review.desk.pages.queue"), "MOST", 2)
    world.reviewer("reviewer")
    for number in range(3):
        world.submit(make_note(operation__title=f"Operation {number}"))

    page = world.sign_in("reviewer").get("/review/?lang=en").text

    assert re.findall(r"Operation \d", page) == ["Operation 0", "Operation 1"]
    assert "Your turn (3)</h1>" in page
    assert "<title>(3) Your turn" in page
    assert "These are the 2 that are due first." in page
    assert "The others are listed among all open cases." in page
    assert '<a class="govuk-link" href="/review/cases?state=open">' in page


def test_a_case_says_when_it_is_due_only_while_it_is_undecided(world: World):
    case = world.case_of(world.submit()["reference"])
    editor, due = world.sign_in("editor"), re.compile(r"\bdue [A-Z][a-z]{2} \d")
    page = f"/review/cases/{case['id']}?lang=en"
    assert due.search(editor.get(page).text)

    world.decide(case, [approve(item) for item in case["items"]])

    decided = editor.get(page).text
    assert "Decided" in decided
    assert not due.search(decided)


def test_whoever_sees_all_that_waits_for_them_is_not_sent_elsewhere(world: World):
    world.reviewer("reviewer")
    world.submit()

    page = world.sign_in("reviewer").get("/review/?lang=en").text

    assert "Your turn (1)</h1>" in page
    assert "due first" not in page


def test_an_editor_counts_what_waits_for_editors_and_a_reviewer_what_was_given_to_them(
    world: World, both_backends
):
    world.submit()
    world.reviewer("reviewer")
    world.submit(make_note(operation__title="Another operation"))

    def counted(name):
        return re.findall(
            (
                r"Your turn "
                r"\((\d+)\)</h1>"
            ),
            world.sign_in(name).get("/review/?lang=en").text,
        )

    assert (counted("editor"), counted("reviewer")) == (["1"], ["1"])


def test_all_open_cases_are_listed_page_by_page(world: World, monkeypatch):
    monkeypatch.setattr(import_module("services.review.desk.pages.queue"), "PAGE", 2)
    for number in range(3):
        world.submit(make_note(operation__title=f"Operation {number}"))
    editor = world.sign_in("editor")

    first = editor.get("/review/cases?state=open&lang=en").text
    (more,) = re.findall(r'rel="next" href="([^"]+)"', first)
    second = editor.get(more.replace("&amp;", "&")).text

    assert re.findall(r"Operation \d", first) == ["Operation 0", "Operation 1"]
    assert re.findall(r"Operation \d", second) == ["Operation 2"]
    assert 'rel="next"' not in second
