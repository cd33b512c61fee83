"""Run two versions, compare their outputs, and say what differs."""

import argparse
import sys
import tempfile
import time
from pathlib import Path

from tests.outputs import reading, sitting, writing
from tests.outputs.collecting import LANGUAGES, Collection
from tests.outputs.comparing import compare, report
from tests.outputs.expected import EXPECTED
from tests.outputs.versions import WORKING_TREE, lay_out, running


def main() -> int:
    """Returns 1 when something differs unexpectedly, or something expected does not differ."""
    parser = argparse.ArgumentParser(prog="python -m tests.outputs", description=__doc__)
    parser.add_argument("before", help="a revision, “.” for the working tree, or a kept folder")
    parser.add_argument("after", nargs="?", default=".", help="another; “.” if it is not given")
    parser.add_argument("--keep", type=Path, help="a folder for the outputs, to read by hand")
    asked = parser.parse_args()
    revisions = enumerate((asked.before, asked.after), 1)
    before, after = [_outputs_of(place, revision, asked.keep) for place, revision in revisions]
    found = compare(before, after, EXPECTED)
    print(report(found))
    return 0 if found.passes else 1


def _outputs_of(place: int, revision: str, kept: Path | None) -> dict[str, str]:
    """All outputs of a version, by name; also written below the folder, if one is given."""
    if revision != "." and Path(revision).is_dir():
        return _kept(Path(revision))
    start = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="lessons-outputs-") as folder:
        code = Path(folder, "code")
        lay_out(WORKING_TREE if revision == "." else revision, code)
        with running(code, Path(folder, "data")) as register:
            found = Collection(register)
            _collect(found)
    print(
        f"{revision}: {len(found.outputs)} outputs in {time.monotonic() - start:.0f} s",
        file=sys.stderr,
    )
    if kept:
        _write(found.outputs, kept / f"{place}-{revision}")
    return found.outputs


def _collect(found: Collection) -> None:
    reading.read_start(found)
    reading.read_commands(found)
    _read("before", found, LANGUAGES)
    writing.write_all(found)
    sitting.sit_down(found)
    _read("after", found, LANGUAGES[:1])


def _read(when: str, found: Collection, languages: tuple[str, ...]) -> None:
    found.wait_until_quiet()
    found.learn()
    found.keep_logs_and_mails(when)
    reading.read_documents(found, when)
    _tell(found, f"{when} the acts: documents read")
    reading.read_pages(found, when, languages)
    _tell(found, f"{when} the acts: pages read")


def _tell(found: Collection, what: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {what}, {len(found.outputs)} outputs", file=sys.stderr)


def _kept(folder: Path) -> dict[str, str]:
    """The outputs that an earlier comparison has kept."""
    paths = [path for path in folder.rglob("*.txt") if path.is_file()]
    return {str(path.relative_to(folder))[:-4]: path.read_text(encoding="utf-8") for path in paths}


def _write(outputs: dict[str, str], folder: Path) -> None:
    for name, text in outputs.items():
        path = folder / f"{name}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


sys.exit(main())
