"""The same request again, and two pages that write the same part of a draft."""

import re

from testbed.world import World
from tests.intake.officer import LESSON, Officer, note_of


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
    return dict(
        re.findall(
            (
                r'<input type="hidden" '
                r'name="(\w+)" value="([^"]*)"'
            ),
            form.split("</form>")[0],
        )
    )


def test_removing_a_lesson_twice_removes_one(world: World, both_backends):
    officer = with_lessons(world, "One", "Two", "Three")
    sent = form_of(officer, f"/intake/notes/{officer.receipt}/check")

    answers = [
        officer.post(f"/intake/notes/{officer.receipt}/remove/lessons/0", sent) for _ in range(2)
    ]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert officer.heading() == "Check your answers"
    assert lessons(world) == ["Two", "Three"]


def test_removing_the_last_lesson_twice_leads_to_the_check_page_too(world: World):
    officer = with_lessons(world, "One")
    sent = form_of(officer, f"/intake/notes/{officer.receipt}/check")

    answers = [
        officer.post(f"/intake/notes/{officer.receipt}/remove/lessons/0", sent) for _ in range(2)
    ]

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


def new_lesson(officer, place):
    return form_of(officer, f"/intake/notes/{officer.receipt}/write/lesson/{place}")


def send_lesson(officer, place, mark, observation):
    path = f"/intake/notes/{officer.receipt}/write/lesson/{place}"
    return officer.post(path, {**mark, **LESSON, "observation": observation})


def test_two_pages_that_begin_a_lesson_at_the_same_place_make_two(world: World, both_backends):
    officer = with_lessons(world, "One")
    first, second = new_lesson(officer, 1), new_lesson(officer, 1)

    send_lesson(officer, 1, first, "Two")
    answer = send_lesson(officer, 1, second, "Three")

    assert answer.status_code == 302
    assert lessons(world) == ["One", "Two", "Three"]


def test_two_pages_that_begin_the_first_lesson_make_two(world: World):
    officer = with_lessons(world)
    first, second = new_lesson(officer, 0), new_lesson(officer, 0)

    send_lesson(officer, 0, first, "One")
    send_lesson(officer, 0, second, "Two")

    assert lessons(world) == ["One", "Two"]


def test_a_new_lesson_sent_twice_is_one(world: World):
    officer = with_lessons(world, "One")
    mark = new_lesson(officer, 1)

    answers = [send_lesson(officer, 1, mark, "Two") for _ in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert lessons(world) == ["One", "Two"]


def test_a_new_lesson_sent_twice_is_one_although_its_place_was_taken(world: World):
    officer = with_lessons(world, "One")
    first, second = new_lesson(officer, 1), new_lesson(officer, 1)
    send_lesson(officer, 1, first, "Two")

    for _ in range(2):
        send_lesson(officer, 1, second, "Three")

    assert lessons(world) == ["One", "Two", "Three"]


def test_whoever_goes_back_and_mends_a_lesson_begins_no_other(world: World):
    officer = with_lessons(world, "One")
    mark = new_lesson(officer, 1)
    send_lesson(officer, 1, mark, "Tow")

    send_lesson(officer, 1, mark, "Two")

    assert lessons(world) == ["One", "Two"]


def test_two_pages_that_begin_a_number_make_two(world: World):
    officer = with_lessons(world)
    path = f"/intake/notes/{officer.receipt}/write/indicator/0"
    first, second = form_of(officer, path), form_of(officer, path)

    officer.post(path, {**first, "indicator": "persons-received"})
    answer = officer.post(path, {**second, "indicator": "transit-centre-capacity"})

    assert answer.headers["Location"].endswith("/write/number/1")
    benchmarks = [benchmark["indicator"] for benchmark in note_of(world)[2]["benchmarks"]]
    assert benchmarks == ["persons-received", "transit-centre-capacity"]


def test_a_lesson_that_was_changed_elsewhere_is_not_written_over_unseen(
    world: World, both_backends
):
    officer = with_lessons(world, "One")
    mark = new_lesson(officer, 0)
    officer.step("lesson", 0, **{**LESSON, "observation": "One, as the other tab has it"})

    answer = send_lesson(officer, 0, mark, "One, as it was typed here")

    assert answer.status_code == 409
    assert officer.errors == {
        "#observation": "This was changed elsewhere meanwhile. This page shows what it says now. "
        "Save again to keep what you typed here."
    }
    assert "One, as it was typed here</textarea>" in officer.page
    assert "One, as the other tab has it" in officer.page.split("What it says now")[1]
    assert lessons(world) == ["One, as the other tab has it"]


def test_sent_again_the_typed_text_stands(world: World):
    officer = with_lessons(world, "One")
    mark = new_lesson(officer, 0)
    officer.step("lesson", 0, **{**LESSON, "observation": "Theirs"})
    send_lesson(officer, 0, mark, "Ours")
    (shown,) = re.findall(r'name="mark" value="([^"]*)"', officer.page)

    answer = send_lesson(officer, 0, {"mark": shown}, "Ours")

    assert answer.status_code == 302
    assert lessons(world) == ["Ours"]


def test_the_same_change_sent_twice_or_from_two_pages_is_no_conflict(world: World):
    officer = with_lessons(world, "One")
    first, second = new_lesson(officer, 0), new_lesson(officer, 0)

    answers = [send_lesson(officer, 0, mark, "Changed") for mark in (first, first, second)]

    assert [answer.status_code for answer in answers] == [302, 302, 302]


def test_whoever_goes_back_and_mends_their_own_change_is_not_held_up(world: World):
    officer = with_lessons(world, "One")
    mark = new_lesson(officer, 0)
    send_lesson(officer, 0, mark, "Chagned")

    assert send_lesson(officer, 0, mark, "Changed").status_code == 302
    assert lessons(world) == ["Changed"]


def test_another_step_of_the_same_lesson_is_no_conflict(world: World):
    officer = with_lessons(world, "One")
    mark = new_lesson(officer, 0)
    officer.step("lesson-more", 0, title="A title", kind="challenge", phase="before")

    assert send_lesson(officer, 0, mark, "Changed").status_code == 302
    assert note_of(world)[2]["lessons"][0]["title"] == "A title"


def test_a_number_that_was_changed_elsewhere_is_shown_beside_the_typed_one(world: World):
    officer = with_lessons(world)
    officer.step("indicator", indicator="persons-received")
    path = f"/intake/notes/{officer.receipt}/write/number/0"
    mark = form_of(officer, path)
    officer.step("number", value="90,000", how_known="reported")

    answer = officer.post(path, {**mark, "value": "80,000", "how_known": "measured"})

    assert answer.status_code == 409
    assert "90,000" in officer.page.split("What it says now")[1].split("</section>")[0]
    assert 'value="80000"' in officer.page


def test_every_page_of_a_note_shows_what_was_changed_elsewhere(world: World):
    officer = with_lessons(world)
    officer.step("sharing", sharing="clear")
    changes = {
        "operation": ("operation.title", "Evacuation from Misrata"),
        "operation-more": ("operation.lead_agency", "The lead agency"),
        "partners": ("partners.0.organisation", "Croix-Rouge du Tchad"),
        "heard": ("sources", "A report"),
    }
    for step, (name, theirs) in changes.items():
        path = f"/intake/notes/{officer.receipt}/write/{step}/0"
        mark = form_of(officer, path)
        officer.step(step, **{name: theirs})

        assert officer.post(path, {**mark, name: "Ours"}).status_code == 409
        assert theirs in officer.page.split("What it says now")[1].split("</section>")[0]


def test_a_note_written_on_two_pages_can_be_sent(world: World):
    officer = with_lessons(world, "One")
    first, second = new_lesson(officer, 1), new_lesson(officer, 1)
    send_lesson(officer, 1, first, "Two")
    send_lesson(officer, 1, second, "Three")
    officer.post(f"/intake/notes/{officer.receipt}/write/sharing/0", {"sharing": "clear"})

    assert officer.send().status_code == 302
    assert [lesson["observation"] for lesson in note_of(world)[1]["lessons"]] == [
        "One",
        "Two",
        "Three",
    ]


def test_a_text_for_a_note_that_was_sent_meanwhile_is_shown_and_told_so(world: World):
    officer = with_lessons(world, "One")
    officer.step("sharing", sharing="clear")
    mark = new_lesson(officer, 1)
    officer.send()

    answer = send_lesson(officer, 1, {**mark, "sending": "m1x2y3"}, "Typed too late")

    assert answer.status_code == 409
    assert officer.errors == {
        "#observation": "This note was sent meanwhile. What you typed now is not part of it, "
        "but it is still here in this browser."
    }
    assert "Typed too late</textarea>" in officer.page
    assert "Save and continue" not in officer.page
    assert "data-keep" not in officer.page
    assert "arrived" not in str(answer.headers)
