"""The rules of the house hold, and each of them can fail."""

import ast
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from services.processes import LOOPS

LINT = str(Path(sys.executable).parent / "lint-imports")

BEDS = "The bench stands on the testbed, the testbed on the product"
LAYERS = "Edges call use cases, use cases call the model"
ROOMS = "Services stand on the domain, the domain on the platform"
COMMAND = "Nothing looks up at the command"
FREE = "Use cases and model are free of web, broker and schemas"

FORBIDDEN = [
    (
        "services/intake/queries/notes.py",
        "import services.review.desk.model",
        "The services know nothing of each other",
    ),
    ("shared/platform/clock.py", "import services.intake.model", ROOMS),
    ("shared/platform/messaging/relay.py", "import shared.domain.events", ROOMS),
    ("shared/domain/codelists/indicator.py", "import services.review.library.model", ROOMS),
    ("services/demonstration/__init__.py", "import testbed.notes", BEDS),
    ("shared/platform/clock.py", "import testbed.machine", BEDS),
    ("testbed/notes.py", "import bench.figures", BEDS),
    ("bench/figures.py", "import tests.requirements", "Testbed and bench know no test"),
    (
        "services/review/library/queries/entries.py",
        "import services.review.desk.model",
        "The library never looks back at the desk",
    ),
    (
        "services/review/library/use_cases/publishing.py",
        "import services.review.desk.use_cases",
        "The library never looks back at the desk",
    ),
    (
        "services/review/desk/model/cases.py",
        "import services.review.desk.use_cases",
        "Edges call use cases, use cases call the model",
    ),
    ("services/intake/helpers.py", "", LAYERS),
    (
        "services/intake/use_cases/drafting.py",
        "import flask",
        "Use cases and model are free of web, broker and schemas",
    ),
    ("services/review/desk/model/cases.py", "import marshmallow", FREE),
    ("shared/domain/administration.py", "import flask", FREE),
    (
        "shared/domain/events/notes.py",
        "import sqlalchemy",
        "Events need only marshmallow and the envelope",
    ),
    ("shared/platform/delivery/mail.py", "import kombu", "Only messaging knows the broker"),
    (
        "services/intake/queries/notes.py",
        "import shared.platform.settings",
        "Only app, loops and the command read the configuration",
    ),
    ("services/maintenance/backup.py", "import click", "Only the command knows the command line"),
    ("services/maintenance/backup.py", "import services.cli.tables", COMMAND),
    ("services/demonstration/accounts.py", "import services.cli.installing", COMMAND),
    ("services/front_door.py", "import services.cli.processes", COMMAND),
    ("services/supervisor.py", "import services.cli.processes", COMMAND),
    ("services/intake/use_cases/drafting.py", "import services.maintenance.pruning", COMMAND),
    ("services/stray.py", "", COMMAND),
]


def lint(folder):
    return subprocess.run(
        [LINT, "--no-cache"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        env={"PYTHONPATH": str(folder)},
    )


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    """A copy of the code in which a test may do what is forbidden."""
    folder = tmp_path_factory.mktemp("copy")
    for name in ("services", "shared", "testbed", "bench"):
        shutil.copytree(name, folder / name, ignore=shutil.ignore_patterns("static", "__pycache__"))
    shutil.copyfile("pyproject.toml", folder / "pyproject.toml")
    return folder


def test_the_imports_keep_to_the_rules(copy):
    done = lint(copy)

    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    ("path", "line", "rule"), FORBIDDEN, ids=[f"{path} {line}" for path, line, _ in FORBIDDEN]
)
def test_a_forbidden_import_breaks_its_rule(copy, path, line, rule):
    target = copy / path
    before = target.read_text() if target.exists() else None
    target.write_text(f"{before or ''}\n{line}\n")
    try:
        done = lint(copy)
    finally:
        target.write_text(before) if before is not None else target.unlink()

    assert done.returncode == 1
    assert f"{rule} BROKEN" in done.stdout


def said_or_ended(source):
    """The lines that print, ask or end the process."""
    return sorted(
        node.lineno
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Name | ast.Attribute)
        and ast.unparse(node) in ("print", "input", "exit", "sys.exit", "os._exit", "SystemExit")
    )


def test_maintenance_and_use_cases_neither_print_nor_ask_nor_end_the_process():
    files = [*Path("services/maintenance").rglob("*.py")]
    files += [path for path in Path("services").rglob("*.py") if "use_cases" in path.parts]

    assert len(files) > 20
    assert {str(path): found for path in files if (found := said_or_ended(path.read_text()))} == {}
    assert said_or_ended("import sys\nprint('so')\nsys.exit(1)\nraise SystemExit") == [2, 3, 4]


@pytest.mark.parametrize("loop", [name for name in LOOPS if not name.endswith("clockwork")])
def test_a_loop_that_carries_events_loads_no_pages_no_web_server_and_no_migrations(loop):
    asks = (
        "import pkgutil, sys, services.cli.processes; from services import processes as it; "
        f"pkgutil.resolve_name(it.LOOPS[{loop!r}][1])"
    )

    loaded = subprocess.run(
        [sys.executable, "-c", (f"{asks}; print(*sys.modules)")],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()

    assert {"kombu", "sqlalchemy"} <= set(loaded)
    assert {"flask", "jinja2", "tornado", "alembic", "lxml"} & set(loaded) == set()
