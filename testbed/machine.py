"""What this machine offers: servers on loopback, their binaries, a browser, free ports."""

import os
import random
import shutil
import socket
import subprocess
from collections.abc import Sequence
from functools import cache
from pathlib import Path

POSTGRES = "127.0.0.1", 5432
RABBITMQ = "127.0.0.1", 5672
POSTGRES_URL = "postgresql+psycopg://postgres@127.0.0.1/postgres"
RABBITMQ_URL = "amqp://guest:guest@127.0.0.1:5672//"
# Below the ports that the system gives to clients: one that keeps asking for a stopped server could
# else reach itself. Of two runs of tests beside each other each has its own: a port is free until
# who asked for it starts its server.
WORKER = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
PORTS = range(15_000 + WORKER % 2 * 8_000, 23_000 + WORKER % 2 * 8_000)


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


def free_port(host: str = "127.0.0.1", inside: Sequence[str] = ()) -> int:
    """A port that nobody listens on.

    Within another namespace, one that is as good as surely free.
    """
    while True:
        port = random.choice(PORTS)
        with socket.socket() as probe:
            if inside or probe.connect_ex((host, port)) != 0:
                return port
