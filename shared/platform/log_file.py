"""What a person at a terminal sees of a register: how far it is, and warnings.

The rest is filed.
"""

import json
import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from logging import LogRecord, makeLogRecord
from logging.handlers import RotatingFileHandler
from pathlib import Path

LARGEST = 5_000_000  # bytes of a file; with the three before it, twenty million
KEPT = 3
SHOWN = ("warning", "error", "critical")
ALWAYS = ("event", "level", "process", "timestamp", "correlation_id", "traceparent")


@contextmanager
def logs_in_file(path: Path) -> Iterator[None]:
    """During the block, what this process and its children write to standard error goes to a file.

    The terminal shows of it what is a warning or worse, or no line of ours. Without a terminal
    nothing is changed.
    """
    if not sys.stderr.isatty():
        yield
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    sys.stderr.flush()
    terminal = os.dup(sys.stderr.fileno())
    reading, writing = os.pipe()
    os.dup2(writing, sys.stderr.fileno())
    os.close(writing)
    keeping = threading.Thread(target=_keep, args=(reading, path, terminal), daemon=True)
    keeping.start()
    try:
        yield
    finally:
        sys.stderr.flush()
        os.dup2(terminal, sys.stderr.fileno())  # nobody writes any more, and the reading ends
        keeping.join(5.0)
        os.close(terminal)


class _File(RotatingFileHandler):
    """A file that is set aside when it is large, and never fails whoever writes."""

    def handleError(self, record: LogRecord) -> None:  # noqa: N802 - logging's name
        """A full disk must not stop the register."""


def _keep(reading: int, path: Path, terminal: int) -> None:
    file = _File(path, maxBytes=LARGEST, backupCount=KEPT, encoding="utf-8")
    with open(reading, encoding="utf-8", errors="replace") as lines:
        for line in lines:
            file.emit(makeLogRecord({"msg": line.rstrip("\n")}))
            if shown := _shown(line):
                with suppress(OSError):  # a terminal that was closed
                    os.write(terminal, f"{shown}\n".encode())
    file.close()


def _shown(line: str) -> str | None:
    """What a person sees of a line, if anything."""
    try:
        said = json.loads(line)
        level, begin = said["level"], f"from {said['process']}: {said['event']}"
    except (ValueError, KeyError, TypeError):
        return line.rstrip("\n") or None
    if level not in SHOWN:
        return None
    more = ", ".join(f"{name}: {value}" for name, value in said.items() if name not in ALWAYS)
    return f"{level.capitalize()} {begin} ({more})" if more else f"{level.capitalize()} {begin}"
