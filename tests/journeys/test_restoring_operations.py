"""A restore gives no operation the reference that another one had."""

from pathlib import Path

from freezegun import freeze_time
from sqlalchemy import select
from sqlalchemy.engine import make_url

from services.intake.model import Operation
from testbed.notes import make_note
from tests.journeys.restoring import backup


def references(world):
    with world.intake_db.readings() as session:
        return sorted(session.scalars(select(Operation.reference)))


@freeze_time("2026-11-02")
def test_references_go_on_behind_those_that_the_replaced_database_gave(world, run, both_backends):
    world.submit(make_note(operation__title="Before"))
    intake, _review = backup(run)
    world.submit(make_note(operation__title="Lost", operation__glide=None))

    done = run("restore", "--intake", intake)

    assert "OP-2026 after 2" in done.output
    note = make_note(operation__title="After", operation__glide=None)
    answer = world.call("field", "POST", "/intake/api/v1/notes", note, Idempotency_Key="after")
    assert answer.status_code == 201, answer.json
    assert references(world) == ["OP-2026-0001", "OP-2026-0003"]


@freeze_time("2026-11-02")
def test_where_the_replaced_database_is_lost_they_go_on_far_behind_what_review_knows(world, run):
    world.submit(make_note(operation__title="Before"))
    intake, _review = backup(run)
    world.submit(make_note(operation__title="Lost", operation__glide=None))
    Path(str(make_url(world.intake_url).database)).write_bytes(b"no database any more" * 1000)

    done = run("restore", "--intake", intake)

    assert "OP-2026 after 10002" in done.output
