"""A halted consumer goes on where a person says, if the log has that place."""

from uuid import UUID, uuid4

import pytest

from services.maintenance import consumers
from services.maintenance.errors import MaintenanceError
from shared.platform.events import REVIEW_STREAM
from shared.platform.messaging import subscription
from shared.platform.messaging.pull import ContradictionError, Page
from shared.platform.messaging.replay import REASON
from shared.platform.persistence.inbox import Cursor
from testbed.world import World
from tests.shared.pipeline import LogOf

EPOCH = UUID("7b4a5a52-2f0d-4f6a-9d0c-0d6c1f1f6f01")


class Log:
    """A log that answers with this page, or contradicts."""

    def __init__(self, page: Page | None) -> None:
        self._page = page

    def page_after(self, _position, _event_id):
        if self._page is None:
            raise ContradictionError("the log ends before")
        return self._page


def halt(world, reason):
    with world.intake_db.sessions.begin() as session:
        subscription.halt(subscription.cursor_of(session, REVIEW_STREAM), reason)


def cursor(world):
    with world.intake_db.readings() as session:
        return session.get(Cursor, REVIEW_STREAM)


def test_a_halted_consumer_goes_on_behind_the_position_and_its_event(world: World):
    world.publish()
    log, before = LogOf(world), cursor(world)
    first, *_later = log.page_after(0, None).events
    halt(world, "position 3 is another event")

    resumed = consumers.resume(world.intake_db, "intake", log, 1)

    assert resumed == consumers.Resumed(before=before.position, is_replayed=False)
    now = cursor(world)
    assert (now.position, now.event_id, now.halted_reason) == (1, first.id, None)


def test_it_goes_on_from_the_beginning_of_a_log_in_which_nothing_stands_yet(world: World):
    halt(world, "a foreign epoch")

    consumers.resume(world.intake_db, "intake", Log(Page(EPOCH, 0, [])), 0)

    now = cursor(world)
    assert (now.position, now.event_id, now.epoch) == (0, None, EPOCH)


def test_a_replay_that_was_under_way_stays_to_be_repeated(world: World):
    world.publish()
    halt(world, REASON)
    page = LogOf(world).page_after(0, None)
    restored = Log(Page(uuid4(), page.head, page.events))

    assert consumers.resume(world.intake_db, "intake", restored, 1).is_replayed
    assert cursor(world).halted_reason == REASON


@pytest.mark.parametrize(
    ("page", "said"),
    [
        (None, "The log has no position 5."),
        (Page(EPOCH, 4, []), "The log has no position 5; it ends at 4."),
    ],
)
def test_a_position_that_the_log_does_not_have_is_refused(world: World, page, said):
    halt(world, "a foreign epoch")

    with pytest.raises(MaintenanceError, match=rf"^{said}$"):
        consumers.resume(world.intake_db, "intake", Log(page), 5)

    assert cursor(world).halted_reason == "a foreign epoch"


def test_another_event_at_that_place_is_refused(world: World):
    world.publish()
    halt(world, "a foreign epoch")
    page = LogOf(world).page_after(0, None)

    with pytest.raises(MaintenanceError, match="The log has no position 3; it ends at"):
        consumers.resume(world.intake_db, "intake", Log(page), 3)  # it begins with the first


def test_what_review_decided_is_derived_from_no_log(world: World):
    with pytest.raises(MaintenanceError, match="comes back from a backup"):
        consumers.derive_again(world.review_db, "review", Log(None))
