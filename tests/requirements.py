"""What this machine offers to the tests: servers on loopback, a browser. What is missing is a named skip.

LESSONS_TEST_REQUIRE=postgres,rabbitmq,browser turns such a skip into a failure.
"""

import os
import shutil
import socket
from functools import cache

import pytest

POSTGRES = "127.0.0.1", 5432
RABBITMQ = "127.0.0.1", 5672
RABBITMQ_URL = "amqp://guest:guest@127.0.0.1:5672//"


def needs(name: str) -> pytest.MarkDecorator:
    """The mark of a test that needs one of these."""
    return getattr(pytest.mark, name)  # type: ignore[no-any-return]


def check(item: pytest.Item) -> None:
    """Skip a test for what it needs and this machine lacks; fail it where that is required."""
    required = {name.strip() for name in os.environ.get("LESSONS_TEST_REQUIRE", "").split(",")}
    for name, present in (("postgres", has_postgres), ("rabbitmq", has_rabbitmq), ("browser", has_browser)):
        if item.get_closest_marker(name) is not None and not present():
            reason = f"{name} was not found on this machine"
            if name in required:
                pytest.fail(f"{reason}, and LESSONS_TEST_REQUIRE asks for it")
            pytest.skip(reason)


@cache
def has_postgres() -> bool:
    """PostgreSQL answers on loopback."""
    return _listens(*POSTGRES)


@cache
def has_rabbitmq() -> bool:
    """RabbitMQ answers on loopback."""
    return _listens(*RABBITMQ)


@cache
def has_browser() -> bool:
    """There is a Chromium."""
    return chromium() is not None


def chromium() -> str | None:
    """Where Chromium is."""
    return os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")


def _listens(host: str, port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(2)
        return probe.connect_ex((host, port)) == 0
