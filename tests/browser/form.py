"""Steps through the form that the tests of kept texts share."""

import re

from tests.browser.conftest import Visitor

TITLE = "[name='operation.title']"
COPIES = "Object.keys(localStorage).filter((key) => key.startsWith('lessons-unsent:'))"


def save(visitor: Visitor):
    visitor.follow(visitor.page.locator("form[data-keep] button"))


def begin(visitor: Visitor) -> str:
    """The way to the note that was begun, with its first page stored."""
    page = visitor.open("/intake/notes/new?lang=en")
    page.fill(TITLE, "Return of migrants from Libya to Chad")
    page.select_option("[name='operation.type']", "evacuation")
    page.select_option("[name='operation.countries.0.code']", "TCD")
    page.fill("[name='operation.started_on']", "2011-03")
    page.fill("[name=organisation]", "MSF Holland")
    save(visitor)
    return re.search(r"/intake/notes/[\w-]{22}", page.url).group(0)


def finish(visitor: Visitor):
    """From the page of the lesson to the page that checks the answers."""
    page = visitor.page
    page.fill("[name=observation]", "Nearly 4,000 people were waiting.")
    page.fill("[name=recommendation]", "Size transit centres on the convoys.")
    save(visitor)
    page.check("[value=none]")
    save(visitor)
    page.check("[value=clear]")
    save(visitor)


def save_offline(visitor: Visitor):
    visitor.context.set_offline(True)
    save(visitor)
    visitor.page.wait_for_url("chrome-error:**")
    visitor.context.set_offline(False)


def copies(visitor: Visitor):
    return visitor.page.evaluate(COPIES)
