"""What becomes of an item when its note comes back corrected."""

from uuid import uuid4

import pytest

from services.review.desk.model import Item

PROPOSED = {"name": "Trucks per convoy", "definition": "Trucks together", "unit": "trucks"}
PROPOSAL = {"indicator": None, "proposed": PROPOSED, "unit": "trucks", "value": "12"}
RESOLUTION = {"indicator": "persons-per-movement", "unit": "persons"}


def mapped_proposal(state="changes_requested") -> Item:
    """A benchmark that proposed an indicator, which an editor has mapped."""
    return Item(
        id=uuid4(),
        kind="benchmark",
        place=0,
        content=PROPOSAL,
        resolution=RESOLUTION,
        state=state,
        version=1,
    )


@pytest.mark.parametrize(
    "change",
    [{"proposed": {**PROPOSED, "definition": "Trucks a day"}}, {"unit": "persons"}],
    ids=["another proposal", "another unit"],
)
def test_a_proposal_that_came_back_changed_is_a_proposal_again(change):
    item = mapped_proposal()

    item.revise(0, {**PROPOSAL, **change}, 2)

    assert (item.resolution, item.is_proposal) == (None, True)


def test_a_proposal_that_came_back_with_another_value_stays_mapped():
    item = mapped_proposal()

    item.revise(0, {**PROPOSAL, "value": "14"}, 2)

    assert (item.resolution, item.is_proposal) == (RESOLUTION, False)
    assert (item.content["value"], item.state, item.version) == ("14", "in_review", 2)


def test_a_correction_moves_a_decided_item_and_changes_nothing_of_it():
    item = mapped_proposal(state="published")

    item.revise(3, {**PROPOSAL, "unit": "persons", "value": "14"}, 2)

    assert item.place == 3
    assert (item.content, item.resolution, item.state, item.version) == (
        PROPOSAL,
        RESOLUTION,
        "published",
        1,
    )
