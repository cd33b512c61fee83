"""A TCP proxy between a client and a server of a test: it stalls, cuts in the middle of a frame,
refuses.
"""

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from testbed.machine import free_port

WITHOUT_DELAY = struct.pack("ii", 1, 0)  # SO_LINGER: closing resets the connection
WHOLE_MESSAGE = 100  # bytes; a heartbeat is smaller


class Proxy:
    """Passes everything on to `port`, until told otherwise."""

    def __init__(self, port: int) -> None:
        self.port = free_port()
        self._target = port
        self._listener: socket.socket | None = None
        self._open: set[socket.socket] = set()
        self._flowing = threading.Event()
        self._flowing.set()
        self._cut: str | None = None

    def restore(self) -> None:
        """Listen, and pass everything on."""
        self._flowing.set()
        if self._listener is None:
            self._listener = socket.create_server(("127.0.0.1", self.port))
            threading.Thread(target=self._accept, args=(self._listener,), daemon=True).start()

    def stall(self) -> None:
        """Take everything and pass nothing on. Connections stay open."""
        self._flowing.clear()

    def cut_in_the_middle_of_the_next(self, direction: str) -> None:
        """Pass on half of the next message "up" to the server or "down" to the client, then break
        its connection.
        """
        self._cut = direction

    @property
    def has_cut(self) -> bool:
        """Whether that has happened."""
        return self._cut is None

    def refuse(self) -> None:
        """Break all connections and take no new ones."""
        if self._listener is not None:
            _break(self._listener)
            self._listener = None
        self._flowing.set()
        for end in [*self._open]:
            _break(end)

    def _accept(self, listener: socket.socket) -> None:
        with suppress(OSError):
            while True:
                client, _address = listener.accept()
                server = self._reach_target()
                if server is None:
                    _break(client)
                    continue
                for way in ((client, server, "up"), (server, client, "down")):
                    threading.Thread(target=self._pump, args=way, daemon=True).start()

    def _reach_target(self) -> socket.socket | None:
        try:
            return socket.create_connection(("127.0.0.1", self._target))
        except OSError:
            return None

    def _pump(self, source: socket.socket, sink: socket.socket, direction: str) -> None:
        self._open.add(source)
        with suppress(OSError):
            while data := source.recv(65536):
                self._flowing.wait()
                if self._cut == direction and len(data) > WHOLE_MESSAGE:
                    self._cut = None
                    sink.sendall(data[: len(data) // 2])
                    break
                sink.sendall(data)
        for end in (source, sink):
            _break(end)
            self._open.discard(end)


def _break(end: socket.socket) -> None:
    with suppress(OSError):
        end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, WITHOUT_DELAY)
    with suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)  # wakes who waits in it
    end.close()


@contextmanager
def proxy_to(port: int) -> Iterator[Proxy]:
    """A proxy that runs during the block."""
    proxy = Proxy(port)
    proxy.restore()
    try:
        yield proxy
    finally:
        proxy.refuse()
