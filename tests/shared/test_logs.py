"""Logs say where an error came from, and never what people wrote."""

import io
import json
import sys

import structlog

from shared import logs


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
    assert (line["event"], line["process"], line["where"][-1]) == ("event failed", "a test", "ValueError")
    assert "test_logs.py" in line["where"][0]
    assert "+235" not in written.getvalue()  # without the plus it may stand in an id or in the time
