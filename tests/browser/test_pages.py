"""Every page, as axe and a small phone see it: in English and Arabic, empty and with errors."""

import re

import pytest

from testbed.register import Register
from testbed.world import YEAR
from tests.browser.conftest import PHONE, Visitor
from tests.browser.form import save

pytestmark = pytest.mark.browser

PUBLIC = {
    "front": "/",
    "form": "/intake/notes/new",
    "intake": "/intake/",
    "receipts": "/intake/receipts",
    "library": "/library/",
    "library, nothing found": "/library/?q=nothing+at+all",
    "library, a filter that means nothing": "/library/?country=XX&indicator=nope",
    "lesson": f"/library/entries/LL-{YEAR}-0001",
    "benchmark": f"/library/entries/BM-{YEAR}-0003",
    "indicators": "/library/benchmarks/",
    "indicator": "/library/benchmarks/persons-per-movement",
    "indicator with a standard": "/library/benchmarks/days-in-transit",
    "context indicator": "/library/benchmarks/persons-received",
    "not comparable": "/library/benchmarks/left-sites-share",
    "feeds": "/library/feeds",
    "privacy": "/privacy",
    "sign in": "/intake/sign-in",
    "not found": "/nowhere",
}
STEPS = (
    "operation",
    "operation-more",
    "lesson",
    "lesson-more",
    "indicator",
    "sharing",
    "heard",
    "partners",
)
LANGUAGES = ("en", "ar")
# Latin words that belong on an Arabic page: names, codes, and what was written in another language.
LATIN_ALLOWED = re.compile(
    r"English|Français|Español|TLP|CLEAR|GREEN|AMBER|STRICT|RED|GLIDE|IATI|OP|AAN|LBY|OT|ISO|TCD|"
    r"HXL|API|CSV|JSON|Atom|OpenAPI|Bearer|"
    r"Authorization|CC "
    r"BY|xlsx|csv|atom|json|hxl|http|localhost|example|org|name|user|IOM|MSF|Sebha|Zouark|"
    r"api|entries|next|since|benchmarks|lessons|Feed"
)


def check(visitor: Visitor, where: str):
    """No finding of axe, and no scrolling sideways."""
    assert visitor.axe() == [], where
    assert visitor.width() == PHONE["width"], where


@pytest.mark.parametrize("language", LANGUAGES)
def test_public_pages_stand_in_nobodys_way(visitor: Visitor, language):
    for name, path in PUBLIC.items():
        visitor.open(f"{path}{'&' if '?' in path else '?'}lang={language}")
        check(visitor, name)
        assert visitor.page.evaluate("document.documentElement.dir") == (
            "rtl" if language == "ar" else "ltr"
        )


def test_a_title_without_a_space_breaks_where_the_phone_ends(visitor: Visitor):
    page = visitor.open(f"/library/entries/LL-{YEAR}-0001")
    page.evaluate(
        "document.querySelector('h1').textContent = 'Returnofmigrantsfromlibyatochad'.repeat(9)"
    )

    assert visitor.width() == PHONE["width"]


def write_note(visitor: Visitor, language):
    page = visitor.open(f"/intake/notes/new?lang={language}")
    page.fill("[name='operation.title']", "Return of migrants from Libya to Chad")
    page.fill("[name='organisation']", "MSF Holland")
    save(visitor)
    page.fill(
        "[name=observation]",
        ("Nearly 4,000 people were waiting. ") + "averylongwordthatneverends" * 12,
    )
    page.fill("[name=recommendation]", "Size transit centres on the convoys.")
    save(visitor)
    page.check("[value=transit-demand-share]")
    save(visitor)
    page.fill("[name=value]", "444")
    page.check("[value=reported]")
    save(visitor)
    page.check("[value=clear]")
    save(visitor)
    return re.search(r"/notes/([\w-]{22})/", page.url).group(1)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_form_stands_in_nobodys_way_empty_filled_and_with_errors(visitor: Visitor, language):
    page = visitor.open(f"/intake/notes/new?lang={language}")
    save(visitor)
    check(visitor, "operation with errors")
    receipt = write_note(visitor, language)
    check(visitor, "check")
    for step in (*STEPS, "number", "number-more", "proposal"):
        visitor.open(f"/intake/notes/{receipt}/write/{step}/0")
        check(visitor, step)
    visitor.open(f"/intake/notes/{receipt}/write/number/0")
    page.fill("[name=value]", "36,5,5")
    save(visitor)
    check(visitor, "number with errors")
    visitor.open(f"/intake/notes/{receipt}")
    check(visitor, "status of a draft")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_status_page_stands_in_nobodys_way(visitor: Visitor, language):
    write_note(visitor, language)
    visitor.follow(visitor.page.locator("form:not([data-keep]) button.govuk-button").last)
    check(visitor, "sent")
    visitor.page.fill("[name=email]", "no address")
    visitor.follow(visitor.page.locator("form button.govuk-button").last)
    check(visitor, "with errors")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_desk_stands_in_nobodys_way(visitor: Visitor, language):
    page = visitor.sign_in("Editor")
    visitor.open(f"/review/?lang={language}")
    check(visitor, "queue")
    visitor.open("/review/cases?state=closed")
    check(visitor, "closed cases")
    visitor.follow(page.locator("h2 a").first)
    check(visitor, "closed case")
    visitor.open("/review/cases")
    visitor.follow(page.locator("h2 a").first)
    check(visitor, "approval form")
    page.locator("[name^=verdict][value=reject]").first.check()
    visitor.follow(page.locator("form[data-keep] button.govuk-button").last)
    assert page.locator(".govuk-error-summary").is_visible()
    check(visitor, "approval form with errors")
    for path in ("/review/organisations", "/review/account", f"/library/entries/LL-{YEAR}-0001"):
        visitor.open(path)
        check(visitor, path)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pages_of_people_stand_in_nobodys_way(visitor: Visitor, language):
    page = visitor.sign_in("Administrator of review")
    visitor.open(f"/review/people?lang={language}")
    check(visitor, "people")
    visitor.open("/review/people")
    visitor.follow(page.locator("a[href*=profile]").first)
    check(visitor, "profile")
    visitor.open("/review/pipeline")
    check(visitor, "pipeline")


def test_an_arabic_page_has_no_word_left_in_english(visitor: Visitor):
    left = {}
    for name in (
        "form",
        "intake",
        "receipts",
        "library",
        "indicators",
        "indicator with a standard",
        "feeds",
        "privacy",
    ):
        page = visitor.open(f"{PUBLIC[name]}?lang=ar")
        texts = page.evaluate(
            """() => {
                const left_out = 'datalist, script, option, [lang="en"], .lr-card'
                const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
                const texts = []
                while (walker.nextNode()) {
                    const node = walker.currentNode
                    if (!node.parentElement.closest(left_out)) texts.push(node.textContent)
                }
                return texts
            }"""
        )
        words = set(re.findall(r"[A-Za-z]{3,}", LATIN_ALLOWED.sub("", " ".join(texts))))
        if words:
            left[name] = words

    assert left == {}


BUDGETS = {
    "form": ("/intake/notes/new", 30_000),
    "library": ("/library/", 30_000),
    "indicator": (PUBLIC["indicator"], 60_000),
}


@pytest.mark.parametrize("name", BUDGETS)
def test_a_first_visit_weighs_little(browser, system: Register, name):
    path, budget = BUDGETS[name]
    context = browser.new_context(viewport=PHONE)
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    received = []
    session.on("Network.loadingFinished", lambda event: received.append(event["encodedDataLength"]))

    page.goto(system.url + path, wait_until="networkidle")

    context.close()
    # the figure, with pytest -s
    print(f"{name}: {sum(received)} bytes in {len(received)} requests")  # noqa: T201
    assert len(received) >= 3
    assert sum(received) <= budget


def test_a_chart_is_small_and_says_the_same_as_its_table(visitor: Visitor):
    page = visitor.open("/library/benchmarks/persons-received")
    svg = page.locator("svg").first

    assert svg.get_attribute("role") == "img"
    assert page.locator("svg title").first.text_content() == "Persons received"
    assert "9 values" in page.locator("svg desc").first.text_content()
    assert "style=" not in page.content()
    import gzip

    assert len(gzip.compress(svg.evaluate("node => node.outerHTML").encode())) <= 5_000
    for figure in ("90,000", "62,692", "4,406"):
        assert figure in page.locator("table").first.text_content()


def test_errors_get_the_focus_and_lead_to_their_field(visitor: Visitor):
    page = visitor.open("/intake/notes/new")
    save(visitor)

    assert page.evaluate("document.activeElement.className").startswith("govuk-error-summary")
    page.locator(".govuk-error-summary a").first.click()
    assert page.evaluate("document.activeElement.name") == "operation.title"
