"""The library's page, narrowed down: what means nothing is named, and never passed for nothing
found.
"""

import pytest
from lxml import html

from testbed.world import World


def browse(world, query, language="en"):
    answer = world.review.get(f"/library/?lang={language}&{query}")
    return answer.status_code, html.fromstring(answer.text)


def faults(page):
    """The list at the top: what it says, with the field that it leads to."""
    links = page.xpath("//*[contains(@class, 'govuk-error-summary')]//li/a")
    return {link.get("href"): link.text_content().strip() for link in links}


@pytest.mark.parametrize(
    ("query", "said"),
    [
        (
            "country=XX",
            {
                "#country": (
                    "Give the country by its three letters in ISO 3166, such as TCD for Chad."
                )
            },
        ),
        ("phase=never", {"#phase": "Choose one of these: before, during, after."}),
        ("kind=story", {"#kind": "Ask for lesson or benchmark."}),
        ("indicator=nope", {"#indicator": "The catalogue has no such indicator."}),
        (
            "indicator=nope&kind=story",
            {
                "#indicator": "The catalogue has no such indicator.",
                "#kind": "Ask for lesson or benchmark.",
            },
        ),
    ],
)
def test_a_filter_that_means_nothing_is_named_where_it_can_be_mended(world: World, query, said):
    world.publish()

    status, page = browse(world, query)

    assert (status, faults(page)) == (422, said)
    assert [page.get_element_by_id(href[1:]).tag for href in said]
    text = page.xpath("string(//main)")
    assert "0 entries" not in text
    assert "Nothing was found" not in text
    assert page.xpath("//main//li[contains(@class, 'lr-card')]") == []


def test_a_sector_that_there_is_not_is_named(world: World):
    status, page = browse(world, "sector=16")

    assert status == 422
    assert faults(page)["#sector"].startswith("Choose one of these: 1, 2, 3")


def test_what_was_typed_stays_to_be_mended(world: World):
    _status, page = browse(world, "country=Chad&q=convoys")

    assert page.get_element_by_id("country").get("value") == "Chad"
    assert page.get_element_by_id("q").get("value") == "convoys"


@pytest.mark.parametrize("query", ["country=tcd", "country=+TCD+", "sector=&country=", "q=convoys"])
def test_what_means_something_finds_what_it_did(world: World, query):
    world.publish()

    status, page = browse(world, query)

    assert (status, faults(page)) == (200, {})
    assert page.xpath("//main//li[contains(@class, 'lr-card')]")


def test_a_code_that_nothing_is_about_yet_is_not_called_unknown(world: World):
    world.publish()

    status, page = browse(world, "country=ITA")

    assert (status, faults(page)) == (200, {})
    assert "0 entries" in page.xpath("string(//main)")


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("fr", "Cet indicateur n’est pas dans le catalogue."),
        ("es", "Ese indicador no está en el catálogo."),
        ("ar", "لا يوجد هذا المؤشر في الفهرس."),
    ],
)
def test_an_unknown_indicator_is_named_in_the_readers_language(world: World, language, said):
    assert faults(browse(world, "indicator=nope", language)[1]) == {"#indicator": said}
