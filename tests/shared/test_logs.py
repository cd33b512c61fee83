"""Logs say where an error came from, and never what people wrote."""

import io
import json
import logging
import sys
from collections.abc import Callable

import structlog

from shared.platform import logs


def logged(monkeypatch, say: Callable[[], None]) -> str:
    """What is written when something is said."""
    written = io.StringIO()
    monkeypatch.setattr(sys, "stderr", written)
    monkeypatch.setattr(logging, "lastResort", None)
    before = structlog.get_config()
    logs.configure("a test")
    try:
        say()
    finally:
        structlog.configure(**before)
    return written.getvalue()


def test_what_a_library_logs_becomes_a_line_of_ours_without_what_it_fills_in(monkeypatch):
    library = logging.getLogger("a library")
    # pytest would hear it, and nobody would be the last resort
    monkeypatch.setattr(library, "propagate", False)

    def complain() -> None:
        try:
            int("Aïcha")
        except ValueError:
            library.error("Uncaught exception of %s", "Aïcha", exc_info=True)
        library.warning("Aïcha")
        library.info("nobody needs to know")

    first, second = (json.loads(line) for line in logged(monkeypatch, complain).splitlines())

    assert (first["event"], first["logger"], first["level"]) == (
        "a library logs",
        "a library",
        "error",
    )
    assert (first["says"], first["where"][-1]) == ("Uncaught exception of %s", "ValueError")
    assert second["says"] is None
    assert second["at"].startswith("test_logs:")
    assert "Aïcha" not in json.dumps([first, second], ensure_ascii=False)


def test_a_line_about_an_error_says_where_it_came_from_and_not_what_it_says(monkeypatch):
    written = io.StringIO()
    monkeypatch.setattr(sys, "stderr", written)
    before = structlog.get_config()
    with structlog.contextvars.bound_contextvars(process="tests"):
        logs.configure("a test")
        try:
            int("Aïcha, +235 60 00 00 00")
        except ValueError as error:
            structlog.get_logger().error("event failed", exc_info=error)
        finally:
            structlog.configure(**before)

    line = json.loads(written.getvalue())
    assert (line["event"], line["process"], line["where"][-1]) == (
        "event failed",
        "a test",
        "ValueError",
    )
    assert "test_logs.py" in line["where"][0]
    assert "+235" not in written.getvalue()  # without the plus it may stand in an id or in the time
