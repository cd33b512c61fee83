"""Structured logs: one JSON object a line, or readable lines on a terminal; never a name, an address or free text."""

import logging
import sys

import structlog

log: structlog.stdlib.BoundLogger = structlog.get_logger()


def configure(process: str) -> None:
    """Set up logging for this process. Every line says which process wrote it; context variables join it."""
    human = sys.stderr.isatty()
    renderer = _console() if human else structlog.processors.JSONRenderer()
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    structlog.contextvars.bind_contextvars(process=process)


def _console() -> structlog.dev.ConsoleRenderer:
    """Readable lines. Plain tracebacks: the pretty ones show the values of variables, and those hold people's words."""
    return structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
