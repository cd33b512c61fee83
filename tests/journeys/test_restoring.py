"""Backups are taken while notes come in; what they hold comes back whole, and nothing is given or
sent twice.
"""

import shutil
import threading
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from shared.platform.clock import pause, ticks
from shared.platform.delivery import deliveries
from shared.platform.delivery.deliveries import Delivery
from shared.platform.persistence.engine import open_database
from testbed.notes import approve, make_note
from testbed.register import Register, running_demonstration

pytestmark = pytest.mark.timeout(300)

BACKENDS = ["sqlite", pytest.param("postgres", marks=[pytest.mark.postgres, pytest.mark.rabbitmq])]
WRITERS = 3
BUSY = 503
NOTES = "/intake/api/v1/notes"


@pytest.fixture(params=BACKENDS)
def system(request, tmp_path):
    with running_demonstration(request.param, tmp_path / "var") as running:
        yield running


def lessons(system, *arguments):
    """Run the command on this register, which is a demonstration."""
    return system.lessons(*arguments, LESSONS_DEMO="1")


def database(system, service):
    return open_database(system.environment[f"LESSONS_{service.upper()}_DATABASE_URL"])


def submit(system, name):
    """Hand a note in, and again with the same key while the register is busy: it may be, for as
    long as the machine is.
    """
    note, key, until = make_note(operation__title=f"Operation {name}"), uuid4().hex, ticks() + 60
    status, body = system.call("field", "POST", NOTES, note, Idempotency_Key=key)
    while status == BUSY and ticks() < until:
        pause(0.5)
        status, body = system.call("field", "POST", NOTES, note, Idempotency_Key=key)
    assert status in (200, 201), body
    return body["reference"]


def what_intake_has(system, reference):
    """What the field sees of a note, but for its way through review, which goes on."""
    _status, note = system.call("field", "GET", f"/intake/api/v1/notes/{reference}")
    same = {
        name: note[name] for name in ("reference", "receipt", "version", "submitted_at", "note")
    }
    return same | {"items": [item["id"] for item in note["items"]]}


def what_review_has(system, reference):
    """The case of a note with its items, decisions and history, and the entries that were made of
    it.
    """
    _status, listed = system.call(
        "editor", "GET", f"/review/api/v1/cases?state=all&note={reference}"
    )
    _status, case = system.call("editor", "GET", f"/review/api/v1/cases/{listed['cases'][0]['id']}")
    made = [item["entry"] for item in case["items"] if item.get("entry")]
    return case, [system.call("partner", "GET", f"/api/v1/entries/{entry}") for entry in made]


def cases(system):
    """How many cases each note has."""
    found, after = {}, ""
    while True:
        _status, page = system.call(
            "editor", "GET", f"/review/api/v1/cases?state=all&limit=200{after}"
        )
        for case in page["cases"]:
            found.setdefault(case["note"], []).append(case["id"])
        if page["next"] is None:
            return found
        after = f"&after={page['next']}"


def is_published_at_intake(system, reference):
    """Whether the field sees it decided and in the library."""
    return {
        item["state"] for item in system.call("field", "GET", f"{NOTES}/{reference}")[1]["items"]
    } == {"published"}


def publish(system, reference):
    """Approve a note whole. Returns the references of its entries."""
    case_id = system.wait_for(lambda: cases(system).get(reference))[0]
    _status, case = system.call("editor", "GET", f"/review/api/v1/cases/{case_id}")
    body = {"version": case["version"], "decisions": [approve(item) for item in case["items"]]}
    status, answer = system.call(
        "editor", "POST", f"/review/api/v1/cases/{case_id}/decisions", body
    )
    assert status == 200, answer
    return {
        event["detail"]["reference"]
        for event in answer["history"]
        if event["action"] == "published"
    }


class Writers:
    """Threads that hand notes in until told to stop; `acknowledged` are their references,
    in order.
    """

    def __init__(self, system):
        self.acknowledged = []
        self._stop = threading.Event()
        self._threads = [
            threading.Thread(target=self._write, args=(system, n)) for n in range(WRITERS)
        ]
        for thread in self._threads:
            thread.start()

    def _write(self, system, writer):
        count = 0
        while not self._stop.is_set():
            count += 1
            self.acknowledged.append(submit(system, f"{writer}-{count}"))

    def stop(self):
        self._stop.set()
        for thread in self._threads:
            thread.join(60)
        assert not any(thread.is_alive() for thread in self._threads)


def backups_under_load(system):
    """Back up while notes come in.

    Returns the files, the notes acknowledged before that, and all of them.
    """
    writers = Writers(system)
    system.wait_for(lambda: len(writers.acknowledged) >= 10, 60)
    before = list(writers.acknowledged)
    made = lessons(system, "backup")
    assert made.returncode == 0, made.stderr
    so_many = len(writers.acknowledged)
    system.wait_for(lambda: len(writers.acknowledged) >= so_many + 5, 60)
    writers.stop()
    intake, review = [line.removeprefix("Backup: ") for line in made.stdout.splitlines()]
    return intake, review, before, list(writers.acknowledged)


def what_the_field_sees(system: Register, reference: str):
    """A note with its state, but for the operations that it may be about: those of later notes are
    among them.
    """
    status, shown = system.call("field", "GET", f"{NOTES}/{reference}")
    return status, {name: value for name, value in shown.items() if name != "possible_operations"}


def test_a_restore_of_both_loses_nothing_that_was_acknowledged_before_the_backup(system: Register):
    decided = submit(system, "decided")
    entries = publish(system, decided)
    system.wait_for(lambda: is_published_at_intake(system, decided))
    field_saw, desk_saw = what_the_field_sees(system, decided), what_review_has(system, decided)
    intake, review, before, acknowledged = backups_under_load(system)
    as_they_were = {reference: what_intake_has(system, reference) for reference in before}
    published = publish(system, acknowledged[-1])  # an entry that the backup does not have
    cursor = system.call(None, "GET", "/api/v1/entries?limit=500")[1]["next"]
    refused = lessons(system, "restore", "--intake", intake, "--review", review)
    system.stop()

    done = lessons(system, "restore", "--intake", intake, "--review", review)

    assert (refused.returncode, "still runs" in refused.stderr) == (1, True)
    assert done.returncode == 0, done.stderr
    assert "will halt" not in done.stdout
    system.up()
    assert what_the_field_sees(system, decided) == field_saw
    assert what_review_has(system, decided) == desk_saw
    listed = {
        entry["reference"]
        for entry in system.call(None, "GET", "/api/v1/entries?limit=500")[1]["entries"]
    }
    assert entries <= listed
    assert not published & listed
    assert {reference: what_intake_has(system, reference) for reference in before} == as_they_were
    system.wait_for(lambda: set(before) <= set(cases(system)))
    new = [submit(system, f"after-{number}") for number in range(3)]
    assert not set(new) & set(acknowledged)
    system.wait_for(lambda: set(new) <= set(cases(system)))
    assert {len(found) for found in cases(system).values()} == {1}
    assert not publish(system, new[0]) & published
    assert system.call(None, "GET", f"/api/v1/entries?since={cursor}")[0] == 410


def waiting(system, service):
    """How many mails are still to be sent."""
    opened = database(system, service)
    with opened.readings() as session:
        count = session.scalar(select(func.count()).where(Delivery.due_at.is_not(None)))
    opened.close()
    return count


def ask_for_one_that_waits(system):
    """A mail of review that the server did not take, and that is tried again in an hour."""
    opened = database(system, "review")
    with opened.sessions.begin() as session:
        deliveries.ask_for(
            session, recipient="old@example.org", template="assigned", language="en", details={}
        )
        session.flush()
        mail = session.scalars(select(Delivery).where(Delivery.recipient == "old@example.org"))
        mail.one().due_at += timedelta(hours=1)
    opened.close()


def recipients(system):
    return {
        line.partition(": ")[2]
        for path in (system.folder / "mail").glob("*.eml")
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.startswith("To: ")
    }


def test_after_a_restore_what_waited_in_the_backup_is_dropped_and_what_came_since_goes_out(
    system: Register,
):
    submit(system, "one")
    system.wait_for(lambda: recipients(system))
    system.wait_for(lambda: (waiting(system, "intake"), waiting(system, "review")) == (0, 0))
    ask_for_one_that_waits(system)
    made = lessons(system, "backup")
    system.stop()
    files = [line.removeprefix("Backup: ") for line in made.stdout.splitlines()]
    assert lessons(system, "restore", "--intake", files[0], "--review", files[1]).returncode == 0
    shutil.rmtree(system.folder / "mail")
    system.up()
    publish(system, submit(system, "two"))
    checked = lessons(system, "check").stderr

    dropped = lessons(system, "mail", "release", "--drop", "--yes").stdout

    assert "Mail of review is held back since a restore, 1 in all" in checked
    assert dropped.splitlines() == [
        "intake: 0 mails dropped, never to be sent.",
        "review: 1 mail dropped, never to be sent.",
    ]
    system.wait_for(lambda: "field-en@demo.example" in recipients(system))
    assert any(name.startswith("reviewer") for name in recipients(system))
    assert "old@example.org" not in recipients(system)


def test_intake_alone_is_restored_and_review_goes_on_from_where_the_command_says(system: Register):
    before = [submit(system, f"before-{number}") for number in range(3)]
    system.wait_for(lambda: set(before) <= set(cases(system)))
    made = lessons(system, "backup")
    as_they_were = {reference: what_intake_has(system, reference) for reference in before}
    lost = [submit(system, f"lost-{number}") for number in range(2)]
    system.wait_for(lambda: set(lost) <= set(cases(system)))
    system.stop()

    done = lessons(
        system, "restore", "--intake", made.stdout.splitlines()[0].removeprefix("Backup: ")
    )

    assert done.returncode == 0, done.stderr
    system.up()
    new = [submit(system, "after-0")]
    system.wait_for(lambda: "is halted" in lessons(system, "check").stderr)
    assert {reference: what_intake_has(system, reference) for reference in before} == as_they_were
    assert not set(new) & set(cases(system)), "nothing is applied until a person decides"
    (command,) = [line for line in done.stdout.splitlines() if "lessons events resume" in line]
    resumed = lessons(system, *command.split("lessons ")[1].split())
    assert resumed.returncode == 0, resumed.stderr
    new.append(submit(system, "after-1"))
    system.wait_for(lambda: set(new) <= set(cases(system)))
    assert not set(new) & {*before, *lost}
    assert {len(found) for found in cases(system).values()} == {1}
    assert "is halted" not in lessons(system, "check").stderr
