"""The whole way, as three people go it: a field officer in French without scripts, a reviewer, a
partner.
"""

import re

import pytest

from testbed.register import Register
from tests.browser.conftest import Visitor
from tests.browser.form import save

pytestmark = pytest.mark.browser

OBSERVATION = (
    "Près de 4 000 personnes attendaient à Faya, où le centre pouvait en accueillir environ 900."
)


def write_the_chad_note(officer: Visitor) -> str:
    page = officer.open("/intake/notes/new")
    page.fill("[name='operation.title']", "Retour de migrants de Libye au Tchad")
    page.select_option("[name='operation.type']", "evacuation")
    page.select_option("[name='operation.countries.0.code']", "TCD")
    page.fill("[name='operation.started_on']", "2011-03")
    save(officer)
    page.fill("[name=observation]", OBSERVATION)
    page.fill("[name=discussion]", "Les convois étaient déjà en route.")
    page.fill("[name=recommendation]", "Dimensionner les centres sur les convois déjà en route.")
    save(officer)
    page.check("[value=transit-centre-capacity]")
    save(officer)
    assert "Combien de personnes pouvaient dormir" in page.locator("h1").text_content()
    page.fill("[name=value]", "1 900")
    page.check("[value=reported]")
    save(officer)
    page.check("[value=clear]")
    save(officer)
    officer.press("Envoyer la note")
    assert "Note envoyée" in page.content()
    return re.search(r"/notes/([\w-]{22})", page.url).group(1)


def open_case(reviewer: Visitor):
    """The link to the case in the reviewer's queue, None when it is not there."""
    reviewer.open("/review/")
    link = reviewer.page.get_by_role("link", name="Retour de migrants de Libye au Tchad")
    return link if link.count() else None


def return_both_items(reviewer: Visitor):
    page = reviewer.page
    for name, remark in (
        ("Près de 4", "Quel mois était-ce ?"),
        (("Transit centre capacity"), "900 ou 1 900 ?"),
    ):
        item = page.locator("section.lr-card", has=page.get_by_role("heading", level=3, name=name))
        item.get_by_label("Request changes").check()
        if name == "Près de 4":
            reviewer.press("Store the decisions")
            assert "Say why" in page.locator(".govuk-error-summary").text_content()
            item.get_by_label("Request changes").check()
        item.get_by_label("Remark for the submitter").fill(remark)
    reviewer.press("Store the decisions")


def correct_both_items(officer: Visitor, receipt: str):
    officer.press("Corriger la note")
    officer.open(f"/intake/notes/{receipt}/write/lesson/0")
    officer.page.fill(
        "[name=observation]", (f"En mai 2011, {OBSERVATION[0].lower()}{OBSERVATION[1:]}")
    )
    save(officer)
    officer.open(f"/intake/notes/{receipt}/write/number/0")
    assert officer.page.input_value("[name=value]") == "1900"
    officer.page.fill("[name=value]", "900")
    save(officer)
    officer.press("Renvoyer")


def approve_all_together(reviewer: Visitor):
    page = reviewer.page
    assert "En mai 2011" in page.content()
    page.get_by_label("Approve all of them").check()
    for point in (
        page.locator("section", has_text="Approve the rest together")
        .locator("[name='check-together']")
        .all()
    ):
        point.check()
    reviewer.press("Store the decisions")
    assert page.locator(".govuk-error-summary").count() == 0


def find_the_benchmark(partner: Visitor):
    partner.open("/library/?q=retour+migrants+capacity")
    link = partner.page.get_by_role("link", name="Transit centre capacity: 900 persons")
    return link.first if link.count() else None


def test_a_note_goes_from_the_field_to_a_partner(
    without_scripts: Visitor, browser, system: Register, visitor: Visitor
):
    officer, reviewer = without_scripts, visitor
    partner = Visitor(browser.new_context(locale="en"), system.url)
    officer.sign_in("Field team, French, Chad")
    officer.open("/intake/?lang=fr")
    receipt = write_the_chad_note(officer)
    reference = officer.page.locator(".govuk-panel strong").text_content()

    reviewer.sign_in("Reviewer, French, transport")
    reviewer.follow(system.wait_for(lambda: open_case(reviewer)))
    assert reference in reviewer.page.locator("h1").text_content()
    assert "speaks French" in reviewer.page.content()
    return_both_items(reviewer)

    system.wait_for(
        lambda: "Quel mois était-ce" in officer.open(f"/intake/notes/{receipt}").content()
    )
    correct_both_items(officer, receipt)

    def came_back():
        link = open_case(reviewer)
        if link is not None:
            reviewer.follow(link)
        return link is not None and "version 2" in reviewer.page.locator("h1").text_content()

    system.wait_for(came_back)
    approve_all_together(reviewer)

    partner.follow(system.wait_for(lambda: find_the_benchmark(partner)))
    assert "Retour de migrants de Libye au Tchad" in partner.page.content()
    assert "Cite as" in partner.page.content()
    partner.context.close()
    officer.open(f"/intake/notes/{receipt}")
    assert officer.page.get_by_role("link", name=re.compile(r"(LL|BM)-20\d\d-\d{4}")).count() == 2


def test_a_stale_decision_is_refused_and_the_reviewers_text_is_kept(
    visitor: Visitor, browser, system: Register
):
    visitor.sign_in("Editor")
    visitor.open("/review/cases")
    visitor.follow(visitor.page.get_by_role("link", name="Camp coordination"))
    address = visitor.page.url
    context = browser.new_context(locale="en")
    other = Visitor(context, system.url)
    other.sign_in("Reviewer, English, all sectors")
    other.page.goto(address)
    other.page.locator("[name^=verdict][value=reject]").check()
    other.page.locator("[name^=comment]").fill("Rejected by the other one.")
    other.press("Store the decisions")
    context.close()

    page = visitor.page
    page.locator("[name^=verdict][value=request_changes]").check()
    page.locator("[name^=comment]").fill("A long remark that must not be lost.")
    visitor.press("Store the decisions")

    assert "decide" in page.locator(".govuk-error-summary").text_content().lower()
    assert "A long remark that must not be lost." in page.content()
