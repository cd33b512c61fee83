"""Two pages that write the same lesson, one of them with a text that its browser had kept."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from testbed.register import Register
from tests.browser.conftest import Visitor
from tests.browser.form import begin, save, save_offline

pytestmark = pytest.mark.browser


@pytest.fixture
def other(browser: Browser, system: Register) -> Iterator[Visitor]:
    """Someone who writes the same note on another device."""
    context = browser.new_context(locale="en")
    yield Visitor(context, system.url)
    context.close()


def write(visitor: Visitor, path: str, observation: str):
    visitor.open(path)
    visitor.page.fill("[name=observation]", observation)
    visitor.page.fill("[name=recommendation]", "Size transit centres on the convoys.")


def test_a_lesson_that_is_put_back_does_not_take_the_place_of_another(
    visitor: Visitor, other: Visitor
):
    lesson = begin(visitor) + "/write/lesson/0"
    write(visitor, lesson, "Written without a connection")
    save_offline(visitor)
    write(other, lesson, "Written on another device")
    save(other)

    visitor.open(lesson)
    assert visitor.page.input_value("[name=observation]") == "Written without a connection"
    save(visitor)

    assert visitor.page.locator("h2", has_text="Written").all_text_contents() == [
        "Lesson 1 Written on another device",
        "Lesson 2 Written without a connection",
    ]


def test_a_change_that_is_put_back_is_shown_beside_what_was_changed_elsewhere(
    visitor: Visitor, other: Visitor
):
    lesson, page = begin(visitor) + "/write/lesson/0", visitor.page
    write(visitor, lesson, "As it was")
    save(visitor)
    write(visitor, lesson, "Written without a connection")
    save_offline(visitor)
    write(other, lesson, "Written on another device")
    save(other)

    visitor.open(lesson)
    save(visitor)

    assert "changed elsewhere meanwhile" in page.locator(".govuk-error-summary").text_content()
    assert ("Written on another device") in page.locator(
        "section", has_text="What it says now"
    ).text_content()
    assert page.input_value("[name=observation]") == "Written without a connection"
    assert visitor.axe() == []
    save(visitor)
    assert visitor.open(lesson).input_value("[name=observation]") == "Written without a connection"
