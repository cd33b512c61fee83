"""Starting the register at a terminal: progress and a summary, warnings, and the logs in a file."""

import json
import os
import pty
import signal
import subprocess
import sys
import threading
import time

import psutil
import pytest

from shared.platform import log_file
from testbed.machine import free_port
from testbed.processes import ROOT
from testbed.register import START_SECONDS


class Terminal:
    """A terminal in which the register is started."""

    def __init__(self, folder) -> None:
        self.shown = ""
        self.folder = folder
        self._ours, theirs = pty.openpty()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "services.cli", "up", "--port", str(free_port())],
            cwd=ROOT,
            env={**os.environ, "LESSONS_DATA_DIR": str(folder)},
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
        )
        os.close(theirs)
        self._reading = threading.Thread(target=self._read)
        self._reading.start()

    def wait_for(self, text: str) -> None:
        deadline = time.monotonic() + 2 * START_SECONDS
        while text not in self.shown:
            assert time.monotonic() < deadline, self.shown
            assert self.process.poll() is None, self.shown
            time.sleep(0.05)

    def end(self) -> int:
        """As Ctrl-C does."""
        self.process.send_signal(signal.SIGINT)
        code = self.process.wait(30)
        self._reading.join(10)
        os.close(self._ours)
        return code

    def _read(self) -> None:
        while True:
            try:
                self.shown += os.read(self._ours, 65_536).decode()
            except OSError:  # nobody has the other end any more
                return


def test_a_terminal_shows_progress_a_summary_and_warnings_and_the_rest_is_in_a_file(tmp_path):
    opened = Terminal(tmp_path / "var")
    try:
        opened.wait_for("Ctrl-C stops it")
        at_start = opened.shown
        relay = next(
            child
            for child in psutil.Process(opened.process.pid).children()
            if "intake-relay" in child.cmdline()
        )
        relay.kill()
        opened.wait_for("process died")
    finally:
        code = opened.end()

    lines = at_start.splitlines()
    assert code == 0
    assert lines[0].startswith("Preparing the databases in ")
    assert any("The register is ready at http://localhost:" in line for line in lines)
    assert [line for line in lines if "arning" in line or "rror" in line] == []
    assert len(lines) < 25
    assert "Warning from supervisor: process died (name: intake-relay" in opened.shown
    logged = (tmp_path / "var/logs/register.log").read_text(encoding="utf-8").splitlines()
    events = [json.loads(line)["event"] for line in logged]
    assert {"event applied", "demonstration loaded", "process died"} <= set(events)


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ('{"level": "info", "event": "event applied", "process": "a"}', None),
        (
            '{"level": "warning", "event": "no answer", "process": "a", "error": "refused"}',
            "Warning from a: no answer (error: refused)",
        ),
        ('{"level": "error", "event": "failed", "process": "a"}', "Error from a: failed"),
        ("Segmentation fault\n", "Segmentation fault"),
        ("17\n", "17"),
        ("\n", None),
    ],
)
def test_a_person_sees_what_is_a_warning_or_no_line_of_ours(line, shown):
    assert log_file._shown(line) == shown


def test_the_file_has_a_bound(tmp_path, monkeypatch):
    monkeypatch.setattr(log_file, "LARGEST", 1_000)
    reading, writing = os.pipe()
    nowhere = os.open(os.devnull, os.O_WRONLY)
    keeping = threading.Thread(target=log_file._keep, args=(reading, tmp_path / "a.log", nowhere))
    keeping.start()
    with os.fdopen(writing, "w") as written:
        for number in range(1_000):
            written.write(f"line {number} with a percent sign: %s\n")
    keeping.join(10)
    os.close(nowhere)

    sizes = [path.stat().st_size for path in tmp_path.iterdir()]
    assert len(sizes) == 4
    assert max(sizes) <= 1_000
    assert (tmp_path / "a.log").read_text().endswith("line 999 with a percent sign: %s\n")
