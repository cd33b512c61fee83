"""`make break`: break each mechanism in a copy of the tree, and see its test turn red.

`python -m tests.breaking WORD` takes only the mechanisms with this word in their names.
"""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.breaking import MECHANISMS, ROOT, Broken

LEFT_OUT = shutil.ignore_patterns(
    ".git", ".venv", "node_modules", "var", "build", ".*_cache", "__pycache__"
)
GREEN, RED = 0, 1  # pytest's exit codes; any other says that no test was run
BROKEN_TEST = -1  # it did not come to what it asserts


def main() -> int:
    """Print the table.

    Returns 1 when a test stays green; ends at once when one is not green to begin with.
    """
    chosen = [broken for broken in MECHANISMS if " ".join(sys.argv[1:]) in broken.name]
    if not chosen:
        sys.exit("No mechanism has this in its name.")
    with tempfile.TemporaryDirectory(prefix="lessons-breaking-") as folder:
        copy = Path(folder, "tree")
        shutil.copytree(ROOT, copy, ignore=LEFT_OUT)
        _require_green(chosen, copy)
        print("| mechanism | test | broken |\n| --- | --- | --- |")
        results = [_turns_red(broken, copy) for broken in chosen]
    return 0 if all(results) else 1


def _require_green(chosen: list[Broken], copy: Path) -> None:
    done = _test({broken.test for broken in chosen}, copy)
    if done.returncode != GREEN or "skipped" in done.stdout.splitlines()[-1]:
        sys.exit(
            f"{done.stdout}{done.stderr}\nThe tests must be green, and none skipped, before "
            "anything is broken."
        )


def _turns_red(broken: Broken, copy: Path) -> bool:
    for change in broken.changes:
        if not change.fits(copy):
            sys.exit(
                f"{broken.name}: the text to change does not stand in {change.file} exactly "
                f"once:\n{change.old}"
            )
        change.make(copy)
    done = _test({broken.test}, copy)
    code = (
        BROKEN_TEST
        if done.returncode == RED and " failed" not in done.stdout.splitlines()[-1]
        else done.returncode
    )
    for change in broken.changes:
        shutil.copyfile(ROOT / change.file, copy / change.file)
    colour = {GREEN: "green", RED: "red", BROKEN_TEST: ("an error, not a failure")}.get(
        code, f"not run: {code}"
    )
    print(f"| {broken.name} | `{broken.test}` | {colour} |", flush=True)
    return code == RED


def _test(tests: set[str], tree: Path) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *sorted(tests)]
    return subprocess.run(command, cwd=tree, capture_output=True, text=True, check=False)


sys.exit(main())
