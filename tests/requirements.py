"""What this machine offers to the tests: servers on loopback, a browser.

What is missing is a named skip.

LESSONS_TEST_REQUIRE=postgres,rabbitmq,own-servers,namespaces,browser turns such a skip into a
failure.
"""

import os
import shutil
import socket
import subprocess
from functools import cache
from pathlib import Path

import pytest

POSTGRES = "127.0.0.1", 5432
RABBITMQ = "127.0.0.1", 5672
RABBITMQ_URL = "amqp://guest:guest@127.0.0.1:5672//"


def needs(name: str) -> pytest.MarkDecorator:
    """The mark of a test that needs one of these."""
    return getattr(pytest.mark, name.replace("-", "_"))  # type: ignore[no-any-return] # pytest makes marks by name


def check(item: pytest.Item) -> None:
    """Skip a test for what it needs and this machine lacks; fail it where that is required."""
    required = _required()
    for name, present in PRESENT.items():
        if item.get_closest_marker(name.replace("-", "_")) is not None and not present():
            reason = f"{name} was not found on this machine"
            if name in required:
                pytest.fail(f"{reason}, and LESSONS_TEST_REQUIRE asks for it")
            pytest.skip(reason)


@cache
def _required() -> set[str]:
    required = {name.strip() for name in os.environ.get("LESSONS_TEST_REQUIRE", "").split(",")} - {
        ""
    }
    if unknown := required - set(PRESENT):
        pytest.exit(
            (f"LESSONS_TEST_REQUIRE: {', '.join(sorted(unknown))} is none of {', '.join(PRESENT)}"),
            returncode=4,
        )
    return required


@cache
def has_postgres() -> bool:
    """PostgreSQL answers on loopback."""
    return _listens(*POSTGRES)


@cache
def has_rabbitmq() -> bool:
    """RabbitMQ answers on loopback."""
    return _listens(*RABBITMQ)


@cache
def has_own_servers() -> bool:
    """The binaries of PostgreSQL and RabbitMQ are installed, and we may start them as somebody
    without rights.
    """
    binaries = postgres_binaries() / "initdb", rabbitmq_binaries() / "rabbitmq-server"
    may_start = os.geteuid() != 0 or shutil.which("setpriv") is not None
    return (
        may_start
        and shutil.which("epmd") is not None
        and all(binary.exists() for binary in binaries)
    )


def postgres_binaries() -> Path:
    """Where PostgreSQL's binaries are: the newest of Debian's folders, else where the path finds
    initdb.
    """
    debian = sorted(
        Path("/usr/lib/postgresql").glob("*/bin"), key=lambda found: int(found.parent.name)
    )
    return debian[-1] if debian else Path(shutil.which("initdb") or "/missing/initdb").parent


def rabbitmq_binaries() -> Path:
    """Where RabbitMQ's scripts are.

    Not those of /usr/sbin on Debian, which insist on the account rabbitmq.
    """
    debian = Path("/usr/lib/rabbitmq/bin")
    return (
        debian
        if debian.exists()
        else Path(shutil.which("rabbitmq-server") or "/missing/rabbitmq-server").parent
    )


@cache
def has_namespaces() -> bool:
    """We may make network namespaces: we are root, iproute2 is there, and no container
    forbids it.
    """
    if os.geteuid() != 0 or shutil.which("ip") is None:
        return False
    name = f"lessons-{os.getpid()}-probe"
    made = subprocess.run(["ip", "netns", "add", name], capture_output=True, check=False)
    subprocess.run(["ip", "netns", "delete", name], capture_output=True, check=False)
    return made.returncode == 0


@cache
def has_browser() -> bool:
    """There is a Chromium."""
    return chromium() is not None


def chromium() -> str | None:
    """Where Chromium is."""
    return (
        os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    )


def _listens(host: str, port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(2)
        return probe.connect_ex((host, port)) == 0


PRESENT = {
    "postgres": has_postgres,
    "rabbitmq": has_rabbitmq,
    "own-servers": has_own_servers,
    "namespaces": has_namespaces,
    "browser": has_browser,
}
