"""One version of the register: its files in a folder of their own, and its demonstration."""

import json
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from testbed.machine import free_port

ROOT = Path(__file__).parent.parent.parent
WORKING_TREE = "the working tree"
SECRET = "known to whoever compares two versions, and to nobody else"
START_SECONDS = 600.0
STAMPS = (".venv/app.stamp", ".venv/node.stamp", "frontend/node_modules/.stamp")


class Running:
    """A demonstration that runs: where it answers, and the folder that it writes into."""

    def __init__(self, folder: Path, data: Path, port: int) -> None:
        self.folder = folder
        self.data = data
        self.url = f"http://localhost:{port}"

    @property
    def keys(self) -> dict[str, str]:
        """The keys of the demonstration, by the names of those who hold them."""
        text = (self.data / "demo.json").read_text(encoding="utf-8")
        found: dict[str, str] = json.loads(text)["keys"]
        return found

    @property
    def said(self) -> str:
        """What it has printed for whoever started it."""
        return (self.data / "said.txt").read_text(encoding="utf-8")

    def lessons(self, *arguments: str) -> str:
        """What the `lessons` command prints."""
        done = self._run(*_python(self.folder), *arguments)
        return f"exit code {done.returncode}\n{done.stdout}{done.stderr}"

    def helps(self) -> dict[str, str]:
        """The help of every command, by its name; one process asks, fifty would take minutes."""
        done = self._run(_python(self.folder)[0], str(Path(__file__).with_name("helps.py")))
        found: dict[str, str] = json.loads(done.stdout)
        return found

    def _run(self, *command: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            command,
            cwd=self.folder,
            env=_environment(self.folder, self.data),
            capture_output=True,
            text=True,
            check=False,
        )


def lay_out(revision: str, folder: Path) -> None:
    """Put the files of a revision into a folder, with all that they need to run."""
    folder.mkdir()
    if revision == WORKING_TREE:
        _copy_working_tree(folder)
    else:
        command = ["git", "archive", revision]
        archive = subprocess.run(command, cwd=ROOT, capture_output=True, check=True)
        subprocess.run(["tar", "-x", "-C", str(folder)], input=archive.stdout, check=True)
    options = []
    if _needs_what_is_here(folder):
        (folder / ".venv").symlink_to(ROOT / ".venv")
        (folder / "frontend/node_modules").symlink_to(ROOT / "frontend/node_modules")
        options = [option for stamp in STAMPS for option in ("-o", stamp)]
    command = ["make", "-s", *options, "setup"]
    subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)


@contextmanager
def running(folder: Path, data: Path) -> Iterator[Running]:
    """The demonstration of the version in `folder`, while the block lasts."""
    data.mkdir()
    port = free_port()
    command = [*_python(folder), "up", "--port", str(port)]
    with (data / "said.txt").open("wb") as said, (data / "log.txt").open("wb") as log:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=_environment(folder, data),
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=log,
        )
    register = Running(folder, data, port)
    try:
        _wait(process, register)
        yield register
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


def _wait(process: "subprocess.Popen[bytes]", register: Running) -> None:
    deadline = time.monotonic() + START_SECONDS
    while "is ready at" not in register.said:
        if process.poll() is not None or time.monotonic() > deadline:
            log = (register.data / "log.txt").read_text(encoding="utf-8")
            raise SystemExit(f"It does not start:\n{register.said}\n{log[-4000:]}")
        time.sleep(0.2)


def _needs_what_is_here(folder: Path) -> bool:
    """Whether the environment of the working tree serves this version, too."""
    pins = [*sorted(Path("requirements").glob("*.txt")), Path("frontend/package-lock.json")]
    is_here = (ROOT / ".venv").exists() and (ROOT / "frontend/node_modules").exists()
    return is_here and all(_same(ROOT / pin, folder / pin) for pin in pins)


def _same(one: Path, other: Path) -> bool:
    return other.exists() and one.read_bytes() == other.read_bytes()


def _copy_working_tree(folder: Path) -> None:
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)


def _python(folder: Path) -> list[str]:
    return [str(folder / ".venv/bin/python"), "-m", "services.cli"]


def _environment(folder: Path, data: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LESSONS_")}
    return kept | {
        "PYTHONPATH": str(folder),
        "LESSONS_DATA_DIR": str(data),
        "LESSONS_SECRET_KEY": SECRET,
        "COLUMNS": "100",
        "TZ": "UTC",
    }
