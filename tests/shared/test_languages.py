"""Pages in four languages: which one a visitor gets, and how it lists things."""

import pytest

from shared.platform.languages import direction_of
from shared.platform.web.pages import listed
from testbed.world import World


@pytest.mark.parametrize(
    ("preferred", "language"),
    [
        ("fr", "fr"),
        ("fr-CH, en;q=0.8", "fr"),
        ("ar-LY", "ar"),
        ("es-419,en", "es"),
        ("de, en;q=0.5", "en"),
        ("de", "en"),
    ],
)
def test_a_visitor_gets_the_first_language_of_their_browser_that_the_register_speaks(
    world, preferred, language
):
    page = world.review.get("/library/", headers={"Accept-Language": preferred})
    assert page.headers["Content-Language"] == language


@pytest.mark.parametrize(
    ("language", "row"),
    [("en", "a, b, c"), ("fr", "a, b, c"), ("es", "a, b, c"), ("ar", "a، b، c")],
)
def test_things_are_listed_with_the_comma_of_the_language(world: World, language, row):
    with world.review_app.test_request_context(f"/?lang={language}"):
        assert [listed(["a"]), listed(["a", "b", "c"])] == ["a", row]


@pytest.mark.parametrize("language", ["en", "fr", "es", "ar"])
def test_every_entry_and_case_opens_in_every_language(world: World, language):
    references = world.publish()
    case = world.case_of(world.submit()["reference"])
    editor = world.sign_in("editor")
    paths = [f"/library/entries/{reference}" for reference in references]
    for path in (
        *paths,
        "/review/",
        "/review/cases",
        f"/review/cases/{case['id']}",
        "/review/organisations",
    ):
        assert editor.get(f"{path}?lang={language}").status_code == 200, path


@pytest.mark.parametrize(
    ("language", "direction"),
    [("en", "ltr"), ("fr", "ltr"), ("ar", "rtl"), ("fa", "rtl"), ("ur", "rtl")],
)
def test_a_language_is_written_from_its_own_side(language, direction):
    assert direction_of(language) == direction
