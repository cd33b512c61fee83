"""What is traced comes as values: the steps in their order, and which database was away."""

import pytest

from services.maintenance.errors import MaintenanceError
from services.maintenance.tracing import trace
from shared.platform.persistence.engine import open_database
from testbed.world import World, make_note


@pytest.fixture
def away():
    """The databases that could not be read, with the reason."""
    return {}


@pytest.fixture
def traced(world: World, away):
    """Traces a reference in both databases, or in others."""

    def run(reference, **databases):
        both = {"intake": world.intake_db, "review": world.review_db, **databases}
        return trace(both, reference, away.__setitem__)

    return run


def submit(world, number, correlation_id):
    return world.call(
        "field",
        "POST",
        "/intake/api/v1/notes",
        make_note(operation__title=f"Operation {number}"),
        Idempotency_Key=str(number),
        X_Correlation_Id=correlation_id,
    ).json["reference"]


def test_steps_are_in_the_order_of_their_times_and_those_without_one_come_last(
    world: World, traced, away
):
    reference = world.submit()["reference"]

    steps = traced(reference).steps

    timed = [step.at for step in steps if step.at is not None]
    assert timed == sorted(timed)
    assert [step.at is None for step in steps] == sorted(step.at is None for step in steps)
    assert (steps[0].where, steps[0].what) == ("intake", "draft begun")
    assert away == {}


def test_a_database_that_is_missing_is_handed_over_with_the_reason_and_not_made(
    world: World, traced, away, tmp_path
):
    reference = world.submit()["reference"]
    missing = open_database(f"sqlite:///{tmp_path}/missing.db")

    steps = traced(reference, review=missing).steps

    missing.close()
    assert {step.where for step in steps} == {"intake"}
    assert str(away["review"]) == (f"[Errno 2] No such file or directory: '{tmp_path}/missing.db'")
    assert list(tmp_path.iterdir()) == []


def test_notes_that_share_a_correlation_id_are_not_taken_for_one(world: World, traced):
    first, second = (submit(world, number, "one-phone") for number in (1, 2))

    assert traced(first).shares_ids
    with pytest.raises(MaintenanceError, match=f"belongs to 2 notes: {first}, {second}"):
        traced("one-phone")


def test_a_correlation_id_of_one_note_leads_to_it(world: World, traced):
    reference = submit(world, 1, "one-note")

    found = traced("one-note")

    assert found == traced(reference)
    assert (found.correlation_ids, found.shares_ids) == ({"one-note"}, False)


def test_what_nobody_knows_is_refused(world: World, traced):
    with pytest.raises(MaintenanceError, match="Nothing is known of AAN-2026-9999"):
        traced("AAN-2026-9999")
