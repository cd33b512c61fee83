"""`make mutants`: change one rule at a time, and see whether a test notices.

Returns 1 when a change that nobody noticed has no reason in tests/mutating/reasons.toml.
"""

import argparse
import json
import sys
from collections.abc import Iterator
from random import Random

from tests.mutating import ROOT, TESTS, report, rule_files
from tests.mutating.changes import Mutant
from tests.mutating.children import FOLDER, load_libraries
from tests.mutating.reached import measure, tests_for
from tests.mutating.trying import Verdict, try_out

KEPT = FOLDER / "verdicts.json"


def main() -> int:
    """Try the changes that were asked for, and tell of them."""
    asked = _read_arguments()
    load_libraries()
    verdicts = _kept()
    mutants = _chosen(asked, verdicts)
    reached = measure(list(_test_files(asked.tests)), FOLDER / "reached")
    for number, mutant in enumerate(mutants, 1):
        verdict = try_out(mutant, tests_for(mutant, reached))
        verdicts = {**_kept(), mutant.id: verdict}
        if verdict is not Verdict.NOTICED:
            print(f"{number} of {len(mutants)}: {verdict}: {mutant.id}", flush=True)
        KEPT.write_text(json.dumps(verdicts, indent=0), encoding="utf-8")
    print(report.table(mutants, verdicts))
    if asked.write:
        report.write(mutants, verdicts, share=asked.share, seed=asked.seed)
    known = report.reasons()
    return int(any(verdicts[one.id] != Verdict.NOTICED and one.id not in known for one in mutants))


def _kept() -> dict[str, str]:
    return json.loads(KEPT.read_text(encoding="utf-8")) if KEPT.exists() else {}


def _read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make mutants", description=__doc__)
    parser.add_argument("--share", type=int, default=100, help="of all changes, in per cent")
    parser.add_argument("--seed", type=int, default=1, help="of the draw")
    parser.add_argument("--only", default="", help="files whose path begins so")
    parser.add_argument("--tests", default=" ".join(TESTS), help="files or folders of tests")
    parser.add_argument(
        "--again", action="store_true", help="only what was not noticed the last time"
    )
    parser.add_argument("--write", action="store_true", help="write docs/mutants.md")
    return parser.parse_args()


def _chosen(asked: argparse.Namespace, verdicts: dict[str, str]) -> list[Mutant]:
    """The same draw for the same seed; what is in it stays in it when others come and go."""
    mutants = report.mutants_in(file for file in rule_files() if file.startswith(asked.only))
    drawn = [
        one for one in mutants if Random(f"{asked.seed} {one.id}").random() * 100 < asked.share
    ]
    if asked.again:
        drawn = [one for one in drawn if verdicts.get(one.id, Verdict.NOTICED) != Verdict.NOTICED]
    return drawn


def _test_files(asked: str) -> Iterator[str]:
    for name in asked.split():
        path = ROOT / name
        files = sorted(path.glob("test_*.py")) if path.is_dir() else [path]
        yield from (str(file.relative_to(ROOT)) for file in files)


sys.exit(main())
