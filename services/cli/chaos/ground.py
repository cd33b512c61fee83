"""Where chaos happens: a register made for it and for nothing else, gone afterwards.

It takes nothing from the environment, and on a server it uses only databases and names that it
creates: a real register cannot be hit by a slip.
"""

import contextlib
import os
import secrets
import shutil
import socket
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from services import demonstration
from services.maintenance import installation
from services.one_machine import children_on, signs_of_life
from services.supervisor import Child, Supervisor
from shared.platform.messaging.broker import BROKER_ERRORS, SUBSCRIBERS, Broker
from shared.platform.persistence.engine import Database, open_database
from shared.platform.settings import Service

Urls = dict[Service, str]


@dataclass(frozen=True)
class Ground:
    """A running register: its address, keys, processes, databases and broker."""

    url: str
    keys: dict[str, str]
    children: list[Child]
    databases: dict[Service, Database]
    broker: Broker

    @property
    def on_servers(self) -> bool:
        """Whether the databases are on a server."""
        return not self.databases["intake"].is_sqlite


@contextmanager
def running_register(database_url: str | None, broker_url: str | None) -> Iterator[Ground]:
    """A register of its own that runs during the block."""
    name, folder = (
        f"lessons_chaos_{secrets.token_hex(4)}",
        Path(tempfile.mkdtemp(prefix="lessons-chaos-")),
    )
    try:
        with _own_databases(database_url, name, folder) as urls:
            broker = Broker(broker_url or f"sqla+sqlite:///{folder}/broker.db", name)
            port = _free_port()
            _set_environment(folder, port, urls, broker)
            installation.prepare_demonstration()
            installation.upgrade()
            demonstration.open_accounts()
            databases = {service: open_database(url) for service, url in urls.items()}
            try:
                with _supervised(port) as children:
                    yield Ground(
                        f"http://127.0.0.1:{port}",
                        demonstration.api_keys(),
                        children,
                        databases,
                        broker,
                    )
            finally:
                for database in databases.values():
                    database.close()
                _drop_queues(broker)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _supervised(port: int) -> Iterator[list[Child]]:
    children, stop = children_on(port), threading.Event()
    supervisor = threading.Thread(target=Supervisor(children, signs_of_life).run, args=(stop,))
    supervisor.start()
    try:
        yield children
    finally:
        stop.set()
        supervisor.join()


@contextmanager
def _own_databases(server: str | None, name: str, folder: Path) -> Iterator[Urls]:
    """The URLs of two new databases: files in the folder, or on the server that `server` is any
    database of.
    """
    if server is None:
        yield {"intake": f"sqlite:///{folder}/intake.db", "review": f"sqlite:///{folder}/review.db"}
        return
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    names: Urls = {"intake": f"{name}_intake", "review": f"{name}_review"}
    try:
        with engine.connect() as connection:
            for made in names.values():
                connection.execute(text(f'CREATE DATABASE "{made}"'))
        url = make_url(server)
        yield {
            service: url.set(database=made).render_as_string(hide_password=False)
            for service, made in names.items()
        }
    finally:
        with engine.connect() as connection:
            for made in names.values():
                connection.execute(text(f'DROP DATABASE IF EXISTS "{made}" WITH (FORCE)'))
        engine.dispose()


def _set_environment(folder: Path, port: int, urls: Urls, broker: Broker) -> None:
    """What the processes are started with; what was set for a real register is taken away."""
    here = f"http://127.0.0.1:{port}"
    environment = os.environ  # noqa: TID251 - writing, for the children; reading is for settings
    for variable in [name for name in environment if name.startswith("LESSONS_")]:
        del environment[variable]
    environment.update(
        LESSONS_DATA_DIR=str(folder),
        LESSONS_DEMO="1",
        LESSONS_PUBLIC_URL=here,
        LESSONS_INTAKE_URL=here,
        LESSONS_REVIEW_URL=here,
        LESSONS_INTAKE_DATABASE_URL=urls["intake"],
        LESSONS_REVIEW_DATABASE_URL=urls["review"],
        LESSONS_BROKER_URL=broker.url,
        LESSONS_BROKER_NAMESPACE=broker.namespace,
    )


def drop_queue(broker: Broker, stream: str) -> None:
    """Delete the queues of a stream with all that is in them."""
    with broker.connect("chaos") as connection:
        for subscriber in SUBSCRIBERS[stream]:
            broker.queue_for(subscriber, stream)(connection.channel()).delete()


def _drop_queues(broker: Broker) -> None:
    if not broker.confirms:  # its file goes with the folder
        return
    with contextlib.suppress(*BROKER_ERRORS):
        for stream in SUBSCRIBERS:
            drop_queue(broker, stream)
        with broker.connect("chaos") as connection:
            broker.exchange(connection.channel()).delete()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
