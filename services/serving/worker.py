"""One worker: it listens, and lets the application answer until it is told to stop."""

import asyncio
import contextlib
import signal
import sys
from dataclasses import replace
from typing import TYPE_CHECKING, cast

from tornado.http1connection import HTTP1Connection, HTTP1ServerConnection
from tornado.httpserver import HTTPServer
from tornado.httputil import HTTPConnection, HTTPMessageDelegate, HTTPServerRequest
from tornado.iostream import IOStream
from tornado.netutil import bind_sockets

from services.serving.connections import Connections
from services.serving.environ import Place
from services.serving.exchange import Common, Desk, Exchange
from services.serving.limits import Limits, allow_files
from shared.platform import clock

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

BACKLOG = 1024
STOP_SECONDS = 5.0
LOOK_SECONDS = 1.0
PIECE = 16_384  # bytes read at once; a client may send eight of them ahead of its turn
BUSY = b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 5\r\nContent-Length: 0\r\n\r\n"


class Worker(HTTPServer):
    """Tornado's server, with an eye on its connections and the application behind a desk."""

    def __init__(self, application: "WSGIApplication", place: Place, limits: Limits) -> None:
        """`limits.connections` is lowered to what the system lets one process have open."""

    def initialize(  # type: ignore[override] # other arguments than the server that it is
        self,
        application: "WSGIApplication",
        place: Place,
        limits: Limits,
    ) -> None:
        """Set it up: Tornado calls this instead of __init__."""
        super().initialize(
            _unused,
            idle_connection_timeout=limits.idle_seconds,
            max_body_size=sys.maxsize,  # how much is taken of a body, each exchange says
            max_buffer_size=8 * PIECE,
            chunk_size=PIECE,
        )
        self._common = Common(place, limits, Connections(limits), Desk(application, limits.threads))

    def handle_stream(self, stream: IOStream, address: tuple[object, ...]) -> None:
        """A client has come."""
        if self._common.connections.admit(stream, str(address[0])):
            super().handle_stream(stream, address)
        else:
            stream.write(BUSY)
            stream.close()

    def start_request(self, _server: object, http: HTTPConnection) -> HTTPMessageDelegate:
        """It may send a request."""
        http = cast("HTTP1Connection", http)
        return Exchange(http, self._common.connections.of(http.stream), self._common)

    def on_close(self, server: object) -> None:
        """It is gone."""
        self._common.connections.forget(cast("HTTP1ServerConnection", server).stream)
        super().on_close(server)

    async def run(self, stop: asyncio.Event) -> None:
        """Serve until `stop` is set, and a little longer for those who wait for an answer."""
        place, connections = self._common.place, self._common.connections
        self.add_sockets(bind_sockets(place.port, place.host, backlog=BACKLOG, reuse_port=True))
        while not stop.is_set():
            connections.end_late()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), LOOK_SECONDS)
        self.stop()
        deadline = clock.ticks() + STOP_SECONDS
        while connections.are_busy() and clock.ticks() < deadline:
            await asyncio.sleep(0.05)
        connections.close()


async def work(application: "WSGIApplication", place: Place, limits: Limits) -> None:
    """Be a worker until this process is told to stop."""
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    limits = replace(limits, connections=allow_files(limits.connections))
    await Worker(application, place, limits).run(stop)


def _unused(_request: HTTPServerRequest) -> None:
    """Tornado wants a function for requests; ours go by start_request."""
