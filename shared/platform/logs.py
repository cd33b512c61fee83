"""Structured logs: one JSON object a line, or readable lines on a terminal; never a name, an
address or free text.
"""

import logging
import re
import sys
import traceback
from collections.abc import MutableMapping
from functools import partial
from typing import Any

import structlog

log: structlog.stdlib.BoundLogger = structlog.get_logger()


def configure(process: str) -> None:
    """Set up logging for this process.

    Every line says which process wrote it; context variables join it.
    """
    human = sys.stderr.isatty()
    renderer = structlog.dev.ConsoleRenderer() if human else structlog.processors.JSONRenderer()
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _without_words,
            partial(_named, process),
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    logging.lastResort = _FromLibraries(logging.WARNING)  # for whatever logger nobody set up


class _FromLibraries(logging.Handler):
    """Lines that a library logs, in our form: where, and the text before anything is filled in,
    which may quote people.

    A line without anything to fill in may be filled in already, so its text is left out.
    """

    def emit(self, record: logging.LogRecord) -> None:
        """Write one."""
        # not ours of this module, which keeps the first standard error it saw
        structlog.get_logger().log(
            record.levelno,
            "a library logs",
            logger=record.name,
            at=f"{record.module}:{record.lineno} {record.funcName}",
            says=record.msg if record.args else None,
            exc_info=record.exc_info[1] if record.exc_info else None,
        )


def trace_of(error: BaseException) -> str:
    """The traceback of an error and of what caused it, without what they say: that may quote what
    people wrote.

    Of a database's error it has the code (SQLSTATE, or SQLite's name of it) and the constraint.
    """
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    earlier = trace_of(before) if before is not None else ""
    frames = "".join(
        f'  File "{frame.filename}", line {frame.lineno}, in {frame.name}\n'
        for frame in traceback.extract_tb(error.__traceback__)
    )
    kind = type(error)
    name = (
        kind.__qualname__
        if kind.__module__ == "builtins"
        else f"{kind.__module__}.{kind.__qualname__}"
    )
    last = ": ".join([name, *_code_of(error)])
    return f"{earlier}Traceback (most recent call last):\n{frames}{last}\n"


def _code_of(error: BaseException) -> list[str]:
    driver = getattr(error, "orig", error)
    code = getattr(driver, "sqlstate", None) or getattr(driver, "sqlite_errorname", None)
    constraint = getattr(getattr(driver, "diag", None), "constraint_name", None)
    return [str(named) for named in (code, constraint) if named]


def where_from(error: str) -> list[str]:
    """Where in the program a traceback came from, and the kinds of error, without what the errors
    say.

    That may quote what people wrote: those that were stored before `trace_of` do.
    """
    lines, in_message = [], True
    for line in error.splitlines():
        if frame := re.fullmatch(r'  File "([^"]+\.py)", line (\d+), in (\S+)', line):
            path = re.sub(r".*/(?=(?:services|shared|site-packages)/)", "", frame[1])
            lines.append(f"{path}:{frame[2]} {frame[3]}")
            in_message = False
        elif not in_message and (kind := re.match(r"([A-Za-z_][\w.]*)(?::|$)", line)):
            lines.append(kind[1])
            in_message = True
    return lines


def _named(
    process: str, _logger: object, _name: str, entry: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Say which process writes: also in a thread of a web server, which has no context of ours."""
    return {**entry, "process": process}


def _without_words(
    _logger: object, _name: str, entry: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Say of an error where it came from and of what kind it is; what it says may quote people."""
    error = entry.pop("exc_info", None)
    if isinstance(error, BaseException):
        entry["where"] = where_from(trace_of(error))
    return entry
