"""What was typed and did not arrive is kept in the browser, until the server says that it is
stored.
"""

import sqlite3
from contextlib import closing

import pytest

from testbed.notes import make_lesson, make_note
from testbed.register import Register
from tests.browser.conftest import PHONE, Visitor
from tests.browser.form import TITLE, begin, copies, finish, save, save_offline

pytestmark = pytest.mark.browser


def test_a_new_note_is_put_back_after_a_lost_connection(visitor: Visitor):
    page = visitor.open("/intake/notes/new")
    page.fill(TITLE, "Written without a connection")
    save_offline(visitor)

    visitor.open("/intake/notes/new")

    assert page.input_value(TITLE) == "Written without a connection"
    assert page.locator("[data-restored]").is_visible()


@pytest.mark.parametrize(
    "elsewhere", ["/intake/notes/new", "{note}", "/intake/sign-in", "/", "/nowhere"]
)
def test_no_other_page_is_taken_for_proof_that_a_text_arrived(visitor: Visitor, elsewhere):
    note = begin(visitor)
    visitor.page.fill("[name=observation]", "Written without a connection")
    save_offline(visitor)

    visitor.open(elsewhere.format(note=note))
    visitor.open(f"{note}/write/lesson/0")

    assert visitor.page.input_value("[name=observation]") == "Written without a connection"
    assert visitor.page.locator("[data-restored]").is_visible()


def test_what_arrived_is_not_put_into_the_next_note(visitor: Visitor):
    begin(visitor)
    assert copies(visitor) == []

    visitor.open("/intake/notes/new")

    assert visitor.page.input_value(TITLE) == ""
    assert [
        cookie["name"] for cookie in visitor.context.cookies() if cookie["name"] == "arrived"
    ] == []


def test_what_arrived_with_an_error_in_it_is_not_put_into_the_next_note(visitor: Visitor):
    page = visitor.open("/intake/notes/new")
    page.fill(TITLE, "A note without a type")
    save(visitor)
    assert page.locator(".govuk-error-summary").is_visible()

    visitor.open("/intake/notes/new")

    assert page.input_value(TITLE) == ""


def test_what_was_typed_while_another_text_arrived_is_kept(visitor: Visitor, system: Register):
    note, page = begin(visitor), visitor.page
    page.fill("[name=observation]", "Sent")
    other = visitor.context.new_page()
    other.goto(f"{visitor.url}{note}/write/lesson/0")
    with closing(sqlite3.connect(system.folder / "intake.db", isolation_level=None)) as database:
        database.execute("BEGIN IMMEDIATE")
        page.evaluate("document.querySelector('form[data-keep]').requestSubmit()")
        other.fill("[name=observation]", "Typed in another tab meanwhile")
        database.execute("ROLLBACK")
    page.locator(".govuk-error-summary").wait_for()

    visitor.open(f"{note}/write/lesson/0")

    assert page.input_value("[name=observation]") == "Typed in another tab meanwhile"


def test_a_text_outlives_the_page_that_says_that_nothing_can_be_stored(
    visitor: Visitor, system: Register
):
    note = begin(visitor)
    visitor.page.fill("[name=observation]", "Written while the database was locked")
    visitor.page.fill("[name=recommendation]", "Keep it open")
    with closing(sqlite3.connect(system.folder / "intake.db", isolation_level=None)) as database:
        database.execute("BEGIN IMMEDIATE")
        save(visitor)
        assert "cannot store anything" in visitor.page.locator("h1").text_content()
        assert copies(visitor) == [f"lessons-unsent:{note.rpartition('/')[2]}/lesson/0"]
        database.execute("ROLLBACK")
    visitor.press("Send it again")

    assert "Can you give one number?" in visitor.page.locator("h1").text_content()
    assert copies(visitor) == []


def test_a_text_that_is_too_long_is_kept_to_be_shortened(visitor: Visitor):
    note = begin(visitor)
    visitor.page.fill("[name=observation]", "€")
    # a megabyte as it is sent, and quick to show
    visitor.page.evaluate("observation.value = '€'.repeat(112_000)")
    save(visitor)
    assert "Shorten it, and send it again." in visitor.page.locator("main").text_content()

    visitor.open(f"{note}/write/lesson/0")

    assert len(visitor.page.input_value("[name=observation]")) == 112_000


def test_what_was_chosen_and_what_was_cleared_are_put_back_too(visitor: Visitor):
    note = begin(visitor)
    page = visitor.open(f"{note}/write/operation/0")
    page.select_option("[name='operation.type']", "shelter")
    page.fill("[name='operation.started_on']", "")
    save_offline(visitor)
    visitor.open(f"{note}/write/heard/0")
    page.check("[value=staff]")
    page.check("[value=partners]")
    page.uncheck("[value=staff]")
    save_offline(visitor)

    visitor.open(f"{note}/write/operation/0")
    assert page.input_value("[name='operation.type']") == "shelter"
    assert page.input_value("[name='operation.started_on']") == ""
    visitor.open(f"{note}/write/heard/0")
    assert (page.is_checked("[value=partners]"), page.is_checked("[value=staff]")) == (True, False)


def test_what_the_server_sends_back_with_an_error_is_not_written_over(visitor: Visitor):
    note = begin(visitor)
    page = visitor.open(f"{note}/write/operation/0")
    page.fill("[name='operation.started_on']", "sometime")
    save(visitor)

    assert page.input_value("[name='operation.started_on']") == "sometime"
    assert page.locator("[data-restored]").is_hidden()


def test_what_was_kept_is_gone_once_the_note_is_sent(visitor: Visitor):
    note, page = begin(visitor), visitor.page
    finish(visitor)
    visitor.open(f"{note}/write/heard/0")
    page.fill("[name=sources]", "Typed and never saved")
    assert copies(visitor) == [f"lessons-unsent:{note.rpartition('/')[2]}/heard/0"]
    visitor.open(f"{note}/check")
    visitor.press("Send the note")

    assert copies(visitor) == []


def test_a_text_outlives_that_its_note_was_sent_in_another_tab(visitor: Visitor):
    note, page = begin(visitor), visitor.page
    finish(visitor)
    visitor.open(f"{note}/write/lesson/1")
    other = visitor.context.new_page()
    other.goto(f"{visitor.url}{note}/check")
    other.get_by_role("button", name="Send the note").click()
    page.fill("[name=observation]", "Typed too late")
    save(visitor)

    assert "This note was sent meanwhile." in page.locator(".govuk-error-summary").text_content()
    assert page.input_value("[name=observation]") == "Typed too late"
    assert visitor.axe() == []
    assert copies(visitor) == [f"lessons-unsent:{note.rpartition('/')[2]}/lesson/1"]


def open_case(visitor: Visitor) -> str:
    """The address of a case that waits for a decision."""
    visitor.sign_in("Editor")
    visitor.open("/review/cases")
    visitor.follow(visitor.page.locator("h2 a").first)
    return visitor.page.url.removeprefix(visitor.url)


def test_a_reviewers_remark_outlives_a_lost_connection_and_a_look_at_the_queue(visitor: Visitor):
    case, page = open_case(visitor), visitor.page
    page.locator("[name^=verdict][value=reject]").first.check()
    page.locator("[name^=comment]").first.fill("A remark that must not be lost")
    visitor.context.set_offline(True)
    page.get_by_role("button", name="Store the decisions").click()
    page.wait_for_url("chrome-error:**")
    visitor.context.set_offline(False)

    visitor.open("/review/")
    visitor.open(case)

    assert page.locator("[name^=comment]").first.input_value() == "A remark that must not be lost"
    assert page.locator("[name^=verdict][value=reject]").first.is_checked()
    assert page.locator("[data-restored]").is_visible()


def test_a_reviewers_remark_outlives_signing_out_in_another_tab(visitor: Visitor):
    case, page = open_case(visitor), visitor.page
    page.locator("[name^=verdict][value=reject]").first.check()
    page.locator("[name^=comment]").first.fill("A remark that must not be lost")
    other = visitor.context.new_page()
    other.goto(visitor.url + case)
    other.get_by_role("button", name="Sign out").click()
    visitor.press("Store the decisions")
    assert "Sign in" in page.locator("h1").text_content()

    visitor.sign_in("Editor")
    visitor.open(case)

    assert page.locator("[name^=comment]").first.input_value() == "A remark that must not be lost"


def test_a_remark_without_a_verdict_is_kept_when_other_decisions_are_stored(
    visitor: Visitor, system: Register
):
    note = make_note(lessons=[make_lesson(title="One"), make_lesson(title="Two")])
    reference = system.call(
        "field", "POST", "/intake/api/v1/notes", note, Idempotency_Key="a remark"
    )[1]["reference"]
    find = f"/review/api/v1/cases?note={reference}"
    case = system.wait_for(lambda: system.call("editor", "GET", find)[1]["cases"])[0]
    visitor.sign_in("Editor")
    page = visitor.open(f"/review/cases/{case['id']}")
    page.locator("[name^=verdict][value=reject]").nth(0).check()
    page.locator("[name^=comment]").nth(0).fill("This one is decided")
    page.locator("[name^=comment]").nth(1).fill("This one is not decided yet")
    visitor.press("Store the decisions")

    assert (
        "This one is decided" in page.locator("details", has_text="Decided before").text_content()
    )
    assert page.locator("[name^=comment]").first.input_value() == "This one is not decided yet"
    page.locator("[name^=verdict][value=reject]").first.check()
    visitor.press("Store the decisions")  # what they did themselves is nothing to be told
    assert not page.locator(".govuk-error-summary").is_visible()
    decided = page.locator("details", has_text="Decided before")
    assert "This one is not decided yet" in decided.text_content()


def test_what_is_put_back_meets_what_others_did_meanwhile(visitor: Visitor, system: Register):
    note = make_note(operation__title="Put back", benchmarks=[])
    sent = system.call("field", "POST", "/intake/api/v1/notes", note, Idempotency_Key="meanwhile")
    find = f"/review/api/v1/cases?note={sent[1]['reference']}"
    listed = system.wait_for(lambda: system.call("editor", "GET", find)[1]["cases"])[0]
    here = f"/review/api/v1/cases/{listed['id']}"
    _status, case = system.call("editor", "GET", here)
    visitor.sign_in("Editor")
    page = visitor.open(f"/review/cases/{case['id']}")
    page.locator("[name^=verdict][value=reject]").check()
    page.locator("[name^=comment]").fill("Typed before it was returned")
    item = case["items"][0]["id"]
    decision = {"item": item, "verdict": "request_changes", "comment": "Where was that?"}
    body = {"version": case["version"], "decisions": [decision]}
    assert system.call("reviewer", "POST", f"{here}/decisions", body)[0] == 200

    visitor.open(f"/review/cases/{case['id']}")
    assert page.locator("[name^=comment]").input_value() == "Typed before it was returned"
    visitor.press("Store the decisions")

    summary = page.locator(".govuk-error-summary").text_content()
    assert "This page was out of date, so nothing was stored" in summary
    assert "Request changes" in summary
    assert page.locator("[name^=comment]").input_value() == "Typed before it was returned"
    assert page.locator("[name^=verdict][value=reject]").is_checked()
    assert visitor.axe() == []
    assert visitor.width() == PHONE["width"]
    visitor.press("Store the decisions")
    assert not page.locator(".govuk-error-summary").is_visible()
    assert system.call("editor", "GET", here)[1]["items"][0]["verdict"] == "reject"
