"""Nothing is redacted where not all of it can be found, and nothing is made by looking."""

import pytest

from services.maintenance import redaction
from services.maintenance.errors import MaintenanceError
from shared.platform.persistence.engine import open_database
from testbed.world import World


def test_a_database_that_is_not_there_is_named_and_not_made(world: World, tmp_path):
    missing = open_database(f"sqlite:///{tmp_path}/review.db")

    with pytest.raises(MaintenanceError, match="The review database cannot be read, so nothing"):
        redaction.require_readable({"intake": world.intake_db, "review": missing})

    assert list(tmp_path.iterdir()) == []
    missing.close()


def test_two_databases_that_can_be_read_are_no_hindrance(world: World):
    redaction.require_readable({"intake": world.intake_db, "review": world.review_db})
