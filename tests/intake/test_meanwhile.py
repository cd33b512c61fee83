"""What reviewers decide while a note is being corrected: it stands, and nothing typed is lost."""

import re

import pytest

from testbed.notes import approve, make_benchmark, make_lesson, make_note
from testbed.world import World
from tests.intake.officer import LESSON, Officer, note_of

TITLES = ("First", "Second", "Third")


class Correcting(Officer):
    """Someone who corrects a note of three lessons and a number, of which lesson 1 came back."""

    def __init__(self, world: World):
        super().__init__(world, "en", name="field")
        lessons = [make_lesson(title=title, observation=f"{title} told.") for title in TITLES]
        note = make_note(lessons=lessons, benchmarks=[make_benchmark(value="900")])
        self.reference = world.submit(note)["reference"]
        shown = world.call("field", "GET", f"/intake/api/v1/notes/{self.reference}").json
        self.receipt = shown["receipt"]
        self.home = f"/intake/notes/{self.receipt}"
        self.decide(0, verdict="request_changes", comment="Which month?")
        self.begin_again()

    def begin_again(self):
        self.open(self.home)
        assert self.post(f"{self.home}/correct", {}).status_code == 302

    def decide(self, *places, **decision):
        """Reviewers decide these items of the note, lessons first."""
        case = self.world.case_of(self.reference)
        items = [case["items"][place] for place in places]
        decisions = [{**approve(item), **decision} for item in items]
        assert self.world.decide(case, decisions).status_code == 200

    def tell(self, place, observation):
        """Type another observation of a lesson."""
        return self.step("lesson", place, **{**LESSON, "observation": observation})

    def check(self):
        return self.open(f"{self.home}/check").text

    def send_shown(self):
        """Send what the check page shows, with all that its form has."""
        (form,) = [form for form in self.page.split("<form") if "Send it again" in form]
        hidden = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form)
        return self.post(f"{self.home}/check", dict(hidden))

    def card(self, title):
        """What the page says of one lesson or number."""
        found = [card.group(2) for card in _CARD.finditer(self.page)]
        (card,) = [card for card in found if title in _HEADING.search(card).group(1)]
        return words(card)

    def notices(self):
        """What stands in boxes above the cards."""
        above = self.page.split('class="lr-card"')[0]
        return [words(box) for box in re.findall(_BOX, above)]


_CARD = re.compile(r'<(section|li) class="lr-card"(.*?)</\1>', re.S)
_HEADING = re.compile(r"<h[23][^>]*>(.*?)</h[23]>", re.S)
_BOX = re.compile(r'<div class="govuk-inset-text"[^>]*>(.*?)</div>', re.S)


def words(html):
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def lessons_at_review(officer):
    items = officer.world.case_of(officer.reference)["items"]
    lessons = [item for item in items if item["kind"] == "lesson"]
    return [(item["content"]["observation"], item["state"]) for item in lessons]


def test_what_was_decided_while_it_was_corrected_stands_and_the_rest_can_be_sent(
    world: World, both_backends
):
    officer = Correcting(world)
    officer.tell(0, "First, in May.")
    officer.tell(1, "Second, told better.")

    officer.decide(1)

    officer.check()
    assert officer.send_shown().status_code == 302
    world.carry()
    assert lessons_at_review(officer) == [
        ("First, in May.", "in_review"),
        ("Second told.", "published"),
        ("Third told.", "in_review"),
    ]
    assert note_of(world)[2] is None


def test_the_check_page_says_what_was_decided_and_shows_what_was_typed_of_it(world: World):
    officer = Correcting(world)
    officer.tell(1, "Second, told better.")

    officer.decide(1)
    officer.check()

    assert officer.notices()[0] == (
        "While this note was being corrected, reviewers decided: “Second”. That stays as they "
        "decided it, and the rest can be sent."
    )
    card = officer.card("Second")
    decided, typed = card.split("What was typed of it before it was decided.")
    assert "Published" in decided
    assert "Second told." in decided
    assert "told better" not in decided
    assert "Second, told better." in typed
    assert "Change" not in card


def test_what_was_decided_without_being_changed_in_the_draft_needs_no_word(world: World):
    officer = Correcting(world)
    same = {**make_lesson(), "observation": "Second told.\r\n"}
    officer.step("lesson", 1, **{name: same[name] for name in LESSON})
    officer.step("lesson-more", 1, title="Second", kind="challenge", phase="during", sector="1")
    officer.decide(1, 2, verdict="reject", comment="Known.")

    officer.check()

    assert "While this note was being corrected" not in officer.page
    assert officer.send().status_code == 302


def test_a_lesson_that_was_taken_out_and_then_decided_comes_back(world: World, both_backends):
    officer = Correcting(world)
    officer.tell(0, "First, in May.")
    officer.remove("lessons", 1)

    officer.decide(1)

    officer.check()
    assert "It had been taken out, but reviewers decided it before" in officer.card("Second")
    assert officer.send_shown().status_code == 302
    world.carry()
    assert lessons_at_review(officer) == [
        ("First, in May.", "in_review"),
        ("Third told.", "in_review"),
        ("Second told.", "published"),
    ]


def test_a_number_that_was_decided_meanwhile_stands_and_shows_what_was_typed(world: World):
    officer = Correcting(world)
    officer.tell(0, "First, in May.")
    officer.step("number", value="1,800", how_known="measured")
    officer.step("number-more", target="2.000,5", unit="persons")

    officer.decide(3)

    officer.check()
    decided, typed = officer.card("Transit centre capacity").split("What was typed of it")
    assert "about 900 persons" in decided
    assert "1,800 persons" in typed
    assert "Value planned 2.000,5" in typed
    assert officer.send_shown().status_code == 302
    world.carry()
    (number,) = note_of(world)[1]["benchmarks"]
    assert (number["value"], number["how_known"]) == ("900", "reported")


@pytest.mark.parametrize(
    ("chosen", "said"),
    [
        ("persons-received", "What was measured Persons received"),
        ("none", "It had been taken out, but reviewers decided it before"),
    ],
)
def test_another_indicator_or_none_for_a_number_that_was_decided_changes_nothing(
    world: World, chosen, said
):
    officer = Correcting(world)
    officer.step("indicator", indicator=chosen)

    officer.decide(3)

    officer.check()
    assert said in officer.card("Transit centre capacity")
    assert officer.send_shown().status_code == 302
    (number,) = note_of(world)[1]["benchmarks"]
    assert (number["indicator"], number["value"]) == ("transit-centre-capacity", "900")


def test_nothing_is_sent_from_a_page_that_did_not_show_what_was_decided(world: World):
    officer = Correcting(world)
    officer.tell(1, "Second, told better.")
    officer.check()
    officer.decide(1)

    assert officer.send_shown().status_code == 409

    assert officer.errors == {
        "#meanwhile": "Nothing was sent. Reviewers decided something meanwhile: read what it says "
        "below, then send the note again."
    }
    assert 'id="meanwhile"' in officer.page
    assert note_of(world)[0] == "changes_requested"
    assert "Second, told better." in officer.card("Second")
    assert officer.send_shown().status_code == 302


def test_an_open_page_of_what_was_decided_stores_nothing_and_keeps_what_was_typed(world: World):
    officer = Correcting(world)
    page = f"{officer.home}/write/lesson/1"
    officer.open(page)
    officer.decide(1)

    answer = officer.post(page, {**LESSON, "observation": "Typed too late"})

    assert answer.status_code == 409
    assert officer.errors == {
        "#observation": "“Second” has been decided and cannot be changed or left out. What you "
        "typed now is not part of it, but it is still here in this browser."
    }
    assert "Typed too late</textarea>" in officer.page
    assert "Save and continue" not in officer.page
    assert f'href="{officer.home}/check"' in officer.page
    assert officer.open(page).headers["Location"] == f"{officer.home}/check"


@pytest.mark.parametrize(
    ("step", "typed"),
    [
        ("indicator", {"indicator": "persons-received"}),
        ("number", {"value": "1.800,5", "numerator": "9", "how_known": "measured"}),
        ("number-more", {"target": "2000", "place": "Faya"}),
        ("proposal", {"proposed.name": "Hot meals"}),
    ],
)
def test_so_does_an_open_page_of_a_number(world: World, step, typed):
    officer = Correcting(world)
    page = f"{officer.home}/write/{step}/0"
    officer.open(page)
    officer.decide(3)

    assert officer.post(page, typed).status_code == 409

    for text in typed.values():
        assert f'value="{text}"' in officer.page
    assert "“Transit centre capacity” has been decided" in str(officer.errors)


def test_what_was_set_aside_stays_while_the_rest_is_corrected(world: World):
    officer = Correcting(world)
    officer.tell(1, "Second, told better.")
    officer.decide(1)

    officer.tell(0, "First, in May.")
    officer.remove("lessons", 2)

    assert "Second, told better." in officer.card("Second")
    assert officer.send_shown().status_code == 302
    world.carry()
    assert lessons_at_review(officer) == [
        ("First, in May.", "in_review"),
        ("Second told.", "published"),
    ]


def with_corrections(world):
    """A note whose only returned lesson is rejected while its corrections are saved."""
    officer = Correcting(world)
    officer.tell(0, "First, in May.")
    officer.tell(1, "Second, told better.")
    officer.remove("lessons", 2)
    officer.tell(2, "A new one. It came later.")
    officer.step("sharing", sharing="green")
    officer.decide(0, verdict="reject", comment="Known already.")
    return officer


WAITS = (
    "Reviewers decided what they had returned before its correction was sent, so it cannot be "
    "sent now. What was typed is kept: if they return the note again, “Correct the note” goes on "
    "with it."
)
ENDED = (
    "Reviewers decided everything in this note before its correction was sent, so it cannot be "
    "sent any more. What was typed is kept here."
)


def kept(officer):
    """What the receipt page says and shows of corrections that cannot be sent now."""
    officer.open(officer.home)
    section = officer.page.split("What was typed and not sent</h2>")[1]
    return words(section.split("Lessons and benchmarks</h2>")[0])


def test_the_receipt_page_shows_corrections_that_cannot_be_sent_now_and_says_why(
    world: World, both_backends
):
    shown = kept(with_corrections(world))

    assert shown.startswith(WAITS)
    for text in (
        "What happened First, in May.",
        "What happened Second, told better.",
        "Third It had been taken out.",
        "What happened A new one. It came later.",
        "What else was changed Who may read it Partner organisations",
    ):
        assert text in shown
    assert "Transit centre capacity" not in shown


def test_others_with_the_receipt_learn_that_there_are_corrections_and_not_what_they_say(
    world: World,
):
    officer = with_corrections(world)
    stranger = Officer(world, "en")

    page = words(stranger.open(officer.home).text)

    assert f"{WAITS} Sign in as someone from its organisation to read it." in page
    assert "told better" not in page


def test_once_all_is_decided_the_receipt_page_says_that_nothing_can_be_sent(world: World):
    officer = with_corrections(world)
    officer.decide(1, 2, 3)

    shown = kept(officer)

    assert shown.startswith(ENDED)
    assert "Second, told better." in shown


def test_an_open_page_says_that_reviewers_decided_and_not_that_the_note_was_sent(world: World):
    officer = Correcting(world)
    page = f"{officer.home}/write/lesson/1"
    officer.open(page)
    officer.decide(0, verdict="reject", comment="Known already.")

    answer = officer.post(page, {**LESSON, "observation": "Typed too late"})

    assert answer.status_code == 409
    assert officer.errors == {
        "#observation": "The reviewers decided meanwhile what they had returned of this note. What "
        "you typed now is not part of it, but it is still here in this browser."
    }
    assert "Typed too late</textarea>" in officer.page


def test_sending_what_was_decided_meanwhile_is_not_called_sent(world: World):
    officer = Correcting(world)
    officer.tell(0, "First, in May.")
    officer.check()
    officer.decide(0, verdict="reject", comment="Known already.")

    answer = officer.send_shown()

    assert (answer.status_code, answer.headers["Location"]) == (302, officer.home)
    assert "Note sent" not in officer.open(f"{officer.home}?sent=1").text
    assert "data-kept-done" not in officer.page
    assert "First, in May." in kept(officer)


def test_a_correction_in_which_nothing_was_changed_is_not_mentioned(world: World):
    officer = Correcting(world)
    officer.decide(0, verdict="reject", comment="Known already.")

    assert "What was typed and not sent" not in officer.open(officer.home).text


def test_after_the_next_return_the_team_goes_on_with_what_was_kept(world: World):
    officer = with_corrections(world)
    officer.decide(1, verdict="request_changes", comment="Where was that?")
    assert "What was typed and not sent" not in officer.open(officer.home).text

    officer.begin_again()

    assert "Known already." in officer.card("First")
    assert "First, in May." in officer.card("First")
    assert "Second, told better." in officer.card("Second")
    assert officer.send_shown().status_code == 302
    world.carry()
    assert lessons_at_review(officer) == [
        ("First told.", "rejected"),
        ("Second, told better.", "in_review"),
        ("A new one. It came later.", "in_review"),
    ]
