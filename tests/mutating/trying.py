"""Making one change and seeing whether a test notices, in a child process so that nothing stays."""

import sys
from collections.abc import Sequence
from enum import StrEnum
from importlib import import_module
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import spec_from_file_location
from types import CodeType, ModuleType
from typing import Any

import pytest

from tests.mutating import ROOT, children
from tests.mutating.changes import Mutant
from tests.mutating.reached import Reached

MOST_SECONDS = 60.0  # of tests for one change, as they took without it
PATIENCE = 20  # times as long is a loop without end
# pytest's exit codes: all passed, one failed, one could not even be read
GREEN, RED, BROKEN = 0, 1, 2


class Verdict(StrEnum):
    """What became of a change."""

    NOTICED = "noticed"
    SURVIVED = "survived"
    UNREACHED = "unreached"  # no test comes there


def try_out(mutant: Mutant, tests: Sequence[Reached]) -> Verdict:
    """Make the change and run these tests until one fails; one that never ends noticed it, too."""
    chosen: list[str] = []
    seconds = 0.0
    for test in tests:
        if seconds + test.seconds <= MOST_SECONDS or not chosen:
            chosen.append(test.test)
            seconds += test.seconds
    if not chosen:
        return Verdict.UNREACHED
    code = children.run(lambda: _run(mutant, chosen), seconds=60 + seconds * PATIENCE)
    if code not in (GREEN, RED, BROKEN, children.LATE):
        sys.exit(f"pytest ended with {code} for {mutant.id}: {' '.join(chosen)}")
    return Verdict.SURVIVED if code == GREEN else Verdict.NOTICED


def _run(mutant: Mutant, tests: Sequence[str]) -> int:
    changed = _Changed(mutant)
    sys.meta_path.insert(0, changed)
    try:
        import_module(changed.module)
    except Exception:  # whatever the change made impossible
        return RED
    quick = [*children.OF_PYTEST, "--no-summary", "-o", "tmp_path_retention_policy=none"]
    return int(pytest.main([*quick, *tests], plugins=[_Plain()]))


class _Plain:
    """Makes hypothesis try the same each time, and seek no smallest example of a failure."""

    def pytest_configure(self) -> None:
        """Before any test is read."""
        from hypothesis import Phase, settings

        phases = [Phase.explicit, Phase.generate]
        settings.register_profile("mutants", derandomize=True, database=None, phases=phases)
        settings.load_profile("mutants")


class _Changed(MetaPathFinder):
    """Gives the changed source when its module is imported, and nothing for any other."""

    def __init__(self, mutant: Mutant) -> None:
        self._mutant = mutant
        self.module = mutant.file.removesuffix(".py").removesuffix("/__init__").replace("/", ".")

    def find_spec(
        self, name: str, _path: Any, _target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Where Python finds this module."""
        if name != self.module:
            return None
        path = str(ROOT / self._mutant.file)
        return spec_from_file_location(name, path, loader=_Loader(name, path, self._mutant.source))


class _Loader(SourceFileLoader):
    """Reads a module as it is on the disk, but for one change."""

    def __init__(self, name: str, path: str, source: str) -> None:
        super().__init__(name, path)
        self._source = source

    def get_code(self, fullname: str) -> CodeType:
        """The module's code, compiled anew: what is kept beside it is not changed."""
        return compile(self._source, self.path, "exec", dont_inherit=True)
