"""What a submitter is told of an item that is approved and not published."""

import pytest
from sqlalchemy import select

from shared.platform.delivery.deliveries import Delivery
from shared.platform.web.mails import render
from testbed.notes import approve, make_note
from testbed.world import World
from tests.review.desk import open_case, returned

BY_TEAM = "Approved, and not published: it is for its reviewers only."
BY_DESK = "The reviewers approved it for fewer readers than you asked for, so it is not published."


def status_page(world: World, case) -> str:
    shown = world.call("field", "GET", f"/intake/api/v1/notes/{case['note']}").json
    return world.intake.get(f"/intake/notes/{shown['receipt']}?lang=en").text


def shown_items(world: World, case):
    shown = world.call("field", "GET", f"/intake/api/v1/notes/{case['note']}").json
    return [(item["state"], item["sharing"]) for item in shown["items"]]


@pytest.mark.parametrize("sharing", ["red", "amber_strict"])
def test_what_the_desk_keeps_to_itself_waits_for_nobody_and_its_team_is_told(
    world: World, both_backends, sharing
):
    case = open_case(world)
    lesson, benchmark = case["items"]

    answer = world.decide(case, [approve(lesson, sharing=sharing), approve(benchmark)])

    assert (answer.json["state"], answer.json["waits_for"]) == ("decided", [])
    path = f"/review/api/v1/cases/{case['id']}/items/{lesson['id']}/publication"
    assert world.call("editor", "POST", path, {"reason": "x"}).status_code == 409
    (entry,) = world.call("editor", "GET", "/api/v1/entries").json["entries"]
    assert entry["kind"] == "benchmark"
    page = status_page(world, case)
    assert (page.count(BY_DESK), BY_TEAM in page) == (1, False)
    assert shown_items(world, case) == [("approved", sharing), ("published", None)]
    assert BY_TEAM in world.sign_in("editor").get(f"/review/cases/{case['id']}?lang=en").text


def test_what_a_team_keeps_to_the_reviewers_is_approved_and_it_is_told_that_this_is_all(
    world: World,
):
    case = open_case(world, make_note(sharing="red"))

    world.decide(case, [approve(item) for item in case["items"]])

    page = status_page(world, case)
    assert (page.count(BY_TEAM), BY_DESK in page) == (2, False)
    assert shown_items(world, case) == [("approved", None), ("approved", None)]


def test_what_waits_for_an_editor_or_was_not_approved_is_not_called_kept(world: World):
    case = open_case(world, make_note(sharing="green"))
    lesson, benchmark = case["items"]

    world.decide(case, [approve(lesson, sharing="clear"), returned(benchmark)])

    page = status_page(world, case)
    assert (BY_TEAM in page, BY_DESK in page) == (False, False)


def test_the_mail_about_the_decisions_says_it_too(world: World):
    case = open_case(world)
    lesson, benchmark = case["items"]

    world.decide(case, [approve(lesson, sharing="red"), approve(benchmark)])

    with world.intake_db.readings() as session:
        (mail,) = session.scalars(select(Delivery)).all()
        template, details = mail.template, mail.details
    _subject, text = render(world.intake_app, template, "en", details)
    assert text.count(BY_DESK) == 1
