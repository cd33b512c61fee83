"""A note's whole way through a running register, by someone who tries again until there is an
answer.

Whatever is asked of the register, and whatever it acknowledges, is noted in a tally. Looking into
the databases in the end says what is there.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

from sqlalchemy import select, update
from sqlalchemy.exc import DBAPIError

from services.intake.model import Item, Note
from shared.platform.events import INTAKE_STREAM
from testbed.chaos.tally import Tally
from testbed.databases import open_both
from testbed.notes import approve, make_note
from testbed.queues import purge_queue
from testbed.register import Register
from tests.faults.phone import Phone
from tests.faults.shown import Shown

NOTES = "/intake/api/v1/notes"
PATIENCE_SECONDS = 90.0  # for a busy machine on which every process has just died several times


@contextmanager
def journeys_through(system: Register) -> Iterator["Journeys"]:
    """Journeys, to be judged together."""
    journeys = Journeys(system)
    yield journeys
    journeys.intake.close()
    journeys.review.close()


class Journeys:
    """Journeys through one register, and what came of them."""

    def __init__(self, system: Register) -> None:
        self.system = system
        self.intake, self.review = open_both(system.intake_url, system.review_url)
        self.shown = Shown(self.intake, self.review)
        self.tally = Tally()
        self.references: list[str] = []
        self._mails_before = self.shown.mails()

    def travel(self, *, trouble: bool) -> None:
        """Submit, return, correct, approve and publish a note, and withdraw one of its entries.

        With `trouble` another note is written in the form, the broker loses the first message, and
        the last event is parked and retried.
        """
        if trouble:
            self._write_in_the_form(uuid4().hex[:8])
        name = uuid4().hex[:8]
        note = make_note(operation__title=f"Operation {name}")
        if trouble:
            with self._broker_loses_what_comes():
                reference = self._submit(name, note)
        else:
            reference = self._submit(name, note)
        case_id = self._wait(lambda: self._case_id(reference))
        self._return_and_approve(name, case_id)
        self._correct(name, reference, note)
        self._wait(lambda: self._case(case_id)["note_version"] == 2)
        self._approve(name, case_id)
        entry = self._wait(lambda: self._entry_at_intake(reference))
        if trouble:
            with self._intake_cannot_apply(reference):
                self._withdraw(name, entry)
                self._wait(self.shown.parked)
            self._retry_parked()
        else:
            self._withdraw(name, entry)
        self._wait(lambda: self._note(reference)["items"][1]["state"] == "withdrawn")

    def look(self) -> Tally:
        """Wait until what was asked for has come to rest, then note all that is there."""
        self._wait(lambda: not self.shown.unsettled())
        self.tally.found = self.shown.found(self.tally.attempted)
        return self.tally

    def wait_until_well(self) -> None:
        """Wait until every part of the register says that it works."""
        self._wait(lambda: self._call(None, "GET", "/readyz"))

    def mails_asked_for(self) -> Counter[str]:
        """The mails that these journeys caused, by template.

        Each is to be asked for once for each journey.
        """
        return self.shown.mails() - self._mails_before

    def _submit(self, name: str, note: dict) -> str:
        self.tally.attempted |= {f"version 1 of {name}", f"opened {name}"}
        _status, answer = self._insist("field", "POST", NOTES, note, Idempotency_Key=name)
        self.references.append(answer["reference"])
        again = self._insist("field", "POST", NOTES, note, Idempotency_Key=name)
        assert again == (200, {**answer, "state": again[1]["state"]})
        self.tally.acknowledged |= {f"version 1 of {name}", f"opened {name}"}
        return str(answer["reference"])

    def _write_in_the_form(self, name: str) -> None:
        asked = {f"version 1 of {name}", f"opened {name}"}
        self.tally.attempted |= asked
        Phone(self.system.url, self._wait).hand_in(f"Operation {name}")
        self.tally.acknowledged |= asked
        self._wait(lambda: asked <= set(self.shown.found(self.tally.attempted)))

    def _return_and_approve(self, name: str, case_id: str) -> None:
        def decisions(lesson, benchmark):
            returned = {
                "item": lesson["id"],
                "verdict": "request_changes",
                "comment": ("Which month was that?"),
            }
            return [returned, approve(benchmark)]

        asked = {
            f"request_changes lesson of {name}",
            f"approve benchmark of {name}",
            f"benchmark of {name}",
        }
        self._decide(
            case_id, asked, decisions, lambda items: items[0]["state"] != "changes_requested"
        )

    def _approve(self, name: str, case_id: str) -> None:
        asked = {f"approve lesson of {name}", f"lesson of {name}"}
        self._decide(
            case_id,
            asked,
            lambda lesson, _benchmark: [approve(lesson)],
            lambda items: items[0]["state"] != "published",
        )

    def _decide(self, case_id, asked, decisions, is_open) -> None:
        """Decide as a person would: look at the case, decide, and look again when no
        answer came.
        """
        self.tally.attempted |= asked
        case = self._case(case_id)
        while is_open(case["items"]):
            body = {"version": case["version"], "decisions": decisions(*case["items"])}
            self._call("editor", "POST", f"/review/api/v1/cases/{case_id}/decisions", body)
            case = self._case(case_id)
        self.tally.acknowledged |= asked

    def _correct(self, name: str, reference: str, note: dict) -> None:
        self.tally.attempted |= {f"version 2 of {name}", f"corrected {name}"}
        self._wait(lambda: self._note(reference)["state"] == "changes_requested")
        note["lessons"][0]["observation"] = "In May 2011 nearly 4,000 people were waiting."
        body = {**note, "version": 1}
        status, _note = self._insist(
            "field", "PUT", f"{NOTES}/{reference}", body, Idempotency_Key=f"{name} again"
        )
        assert status == 200
        self.tally.acknowledged |= {f"version 2 of {name}", f"corrected {name}"}

    def _withdraw(self, name: str, entry: str) -> None:
        self.tally.attempted.add(f"withdrawal of {name}")
        body = {"reason": "The figure was of another centre."}
        status, _entry = self._insist(
            "editor", "POST", f"/review/api/v1/entries/{entry}/withdrawal", body
        )
        # 409: an earlier attempt was carried out, though its answer never came
        assert status in (200, 409)
        self.tally.acknowledged.add(f"withdrawal of {name}")

    @contextmanager
    def _broker_loses_what_comes(self):
        """While review's consumer starts again, what the broker holds for it is thrown away."""
        process = self.system.processes().get("review-consumer")
        if process is not None:
            process.kill()
        yield
        self._wait(self.shown.all_published)
        purge_queue(self.system.broker, INTAKE_STREAM)

    @contextmanager
    def _intake_cannot_apply(self, reference: str):
        """Hide an item of a note, so that what is told of it cannot be applied."""
        away = uuid4()
        with self.intake.sessions.begin() as session:
            note = session.scalars(select(Note).where(Note.reference == reference)).one()
            there = next(item.id for item in note.items if item.kind == "benchmark")
            session.execute(update(Item).where(Item.id == there).values(id=away))
        try:
            yield
        finally:
            with self.intake.sessions.begin() as session:
                session.execute(update(Item).where(Item.id == away).values(id=there))

    def _retry_parked(self) -> None:
        for parked_id in self.shown.parked():
            self.command("events", "retry", "--service", "intake", str(parked_id))

    def command(self, *words: str) -> None:
        """A command of the register; given again when it died."""
        code = -9
        while code == -9:
            done = self.system.lessons(*words)
            code = done.returncode
        assert code == 0 or "no longer parked" in done.stderr, done.stderr

    def _entry_at_intake(self, reference: str) -> str | None:
        items = self._note(reference)["items"]
        return (
            items[1]["entry"]
            if [item["state"] for item in items] == ["published", "published"]
            else None
        )

    def _note(self, reference: str) -> dict:
        return self._insist("field", "GET", f"{NOTES}/{reference}")[1]

    def _case_id(self, reference: str) -> str | None:
        cases = self._insist("editor", "GET", f"/review/api/v1/cases?note={reference}")[1]["cases"]
        return next((case["id"] for case in cases), None)

    def _case(self, case_id: str) -> dict:
        return self._insist("editor", "GET", f"/review/api/v1/cases/{case_id}")[1]

    def _insist(self, *arguments, **headers) -> tuple[int, dict]:
        """Ask again until there is an answer that is not an error of the server."""
        return self._wait(lambda: self._call(*arguments, **headers))

    def _call(self, *arguments, **headers) -> tuple[int, dict] | None:
        """Ask once; None when the answer did not come or says nothing of the outcome."""
        answer = self.system.client.try_call(*arguments, **headers)
        return answer if answer is not None and answer[0] < 500 else None

    def _wait(self, look):
        def patient_look():
            try:
                return look()
            except DBAPIError:
                return None

        return self.system.wait_for(patient_look, PATIENCE_SECONDS)
