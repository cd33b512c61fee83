"""An event is redacted in its place: the log has no gap, and nobody reads there any more what was
taken out.
"""

from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from shared.domain.events import IndicatorAccepted, OrganisationConfirmed
from shared.platform import clock
from shared.platform.delivery.deliveries import Delivery
from shared.platform.events import INTAKE_STREAM
from shared.platform.persistence import inbox, outbox
from shared.platform.persistence.inbox import ParkedEvent
from shared.platform.persistence.outbox import OutboxEvent
from testbed.notes import make_lesson, make_note
from testbed.world import World
from tests.review.desk import correct, open_case

OBSERVATION = "data.items.0.lesson.observation"


@pytest.fixture
def redact(command):
    """Runs `lessons events redact`."""

    def run(event_id, *fields, service="intake"):
        options = [part for field in fields for part in ("--field", field)]
        arguments = ("--service", service, event_id, *options, "--reason", "It named a reporter.")
        return command("events", "redact", *arguments)

    return run


def log_of(world):
    with world.intake_db.readings() as session:
        stream = outbox.stream_named(session, INTAKE_STREAM)
        return [
            row.envelope(stream.epoch)
            for row in outbox.events_after(session, INTAKE_STREAM, position=0, limit=9)
        ]


def test_a_redacted_event_keeps_its_place_and_who_applied_it_is_not_disturbed(
    world: World, redact, both_backends
):
    reference = world.submit(make_note(lessons=[make_lesson(observation="Ali told us.")]))[
        "reference"
    ]
    world.publish()
    before = log_of(world)

    done = redact(before[0].id, OBSERVATION)

    assert done.exit_code == 0, done.output
    after = log_of(world)
    assert [(event.id, event.position, event.previous, event.type) for event in after] == [
        (event.id, event.position, event.previous, event.type) for event in before
    ]
    assert after[0].data["items"][0]["lesson"]["observation"] == "[redacted]"
    assert "Ali" not in str(after)
    assert f"note {reference} with its 1 versions" in done.output
    with world.intake_db.readings() as session:
        row = session.scalars(select(OutboxEvent).where(OutboxEvent.event_id == after[0].id)).one()
        assert (row.redacted_because, row.redacted_at is not None) == ("It named a reporter.", True)
    world.submit()  # the cursor goes on behind what it applied before


def test_a_new_subscriber_applies_the_redacted_event(world: World, redact, both_backends):
    answer = world.call(
        "field",
        "POST",
        "/intake/api/v1/notes",
        make_note(lessons=[make_lesson(observation="Ali told us.")]),
        Idempotency_Key="one",
    ).json
    with world.intake_db.sessions.begin() as session:
        outbox.number_pending(session, INTAKE_STREAM)
    assert redact(log_of(world)[0].id, OBSERVATION).exit_code == 0

    world.carry()

    case = world.case_of(answer["reference"])
    assert case["items"][0]["content"]["observation"] == "[redacted]"


def test_the_parked_copy_at_the_other_service_is_redacted_too(world: World, redact, both_backends):
    world.submit(make_note(lessons=[make_lesson(observation="Ali told us.")]))
    (event,) = log_of(world)
    with world.review_db.sessions.begin() as session:
        parked = ParkedEvent(
            stream=event.stream,
            position=1,
            event_id=event.id,
            type=event.type,
            subject=event.subject,
            envelope=event.to_wire(),
            error=(
                'Traceback\n  File "services/x.py", line 1, in f\nValueError: so it '
                "is:\nAli: told us."
            ),
            attempts=5,
            parked_at=clock.now(),
            state="parked",
        )
        session.add(parked)

    assert "Parked copies at review redacted: 1." in redact(event.id, OBSERVATION).output

    with world.review_db.readings() as session:
        (parked,) = inbox.parked_events(session)
        assert "Ali" not in f"{parked.envelope} {parked.error}"
        assert parked.error == "[redacted]\nservices/x.py:1 f\nValueError"


@pytest.mark.parametrize(
    ("field", "said"),
    [
        ("data.items.0.kind", "Only free text"),
        ("data.note_id", "Only free text"),
        ("data.items", "Only free text"),
        ("data.items.9.lesson.title", "no such field"),
        ("data.nothing", "no such field"),
    ],
)
def test_what_others_rely_on_cannot_be_redacted(world: World, redact, field, said):
    world.submit()
    (before,) = log_of(world)

    refused = redact(before.id, OBSERVATION, field)

    assert refused.exit_code != 0
    assert said in str(refused.exception.errors)
    assert log_of(world) == [before]


def test_other_events_that_hold_the_same_text_are_named_with_their_commands(
    world: World, redact, both_backends
):
    note = make_note(lessons=[make_lesson(observation="Ali told us.")], benchmarks=[])
    case = open_case(world, note)
    returned = {
        "item": case["items"][0]["id"],
        "verdict": "request_changes",
        "comment": ("Ali told us. Who is he?"),
    }
    assert world.decide(case, [returned]).status_code == 200
    assert correct(world, case["note"], 1, note).status_code == 200
    world.carry()
    submitted, corrected = log_of(world)
    with world.review_db.readings() as session:
        decided = session.scalars(
            select(OutboxEvent.event_id).where(OutboxEvent.type == "items.decided.v1")
        ).one()

    said = redact(submitted.id, OBSERVATION).output

    reason = "--reason 'It named a reporter.'"
    assert (
        f"lessons events redact --service intake --field {OBSERVATION} {reason} {corrected.id}\n"
    ) in said
    assert (
        f"lessons events redact --service review --field data.decisions.0.comment {reason} "
        f"{decided}\n"
    ) in said
    assert "2 more without any free text" in said
    assert redact(corrected.id, OBSERVATION).exit_code == 0
    assert OBSERVATION not in redact(decided, "data.decisions.0.comment", service="review").output


def test_mails_that_are_still_to_be_sent_say_it_no_more(world: World, redact, both_backends):
    world.reviewer("Rosa Reviewer")
    world.submit(make_note(operation__title="Ali and the trucks"))

    said = redact(log_of(world)[0].id, "data.operation.title").output

    assert "Mails that are still to be sent, redacted: 1." in said
    with world.review_db.readings() as session:
        assert [mail.details["title"] for mail in session.scalars(select(Delivery))] == [
            "[redacted]"
        ]


def test_nothing_of_it_is_left_in_the_files_of_sqlite(world: World, redact, command):
    name = "Ali of the garage behind the market"
    with world.review_db.sessions.begin() as session:
        event_id = outbox.record(
            session, IndicatorAccepted(code="x", version=1, definition={"name": name})
        )
    world.person("Ali of the garage", "reviewer")
    address = "ali-of-the-garage@example.org"

    assert redact(event_id, "data.definition.name", service="review").exit_code == 0
    assert command("people", "forget", address).exit_code == 0

    path = Path(world.review_db.engine.url.database)
    written = b"".join(file.read_bytes() for file in path.parent.glob(f"{path.name}*"))
    assert b"Ali of the garage" not in written
    assert address.encode() not in written


def test_another_spelling_of_an_organisation_can_be_redacted_and_its_id_cannot(
    world: World, redact
):
    organisation = {
        "organisation_id": uuid4(),
        "organisation": "Helpers",
        "parent_id": None,
        "merged_id": None,
    }
    with world.review_db.sessions.begin() as session:
        event_id = outbox.record(
            session, OrganisationConfirmed(**organisation, aliases=["Ali's helpers"])
        )

    assert redact(event_id, "data.aliases.0", service="review").exit_code == 0
    assert redact(event_id, "data.organisation_id", service="review").exit_code != 0

    with world.review_db.readings() as session:
        assert session.scalars(select(OutboxEvent)).one().data["aliases"] == ["[redacted]"]


def test_nothing_is_redacted_while_the_other_database_is_away(world: World, redact, monkeypatch):
    world.submit(make_note(lessons=[make_lesson(observation="Ali told us.")]))
    before = log_of(world)
    monkeypatch.setenv("LESSONS_REVIEW_DATABASE_URL", "sqlite:////nonexistent/review.db")

    refused = redact(before[0].id, OBSERVATION)

    assert "The review database cannot be read, so nothing was redacted." in refused.output
    assert log_of(world) == before


def test_an_unknown_event_is_named(world: World, redact):
    unknown = UUID("3f7c1f0a-54a5-4d3e-9d6b-2f8d1a0f4c11")
    assert "no event" in str(redact(unknown, OBSERVATION).exception)
