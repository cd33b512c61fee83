"""Which test comes to which line of a rule: measured once, then where something has changed."""

import hashlib
import json
import sys
from collections import defaultdict
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import coverage
import pytest

from tests.mutating import MARKED, ROOT, children, rule_files
from tests.mutating.changes import Mutant


@dataclass
class Reached:
    """A test: how long it takes, whether it opens a database, and the lines it reaches, by file."""

    test: str
    seconds: float = 0.0
    database: bool = True
    lines: dict[str, list[int]] = field(default_factory=dict)


def measure(files: list[str], folder: Path) -> list[Reached]:
    """What the tests in these files reach. Ends the program when one is not green."""
    folder.mkdir(parents=True, exist_ok=True)
    common = _hash_of_what_all_share()
    found = []
    for file in files:
        path = _kept(folder, file, common)
        if not path.exists():
            print(f"Looking which rules {file} reaches …", flush=True)
            for outdated in folder.glob(f"{_name(file)}-*.json"):
                outdated.unlink()
            if children.run(lambda file=file, path=path: _watch(file, path), seconds=1800):
                sys.exit(f"The tests in {file} must be green before anything is changed.")
        found += [Reached(**told) for told in json.loads(path.read_text(encoding="utf-8"))]
    return found


def tests_for(mutant: Mutant, reached: list[Reached]) -> list[Reached]:
    """The tests that come to this change: first those without a database, then the quick ones."""
    there = _lines_of(mutant)
    found = [
        one
        for one in reached
        if any(there.get(file, set()) & set(lines) for file, lines in one.lines.items())
    ]
    return sorted(found, key=lambda one: (one.database, one.seconds))


def _lines_of(mutant: Mutant) -> dict[str, set[int]]:
    """Where a change shows: on its lines; if it is made at import, wherever its name is used."""
    if not mutant.names:
        return {mutant.file: set(range(mutant.first_line, mutant.last_line + 1))}
    using: dict[str, set[int]] = defaultdict(set)
    for file in rule_files():
        for number, line in enumerate((ROOT / file).read_text(encoding="utf-8").splitlines(), 1):
            if any(name in line for name in mutant.names) and line.startswith(" "):
                using[file].add(number)
    return using if mutant.names and any(using.values()) else {mutant.file: set(range(1, 10_000))}


def _kept(folder: Path, file: str, common: str) -> Path:
    digest = hashlib.sha256(common.encode() + (ROOT / file).read_bytes()).hexdigest()[:16]
    return folder / f"{_name(file)}-{digest}.json"


def _name(file: str) -> str:
    return file.replace("/", "-")


def _hash_of_what_all_share() -> str:
    """Of everything but the single files of tests."""
    digest = hashlib.sha256()
    for folder in ("services", "shared", "testbed", "tests"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            if not path.name.startswith("test_") and "mutating" not in path.parts:
                digest.update(path.read_bytes())
    return digest.hexdigest()


class _Watch:
    """Notes for each test what it reaches."""

    def __init__(self, measured: coverage.Coverage) -> None:
        self._measured = measured
        self.found: dict[str, Reached] = {}

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Any:
        """Let what follows count for this test."""
        self._measured.switch_context(item.nodeid)
        names = getattr(item, "fixturenames", ())
        self.found[item.nodeid] = Reached(item.nodeid, database="templates" in names)
        return (yield)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Add up how long it takes."""
        self.found[report.nodeid].seconds += report.duration
        if report.skipped:
            self.found[report.nodeid].seconds = float("inf")


def _watch(file: str, path: Path) -> int:
    measured = coverage.Coverage(
        data_file=None, config_file=False, include=[str(ROOT / one) for one in rule_files()]
    )
    watch = _Watch(measured)
    measured.start()
    code = pytest.main([*children.OF_PYTEST, "-m", MARKED, file], plugins=[watch])
    measured.stop()
    data = measured.get_data()
    for one in rule_files():
        for line, tests in data.contexts_by_lineno(str(ROOT / one)).items():
            for test in tests:
                if test in watch.found:
                    watch.found[test].lines.setdefault(one, []).append(line)
    kept = [
        asdict(one) for one in watch.found.values() if one.lines and one.seconds != float("inf")
    ]
    if code not in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED):
        return int(code)
    path.write_text(json.dumps(kept), encoding="utf-8")
    return 0
