"""Do the tests notice when a rule changes? `make mutants` changes one, and sees a test turn red.

What is tried, and on which tests, stands here; `changes` says which changes are made, `reached`
which test comes to which line, `trying` makes one change and runs those tests, `report` writes
docs/mutants.md.
"""

from pathlib import Path

ROOT = Path(__file__).parent.parent.parent

# Files and folders that hold rules: of the desk, the library, intake and what they share.
RULES = (
    "services/review/desk/model",
    "services/review/desk/queries",
    "services/review/desk/use_cases",
    "services/review/library/model",
    "services/review/library/queries",
    "services/review/library/use_cases",
    "services/intake/model",
    "services/intake/queries",
    "services/intake/schemas/__init__.py",
    "services/intake/schemas/measures.py",
    "services/intake/schemas/note.py",
    "services/intake/use_cases",
    "shared/domain/codelists/indicator.py",
    "shared/domain/content",
    "shared/domain/administration.py",
    "shared/domain/operations.py",
    "shared/platform/delivery",
    "shared/platform/scheduler.py",
    "shared/platform/transitions.py",
    "shared/platform/accounts/accounts.py",
    "shared/platform/accounts/keys.py",
    "shared/domain/organisations.py",
    "shared/platform/accounts/sessions.py",
    "shared/platform/accounts/sign_in.py",
    "shared/domain/values",
    "shared/platform/typed",
)

# Tests in one process, on SQLite; those that start processes, brokers or browsers are for the
# mechanisms, and what a rule says on PostgreSQL it says on SQLite.
TESTS = ("tests/shared", "tests/intake", "tests/review", "tests/contracts", "tests/journeys")
MARKED = "not (slow or browser or faults or namespaces or own_servers or rabbitmq or postgres)"

# Calls that keep apart what happens at once: no test in one process misses them. `make break` does.
LOCKS = ("take_turns", "_take_turns", "with_for_update")


def rule_files() -> list[str]:
    """The files that hold rules, as paths from the root."""
    found = []
    for name in RULES:
        path = ROOT / name
        files = sorted(path.rglob("*.py")) if path.is_dir() else [path]
        found += [str(file.relative_to(ROOT)) for file in files]
    return found
