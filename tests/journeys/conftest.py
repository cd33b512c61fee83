"""Running registers for the journeys: one for each back end, shared by its tests."""

from collections.abc import Callable, Iterator

import pytest
from click.testing import CliRunner, Result

from services.cli import lessons
from testbed.databases import drop_kept_aside
from testbed.register import Register, running_demonstration
from testbed.world import World

PAIRS = ["sqlite", pytest.param("postgres", marks=[pytest.mark.postgres, pytest.mark.rabbitmq])]


@pytest.fixture(scope="module", params=PAIRS)
def system(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Register]:
    """A running demonstration: on SQLite with the embedded broker, and on PostgreSQL with
    RabbitMQ.
    """
    with running_demonstration(
        request.param, tmp_path_factory.mktemp(f"register-{request.param}")
    ) as running:
        yield running
        assert "process died" not in running.log  # a restart would hide what kills it


@pytest.fixture
def command(world: World, monkeypatch: pytest.MonkeyPatch, tmp_path) -> Callable[..., Result]:
    """Runs `lessons …` on the world's databases."""
    for name, value in {
        "DATA_DIR": str(tmp_path),
        "SECRET_KEY": "x" * 40,
        "INTAKE_DATABASE_URL": world.intake_url,
        "REVIEW_DATABASE_URL": world.review_url,
    }.items():
        monkeypatch.setenv(f"LESSONS_{name}", value)
    return lambda *arguments: CliRunner().invoke(lessons, [str(argument) for argument in arguments])


@pytest.fixture
def nothing_kept_aside(world: World) -> Iterator[None]:
    """Forget what restores kept aside on the server."""
    yield
    if not world.intake_db.is_sqlite:
        drop_kept_aside(world.intake_url, world.review_url)


@pytest.fixture
def run(
    world: World, nothing_kept_aside: None, command: Callable[..., Result]
) -> Callable[..., Result]:
    """Runs `lessons …` on the world's databases while nobody else has them open."""

    def alone(*arguments: object) -> Result:
        world.intake_db.close()
        world.review_db.close()
        return command(*arguments)

    return alone
