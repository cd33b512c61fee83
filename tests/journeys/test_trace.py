"""`lessons trace` tells the whole way of one note, and the correlation id leads all along it."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import structlog
from freezegun import freeze_time
from sqlalchemy import select

from shared.platform.delivery.deliveries import Delivery, deliver_due
from shared.platform.delivery.mail import MailTransport, mail_channel
from shared.platform.persistence import inbox, outbox
from shared.platform.persistence.inbox import AppliedEvent
from shared.platform.persistence.outbox import OutboxEvent
from testbed.notes import approve, make_note
from testbed.world import World

CORRELATION = "from-the-phone-7"


@pytest.fixture
def traced(command):
    """Runs `lessons trace`."""
    return lambda reference: command("trace", reference)


def steps(output):
    """What happened where, in the order of the table, with the seconds since the step before."""
    found = []
    for line in output.splitlines():
        cells = [cell.strip() for cell in line.strip("│ ").split("│")]
        if len(cells) == 4 and cells[2] in ("intake", "review"):
            found.append((f"{cells[2]} {cells[3]}", cells[1]))
    return found


def walk(world, folder):
    """A note from submission to the library, a minute between the steps of people.

    Returns its and its entry's name.
    """
    world.reviewer("Rosa Reviewer", sectors=[1])
    with freeze_time(datetime(2026, 3, 1, 12, tzinfo=UTC), tick=True) as time:
        headers = {"Idempotency_Key": "k", "X_Correlation_Id": CORRELATION}
        note = make_note(benchmarks=[])
        sent = world.call("field", "POST", "/intake/api/v1/notes", note, **headers).json
        publish_all(world)
        carry_elsewhere(world)
        time.tick(timedelta(seconds=60))
        case = world.case_of(sent["reference"])
        body = {"version": case["version"], "decisions": [approve(item) for item in case["items"]]}
        assert (
            world.call(
                "editor", "POST", f"/review/api/v1/cases/{case['id']}/decisions", body
            ).status_code
            == 200
        )
        carry_elsewhere(world)
        time.tick(timedelta(seconds=60))
        transport = MailTransport(f"file://{folder}/mail", "a@example.org")
        deliver_due(world.intake_db, {"mail": mail_channel(transport, lambda *_mail: ("s", "t"))})
    entry = world.call(None, "GET", "/api/v1/entries").json["entries"][0]["reference"]
    return sent["reference"], entry


def carry_elsewhere(world):
    """The consumer is another process: it knows of a request only what the event brings."""
    structlog.contextvars.clear_contextvars()
    world.carry()


def publish_all(world):
    with world.intake_db.sessions.begin() as session:
        outbox.number_pending(session, "intake.0")
        outbox.mark_published(
            session, "intake.0", upto=outbox.stream_named(session, "intake.0").head
        )


def test_the_way_of_a_note_is_told_in_order_with_the_time_between_its_steps(
    world: World, tmp_path, traced, both_backends
):
    reference, entry = walk(world, tmp_path)

    done = traced(reference)

    assert done.exit_code == 0, done.output
    shown = steps(done.stdout)
    assert [what for what, _after in shown] == [
        "intake draft begun",
        "intake version 1 submitted",
        "intake recorded: note.submitted.v1, position 1",
        "intake confirmed by the broker: note.submitted.v1, position 1",
        "review case opened",
        "review assigned to a reviewer",
        "review mail asked for: assigned",
        "review recorded: case.assigned.v1, position 1",
        "review applied: note.submitted.v1, position 1",
        "intake applied: case.assigned.v1, position 1",
        "review decided approve",
        "review recorded: items.decided.v1, position 2",
        "review recorded: entry.published.v1, position 3",
        f"review published {entry}",
        "intake mail asked for: decided",
        "intake applied: items.decided.v1, position 2",
        "intake applied: entry.published.v1, position 3",
        "intake mail sent: decided",
        "review mail not sent yet, 0 attempts: assigned",
    ]
    waited = dict(shown)["review decided approve"]
    assert 30 < float(waited.removesuffix(" s")) < 120
    assert CORRELATION in done.stdout
    for secret in ("Rosa", "@example.org", "Nearly 4,000", "Libya", "Chad"):
        assert secret not in done.output


def test_an_entry_and_a_correlation_id_lead_to_the_same_way(world: World, tmp_path, traced):
    reference, entry = walk(world, tmp_path)

    assert traced(entry).stdout == traced(reference).stdout
    assert traced(CORRELATION).stdout == traced(reference).stdout


def test_each_event_is_named_by_the_id_with_which_it_can_be_redacted(
    world: World, tmp_path, traced, command, both_backends
):
    reference, _entry = walk(world, tmp_path)
    with world.intake_db.readings() as session:
        (submitted,) = session.scalars(select(OutboxEvent.event_id))
    with world.review_db.readings() as session:
        events = select(OutboxEvent.event_id).order_by(OutboxEvent.id)
        assigned, decided, published = session.scalars(events)

    said = traced(reference).stdout

    assert said.splitlines()[-5:] == [
        "Its events, by the ids that “lessons events redact” takes:",
        f"  {submitted}  intake  note.submitted.v1, position 1",
        f"  {assigned}  review  case.assigned.v1, position 1",
        f"  {decided}  review  items.decided.v1, position 2",
        f"  {published}  review  entry.published.v1, position 3",
    ]
    field = ["--field", "data.items.0.lesson.observation", "--reason", "It names a reporter."]
    redacted = command("events", "redact", "--service", "intake", *field, submitted)
    assert "Redacted: note.submitted.v1 at position 1." in redacted.output


def test_an_event_without_a_position_is_named_too(world: World, traced):
    note = world.call("field", "POST", "/intake/api/v1/notes", make_note(), Idempotency_Key="k")

    said = traced(note.json["reference"]).stdout

    assert said.splitlines()[-1].endswith("  intake  note.submitted.v1, not numbered yet")


def test_what_is_not_known_is_said(world: World, traced):
    done = traced("AAN-2026-9999")

    assert done.exit_code == 1
    assert "Nothing is known of AAN-2026-9999" in done.output


def test_a_database_that_is_missing_leaves_out_its_part_and_is_not_made(
    world: World, traced, monkeypatch, tmp_path
):
    reference, entry = walk(world, tmp_path)
    monkeypatch.setenv("LESSONS_REVIEW_DATABASE_URL", f"sqlite:///{tmp_path}/missing.db")

    done = traced(entry)  # intake knows the entry's reference, too

    assert done.exit_code == 0, done.output
    assert "The review database cannot be read" in done.stderr
    assert {what.split(" ")[0] for what, _after in steps(done.stdout)} == {"intake"}
    assert not (tmp_path / "missing.db").exists()
    assert traced(reference).stdout == done.stdout


def test_a_server_that_is_away_leaves_out_its_part(world: World, tmp_path, traced, monkeypatch):
    reference, _entry = walk(world, tmp_path)
    monkeypatch.setenv(
        "LESSONS_INTAKE_DATABASE_URL", "postgresql+psycopg://nobody@127.0.0.1:1/nothing"
    )

    done = traced(reference)

    assert "The intake database cannot be read" in done.stderr
    assert "review case opened" in [what for what, _after in steps(done.stdout)]


def test_what_follows_from_a_request_carries_its_correlation_id_into_the_other_service(
    world: World, tmp_path, both_backends
):
    walk(world, tmp_path)

    with world.review_db.readings() as session:
        shown = dict(
            iter(session.execute(select(OutboxEvent.type, OutboxEvent.correlation_id)).all())
        )
        (mail,) = session.scalars(select(Delivery.correlation_id))
    assert shown["case.assigned.v1"] == CORRELATION
    assert mail == CORRELATION
    assert re.fullmatch(r"[0-9a-f]{32}", shown["entry.published.v1"])  # the reviewer's own request
    with world.intake_db.readings() as session:
        assert session.scalars(select(Delivery.correlation_id)).all() == [shown["items.decided.v1"]]


def test_when_events_were_applied_is_forgotten_after_a_season(world: World, tmp_path, traced):
    reference, _entry = walk(world, tmp_path)

    with (
        freeze_time(datetime(2026, 6, 15, tzinfo=UTC)),
        world.review_db.sessions.begin() as session,
    ):
        inbox.forget_applied(session)
        assert session.scalars(select(AppliedEvent.id)).all() == []

    assert ("review applied: note.submitted.v1, position 1", "") in steps(traced(reference).stdout)


def test_notes_that_came_with_one_correlation_id_are_told_apart(
    world: World, traced, both_backends
):
    world.reviewer("Rosa Reviewer", sectors=[1])
    first, second = (
        world.call(
            "field",
            "POST",
            "/intake/api/v1/notes",
            make_note(benchmarks=[], operation__title=f"Operation {number}"),
            Idempotency_Key=str(number),
            X_Correlation_Id=CORRELATION,
        ).json["reference"]
        for number in range(2)
    )
    carry_elsewhere(world)

    done = traced(second)
    both = traced(CORRELATION)

    shown = [what for what, _after in steps(done.stdout)]
    assert shown.count("intake recorded: note.submitted.v1, position 2") == 1
    assert [what for what in shown if "position 1" in what and "note" in what] == []
    assert shown.count("review mail asked for: assigned") == 1
    assert (
        "Other notes came with the same correlation id: mails that went out are left out."
    ) in done.stderr
    assert both.exit_code == 1
    assert f"{CORRELATION} belongs to 2 notes: {first}, {second}. Trace one of them." in both.output
