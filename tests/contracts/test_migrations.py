"""The migrations make the tables that the code expects."""

import pytest

from services.intake.model import Base as IntakeBase
from services.review.base import Base as ReviewBase
from shared.domain.tables import SHARED
from shared.platform.persistence import migrating
from testbed.world import World

BASES = {"intake": IntakeBase.metadata, "review": ReviewBase.metadata}


@pytest.mark.parametrize("service", BASES)
def test_the_migrated_schema_is_that_of_the_mapped_classes(world: World, service, both_backends):
    database = world.intake_db if service == "intake" else world.review_db

    assert migrating.differences(database.engine, [BASES[service], SHARED]) == []


@pytest.mark.parametrize("service", BASES)
def test_upgrading_again_changes_nothing(world: World, service, both_backends):
    database = world.intake_db if service == "intake" else world.review_db

    migrating.upgrade(database.engine, f"services.{service}")

    assert migrating.is_current(database.engine, f"services.{service}")
    assert not migrating.is_empty(database.engine)
