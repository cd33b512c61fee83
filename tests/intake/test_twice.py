"""The same request again, and two pages that write the same part of a draft."""

import re

from tests.intake.officer import LESSON, Officer, note_of
from tests.world import World


def with_lessons(world, *observations):
    """An officer who has written these lessons."""
    officer = Officer(world, "en")
    officer.begin()
    for place, observation in enumerate(observations):
        officer.step("lesson", place, **{**LESSON, "observation": observation})
    return officer


def lessons(world):
    return [lesson["observation"] for lesson in note_of(world)[2]["lessons"]]


def form_of(officer, path):
    """What the page sends along besides the answers."""
    officer.open(path)
    form = next(form for form in officer.page.split("<form")[1:] if "mark" in form)
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form.split("</form>")[0]))


def test_removing_a_lesson_twice_removes_one(world: World, both_backends):
    officer = with_lessons(world, "One", "Two", "Three")
    sent = form_of(officer, f"/intake/notes/{officer.receipt}/check")

    answers = [officer.post(f"/intake/notes/{officer.receipt}/remove/lessons/0", sent) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert officer.heading() == "Check your answers"
    assert lessons(world) == ["Two", "Three"]


def test_removing_the_last_lesson_twice_leads_to_the_check_page_too(world: World):
    officer = with_lessons(world, "One")
    sent = form_of(officer, f"/intake/notes/{officer.receipt}/check")

    answers = [officer.post(f"/intake/notes/{officer.receipt}/remove/lessons/0", sent) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert lessons(world) == []


def test_removing_twice_leaves_a_lesson_that_says_the_same(world: World):
    officer = with_lessons(world, "Same", "Same")
    sent = form_of(officer, f"/intake/notes/{officer.receipt}/check")

    for _ in range(2):
        officer.post(f"/intake/notes/{officer.receipt}/remove/lessons/0", sent)

    assert lessons(world) == ["Same"]


def test_what_was_changed_since_the_page_was_shown_is_not_removed(world: World):
    officer = with_lessons(world, "One")
    sent = form_of(officer, f"/intake/notes/{officer.receipt}/check")
    officer.step("lesson", 0, **{**LESSON, "observation": "Changed"})

    officer.post(f"/intake/notes/{officer.receipt}/remove/lessons/0", sent)

    assert lessons(world) == ["Changed"]
