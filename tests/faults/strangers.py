"""Clients that hold connections and never come to an end, hundreds of them in one thread."""

import selectors
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

PATIENCE = 30.0
TYPE = b"Content-Type: application/x-www-form-urlencoded\r\n"
FORM = b"POST /review/sign-in HTTP/1.1\r\nHost: localhost\r\n" + TYPE
MEGABYTE = 999_999


@dataclass
class Stranger:
    """Sends `opening`, then `drip` each `pause` seconds; reads `reads` bytes a pause."""

    opening: bytes = b""
    drip: bytes = b""
    pause: float = 1.0
    reads: int | None = None  # None: whatever comes
    buffer: int | None = None  # of the system for what is not read yet

    unsent: bytes = field(init=False)
    heard: bytes = field(default=b"", init=False)
    acts_at: float = field(default=0.0, init=False)

    def __post_init__(self) -> None:
        self.unsent = self.opening


def half_sent_body() -> Stranger:
    """Announces more than it sends."""
    return Stranger(FORM + b"Content-Length: 100000\r\n\r\nemail=")


def body_but_for_its_end(size: int = MEGABYTE) -> Stranger:
    """Sends all of a large body but the last byte."""
    return Stranger(FORM + b"Content-Length: %d\r\n\r\n" % (size + 1) + b" " * size)


def body_a_byte_at_a_time() -> Stranger:
    """Sends a body, one byte a second."""
    return Stranger(FORM + b"Content-Length: 100000\r\n\r\n", drip=b" ")


def body_without_end() -> Stranger:
    """Sends chunk after chunk."""
    chunk = b"400\r\n" + b" " * 1024 + b"\r\n"
    return Stranger(FORM + b"Transfer-Encoding: chunked\r\n\r\n" + chunk, drip=chunk)


def head_a_byte_at_a_time() -> Stranger:
    """Sends a head, one byte a second."""
    return Stranger(b"GET /library/ HTTP/1.1\r\nHost: localhost\r\nX-Long: ", drip=b"x")


def idle() -> Stranger:
    """Connects, and says nothing."""
    return Stranger()


def asks_once() -> Stranger:
    """Asks, reads the answer, keeps the connection, and never comes back."""
    return Stranger(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")


def slow_reader(path: str, key: str = "") -> Stranger:
    """Takes a hundred bytes a second of an answer."""
    head = f"GET {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {key}\r\n\r\n"
    return Stranger(
        (head if key else head.replace("Authorization: Bearer \r\n", "")).encode(),
        reads=100,
        buffer=4096,
    )


def shouts(path: str) -> Stranger:
    """Sends a hundred requests at once and then rubbish, and reads none of the answers."""
    request = f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()
    return Stranger(request * 100 + b"\x00\xff rubbish \r\n" * 1000, reads=0, buffer=4096)


class Crowd:
    """Strangers who are all there during a block: `with Crowd(port, [idle(), idle()]) as crowd`."""

    def __init__(self, port: int, strangers: list[Stranger]) -> None:
        self.port = port
        self.strangers = strangers
        self.ended: dict[int, float] = {}  # by place: after how many seconds it was ended
        self.began = 0.0
        self._sockets: dict[int, socket.socket] = {}
        self._selector = selectors.DefaultSelector()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> "Crowd":
        self.began = time.monotonic()
        for place, stranger in enumerate(self.strangers):
            self._sockets[place] = connected = socket.socket()
            if stranger.buffer is not None:
                connected.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, stranger.buffer)
            connected.settimeout(PATIENCE)
            connected.connect(("127.0.0.1", self.port))
            connected.setblocking(False)
            self._selector.register(connected, selectors.EVENT_READ, place)
        self._thread.start()
        self.wait_for(self._have_all_begun)
        return self

    def __exit__(self, *_error: object) -> None:
        self._over.set()
        self._thread.join()
        for one in self._sockets.values():
            one.close()
        self._selector.close()

    @property
    def answers(self) -> Counter[bytes]:
        """The status lines that they got."""
        return Counter(one.heard.partition(b"\r\n")[0] for one in self.strangers if one.heard)

    def wait_for(self, look: Callable[[], object], seconds: float = PATIENCE) -> None:
        """Look until something true is seen."""
        deadline = time.monotonic() + seconds
        while not look():
            seen = f"{len(self.ended)} of {len(self.strangers)} ended: {self.answers}"
            assert time.monotonic() < deadline, seen
            time.sleep(0.05)

    def have_all_ended(self) -> bool:
        """Whether the server has ended every one of them."""
        return len(self.ended) == len(self.strangers)

    def _have_all_begun(self) -> bool:
        """What they open with is sent, or as much of it as the server takes."""
        waited = time.monotonic() - self.began > 1.0
        begun = [not one.unsent or (one.reads == 0 and waited) for one in self.strangers]
        return all(begun) or self.have_all_ended()

    def _run(self) -> None:
        while not self._over.is_set():
            self._listen()
            now = time.monotonic()
            for place, stranger in enumerate(self.strangers):
                if place not in self.ended:
                    self._act(place, stranger, now)

    def _listen(self) -> None:
        for key, _events in self._selector.select(0.02):
            if self.strangers[key.data].reads is None:
                self._read(key.data, 65_536)

    def _act(self, place: int, stranger: Stranger, now: float) -> None:
        if now >= stranger.acts_at:
            stranger.acts_at = now + stranger.pause
            if not stranger.unsent:
                stranger.unsent = stranger.drip
            if stranger.reads is not None:
                self._selector.unregister(self._sockets[place]) if self._is_watched(place) else None
                self._read(place, stranger.reads)
        if stranger.unsent and place not in self.ended:
            try:
                stranger.unsent = stranger.unsent[self._sockets[place].send(stranger.unsent) :]
            except BlockingIOError:
                pass
            except OSError:
                self._note_end(place)

    def _read(self, place: int, most: int) -> None:
        if most == 0:
            return
        try:
            heard = self._sockets[place].recv(most)
        except BlockingIOError:
            return
        except OSError:
            heard = b""
        self.strangers[place].heard = (self.strangers[place].heard + heard)[:200]
        if not heard:
            self._note_end(place)

    def _note_end(self, place: int) -> None:
        self.ended[place] = time.monotonic() - self.began
        with suppress(KeyError):
            self._selector.unregister(self._sockets[place])

    def _is_watched(self, place: int) -> bool:
        return self._sockets[place].fileno() in self._selector.get_map()
