"""`lessons healthcheck` says what it asked, and what came back."""

import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from shared.platform.persistence import heartbeat
from testbed.machine import free_port


class Answering(BaseHTTPRequestHandler):
    """Answers with the number that the path names."""

    def do_GET(self):
        self.send_response(int(self.path.strip("/")))
        self.end_headers()

    def log_message(self, *_said):
        """Nothing is to be said on standard error."""


@pytest.fixture
def server():
    """The address of a server that answers 200 at /200, and so on."""
    with HTTPServer(("127.0.0.1", 0), Answering) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{running.server_port}"
        running.shutdown()


def test_an_address_that_answers_200_is_well(command, server):
    done = command("healthcheck", f"{server}/200")

    assert (done.exit_code, done.output) == (0, f"{server}/200 answers 200.\n")


def test_another_answer_is_said(command, server):
    done = command("healthcheck", f"{server}/503")

    assert (done.exit_code, done.output) == (1, f"Error: {server}/503 answers 503.\n")


def test_an_address_where_nobody_answers_is_named_with_the_reason(command):
    url = f"http://127.0.0.1:{free_port()}/healthz"

    done = command("healthcheck", url)

    assert done.exit_code == 1
    assert done.output.startswith(f"Error: {url} gives no answer: ")
    assert "Connection refused" in done.output


def test_without_a_target_the_register_on_this_machine_is_asked(command):
    said = command("healthcheck").output.removeprefix("Error: ")

    assert said.startswith("http://localhost:8080/healthz ")


@pytest.mark.parametrize(("trouble", "code", "said"), [
    (None, 0, "intake-relay: ok.\n"),
    ("no broker", 1, "Error: intake-relay: no broker.\n"),
])  # fmt: skip
def test_a_process_without_an_address_is_named_too(world, command, trouble, code, said):
    with world.intake_db.sessions.begin() as session:
        heartbeat.beat(session, "relay", trouble=trouble)

    done = command("healthcheck", "intake-relay")

    assert (done.exit_code, done.output) == (code, said)
