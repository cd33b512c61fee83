"""One request and its answer: taken whole, answered by a thread, sent when that is free again."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, cast

from tornado.http1connection import HTTP1Connection
from tornado.httputil import (
    HTTPHeaders,
    HTTPMessageDelegate,
    RequestStartLine,
    ResponseStartLine,
)
from werkzeug.http import http_date

from services.serving.connections import Connection, Connections, Step
from services.serving.environ import Place, environ
from services.serving.limits import Limits
from shared.platform import clock
from shared.platform.logs import log

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment
HEALTH = "/healthz"
BODILESS = (204, 304)

Headers = list[tuple[str, str]]
Answer = tuple[str, Headers, bytes]
"""Status line, headers and body."""


class Desk:
    """The application, with the threads that answer for it."""

    def __init__(self, application: "WSGIApplication", threads: int) -> None:
        self._application = application
        self._threads = ThreadPoolExecutor(threads, "desk")
        # Who asks whether the process answers would end it, so that waits behind nobody else.
        self._health = ThreadPoolExecutor(1, "health")

    def ask(self, given: "WSGIEnvironment") -> "asyncio.Future[Answer]":
        """Let a thread answer."""
        threads = self._health if given["PATH_INFO"].endswith(HEALTH) else self._threads
        return asyncio.get_running_loop().run_in_executor(threads, self._answer, given)

    def _answer(self, given: "WSGIEnvironment") -> Answer:
        said: list[tuple[str, Headers]] = []

        def start_response(status: str, headers: Headers, _error: object = None) -> object:
            said.append((status, headers))
            return None  # PEP 3333 has a way to write here, for old applications

        parts = self._application(given, cast("StartResponse", start_response))
        try:
            body = b"".join(parts)
        finally:
            if hasattr(parts, "close"):
                parts.close()
        status, headers = said[-1]
        return status, headers, body


@dataclass(frozen=True)
class Common:
    """What all exchanges of a worker share."""

    place: Place
    limits: Limits
    connections: Connections
    desk: Desk


class Exchange(HTTPMessageDelegate):
    """What Tornado tells of one request."""

    def __init__(self, http: HTTP1Connection, connection: Connection, common: Common) -> None:
        self._http, self._connection, self._common = http, connection, common
        self._body, self._received, self._began = bytearray(), 0, 0.0
        self._is_answered = False
        connection.go_on(Step.IDLE)

    def headers_received(self, start_line: object, headers: HTTPHeaders) -> None:
        """A request begins."""
        self._start, self._headers = cast("RequestStartLine", start_line), headers
        self._began = clock.ticks()
        self._connection.refuse = self._refuse
        self._connection.go_on(Step.READING, until=self._began + self._common.limits.silent_seconds)

    def data_received(self, chunk: bytes) -> None:
        """A piece of its body. Of one that is too large only the length is kept."""
        limits, connection = self._common.limits, self._connection
        self._received += len(chunk)
        if self._received <= limits.largest:
            self._body += chunk
        else:
            self._body.clear()
        earned = min(self._received, limits.largest) / limits.slowest
        connection.until = limits.silent_seconds + min(clock.ticks(), self._began + earned)
        connection.holds = len(self._body)
        self._common.connections.keep_room()
        if self._received > limits.drained:
            self._ask()

    def finish(self) -> None:
        """It is here as a whole."""
        self._ask()

    def on_connection_close(self) -> None:
        """The client went away while it sent."""
        self._body.clear()

    def _ask(self) -> None:
        if self._is_answered:
            return
        self._is_answered = True
        if self._received > self._common.limits.largest:
            self._headers["Content-Length"] = str(self._received)  # for this it is refused
        given = environ(
            self._common.place,
            self._connection.address,
            self._start,
            self._headers,
            bytes(self._body),
        )
        self._connection.go_on(Step.AT_DESK, holds=len(self._body))
        self._body.clear()
        self._common.desk.ask(given).add_done_callback(self._send)

    def _send(self, answered: "asyncio.Future[Answer]") -> None:
        if answered.cancelled() or self._connection.stream.closed():
            return
        try:
            self._write_answer(*answered.result())
        except Exception as error:  # whatever it was: nobody may stay at the desk for ever
            log.error("the application failed", exc_info=error)
            self._refuse(HTTPStatus.INTERNAL_SERVER_ERROR)

    def _write_answer(self, status: str, given: Headers, body: bytes) -> None:
        code = int(status[:3])
        headers = HTTPHeaders()
        for name, value in given:
            headers.add(name, value)
        if self._start.method == "HEAD" or code in BODILESS:
            body = b""
        elif "Content-Length" not in headers:
            headers["Content-Length"] = str(len(body))
        headers.setdefault("Date", http_date(clock.now()))
        if self._received > self._common.limits.drained:
            headers["Connection"] = "close"  # Tornado will, and does not say so
        self._write(code, status[4:], headers, body)

    def _write(self, code: int, reason: str, headers: HTTPHeaders, body: bytes) -> None:
        limits = self._common.limits
        until = clock.ticks() + limits.answer_seconds + len(body) / limits.slowest
        self._connection.go_on(Step.WRITING, until=until, holds=len(body))
        self._http.write_headers(ResponseStartLine("HTTP/1.1", code, reason), headers, body or None)
        self._http.finish()
        self._common.connections.keep_room()

    def _refuse(self, status: int) -> None:
        """Answer without the application."""
        self._is_answered = True
        headers = HTTPHeaders({"Content-Length": "0", "Connection": "close"})
        self._write(status, HTTPStatus(status).phrase, headers, b"")
