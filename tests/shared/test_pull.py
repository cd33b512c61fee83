"""Pulling from whatever answers at the producer's address."""

import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from shared.platform.messaging import pull
from shared.platform.messaging.pull import Source, SourceAwayError
from testbed.machine import free_port


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (200, b"<html>a proxy's page</html>"),
        (200, b'{"events": [{"specversion": "1.0"}], "epoch": "x", "head": 1}'),
        (200, b"[]"),
        (409, b"<html>another's conflict</html>"),
        (502, b"{}"),
    ],
)
def test_what_is_no_page_of_the_log_counts_as_no_answer(status, body):
    class Stranger(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_arguments):
            pass

    server = HTTPServer(("127.0.0.1", 0), Stranger)
    thread = threading.Thread(target=server.handle_request)
    thread.start()
    try:
        with pytest.raises(SourceAwayError):
            Source(f"http://127.0.0.1:{server.server_port}", "/events", "key").page_after(0, None)
    finally:
        thread.join(5)
        server.server_close()


def test_a_producer_that_gives_no_answer_is_told_once_and_not_while_it_may_be_starting(monkeypatch):
    said, now = [], [0.0]
    monkeypatch.setattr(pull.clock, "ticks", lambda: now[0])
    monkeypatch.setattr(pull.log, "warning", lambda event, **_more: said.append((event, now[0])))
    source = Source(f"http://127.0.0.1:{free_port()}", "/events", "key")

    for now[0] in (0.0, 59.0, 60.0, 61.0):
        with pytest.raises(SourceAwayError):
            source.page_after(0, None)

    assert said == [("the producer of the stream gives no answer", 60.0)]
