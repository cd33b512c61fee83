"""The field form, step by step, as a browser without scripts sends it."""

import re

import pytest
from sqlalchemy import select

from services.intake.model import Note
from testbed.notes import approve
from testbed.world import YEAR, World
from tests.intake.officer import LESSON, NEW, OPERATION, Officer, note_of, write_short_note


def test_twelve_answers_make_a_note(world: World, both_backends):
    officer = Officer(world)
    asked = 0
    officer.open(NEW)
    asked += len(re.findall(r"<(?:input class=\"govuk-input|textarea|select)", officer.page))
    write_short_note(officer)

    answer = officer.send()
    world.carry()

    assert answer.status_code == 302
    state, content, draft = note_of(world)
    assert (state, draft) == ("submitted", None)
    assert content["operation"]["started_on"] == "2011-03"
    assert content["language"] == "fr"
    assert content["lessons"][0]["title"] == "Près de 4 000 personnes attendaient"
    assert content["lessons"][0]["kind"] == "lesson"
    assert (content["benchmarks"][0]["value"], content["benchmarks"][0]["unit"]) == (
        "36.5",
        "L/person/day",
    )
    assert asked == 5
    assert world.case_of(f"AAN-{YEAR}-0001")["title"] == "Retour de migrants de Libye au Tchad"


def test_the_short_path_asks_at_most_twelve_things(world: World):
    officer, asked = Officer(world), 0
    for name in ("operation", "lesson", "indicator", "number", "sharing"):
        if name == "operation":
            officer.open(NEW)
        else:
            officer.open(f"/intake/notes/{officer.receipt}/write/{name}/0")
        form = re.sub(
            r"<details.*?</details>",
            "",
            officer.page.split("data-keep=")[1].split("</form>")[0],
            flags=re.S,
        )
        asked += len(
            set(
                re.findall(
                    (
                        r"<(?:input|textarea|select)[^>]* "
                        r'name="([\w.]+)"'
                    ),
                    form,
                )
            )
            - {"form_token", "mark"}
        )
        if name == "operation":
            officer.begin()
        if name == "indicator":
            officer.step("indicator", indicator="persons-received")

    assert asked == 12


def test_wrong_answers_are_named_kept_and_stored_as_a_draft(world: World):
    officer = Officer(world, "en")

    answer = officer.begin(
        **{"operation.title": "", "operation.started_on": "sometime", "operation.type": ""}
    )

    assert answer.status_code == 422
    assert officer.errors == {
        "#operation.title": (
            "Enter the title of the operation, such as “Return of migrants from Libya to Chad”."
        ),
        "#operation.type": "Choose the type of operation.",
        "#operation.started_on": (
            "Write the date as day, month and year (9 March 2011), month and year (March 2011) or "
            "year (2011)."
        ),
    }
    assert 'value="sometime"' in officer.page
    assert "<title>Error:" in officer.page
    _state, _content, draft = note_of(world)
    assert draft["unclear"]["operation.started_on"] == {"typed": "sometime", "meant": []}


def test_the_same_words_stand_in_the_form_and_in_the_api(world: World):
    from testbed.world import make_note

    officer = Officer(world, "en")
    officer.begin(**{"operation.title": ""})
    answer = world.call(
        "field", "POST", "/intake/api/v1/notes", make_note(operation__title=""), Idempotency_Key="k"
    )

    assert officer.errors["#operation.title"] == answer.json["errors"][0]["detail"]


def test_a_draft_goes_on_where_it_was_left_by_its_receipt(world: World):
    officer = Officer(world)
    officer.begin()
    officer.step("lesson", **LESSON)
    other = Officer(world)

    other.post("/intake/receipts", {"receipt": f"  {officer.receipt} "})

    assert officer.receipt in other.page
    other.open(f"/intake/notes/{officer.receipt}/write/lesson/0")
    assert LESSON["observation"] in other.page


def test_an_unclear_number_is_asked_back_and_never_guessed(world: World):
    officer = Officer(world, "en")
    officer.begin()
    officer.step("indicator", indicator="water-per-person-day")

    answer = officer.step("number", value="36,5", how_known="measured")

    assert answer.status_code == 422
    question = "This can be read in another way. Choose what you mean, or write it differently."
    assert officer.errors == {"#value": question}
    assert 'value="36,5"' in officer.page
    officer.step("sharing", sharing="clear")
    assert officer.send().status_code == 422
    assert question in str(officer.errors)
    assert note_of(world)[1] is None
    officer.step("number", value="36.5", how_known="measured")
    assert officer.send().status_code == 302


@pytest.mark.parametrize("value", ["1234567890123456", "1.1234567890"])
def test_a_number_that_is_too_long_is_told_how_long_it_may_be(world: World, value):
    officer = Officer(world, "en")
    officer.begin()
    officer.step("indicator", indicator="transit-centre-capacity")

    assert officer.step("number", value=value, how_known="measured").status_code == 422

    assert officer.errors == {
        "#value": "Write one number in digits, such as 900: at most 15 of them before the decimal "
        "sign and at most 9 behind it."
    }


def test_a_number_typed_in_one_language_is_shown_in_another_as_the_same_number(world: World):
    officer = Officer(world, "fr")
    officer.begin()
    officer.step("indicator", indicator="water-per-person-day")
    officer.step("number", value="36,5", how_known="measured")

    officer.browser.set_cookie("lang", "en")
    officer.open(f"/intake/notes/{officer.receipt}/write/number/0")

    assert 'value="36.5"' in officer.page


def test_two_numbers_can_stand_for_a_share(world: World):
    officer = Officer(world, "en")
    officer.begin()
    officer.step("indicator", indicator="transit-demand-share")
    officer.step("number", numerator="4,000", denominator="900", how_known="reported")
    officer.step("sharing", sharing="clear")

    assert officer.send().status_code == 302
    assert note_of(world)[1]["benchmarks"][0]["value"] == "444.4"


def test_an_indicator_that_is_missing_can_be_proposed(world: World):
    officer = Officer(world, "en")
    officer.begin()
    officer.step("indicator", indicator="propose")
    assert officer.heading() == "What did you measure?"
    answer = officer.step("proposal", **{"proposed.name": "Hot meals"})
    assert answer.status_code == 422
    assert "#proposed.unit" in officer.errors
    proposal = {
        "definition": "Meals served",
        "unit": "meals",
        "direction": "higher",
        "name": "Hot meals",
    }
    officer.step("proposal", **{f"proposed.{name}": text for name, text in proposal.items()})
    assert officer.heading() == "Hot meals"
    officer.step("number", value="3", how_known="estimated")
    officer.step("sharing", sharing="green")

    assert officer.send().status_code == 302
    assert note_of(world)[1]["benchmarks"][0]["proposed"]["name"] == "Hot meals"


def test_a_note_may_have_only_a_number_or_only_a_lesson_but_not_nothing(world: World):
    only_number, only_lesson, nothing = (
        Officer(world, "en"),
        Officer(world, "en"),
        Officer(world, "en"),
    )
    for officer, with_lesson, with_number in (
        (only_number, 0, 1),
        (only_lesson, 1, 0),
        (nothing, 0, 0),
    ):
        officer.begin()
        officer.step("lesson", **(LESSON if with_lesson else {}))
        officer.step("indicator", indicator="persons-received" if with_number else "none")
        if with_number:
            officer.step("number", value="5", how_known="measured")
        officer.step("sharing", sharing="clear")

    assert only_number.send().status_code == 302
    assert only_lesson.send().status_code == 302
    assert nothing.send().status_code == 422
    assert "Add at least one lesson or one benchmark." in nothing.errors.values()


def test_lessons_and_numbers_are_added_and_removed(world: World):
    officer = Officer(world, "en")
    write_short_note(officer)
    officer.step("number", value="36.5", how_known="reported")
    officer.step("lesson", 1, **{**LESSON, "observation": "A second thing happened."})
    officer.step("indicator", 1, indicator="persons-received")
    officer.step("number", 1, value="90,000", how_known="reported")
    officer.remove("lessons", 0)
    officer.remove("benchmarks", 0)

    assert officer.send().status_code == 302
    content = note_of(world)[1]
    assert [lesson["title"] for lesson in content["lessons"]] == ["A second thing happened"]
    assert [benchmark["value"] for benchmark in content["benchmarks"]] == ["90000"]


def test_optional_answers_are_added_from_the_check_page(world: World):
    officer = Officer(world, "en")
    write_short_note(officer)
    officer.step("number", value="900", how_known="reported")
    countries = {"operation.countries.0.code": "TCD", "operation.countries.0.role": "destination"}
    more = {
        "operation.countries.1.code": "LBY",
        "operation.places": "Faya\n\n Kalait ",
        "operation.glide": "x",
    }
    answer = officer.step("operation-more", **countries, **more)
    assert (answer.status_code, list(officer.errors)) == (422, ["#operation.glide"])
    officer.step("operation-more", **countries, **{**more, "operation.glide": "OT-2011-000025-LBY"})
    officer.step("lesson-more", title="A title", kind="challenge", phase="before", sector="3")
    officer.step(
        "number-more", precision="about", **{"period.start": "5/2011"}, place="Faya", target="1000"
    )
    officer.step("heard", heard_from=["staff", "affected_people"], sources="One\nTwo")
    officer.step(
        "partners",
        **{"partners.0.organisation": "Libyan Red Crescent", "partners.0.entered_on": "07/2011"},
    )

    assert officer.send().status_code == 302
    content = note_of(world)[1]
    assert content["operation"]["countries"] == [
        {"code": "TCD", "role": "destination"},
        {"code": "LBY", "role": None},
    ]
    assert content["operation"]["places"] == ["Faya", "Kalait"]
    assert content["operation"]["title"] == OPERATION["operation.title"]
    assert (content["lessons"][0]["sector"], content["lessons"][0]["observation"]) == (
        3,
        LESSON["observation"],
    )
    assert content["benchmarks"][0]["period"] == {"start": "2011-05", "end": None}
    assert (content["benchmarks"][0]["value"], content["benchmarks"][0]["target"]) == (
        "900",
        "1000",
    )
    assert content["heard_from"] == ["staff", "affected_people"]
    assert content["sources"] == ["One", "Two"]
    assert content["partners"][0]["entered_on"] == "2011-07"


def test_a_known_operation_need_not_be_typed_again(world: World):
    first, again = Officer(world), Officer(world)
    write_short_note(first)
    first.send()
    world.carry()
    case = world.case_of(f"AAN-{YEAR}-0001")
    world.decide(case, [approve(item) for item in case["items"]])

    empty = dict.fromkeys((name for name in OPERATION if name.startswith("operation.")), "")
    answer = again.begin(**{**empty, "operation.title": "retour de migrants de libye au tchad"})

    assert answer.status_code == 302
    draft = note_of(world)[2]
    assert draft["operation"]["type"] == "evacuation"
    assert draft["operation"]["countries"] == [{"code": "TCD", "role": None}]


def test_a_second_click_on_send_makes_no_second_note(world: World):
    officer = Officer(world)
    write_short_note(officer)
    officer.send()

    assert officer.send().status_code == 302
    world.carry()
    assert len(world.call("editor", "GET", "/review/api/v1/cases").json["cases"]) == 1


def test_someone_signed_in_finds_their_organisation_filled_in_and_their_notes_listed(world: World):
    officer = Officer(world, "en", name="field")
    officer.open(NEW)
    assert 'value="Chad Migration Support"' in officer.page
    officer.begin()

    officer.open("/intake/")

    assert "Retour de migrants" in officer.page


def test_readers_must_be_chosen_and_nothing_is_assumed(world: World):
    officer = Officer(world, "en")
    officer.begin()
    officer.step("lesson", **LESSON)
    officer.step("indicator", indicator="none")
    assert officer.step("sharing").status_code == 422
    assert officer.errors == {"#sharing": "Choose who may read it."}
    assert officer.send().status_code == 422


def test_a_first_page_with_errors_goes_on_under_the_receipt_that_it_showed(world: World):
    officer = Officer(world, "en")
    officer.begin(**{"operation.title": ""})
    (action,) = re.findall(r'<form[^>]*data-keep[^>]*action="([^"]*)"', officer.page, re.S)
    officer.post(action, OPERATION)

    with world.intake_db.readings() as session:
        assert [note.title for note in session.scalars(select(Note))] == [
            OPERATION["operation.title"]
        ]


def test_an_empty_proposal_is_asked_for_whole(world: World):
    officer = Officer(world, "en")
    officer.begin()
    officer.step("indicator", indicator="propose")
    assert officer.step("proposal", **{"proposed.name": ""}).status_code == 422
    assert list(officer.errors) == [
        "#proposed.name",
        "#proposed.definition",
        "#proposed.unit",
        "#proposed.direction",
    ]


def test_the_error_of_the_indicator_leads_to_its_first_choice(world: World):
    officer = Officer(world, "en")
    officer.begin()
    officer.step("indicator")
    assert list(officer.errors) == ["#indicator"]
    assert 'id="indicator"' in officer.page


def test_partners_stand_on_the_check_page(world: World):
    officer = Officer(world, "en")
    officer.begin()
    officer.step("partners", **{"partners.0.organisation": "Croix-Rouge du Tchad"})
    assert "Croix-Rouge du Tchad" in officer.open(f"/intake/notes/{officer.receipt}/check").text


def test_lists_that_people_wrote_keep_their_direction_and_lines_on_a_page_in_arabic(world: World):
    officer = Officer(world, "ar")
    officer.begin()
    country = {"operation.countries.0.code": "TCD"}
    officer.step("operation-more", **country, **{"operation.places": "Faya\nKalait"})
    sources = "Diary of the convoy, June 2011.\nMinutes of the coordination meeting, May 2011."
    officer.step("heard", sources=sources)

    page = officer.open(f"/intake/notes/{officer.receipt}/check").text

    cell = '<dd class="govuk-summary-list__value'
    assert f'{cell}"><bdi>Faya، Kalait</bdi></dd>' in page
    assert f'{cell} lr-written" dir="auto">{sources}</dd>' in page
    assert f'{cell}">2011-03</dd>' in page


def test_the_only_question_of_a_page_is_larger_than_one_of_several(world: World):
    officer = Officer(world, "en")
    officer.begin()
    larger = '<legend class="govuk-fieldset__legend govuk-fieldset__legend--m">'

    officer.open(f"/intake/notes/{officer.receipt}/write/sharing/0")
    assert re.search(rf"{larger}\s*Once approved, who may read it\?", officer.page)
    officer.open(f"/intake/notes/{officer.receipt}/write/lesson-more/0")
    assert larger not in officer.page
