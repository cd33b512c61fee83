"""The clock of the machine jumps: back a day, over a leap day, over the new year and back.

Everything goes on.
"""

from datetime import UTC, datetime, timedelta

import pytest
from freezegun import freeze_time

from shared.domain.events import IndicatorAccepted
from shared.platform.accounts import sessions
from shared.platform.accounts.accounts import Account
from shared.platform.events import REVIEW_STREAM
from shared.platform.messaging.broker import Broker
from shared.platform.messaging.consumer import Consumer
from shared.platform.persistence import heartbeat, outbox
from testbed.notes import approve, make_note
from testbed.world import World
from tests.faults.pipeline import Pipeline
from tests.shared.pipeline import LogOf, happen

pytestmark = pytest.mark.faults

A_DAY = timedelta(days=1)


class WallClock:
    """The clock that people set.

    The one that waits are measured with, `clock.ticks()`, never jumps.
    """

    def __init__(self, start: datetime) -> None:
        self._ahead = start - datetime.now(UTC)

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self._ahead

    def jump(self, by: timedelta) -> None:
        self._ahead += by


@pytest.fixture
def wall_clock(monkeypatch) -> WallClock:
    """An hour before a leap day."""
    made = WallClock(datetime(2028, 2, 28, 23, 0, tzinfo=UTC))
    monkeypatch.setattr("shared.platform.clock.now", made)
    return made


def test_the_pipeline_goes_on_while_the_clock_jumps(
    world: World, tmp_path, wall_clock, both_backends
):
    broker = Broker(f"sqla+sqlite:///{tmp_path}/broker.db")
    broker.prepare()
    pipeline = Pipeline(world, broker)

    with pipeline.running():
        for jump in (timedelta(0), -A_DAY, 2 * A_DAY, -timedelta(hours=3), timedelta(days=366)):
            wall_clock.jump(jump)
            pipeline.happen(9)
            pipeline.wait_for_effects(20)
        pipeline.wait_until_well(20)

    pipeline.assert_kept_the_promise()


def test_an_event_that_failed_is_tried_again_soon_after_the_clock_went_back_a_day(world: World):
    seen = []

    def fails_once(_session, event):
        seen.append(event.code)
        if len(seen) == 1:
            raise ValueError("broken")

    source = LogOf(world)
    consumer = Consumer(
        world.intake_db, Broker("memory://"), source, REVIEW_STREAM, {IndicatorAccepted: fails_once}
    )
    with freeze_time("2026-03-02 12:00:00") as now:
        happen(world, "a")
        with world.review_db.sessions.begin() as session:
            outbox.number_pending(session, REVIEW_STREAM)
        consumer.catch_up()
        now.move_to("2026-03-01 12:00:00")
        consumer.catch_up()

    assert seen == ["a", "a"]


def test_a_part_that_died_before_the_clock_went_back_does_not_count_as_alive_for_a_day(
    world: World,
):
    with freeze_time("2026-03-02 12:00:00") as now:
        with world.review_db.sessions.begin() as session:
            heartbeat.beat(session, "relay")
        now.move_to("2026-03-01 12:00:00")
        with world.review_db.readings() as session:
            assert heartbeat.unwell(session, ("relay",))["relay"].word == "silent"
        with world.review_db.sessions.begin() as session:
            heartbeat.beat(session, "relay")
        with world.review_db.readings() as session:
            assert heartbeat.unwell(session, ("relay",)) == {}


def test_who_is_signed_in_stays_so_when_the_clock_goes_back_a_day_or_over_a_leap_day(world: World):
    with freeze_time("2028-02-28 23:59:00") as now:
        with world.review_db.sessions.begin() as session:
            token = sessions.start(session, session.get_one(Account, world.ids["editor"]))
        for moment in ("2028-02-27 23:59:00", "2028-02-29 00:01:00"):
            now.move_to(moment)
            with world.review_db.readings() as session:
                assert sessions.find(session, token) is not None


def test_references_stay_unique_over_the_new_year_and_back_and_over_a_leap_day(
    world: World, both_backends
):
    notes, entries = [], []
    moments = (
        "2027-12-31 23:59:59",
        "2028-01-01 00:00:01",
        "2027-12-31 23:59:58",
        "2028-02-29 12:00",
        "2028-01-01",
    )

    for number, moment in enumerate(moments):
        with freeze_time(moment):
            note = make_note(operation__title=f"Operation {number}")
            reference = world.submit(note)["reference"]
            notes.append(reference)
            case = world.case_of(reference)
            world.decide(case, [approve(item) for item in case["items"]])

    listed = world.call(None, "GET", "/api/v1/entries?limit=100").json["entries"]
    entries = [entry["reference"] for entry in listed]
    assert len(set(notes)) == 5
    assert len(set(entries)) == len(entries) == 10
