"""The rows with which peers and backlogs are made are those of a real note."""

from contextlib import closing

import pytest
from sqlalchemy import func, select

from bench.filling import events_only, fill
from bench.laboratory import laboratory
from bench.rows import connect, fresh, stored_by
from services.review.desk.handlers import HANDLERS
from services.review.desk.model import Assignment
from shared.platform.events import INTAKE_STREAM
from shared.platform.messaging import subscription
from shared.platform.messaging.subscription import Outcome
from shared.platform.persistence import outbox
from shared.platform.persistence.engine import open_database


@pytest.fixture
def lab(backend: str):
    with laboratory(backend) as made:
        yield made


@pytest.mark.usefixtures("both_backends")
def test_what_was_filled_in_has_the_rows_of_a_note_and_can_be_applied(lab):
    intake_url, review_url = lab.copy("intake"), lab.copy("review")

    found = stored_by(intake_url, lambda: fill(intake_url, lab.note, 1, numbered=True))
    numbers = fill(intake_url, events_only(lab.note), 2, numbered=True)

    assert {table: len(rows) for table, rows in found.rows.items()} == {
        "note": 1,
        "note_version": 1,
        "item": 8,
        "idempotency_key": 1,
        "outbox": 1,
    }
    assert list(numbers) == [4, 5]
    intake, review = open_database(intake_url), open_database(review_url)
    with intake.readings() as session:
        epoch = outbox.stream_named(session, INTAKE_STREAM).epoch
        rows = outbox.events_after(session, INTAKE_STREAM, position=2, limit=10)
        envelopes = [row.envelope(epoch) for row in rows]
    with review.sessions.begin() as session:
        assert [subscription.apply(session, envelope, HANDLERS) for envelope in envelopes] == [
            Outcome.APPLIED
        ] * 3
        assert session.scalar(select(func.count()).select_from(Assignment)) == 2 + 3
    intake.close()
    review.close()


@pytest.mark.usefixtures("both_backends")
def test_what_the_driver_commits_has_the_size_of_a_note(lab):
    url = lab.copy("intake")

    def commit():
        with closing(connect(url)) as connection:
            for statement, values in fresh(lab.note):
                connection.execute(statement, values)

    found = stored_by(url, commit).sizes()

    wanted = lab.note.sizes()
    assert {table: rows for table, (rows, _size) in found.items()} == {
        table: rows for table, (rows, _size) in wanted.items()
    }
    assert all(abs(found[table][1] - size) < 40 for table, (_rows, size) in wanted.items())
