"""Crash points: wherever a process of the register makes something durable or tells someone, it can
be made to die.

Python imports this module by its name at the start of every process with this folder on its
PYTHONPATH. It wraps the libraries through which each durable step must go, so that a new step is a
new point by itself and the product knows nothing of it. The folder in CRASH_POINTS is the only
control: `seen` fills with the names of the points that occurred; a process that comes to a point
that lies in `armed` moves its name to `hit` and kills itself.

A name is the hook, before or after, the process, and the innermost line of our own code that led
there.
"""

import os
import re
import signal
import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

FOLDER = os.environ.get("CRASH_POINTS", "")
OURS = ("services.", "shared.")
WRITES = re.compile(
    r"\b(INSERT INTO|(?<!FOR )(?<!KEY "
    r")UPDATE|DELETE FROM|NOTIFY|CREATE|ALTER|DROP)\b"
)

changed: set[int] = set()  # the connections whose transaction has written something


def point(hook: str, moment: str, where: str | None = None) -> None:
    """Note that this point was reached, and die here if it is armed."""
    step = where or innermost_step()
    if step is None:
        return
    name = f"{hook} {moment} {process()} {step}"
    Path(FOLDER, "seen", name).touch()
    try:
        # Path.rename is wrapped below
        os.rename(f"{FOLDER}/armed/{name}", f"{FOLDER}/hit/{name}")  # noqa: PTH104
    except FileNotFoundError:
        return
    os.kill(os.getpid(), signal.SIGKILL)


def process() -> str:
    """What this process is: intake-relay, front-door, or another command such as upgrade."""
    words = [word for word in sys.argv[1:3] if not word.startswith("-")]
    return words[-1] if words[:1] == ["run"] else "-".join(words)


def innermost_step() -> str | None:
    """The innermost line of our own code that is being carried out."""
    frame = sys._getframe()
    while frame is not None:
        module = frame.f_globals.get("__name__", "")
        if module.startswith(OURS):
            return f"{module}.{frame.f_code.co_name}:{frame.f_lineno}"
        frame = frame.f_back
    return None


def around(
    owner: Any,
    method: str,
    hook: str,
    *,
    only: Callable[..., bool] = lambda *_: True,
    where: str | None = None,
) -> None:
    """Make a point before and after each call of a method; `where` names what comes at
    any moment.
    """
    original = getattr(owner, method)

    @wraps(original)
    def wrapped(self: Any, *arguments: Any, **options: Any) -> Any:
        if not only(self, *arguments):
            return original(self, *arguments, **options)
        point(hook, "before", where)
        result = original(self, *arguments, **options)
        point(hook, "after", where)
        return result

    setattr(owner, method, wrapped)


def around_statements(dialect: Any, method: str) -> None:
    """A statement that writes is a durable step of its own on a connection without transactions."""
    original = getattr(dialect, method)

    @wraps(original)
    def wrapped(self: Any, cursor: Any, statement: Any, *arguments: Any, **options: Any) -> Any:
        connection, writes = cursor.connection, WRITES.search(str(statement)) is not None
        if writes and not commits_each_statement(connection):
            changed.add(id(connection))
            writes = False
        if writes:
            point("write", "before")
        result = original(self, cursor, statement, *arguments, **options)
        if writes:
            point("write", "after")
        return result

    setattr(dialect, method, wrapped)


def commits_each_statement(connection: Any) -> bool:
    """Whether a statement is durable at once: AUTOCOMMIT on PostgreSQL, no BEGIN on SQLite."""
    if hasattr(connection, "in_transaction"):
        return connection.isolation_level is None and not connection.in_transaction
    return bool(connection.autocommit)


def has_changed(_dialect: Any, connection: Any) -> bool:
    """Whether this transaction wrote. One that only read leaves nothing behind."""
    key = id(connection.dbapi_connection)
    was_changed = key in changed
    changed.discard(key)
    return was_changed


def forget_changes(dialect: Any, method: str) -> None:
    """What was rolled back or closed is no change: the next transaction on that connection, or id,
    may only read.
    """
    original = getattr(dialect, method)

    @wraps(original)
    def wrapped(self: Any, connection: Any) -> Any:
        changed.discard(id(getattr(connection, "dbapi_connection", connection)))
        return original(self, connection)

    setattr(dialect, method, wrapped)


def around_answers(application: Any) -> None:
    """The producer's answer to whoever pulls from its log."""
    from flask import request

    original = application.full_dispatch_request

    def wrapped(self: Any) -> Any:
        where = request.endpoint if request.path.endswith("/events") else None
        if where:
            point("answer", "before", where)
        result = original(self)
        if where:
            point("answer", "after", where)
        return result

    application.full_dispatch_request = wrapped


def install() -> None:
    """Wrap the libraries."""
    import smtplib

    import amqp
    import flask
    import kombu
    import urllib3
    from kombu.message import Message
    from sqlalchemy.engine.default import DefaultDialect

    from services import supervisor

    around(DefaultDialect, "do_commit", "commit", only=has_changed)
    for method in ("do_rollback", "do_close", "do_terminate"):
        forget_changes(DefaultDialect, method)
    for method in ("do_execute", "do_executemany", "do_execute_no_params"):
        around_statements(DefaultDialect, method)
    around(kombu.Producer, "publish", "publish")
    around(amqp.Channel, "_on_basic_ack", "confirm", where="publisher")
    around(Message, "ack", "acknowledge")
    around(smtplib.SMTP, "send_message", "send")
    around(Path, "write_bytes", "send")
    around(Path, "rename", "send")
    around(urllib3.PoolManager, "request", "pull")
    around_answers(flask.Flask)
    supervisor.LONGEST_PAUSE = 0.2  # a process that dies again and again is the point here


if FOLDER:
    install()
