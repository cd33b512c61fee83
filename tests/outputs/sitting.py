"""The same acts in every version, done by people on pages; each page they lead to is kept."""

import re
from typing import Any

from tests.outputs.collecting import Collection
from tests.outputs.forms import RECEIPT, Sitting

CODE = re.compile(r"\b\d{6}\b")
OPERATION = {
    "operation.title": "Reception in Faya",
    "operation.type": "reception",
    "operation.countries.0.code": "TCD",
    "operation.started_on": "2012-06",
    "organisation": "Chad Migration Support",
}
OTHER_STEPS = ("operation-more", "lesson-more", "number-more", "partners", "heard", "proposal")


def sit_down(found: Collection) -> None:
    """Everything that people do on pages."""
    for act in (_write, _sign_in, _judge, _correct, _edit, _administer):
        act(found)
        found.wait_until_quiet()
        found.learn()


def _write(found: Collection) -> None:
    """A stranger writes a note, with mistakes first, sends it and leaves an address."""
    person = Sitting(found, "stranger")
    person.open("/intake/notes/new")
    person.send("note, empty", "/notes/new", organisation="Chad Migration Support")
    receipt = RECEIPT.findall(person.text)[0]
    note = f"/intake/notes/{receipt}"
    person.open(f"{note}/write/operation/0")
    person.send("note, operation", "/write/operation/0", **OPERATION)
    half = {"observation": "Tents stood in the wadi."}
    person.send("note, lesson, half", "/write/lesson/0", **half)
    person.send("note, lesson", "/write/lesson/0", recommendation="Look at the map of floods.")
    person.send("note, no indicator", "/write/indicator/0")
    person.send("note, indicator", "/write/indicator/0", indicator="persons-received")
    person.send("note, unclear number", "/write/number/0", value="many", how_known="measured")
    person.send("note, number", "/write/number/0", value="1500", how_known="measured")
    person.send("note, sharing", "/write/sharing/0", sharing="clear")
    for step in OTHER_STEPS:
        person.look(f"note, {step}", f"{note}/write/{step}/0")
    person.look("note, check", f"{note}/check")
    person.send("note, sent", "/check")
    found.wait_until_quiet()
    person.open(note)
    person.send("contact, wrong", "/contact", email="nobody")
    person.send("contact", "/contact", email="someone@example.org")
    person.open("/intake/receipts")
    person.send("receipts", "/receipts", email="someone@example.org")
    person.open("/intake/receipts")
    person.send("receipt, wrong", "/receipts", receipt="AAN-2026-0001")


def _sign_in(found: Collection) -> None:
    """With a mail's code, wrong first; then a key is made, and the session ended."""
    person = Sitting(found, "stranger")
    person.open("/review/sign-in")
    person.send("sign in, no address", "/sign-in", email="nobody")
    person.send("sign in", "/sign-in", email="editor@demo.example")
    person.send("sign in, wrong code", "/sign-in/code", code="x")
    found.wait_until_quiet()
    mail = next(mail for mail in reversed(found.mails()) if "/sign-in/" in mail)
    code = CODE.findall(mail.partition("\n\n")[2])[-1]
    found.names.learn(code, "code")
    person.send("sign in, code", "/sign-in/code", code=code)
    person.open("/review/account")
    person.send("key", "/account/keys", label="Spreadsheet", kind="feed")
    person.open("/")
    person.send("sign out", "/sign-out")


def _judge(found: Collection) -> None:
    """An editor takes the case of the note, approves one item and returns the other."""
    case = _case(found)
    page = f"/review/cases/{case['id']}"
    first, second = (item["id"] for item in case["items"])
    person = Sitting(found, "Editor")
    person.open(page)
    person.send("decision, none", page)
    person.send("decision, no checklist", page, **{f"verdict-{first}": "approve"})
    person.open(page)
    person.send("decision, no comment", page, **{f"verdict-{second}": "request_changes"})
    person.open(page)
    returned = {f"verdict-{second}": "request_changes", f"comment-{second}": "Who counted?"}
    person.send("decision", page, **returned)
    person.open(page)
    account = found.accounts["Reviewer, French, transport"][1]
    person.send("assignment", "/assign", account=account)
    reviewer = Sitting(found, "Reviewer, French, transport")
    reviewer.look("case of a reviewer", page)
    reviewer.look("queue of a reviewer", "/review/")


def _correct(found: Collection) -> None:
    """Its team sees what was returned; whoever is not signed in is asked to before correcting."""
    for name in ("stranger", "Field team, English"):
        person = Sitting(found, name)
        person.look(f"returned note of {name}", f"/intake/notes/{_receipt(found)}")
        if "/correct" in person.text:
            person.send(f"correction by {name}", "/correct")


def _edit(found: Collection) -> None:
    """An editor withdraws an entry and shares another with fewer, and confirms an organisation."""
    person = Sitting(found, "Editor")
    withdrawn, shared = "/library/entries/BM-2026-0003", "/library/entries/LL-2026-0004"
    person.open(withdrawn)
    person.send("withdrawal without a reason", "/withdraw")
    person.open(withdrawn)
    person.send("withdrawal", "/withdraw", withdraw_reason="Counted twice.")
    person.open(shared)
    person.send("sharing without a reason", "/share", sharing="green")
    person.open(shared)
    person.send("sharing", "/share", sharing="green", share_reason="A name can be guessed.")
    person.open("/review/organisations")
    person.send("organisation", "", action="confirm")


def _administer(found: Collection) -> None:
    """An administrator of each service invites somebody, wrongly first."""
    for service in ("intake", "review"):
        person = Sitting(found, f"Administrator of {service}")
        page = f"/{service}/people"
        person.open(page)
        person.send(f"invitation to {service}, empty", "/people", email="")
        person.open(page)
        invitation = {"name": "Amina", "email": f"amina-{service}@example.org", "role": "admin"}
        person.send(f"invitation to {service}", "/people", **invitation)
        found.wait_until_quiet()
        person.look(f"pipeline of {service}", f"/{service}/pipeline")


def _receipt(found: Collection) -> str:
    """The receipt of the note that was written by form: it stands in the mail to its submitter."""
    mail = next(mail for mail in found.mails() if "someone@example.org" in mail)
    return RECEIPT.findall(mail)[0]


def _case(found: Collection) -> dict[str, Any]:
    """The case of the note that was written by form."""
    title = OPERATION["operation.title"]
    found_id = next(case["id"] for case in found.cases() if case["title"] == title)
    case: dict[str, Any] = found.programs["editor"].get(f"/review/api/v1/cases/{found_id}").json()
    return case
