"""Choosing another indicator: what was answered about the one before goes, and is named."""

import re

import pytest

from services.intake.pages import choosing, marks
from services.intake.pages.steps import STEPS
from testbed.notes import approve, make_benchmark, make_note
from testbed.world import YEAR, World
from tests.intake.officer import LESSON, Officer, note_of

MOVED = "persons-per-movement"  # a ratio, split by mode
DAYS = "days-in-transit"  # a plain number that asks for no mode
PROPOSAL = {
    "proposed.name": "Hot meals",
    "proposed.definition": "Meals served on a day.",
    "proposed.unit": "meals",
    "proposed.direction": "higher",
}
MORE = {
    "precision": "about",
    "period.start": "2011-05",
    "period.end": "2011-06",
    "place": "Sebha",
    "phase": "before",
    "stage": "transit",
    "mode": "road",
    "leg": "Sebha to Faya",
    "unit": "persons per movement",
    "baseline": "40",
    "target": "80",
    "source": "Log book",
    "remark": "Two trucks broke down.",
}
STAYS = {
    "period": {"start": "2011-05", "end": "2011-06"},
    "place": "Sebha",
    "phase": "before",
    "stage": "transit",
    "source": "Log book",
    "remark": "Two trucks broke down.",
}


def begun(world, *, lesson=True):
    officer = Officer(world, "en")
    officer.begin()
    if lesson:
        officer.step("lesson", **LESSON)
    return officer


def with_all_answers(world, indicator=MOVED):
    """A draft with a number of which everything was answered."""
    officer = begun(world)
    officer.step("indicator", indicator=indicator)
    if indicator == "propose":
        officer.step("proposal", **PROPOSAL)
    figures = {"numerator": "900", "denominator": "15"}
    officer.step("number", value="60", **figures, how_known="measured")
    officer.step("number-more", **MORE)
    return officer


def numbers(world):
    """The numbers of the draft, without what was never or no longer answered."""
    found = []
    for part in note_of(world)[2]["benchmarks"]:
        answers = {name: value for name, value in part.items() if name not in ("marks", "item")}
        found.append({name: value for name, value in answers.items() if value})
    return found


def notice(officer):
    """What the page says was removed."""
    insets = re.findall(r'<div class="govuk-inset-text">(.*?)</div>', officer.page, re.S)
    texts = [" ".join(re.sub(r"<[^>]+>", "", inset).split()) for inset in insets]
    return next((text for text in texts if text.startswith("We ")), None)


def refused(officer):
    """What the page shows of answers that it did not keep."""
    shown = officer.page.split("We did not keep these answers")[1].split("</dl>")[0]
    rows = re.findall(r"<dt[^>]*>(.*?)</dt>\s*<dd[^>]*>(.*?)</dd>", shown, re.S)
    return {name: re.sub(r"<[^>]+>", "", said) for name, said in rows}


def page_of(officer, step, at=0):
    """What a page sends along besides the answers."""
    officer.open(f"/intake/notes/{officer.receipt}/write/{step}/{at}")
    form = next(form for form in officer.page.split("<form")[1:] if "mark" in form)
    hidden = r'<input type="hidden" name="(\w+)" value="([^"]*)"'
    return dict(re.findall(hidden, form.split("</form>")[0]))


def save(officer, step, page, **answers):
    path = f"/intake/notes/{officer.receipt}/write/{step}/0"
    return officer.post(path, {**page, **answers})


def test_figures_of_a_replaced_indicator_do_not_reach_review(world: World):
    officer = with_all_answers(world)
    officer.step("indicator", indicator=DAYS)
    officer.step("number", value="5", how_known="reported")
    officer.step("sharing", sharing="clear")
    assert officer.send().status_code == 302
    world.carry()

    content = world.case_of(f"AAN-{YEAR}-0001")["items"][1]["content"]
    answered = {name: value for name, value in content.items() if value is not None}
    assert answered == {
        "indicator": DAYS,
        "value": "5",
        "unit": "days",
        "how_known": "reported",
        **STAYS,
    }


def test_the_next_page_names_what_was_removed_and_the_one_after_does_not(world: World):
    officer = with_all_answers(world)

    officer.step("indicator", indicator=DAYS)

    assert officer.heading().startswith("How many days did people stay in the centre")
    assert notice(officer) == (
        "We removed these answers, because they were about “Persons per flight/truck/ship” and not"
        " about the new indicator: Value, The two numbers that it is made of, How it is known,"
        " Precision, Mode of travel, Leg, Value planned, Value before, Unit."
    )
    assert 'value="60"' not in officer.page
    officer.step("number", value="5", how_known="reported")
    assert notice(officer) is None


@pytest.mark.parametrize(
    ("was", "now"),
    [(MOVED, DAYS), (MOVED, "propose"), ("propose", MOVED), ("propose", DAYS)],
)
def test_whatever_is_chosen_instead_only_what_is_true_of_any_number_stays(world, was, now):
    officer = with_all_answers(world, was)

    officer.step("indicator", indicator=now)

    assert numbers(world) == [{**STAYS, **({} if now == "propose" else {"indicator": now})}]
    assert notice(officer).startswith("We removed these answers, because they were about “")
    assert ("Proposed indicator" in notice(officer)) is (was == "propose")


@pytest.mark.parametrize("was", [MOVED, "propose"])
def test_having_no_number_after_all_removes_it_whole_and_says_so(world: World, was):
    officer = with_all_answers(world, was)

    officer.step("indicator", indicator="none")

    assert numbers(world) == []
    assert officer.heading() == "Who may read it?"
    first = "Proposed indicator, Value," if was == "propose" else "Value,"
    assert f"because you have no number for it: {first}" in notice(officer)
    assert notice(officer).endswith("When, Value planned, Value before, Unit, Source, Remark.")
    officer.open(f"/intake/notes/{officer.receipt}/check")
    assert "because you have no number for it" in notice(officer)
    officer.step("sharing", sharing="clear")
    assert notice(officer) is None
    assert officer.send().status_code == 302
    assert note_of(world)[1]["benchmarks"] == []


def test_whoever_chooses_before_answering_is_told_nothing(world: World):
    officer = begun(world)
    for choice in (MOVED, DAYS, "propose", MOVED, "none"):
        officer.step("indicator", indicator=choice)
        assert notice(officer) is None


@pytest.mark.parametrize("chosen", [MOVED, "propose"])
def test_the_same_choice_again_changes_nothing(world: World, chosen):
    officer = with_all_answers(world, chosen)
    before = numbers(world)

    officer.step("indicator", indicator=chosen)

    assert (numbers(world), notice(officer)) == (before, None)


def test_a_choice_sent_twice_still_says_what_it_removed(world: World):
    officer = with_all_answers(world)
    page = page_of(officer, "indicator")

    for _ in range(2):
        save(officer, "indicator", page, indicator=DAYS)

    assert notice(officer).startswith("We removed these answers, because they were about")


def test_what_is_no_choice_leaves_the_number_as_it_was(world: World):
    officer = with_all_answers(world)
    before = numbers(world)

    assert officer.step("indicator", indicator="nothing-like-it").status_code == 422

    assert numbers(world) == before


def test_a_number_that_was_not_clear_goes_too(world: World):
    officer = begun(world)
    officer.step("indicator", indicator=MOVED)
    assert officer.step("number", value="36,5", how_known="measured").status_code == 422

    officer.step("indicator", indicator=DAYS)
    assert notice(officer).endswith("about the new indicator: Value, How it is known.")
    officer.step("number", value="5", how_known="measured")
    officer.step("sharing", sharing="clear")

    assert officer.send().status_code == 302
    assert note_of(world)[1]["benchmarks"][0]["value"] == "5"


def correcting(world, *, returned):
    """Someone who corrects a note of which one item was returned and the other approved."""
    benchmark = make_benchmark(indicator=DAYS, value="36", unit="hours", target="48")
    case = world.case_of(world.submit(make_note(benchmarks=[benchmark]))["reference"])
    back = {"item": case["items"][returned]["id"], "verdict": "request_changes", "comment": "?"}
    assert world.decide(case, [approve(case["items"][1 - returned]), back]).status_code == 200
    officer = Officer(world, "en", name="field")
    shown = world.call("field", "GET", f"/intake/api/v1/notes/{case['note']}").json
    officer.open(f"/intake/notes/{shown['receipt']}")
    officer.post(f"/intake/notes/{shown['receipt']}/correct", {})
    return officer, case


def test_the_page_of_a_figure_names_the_unit_in_which_it_was_given(world: World):
    officer, _case = correcting(world, returned=1)

    page = officer.open(f"/intake/notes/{officer.receipt}/write/number/0").text

    assert 'value="36"' in page
    assert re.findall(r'govuk-input__suffix"[^>]*>([^<]*)<', page) == ["hours"]


def test_what_has_been_decided_cannot_be_changed_or_removed_in_a_draft(world: World):
    officer, case = correcting(world, returned=0)
    draft = f"/intake/notes/{officer.receipt}"
    before = numbers(world)

    assert officer.open(f"{draft}/write/indicator/0").headers["Location"] == f"{draft}/check"
    officer.open(f"{draft}/check")
    assert officer.post(f"{draft}/write/indicator/0", {"indicator": MOVED}).status_code == 409
    text = "“Days in the transit centre” has been decided and cannot be changed or left out."
    assert text in officer.page
    sent = {"mark": marks.of_part(note_of(world)[2]["benchmarks"], 0)}
    assert officer.post(f"{draft}/remove/benchmarks/0", sent).status_code == 409

    assert numbers(world) == before
    officer.step("lesson", **LESSON)
    assert officer.send().status_code == 302
    world.carry()
    assert world.case_of(case["note"])["note_version"] == 2


def test_a_returned_number_becomes_another_one_and_stays_the_same_item(world: World):
    officer, case = correcting(world, returned=1)

    officer.step("indicator", indicator="transit-centre-capacity")
    gone = "Value, How it is known, Precision, Value planned, Unit."
    assert notice(officer).endswith(f"about the new indicator: {gone}")
    officer.step("number", value="900", how_known="reported")
    assert officer.send().status_code == 302
    world.carry()

    item = world.case_of(case["note"])["items"][1]
    answered = {name: item["content"][name] for name in ("indicator", "value", "unit", "target")}
    assert item["id"] == case["items"][1]["id"]
    assert answered == {
        "indicator": "transit-centre-capacity",
        "value": "900",
        "unit": "persons",
        "target": None,
    }
    assert item["content"]["place"] == "Faya-Largeau"


@pytest.mark.parametrize("now", [DAYS, "propose"])
def test_a_page_about_another_indicator_than_is_kept_now_stores_no_figure(world: World, now):
    officer = begun(world)
    officer.step("indicator", indicator=MOVED)
    other_tab = page_of(officer, "number"), page_of(officer, "number-more")
    officer.step("indicator", indicator=now)
    before = numbers(world)
    figures = {"value": "60", "numerator": "900", "denominator": "15", "how_known": "measured"}

    answer = save(officer, "number", other_tab[0], **figures)
    assert (answer.status_code, numbers(world)) == (409, before)
    assert list(refused(officer)) == [
        "Value",
        "The two numbers that it is made of",
        "How it is known",
    ]
    assert 'value="60"' not in officer.page
    answer = save(officer, "number-more", other_tab[1], mode="road", target="80", place="Sebha")

    assert answer.status_code == 409
    assert list(refused(officer)) == ["Mode of travel", "Value planned"]
    assert 'value="Sebha"' in officer.page
    assert numbers(world) == before


def test_figures_of_a_page_about_another_indicator_do_not_replace_those_that_are_kept(world):
    officer = begun(world)
    officer.step("indicator", indicator=MOVED)
    other_tab = page_of(officer, "number")
    officer.step("indicator", indicator=DAYS)
    officer.step("number", value="5", how_known="reported")

    save(officer, "number", other_tab, value="60", how_known="measured")

    assert numbers(world) == [{"indicator": DAYS, "value": "5", "how_known": "reported"}]
    assert list(refused(officer)) == ["Value", "How it is known"]


def test_whoever_goes_back_to_their_own_page_of_the_indicator_before_is_held_up(world: World):
    officer = begun(world)
    officer.step("indicator", indicator=MOVED)
    page = page_of(officer, "number")
    save(officer, "number", page, value="60", how_known="measured")
    officer.step("indicator", indicator=DAYS)

    assert save(officer, "number", page, value="60", how_known="measured").status_code == 409
    assert numbers(world) == [{"indicator": DAYS}]


def test_what_the_page_of_an_indicator_does_not_ask_is_not_stored_unseen(world: World):
    officer = begun(world)
    officer.step("indicator", indicator=DAYS)

    officer.step("number", value="5", numerator="900", denominator="15", how_known="measured")
    assert notice(officer).startswith(
        "We did not keep these answers, because “Days in the transit centre” does not ask for them."
    )
    assert refused(officer) == {"The two numbers that it is made of": "900, 15"}
    officer.step("number-more", mode="road", leg="Sebha to Faya", target="4")
    assert refused(officer) == {"Mode of travel": "By road", "Leg": "Sebha to Faya"}

    kept = {"value": "5", "how_known": "measured", "target": "4"}
    assert numbers(world) == [{"indicator": DAYS, **kept}]


def test_saving_the_page_of_a_proposal_chooses_the_proposal(world: World):
    officer = begun(world)
    officer.step("indicator", indicator="propose")
    page = page_of(officer, "proposal")
    officer.step("indicator", indicator=DAYS)
    officer.step("number", value="5", how_known="measured")

    assert save(officer, "proposal", page, **PROPOSAL).status_code == 409
    assert [number["indicator"] for number in numbers(world)] == [DAYS]
    save(officer, "proposal", page_of(officer, "proposal"), **PROPOSAL)

    assert "because they were about “Days in the transit centre” and not" in notice(officer)
    answered = {name.removeprefix("proposed."): text for name, text in PROPOSAL.items()}
    assert numbers(world) == [{"proposed": answered}]


def test_a_number_for_a_note_that_was_sent_meanwhile_is_still_shown(world: World):
    officer = begun(world)
    officer.step("indicator", indicator=MOVED)
    officer.step("number", value="60", how_known="measured")
    officer.step("sharing", sharing="clear")
    page = page_of(officer, "number")
    officer.send()

    assert save(officer, "number", page, value="61", numerator="915").status_code == 409

    assert 'value="61"' in officer.page
    assert 'value="915"' in officer.page


def test_another_indicator_can_be_chosen_from_the_page_that_shows_all_answers(world: World):
    officer = with_all_answers(world)

    page = officer.open(f"/intake/notes/{officer.receipt}/check").text

    assert f'href="/intake/notes/{officer.receipt}/write/indicator/0">Another indicator</a>' in page


def test_another_country_does_not_take_over_the_part_of_the_one_before(world: World):
    officer = begun(world)
    first = {"operation.countries.0.code": "TCD", "operation.countries.0.role": "destination"}
    officer.step("operation-more", **first)
    answers = {
        "operation.title": "Return to Chad",
        "operation.type": "evacuation",
        "operation.countries.0.code": "TCD",
        "operation.started_on": "2011-03",
        "organisation": "MSF Holland",
    }
    officer.step("operation", **answers)
    assert notice(officer) is None

    officer.step("operation", **{**answers, "operation.countries.0.code": "LBY"})

    assert note_of(world)[2]["operation"]["countries"][0] == {"code": "LBY"}
    text = "We removed this answer, because you chose another country: Its part in the operation."
    assert notice(officer) == text


def test_every_answer_about_a_number_stays_or_has_a_name_to_be_removed_under(world: World):
    asked = {name for step in STEPS.values() if step.root == "benchmarks" for name in step.asked}

    answers = {name.partition(".")[0] for name in asked} - {"indicator"}
    assert answers == set(choosing.ANSWERS)
    with world.intake_app.test_request_context():
        assert all(choosing.name_of(answer) for answer in answers)
    assert answers > choosing.STAYS


def test_a_late_page_of_a_number_shows_what_was_typed_about_the_indicator_before(world: World):
    officer = begun(world)
    officer.step("indicator", indicator=MOVED)
    other_tab = page_of(officer, "number")
    officer.step("indicator", indicator=DAYS)
    figures = {"value": "60,5", "numerator": "900", "denominator": "15", "how_known": "measured"}

    answer = save(officer, "number", {**other_tab, "sending": "m1x2y3"}, **figures)

    assert answer.status_code == 409
    assert officer.errors == {
        "#value": "This number is about another indicator now. Check what this page says, and save"
        " it again."
    }
    assert notice(officer).startswith(
        "We did not keep these answers, because they were about “Persons per flight/truck/ship”"
        " and not about the indicator that was chosen meanwhile."
    )
    assert refused(officer) == {
        "Value": "60,5",
        "The two numbers that it is made of": "900, 15",
        "How it is known": "Measured",
    }
    assert numbers(world) == [{"indicator": DAYS}]
    assert "arrived" not in str(answer.headers)


def test_a_late_page_of_what_is_optional_is_shown_although_nothing_else_was_typed(world: World):
    officer = begun(world)
    officer.step("indicator", indicator=MOVED)
    other_tab = page_of(officer, "number-more")
    officer.step("indicator", indicator=DAYS)

    answer = save(officer, "number-more", other_tab, mode="road", target="80")

    assert answer.status_code == 409
    assert refused(officer) == {"Mode of travel": "By road", "Value planned": "80"}
