"""The web server, by what a client sees: requests arrive whole and as WSGI has them."""

import asyncio
import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from services.serving import Limits
from services.serving.environ import Place
from services.serving.worker import Worker
from testbed.machine import free_port

HOST = "HTTP/1.1\r\nHost: a\r\n"
SMALL = Limits(largest=1_000, drained=5_000)


def mirror(environ, start_response):
    """An application that tells what it was called with; some paths answer in ways of their own."""
    body = environ["wsgi.input"].read()
    path = environ["PATH_INFO"]
    if path == "/fails":
        raise ValueError("on purpose")
    if path == "/cookies":
        start_response("200 OK", [("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")])
        return [b""]
    if path == "/nothing":
        start_response("204 No Content", [])
        return []
    if int(environ.get("CONTENT_LENGTH") or 0) > SMALL.largest:
        start_response("413 Too Large", [("Content-Type", "application/problem+json")])
        return [b'{"status": 413}']
    texts = {name: value for name, value in environ.items() if isinstance(value, str)}
    said = texts | {"body": body.decode()}
    start_response("200 OK", [("Content-Type", "application/json")])
    return iter([json.dumps(said).encode(), b"\n"])


@contextmanager
def served(application, limits: Limits) -> Iterator[int]:
    """The port at which an application is served during the block."""
    port, ready, handles = free_port(), threading.Event(), []

    async def run() -> None:
        stop = asyncio.Event()
        handles.extend([asyncio.get_running_loop(), stop])
        asyncio.get_running_loop().call_soon(ready.set)
        await Worker(application, Place("127.0.0.1", port), limits).run(stop)

    thread = threading.Thread(target=lambda: asyncio.run(run()))
    thread.start()
    ready.wait(10)
    try:
        yield port
    finally:
        handles[0].call_soon_threadsafe(handles[1].set)
        thread.join()


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with served(mirror, SMALL) as found:
        yield found


class Client:
    """One connection, on which bytes are sent and answers read."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), 10)
        self._file = self._socket.makefile("rb")

    def __enter__(self) -> "Client":
        return self

    def __exit__(self, *_error: object) -> None:
        self._file.close()
        self._socket.close()

    def send(self, text: str) -> None:
        self._socket.sendall(text.encode("latin-1"))

    def answer(self, *, of_head: bool = False) -> tuple[int, dict[str, str], bytes]:
        """The next answer: status, headers, body."""
        status = int(self._file.readline().split()[1])
        headers = {}
        while (line := self._file.readline().decode("latin-1").strip()) != "":
            name, _colon, value = line.partition(": ")
            name = name.lower()
            headers[name] = f"{headers[name]}, {value}" if name in headers else value
        length = 0 if of_head else int(headers.get("content-length", 0))
        return status, headers, self._file.read(length)

    def is_ended(self) -> bool:
        return self._file.read(1) == b""


def ask(port: int, text: str) -> dict[str, str]:
    """What the application was called with for one request."""
    with Client(port) as client:
        client.send(text)
        status, _headers, body = client.answer()
    assert status == 200
    return json.loads(body)


def test_a_request_is_told_as_wsgi_has_it(port):
    answer = ask(
        port,
        "GET /en/caf%C3%A9/a%2Fb?q=a%20b&x HTTP/1.1\r\nHost: example.org\r\nX-Two: yes\r\n\r\n",
    )

    assert answer["REQUEST_METHOD"] == "GET"
    assert answer["PATH_INFO"] == "/en/cafÃ©/a/b"  # bytes, each as a character: PEP 3333
    assert answer["QUERY_STRING"] == "q=a%20b&x"
    assert (answer["HTTP_HOST"], answer["HTTP_X_TWO"]) == ("example.org", "yes")
    assert (answer["SERVER_NAME"], answer["SERVER_PORT"]) == ("127.0.0.1", str(port))
    assert (answer["SERVER_PROTOCOL"], answer["wsgi.url_scheme"]) == ("HTTP/1.1", "http")
    assert answer["REMOTE_ADDR"] == "127.0.0.1"


def test_a_body_has_its_type_and_length_under_their_own_names(port):
    answer = ask(
        port,
        f"POST / {HOST}Content-Type: text/plain\r\nContent-Length: 5\r\n\r\nhello",
    )

    assert (answer["CONTENT_TYPE"], answer["CONTENT_LENGTH"], answer["body"]) == (
        "text/plain",
        "5",
        "hello",
    )
    assert "HTTP_CONTENT_LENGTH" not in answer


def test_a_body_in_chunks_arrives_as_one(port):
    answer = ask(
        port,
        f"POST / {HOST}Transfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n",
    )

    assert answer["body"] == "hello"


def test_what_the_proxy_says_is_handed_on_and_nobody_else_can_say_it_with_an_underscore(port):
    head = f"GET / {HOST}X-Forwarded-Proto: https\r\nX_Forwarded_For: 10.0.0.1\r\n\r\n"

    answer = ask(port, head)

    assert answer["HTTP_X_FORWARDED_PROTO"] == "https"
    assert "HTTP_X_FORWARDED_FOR" not in answer


def test_a_whole_address_in_the_first_line_is_taken_for_its_path(port):
    answer = ask(port, "GET http://example.org/library/?q=a HTTP/1.1\r\nHost: example.org\r\n\r\n")

    assert (answer["PATH_INFO"], answer["QUERY_STRING"]) == ("/library/", "q=a")


def test_requests_on_one_connection_are_answered_in_their_order(port):
    with Client(port) as client:
        client.send("".join(f"GET /{number} {HOST}\r\n" for number in range(5)))
        paths = [json.loads(client.answer()[2])["PATH_INFO"] for _ in range(5)]

    assert paths == ["/0", "/1", "/2", "/3", "/4"]


def test_head_gets_the_headers_and_no_body(port):
    with Client(port) as client:
        client.send(f"HEAD / {HOST}\r\nGET /next {HOST}\r\n")
        status, headers, _nothing = client.answer(of_head=True)
        following = json.loads(client.answer()[2])["PATH_INFO"]

    assert (status, headers["content-type"], following) == (200, "application/json", "/next")


def test_an_answer_without_a_body_says_nothing_of_a_length_and_each_cookie_has_its_line(port):
    with Client(port) as client:
        client.send(f"GET /nothing {HOST}\r\nGET /cookies {HOST}\r\n")
        nothing, cookies = client.answer(), client.answer()

    assert (nothing[0], "content-length" in nothing[1], nothing[2]) == (204, False, b"")
    assert cookies[1]["set-cookie"] == "a=1, b=2"  # as the client of this test joins them


def test_a_client_that_waits_to_be_told_to_go_on_is_told(port):
    with Client(port) as client:
        client.send(f"POST / {HOST}Content-Length: 5\r\nExpect: 100-continue\r\n\r\n")
        interim = client.answer()[0]
        client.send("hello")
        answer = json.loads(client.answer()[2])

    assert (interim, answer["body"]) == (100, "hello")


@pytest.mark.parametrize("size", [1_001, 4_000])
def test_a_body_that_is_too_large_is_refused_and_the_connection_goes_on(port, size):
    with Client(port) as client:
        client.send(f"POST / {HOST}Content-Length: {size}\r\n\r\n{'x' * size}")
        refused = client.answer()
        chunks = f"{size:x}\r\n{'x' * size}\r\n0\r\n\r\n"
        client.send(f"POST / {HOST}Transfer-Encoding: chunked\r\n\r\n{chunks}")
        refused_chunk = client.answer()
        client.send(f"GET /next {HOST}\r\n")
        following = client.answer()[0]

    assert (refused[0], refused[1]["content-type"]) == (413, "application/problem+json")
    assert (refused_chunk[0], following) == (413, 200)


def test_a_body_that_does_not_stop_is_refused_before_its_end_and_the_connection_ends(port):
    with Client(port) as client:
        client.send(f"POST / {HOST}Content-Length: 1000000\r\n\r\n{'x' * 5_001}")
        refused = client.answer()
        assert client.is_ended()

    assert (refused[0], refused[1]["connection"]) == (413, "close")


@pytest.mark.parametrize(
    "rubbish",
    [
        "\x16\x03\x01\x02\x00\x01\r\n\r\n",
        "GET /\r\n\r\n",
        f"POST / {HOST}Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
        f"POST / {HOST}Transfer-Encoding: chunked\r\n\r\nzz\r\n",
    ],
)
def test_what_is_no_request_is_refused_and_the_connection_ends(port, rubbish):
    with Client(port) as client:
        client.send(rubbish)
        assert client.answer()[0] == 400
        assert client.is_ended()


def test_an_application_that_fails_is_a_500_and_not_the_end_of_the_worker(port):
    with Client(port) as client:
        client.send(f"GET /fails {HOST}\r\n")
        assert client.answer()[0] == 500
    with Client(port) as client:
        client.send(f"GET / {HOST}\r\n")
        assert client.answer()[0] == 200


def test_who_waits_for_an_answer_gets_it_when_the_server_is_told_to_stop():
    asked, go_on = threading.Event(), threading.Event()

    def slow(_environ, start_response):
        asked.set()
        go_on.wait(10)
        start_response("200 OK", [])
        return [b"done"]

    with served(slow, SMALL) as slow_port:
        client = Client(slow_port)
        client.send(f"GET / {HOST}\r\n")
        asked.wait(10)
        threading.Timer(0.3, go_on.set).start()

    with client:
        assert client.answer()[2] == b"done"


def test_a_body_is_taken_whole_before_a_thread_is_asked(port):
    with Client(port) as client:
        client.send(f"POST / {HOST}Content-Length: 10\r\n\r\nhello")
        time.sleep(0.2)
        client.send("world")
        answer = json.loads(client.answer()[2])

    assert answer["body"] == "helloworld"


def test_health_is_told_while_all_threads_are_taken():
    let_go = threading.Event()

    def stuck(environ, start_response):
        if environ["PATH_INFO"] != "/healthz":
            let_go.wait(3)
        start_response("200 OK", [])
        return [b"ok"]

    with served(stuck, SMALL) as stuck_port:
        waiting = [Client(stuck_port) for _ in range(5)]
        for client in waiting:
            client.send(f"GET / {HOST}\r\n")
        with Client(stuck_port) as client:
            client.send(f"GET /healthz {HOST}\r\n")
            assert client.answer()[2] == b"ok"
        let_go.set()
        for client in waiting:
            assert client.answer()[2] == b"ok"
            client.__exit__()
