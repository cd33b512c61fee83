"""PostgreSQL and RabbitMQ of a test's own, started from the installed binaries, so that a test may
kill and wipe them.

Nothing of them is left behind. `inside` are words that go before each command: `("ip", "netns",
"exec", "one")` starts the server within a network namespace. A server on another address than
loopback believes whoever reaches it, so give it only addresses of such a namespace.
"""

import random
import shutil
import signal
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TypeVar

import psycopg

from testbed.machine import free_port, postgres_binaries, rabbitmq_binaries
from testbed.own_server import READY_SECONDS, Server

ENOUGH_MEMORY = "0.4"  # RabbitMQ's own default

Own = TypeVar("Own", "OwnPostgres", "OwnRabbitMQ")


class OwnPostgres(Server):
    """A PostgreSQL server.

    `address` is the start of its databases' URLs, `url` that of the database `postgres`.
    """

    def __init__(self, host: str, inside: Sequence[str]) -> None:
        super().__init__(host, inside)
        self.address = f"postgresql+psycopg://postgres@{host}:{self.port}"
        self.url = f"{self.address}/postgres"
        self._data = self.folder / "data"

    def start(self) -> None:
        """Start it and wait until it answers."""
        if not self._data.exists():
            self._make()
        options: list[str | Path] = [
            "-D",
            self._data,
            "-k",
            self.folder,
            "-h",
            self.host,
            "-p",
            str(self.port),
        ]
        ask = self.command(
            postgres_binaries() / "pg_isready", "-q", "-h", self.host, "-p", str(self.port)
        )
        binary = postgres_binaries() / "postgres"
        self.launch(
            self.command(binary, *options), lambda: subprocess.run(ask, check=False).returncode == 0
        )

    def stop(self) -> None:
        """Stop it at once and orderly: clients are cut off, what is committed is kept ("fast"
        shutdown).
        """
        self.terminate(signal.SIGINT)

    def create_database(self, name: str, template: str = "template1") -> str:
        """Create a database. Returns its URL."""
        self.sql(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return f"{self.address}/{name}"

    def drop_database(self, name: str) -> None:
        """Drop a database, whoever uses it."""
        self.sql(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def end_connections(self, database: str) -> int:
        """Kill the connections to a database (pg_terminate_backend).

        Returns how many there were.
        """
        ask = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = %s"
        with self._connect() as connection:
            row = connection.execute(ask, (database,)).fetchone()
        return int(row[0]) if row else 0

    def sql(self, statement: str) -> None:
        """Run one statement as the superuser.

        Only where the test's own process can reach the server.
        """
        with self._connect() as connection:
            connection.execute(statement)

    def _make(self) -> None:
        binary = postgres_binaries() / "initdb"
        self.run(
            binary, "--auth=trust", "--username=postgres", "--no-sync", f"--pgdata={self._data}"
        )
        with (self._data / "pg_hba.conf").open("a", encoding="utf-8") as rules:
            rules.write("host all all samenet trust\n")

    def _connect(self) -> psycopg.Connection:
        return psycopg.connect(f"host={self.host} port={self.port} user=postgres", autocommit=True)


class OwnRabbitMQ(Server):
    """A RabbitMQ node with a name, a cookie and an epmd of its own. `url` opens it as guest."""

    def __init__(self, host: str, inside: Sequence[str]) -> None:
        super().__init__(host, inside)
        self.url = f"amqp://guest:guest@{host}:{self.port}//"
        self._names_port = free_port(host, inside)
        self._names: subprocess.Popen[bytes] | None = None
        self._environment = {
            "RABBITMQ_NODENAME": f"lessons{self.port}@localhost",
            "RABBITMQ_NODE_IP_ADDRESS": host,
            "RABBITMQ_NODE_PORT": str(self.port),
            "RABBITMQ_DIST_PORT": str(free_port(host, inside)),
            "RABBITMQ_MNESIA_BASE": str(self.folder / "mnesia"),
            "RABBITMQ_LOG_BASE": str(self.folder),
            "RABBITMQ_LOGS": "-",
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(self.folder / "plugins"),
            "RABBITMQ_CONFIG_FILE": str(self.folder / "rabbitmq.conf"),
            "RABBITMQ_CONF_ENV_FILE": "/dev/null",
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": (
                "-kernel inet_dist_use_interface {127,0,0,1} +S 1"
            ),
            "ERL_EPMD_PORT": str(self._names_port),
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "LANG": "C.UTF-8",
        }
        self._write("plugins", "[].\n")
        self._write("rabbitmq.conf", "loopback_users = none\ndisk_free_limit.absolute = 1MB\n")
        self._write(".erlang.cookie", f"{random.getrandbits(64):X}").chmod(0o400)

    def start(self) -> None:
        """Start it and wait until it takes connections: several seconds."""
        if self._names is None:
            command = self.command("epmd", "-port", str(self._names_port), "-address", "127.0.0.1")
            self._names = subprocess.Popen(command, stdin=subprocess.DEVNULL)
        binary = rabbitmq_binaries() / "rabbitmq-server"
        self.launch(
            self.command(binary, **self._environment),
            lambda: ("Server startup complete") in self.log,
        )

    def stop(self) -> None:
        """Stop it orderly."""
        self.terminate()

    def raise_memory_alarm(self) -> None:
        """Let it believe that its memory is full: it reads nothing more from who publishes."""
        self._control("set_vm_memory_high_watermark", "0")

    def end_memory_alarm(self) -> None:
        """Let it read again."""
        self._control("set_vm_memory_high_watermark", ENOUGH_MEMORY)

    def wipe(self) -> None:
        """Delete all that a stopped or killed node has stored: queues, bindings, messages."""
        shutil.rmtree(self.folder / "mnesia")

    def remove(self) -> None:
        """Kill what still runs and delete its folder."""
        if self._names is not None:
            self._names.kill()
            self._names.wait(READY_SECONDS)
        super().remove()

    def _control(self, *words: str) -> None:
        self.run(rabbitmq_binaries() / "rabbitmqctl", *words, **self._environment)

    def _write(self, name: str, text: str) -> Path:
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        self.own(path)
        return path


def own_postgres(
    host: str = "127.0.0.1", *, inside: Sequence[str] = ()
) -> AbstractContextManager[OwnPostgres]:
    """A PostgreSQL server of our own that runs during the block."""
    return _running(OwnPostgres(host, inside))


def own_rabbitmq(
    host: str = "127.0.0.1", *, inside: Sequence[str] = ()
) -> AbstractContextManager[OwnRabbitMQ]:
    """A RabbitMQ node of our own that runs during the block."""
    return _running(OwnRabbitMQ(host, inside))


@contextmanager
def _running(server: Own) -> Iterator[Own]:
    try:
        server.start()
        yield server
    finally:
        server.remove()
