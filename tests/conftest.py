"""What all tests share."""

from collections.abc import Iterator

import freezegun
import pytest
from sqlalchemy.orm import Session

from shared.platform import logs
from testbed.databases import Templates, open_both
from testbed.world import World
from tests import requirements

# freezegun also freezes time.monotonic, and kombu's drain_events(timeout=…) then never returns.
freezegun.configure(extend_ignore_list=["kombu", "amqp"])

BACKENDS = ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]


logs.configure("tests")


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip, by name, what this machine cannot run."""
    requirements.check(item)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """What tests found, told whether they pass or not: the crash points that were really hit."""
    found = [
        found
        for report in terminalreporter.getreports("passed")
        for found in report.user_properties
    ]
    for title, points in found:
        terminalreporter.section(f"{title}: {len(points)}")
        terminalreporter.write_line("\n".join(points))


@pytest.fixture(scope="session")
def templates(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Templates]:
    """Migrated databases to copy."""
    made = Templates(tmp_path_factory.mktemp("databases"))
    yield made
    made.drop()


@pytest.fixture
def backend() -> str:
    """The database of a test that does not ask for both."""
    return "sqlite"


@pytest.fixture
def both_backends(request: pytest.FixtureRequest) -> None:
    """Marks a test to run on SQLite and on PostgreSQL."""


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test that asks for `both_backends` on each."""
    if "both_backends" in metafunc.fixturenames:
        metafunc.parametrize("backend", BACKENDS, ids=["sqlite", "postgres"])


@pytest.fixture
def world(templates: Templates, backend: str) -> Iterator[World]:
    """A register with a field team and an editor, and nothing in it."""
    with (
        templates.database(backend, "intake") as intake_url,
        templates.database(backend, "review") as review_url,
    ):
        intake_db, review_db = open_both(intake_url, review_url)
        made = World(intake_db, review_db, intake_url, review_url)
        made.person("field", "field", organisation="Chad Migration Support")
        made.person("editor", "editor")
        yield made
        intake_db.close()
        review_db.close()


@pytest.fixture
def session(world: World) -> Iterator[Session]:
    """A transaction on review's database, undone afterwards."""
    with world.review_db.sessions() as opened:
        yield opened
        opened.rollback()
