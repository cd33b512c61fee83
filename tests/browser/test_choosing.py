"""Choosing another indicator in a browser: what was typed about the one before, sent or not."""

import pytest

from tests.browser.conftest import Visitor
from tests.browser.form import begin, copies, save

pytestmark = pytest.mark.browser


def choose(visitor: Visitor, note: str, indicator: str):
    visitor.open(f"{note}/write/indicator/0")
    visitor.page.check(f"[value={indicator}]")
    save(visitor)


def test_a_figure_that_was_not_sent_is_not_put_back_under_another_indicator(visitor: Visitor):
    page, note = visitor.page, begin(visitor)
    choose(visitor, note, "persons-per-movement")
    page.fill("[name=value]", "60")

    choose(visitor, note, "days-in-transit")
    assert page.input_value("[name=value]") == ""
    assert page.locator("[data-restored]").is_hidden()

    choose(visitor, note, "persons-per-movement")
    assert page.input_value("[name=value]") == "60"
    assert page.locator("[data-restored]").is_visible()


def test_a_figure_typed_in_another_tab_is_not_stored_under_another_indicator(visitor: Visitor):
    page, note = visitor.page, begin(visitor)
    choose(visitor, note, "persons-per-movement")
    page.fill("[name=value]", "60")
    page.check("[name=how_known][value=measured]")
    visitor.page = visitor.context.new_page()
    choose(visitor, note, "days-in-transit")
    visitor.page = page

    save(visitor)

    assert "How many days did people stay" in page.locator("h1").text_content()
    refused = page.locator(".govuk-inset-text", has_text="We did not keep these answers")
    assert "60" in refused.text_content()
    assert page.input_value("[name=value]") == ""
    assert (visitor.width(), visitor.axe()) == (320, [])
    kept = f"lessons-unsent:{note.rpartition('/')[2]}/number/0/persons-per-movement"
    assert copies(visitor) == [kept]  # it is not taken for stored
    visitor.open(f"{note}/check")
    assert page.locator("section[aria-labelledby=benchmark-0] .lr-value").count() == 0


@pytest.mark.parametrize(("language", "words"), [("en", "We removed"), ("ar", "حذفنا")])
def test_what_was_removed_is_said_on_a_phone(visitor: Visitor, language, words):
    note = begin(visitor)
    choose(visitor, note, "persons-per-movement")
    visitor.page.fill("[name=value]", "60")
    visitor.page.check("[name=how_known][value=measured]")
    save(visitor)
    choose(visitor, note, "days-in-transit")

    visitor.open(f"{note}/write/number/0?lang={language}")

    assert visitor.page.get_by_text(words).is_visible()
    assert (visitor.width(), visitor.axe()) == (320, [])
