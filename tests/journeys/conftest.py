"""Running registers for the journeys: one for each back end, shared by its tests."""

from collections.abc import Iterator

import pytest

from tests.system import System, running_system

PAIRS = ["sqlite", pytest.param("postgres", marks=[pytest.mark.postgres, pytest.mark.rabbitmq])]


@pytest.fixture(scope="module", params=PAIRS)
def system(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    """A running demonstration: on SQLite with the embedded broker, and on PostgreSQL with RabbitMQ."""
    with running_system(request.param, tmp_path_factory.mktemp(f"register-{request.param}")) as running:
        yield running
        assert "process died" not in running.log  # a restart would hide what kills it
