"""What is wrong is listed as the page has it, and each line says what it is about."""

import pytest
from flask import Flask
from flask_babel import Babel

from services.intake.pages import order
from services.intake.pages.steps import STEPS
from testbed.world import World
from tests.intake.officer import LESSON, Officer


def begun(world):
    officer = Officer(world, "en")
    officer.begin()
    return officer


def texts(officer):
    return list(officer.errors.values())


def test_the_value_stands_before_what_is_asked_after_it(world: World):
    officer = begun(world)
    officer.step("indicator", indicator="transit-centre-capacity")

    assert officer.step("number").status_code == 422
    assert texts(officer) == ["Enter the value.", "Choose how this number is known."]

    officer.step("number", value="36,5")
    assert texts(officer) == [
        "This can be read in another way. Choose what you mean, or write it differently.",
        "Choose how this number is known.",
    ]


def test_the_first_page_lists_its_errors_from_its_top(world: World):
    officer = Officer(world, "en")

    officer.begin(
        **{"operation.title": "", "operation.started_on": "2999-01", "organisation": "42"}
    )

    assert list(officer.errors) == ["#operation.title", "#operation.started_on", "#organisation"]


def test_the_page_with_more_about_the_operation_lists_its_numbers_last(world: World):
    officer = begun(world)

    officer.step(
        "operation-more",
        **{
            "operation.countries.0.code": "TCD",
            "operation.ended_on": "2001-01",
            "operation.glide": "x",
            "operation.identifiers.0.scheme": "glide",
            "operation.identifiers.0.id": "x",
            "operation.reference": "x",
            "language": "xx",
        },
    )

    assert list(officer.errors) == [
        "#operation.ended_on",
        "#language",
        "#operation.glide",
        "#operation.identifiers.0.id",
        "#operation.reference",
    ]


@pytest.mark.parametrize("name", [name for name in STEPS if name not in ("number", "operation")])
def test_every_page_asks_in_the_order_in_which_its_errors_stand(world: World, name):
    officer = begun(world)
    officer.step("lesson", **LESSON)
    officer.step("indicator", indicator="propose")
    officer.open(f"/intake/notes/{officer.receipt}/write/{name}/0")

    shown = [path for path in STEPS[name].in_order if f'name="{path}"' in officer.page]

    places = [officer.page.index(f'name="{path}"') for path in shown]
    assert shown
    assert places == sorted(places)


def test_the_check_page_lists_errors_from_its_top_and_says_which_part_each_is_about(world: World):
    officer = begun(world)
    officer.step("lesson", 0, **LESSON)
    officer.step("lesson", 1, observation="Two", discussion="", recommendation="")
    officer.step("lesson", 1, observation="", discussion="Two", recommendation="")
    officer.step("indicator", 0, indicator="transit-centre-capacity")
    officer.step("number", 0, value="900", how_known="measured")
    officer.step("indicator", 1, indicator="persons-received")
    officer.step("number", 1, value="36,5")
    officer.step("partners", **{"partners.0.role": "Health"})
    officer.step("operation", **{"operation.title": ""})

    assert officer.send().status_code == 422

    assert texts(officer) == [
        "Enter the title of the operation, such as “Return of migrants from Libya to Chad”.",
        "Partner 1: Enter the name of the partner organisation.",
        "Lesson 2: Enter a title for this lesson.",
        "Lesson 2: Tell what happened.",
        "Lesson 2: Tell what should be done differently, or again.",
        "Number 2: This can be read in another way. Choose what you mean, or write it differently.",
        "Number 2: Choose how this number is known.",
        "Choose who may read it.",
    ]


def test_the_check_page_numbers_its_lessons_and_numbers(world: World):
    officer = begun(world)
    officer.step("lesson", 0, **LESSON)
    officer.step("lesson", 1, **{**LESSON, "observation": ""})
    officer.step("indicator", 0, indicator="transit-centre-capacity")

    officer.open(f"/intake/notes/{officer.receipt}/check")

    for number, title in (
        ("Lesson 1", "Près de 4 000 personnes attendaient"),
        ("Number 1", "Transit centre capacity"),
    ):
        assert f'<span class="govuk-caption-m">{number}</span>' in officer.page
        assert f'<span dir="auto">{title}</span>' in officer.page
    assert "Lesson 2</h2>" in officer.page


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("lessons.0.title", "Lesson 1: Wrong."),
        ("benchmarks.11.period.end", "Number 12: Wrong."),
        ("partners.0.left_on", "Partner 1: Wrong."),
        ("operation.countries.2.code", "Country 3: Wrong."),
        ("operation.title", "Wrong."),
        ("lessons", "Wrong."),
        ("", "Wrong."),
    ],
)
def test_an_error_of_a_part_names_it(path, said):
    app = Flask("page")
    Babel(app)
    with app.test_request_context():
        assert order.named(path, "Wrong.") == said
