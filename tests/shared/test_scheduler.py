"""Jobs by the clock: each apart from the others, tried again when it failed, started anew after a
restart.
"""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from freezegun import freeze_time
from sqlalchemy import select

from shared.platform import scheduler
from shared.platform.persistence import heartbeat
from shared.platform.scheduler import Job, JobState, Scheduler, is_due, pause_after
from testbed.world import World

A_MINUTE = timedelta(minutes=1)


def states(world: World) -> dict[str, JobState]:
    with world.review_db.readings() as session:
        return {state.name: state for state in session.scalars(select(JobState))}


def make(world: World, *jobs: Job, deliver=lambda: None) -> Scheduler:
    return Scheduler(world.review_db, "review", jobs, deliver)


def look(made: Scheduler) -> None:
    made.look()
    made.wait()


def fail(_database):
    raise KeyError("a mistake in a job")


def test_a_job_that_always_fails_is_tried_again_and_stops_nobody(world: World, both_backends):
    done = []
    made = make(world, Job("fail", A_MINUTE, fail), Job("work", A_MINUTE, done.append))

    with freeze_time("2026-03-01 12:00") as time:
        look(made)
        look(made)
        time.tick(timedelta(seconds=60))
        look(made)

        kept = states(world)
        assert (kept["fail"].attempts, f"{kept['fail'].due_at:%H:%M}") == (2, "12:03")
        assert kept["fail"].error == "KeyError: 'a mistake in a job'"
        assert (kept["work"].attempts, kept["work"].error) == (0, None)
        assert len(done) == 2
        with world.review_db.readings() as session:
            assert [job.name for job in scheduler.failing(session)] == ["fail"]
            assert heartbeat.unwell(session, ("clockwork",)) == {}


def test_a_job_that_hangs_makes_nothing_else_late(world: World):
    released, done = threading.Event(), []
    made = make(
        world,
        Job("hang", A_MINUTE, lambda _database: released.wait(20)),
        Job("work", A_MINUTE, done.append),
        deliver=lambda: done.append("delivered"),
    )
    try:
        with freeze_time("2026-03-01 12:00") as time:
            made.look()
            made.wait("work", "deliveries")
            time.tick(timedelta(seconds=61))
            made.look()
            made.wait("work", "deliveries")
            assert len(done) == 4
            assert "hang" not in states(world)  # it hangs still: nobody waited for it
            with world.review_db.readings() as session:
                assert heartbeat.unwell(session, ("clockwork",)) == {}
    finally:
        released.set()
        made.wait()


def test_what_cannot_be_delivered_keeps_no_job_from_its_time(world: World):
    done = []

    def deliver():
        raise RuntimeError("a mistake in a channel")

    look(make(world, Job("work", A_MINUTE, done.append), deliver=deliver))

    assert len(done) == 1


def test_a_job_is_not_done_again_before_its_time_by_a_scheduler_that_starts_anew(world: World):
    done = []
    with freeze_time("2026-03-01 12:00") as time:
        look(make(world, Job("work", timedelta(hours=1), done.append)))
        time.tick(timedelta(minutes=59))
        look(make(world, Job("work", timedelta(hours=1), done.append)))
        assert len(done) == 1
        time.tick(timedelta(minutes=1))
        look(make(world, Job("work", timedelta(hours=1), done.append)))
        assert len(done) == 2


def test_a_job_that_succeeds_again_is_told_no_more(world: World):
    broken = [True]
    made = make(world, Job("work", A_MINUTE, lambda database: broken and fail(database)))

    with freeze_time("2026-03-01 12:00") as time:
        look(made)
        broken.clear()
        time.tick(A_MINUTE)
        look(made)

        assert (states(world)["work"].attempts, states(world)["work"].error) == (0, None)


@pytest.mark.parametrize(
    ("failures", "minutes"), [(1, 1), (2, 2), (3, 4), (6, 32), (7, 60), (8, 60), (500, 60)]
)
def test_the_pause_after_failures_doubles_up_to_an_hour(failures, minutes):
    assert pause_after(failures) == timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("due_at", "due"),
    [
        (None, True),
        (datetime(2026, 3, 1, 12, 0, tzinfo=UTC), True),
        (datetime(2026, 3, 1, 12, 0, 1, tzinfo=UTC), False),
        (datetime(2026, 3, 1, 13, 0, tzinfo=UTC), False),
        (datetime(2026, 3, 1, 13, 0, 1, tzinfo=UTC), True),  # set by a clock that ran ahead
    ],
)
@freeze_time("2026-03-01 12:00")
def test_a_job_is_due_at_its_time(due_at, due):
    assert is_due(due_at, timedelta(minutes=5)) is due
