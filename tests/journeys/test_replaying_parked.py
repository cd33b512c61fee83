"""A replay leaves out what was parked or skipped, and takes what was retried."""

import pytest

from services.intake.handlers import HANDLERS
from shared.platform.messaging import parking
from testbed.world import World
from tests.journeys.parking import park
from tests.journeys.test_replaying import replay_all, view


@pytest.mark.parametrize("settled", ["skipped", "parked"])
def test_what_was_skipped_or_is_parked_has_no_effect_in_a_replay_either(world: World, settled):
    first, *_behind = park(world)
    if settled == "skipped":
        with world.intake_db.sessions.begin() as session:
            parking.skip(session, first, reason="decided twice")
    before = view(world)
    assert {(item["state"], item["verdict"]) for item in before["Item"]} == {("submitted", None)}

    replay_all(world)

    assert view(world) == before


def test_what_was_retried_has_its_effect_in_a_replay_too(world: World):
    first, *_behind = park(world)
    with world.intake_db.sessions.begin() as session:
        parking.retry(session, first, HANDLERS)
    before = view(world)
    assert {item["verdict"] for item in before["Item"]} == {"approve", None}

    replay_all(world)

    assert view(world) == before
