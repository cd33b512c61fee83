"""A browser, and a running register to point it at."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, sync_playwright

from testbed.machine import chromium
from testbed.register import Register, running_demonstration

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
AXE = Path("frontend/node_modules/axe-core/axe.min.js")
PHONE = {"width": 320, "height": 640}


@pytest.fixture(scope="package")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Register]:
    """A running demonstration on the embedded default."""
    with running_demonstration("sqlite", tmp_path_factory.mktemp("browsed")) as running:
        yield running
        assert "process died" not in running.log  # a restart would hide what kills it


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Debian's Chromium."""
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        yield launched
        launched.close()


class Visitor:
    """Someone at the register: opens pages, signs in with one click, and is checked for what stands
    in their way.
    """

    def __init__(self, context: BrowserContext, url: str) -> None:
        self.context = context
        self.url = url
        self.page: Page = context.new_page()

    def open(self, path: str) -> Page:
        """Open a page of the register."""
        self.page.goto(self.url + path)
        return self.page

    def follow(self, lead: Locator) -> Page:
        """Click what leads to another page and wait until that page is whole; a click waits only
        until it begins.
        """
        lead.click()
        self.page.wait_for_load_state()
        return self.page

    def press(self, name: str) -> Page:
        """Follow the button with this name."""
        return self.follow(self.page.get_by_role("button", name=name, exact=True))

    def sign_in(self, name: str) -> Page:
        """Sign in as a demonstration account, with one click on the start page."""
        self.open("/?lang=en")
        return self.press(name)

    def axe(self) -> list[str]:
        """What axe finds on this page, up to WCAG 2.2 AA."""
        self.page.add_script_tag(content=AXE.read_text(encoding="utf-8"))
        found = self.page.evaluate(
            """async () => {
                const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']
                const runOnly = { type: 'tag', values: tags }
                const { violations } = await axe.run(document, { runOnly })
                return violations.flatMap((v) => v.nodes.map((n) => `${v.id}: ${n.html}`))
            }"""
        )
        return [str(one) for one in found]

    def width(self) -> int:
        """How wide the page is: as wide as the screen when nothing scrolls sideways."""
        return int(self.page.evaluate("document.documentElement.scrollWidth"))


@pytest.fixture
def visitor(browser: Browser, system: Register) -> Iterator[Visitor]:
    """A visitor on a small phone, in English."""
    # axe is put into the page
    context = browser.new_context(viewport=PHONE, locale="en", bypass_csp=True)
    yield Visitor(context, system.url)
    context.close()


@pytest.fixture
def without_scripts(browser: Browser, system: Register) -> Iterator[Visitor]:
    """A visitor whose browser runs no scripts."""
    context = browser.new_context(viewport=PHONE, locale="fr", java_script_enabled=False)
    yield Visitor(context, system.url)
    context.close()
