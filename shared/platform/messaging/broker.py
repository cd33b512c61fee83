"""The broker: the settings that make a connection safe, and the one exchange with its queues.

The broker is never trusted to keep anything: it carries hints that hold the event, and whoever
missed one pulls it from the producer. So a queue may be cut short, wiped or lost; it must only
never block the producer for ever.
"""

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from kombu import Connection, Exchange, Queue
from kombu.exceptions import KombuError
from kombu.serialization import register
from kombu.transport import pyamqp
from kombu.transport import sqlalchemy as kombu_sqlalchemy
from sqlalchemy.exc import DBAPIError

from shared.platform.events import CONTENT_TYPE, INTAKE_STREAM, REVIEW_STREAM
from shared.platform.logs import log

SUBSCRIBERS = {INTAKE_STREAM: ("review",), REVIEW_STREAM: ("intake",)}
# What a broker that is down, frozen, full or cut off makes a client raise. kombu does not translate
# what its transports raise while a connection is in use: py-amqp's errors are neither kombu's nor
# the system's.
BROKER_ERRORS: tuple[type[Exception], ...] = (
    *pyamqp.Transport.connection_errors,
    *pyamqp.Transport.channel_errors,
    KombuError,
    OSError,
    DBAPIError,
)

# RabbitMQ gives up on a silent client after two to three of them, a client on it after two
HEARTBEAT_SECONDS = 5
# the broker drops the oldest beyond this; the subscriber pulls what it missed
LONGEST_QUEUE = 100_000
SQLITE = "sqla+sqlite:///"

# The default of one second between looks at an SQLite file would be the delay of every event. There
# is no option for it: kombu would hand `polling_interval` on to SQLAlchemy's create_engine, which
# refuses it.
kombu_sqlalchemy.Transport.polling_interval = 0.05


def what_broker_says(error: Exception) -> str:
    """One of BROKER_ERRORS in a line.

    The embedded broker's would quote its statement, and with it the event.
    """
    return f"{type(error).__name__}: {getattr(error, 'orig', error)}"[:500]


class _Channel(kombu_sqlalchemy.Channel):
    """A channel that gives its connection to the file back when it is closed.

    kombu's own leaves that to Python's collector of cycles. Until it comes round, whoever connects
    anew again and again, as a relay does while the file is locked, uses up the pool of fifteen.
    What it took and did not acknowledge it does not put back: whoever misses it pulls it, and kombu
    writes what it cannot put back into a file of its own.
    """

    do_restore = False

    def close(self) -> None:
        try:
            super().close()  # type: ignore[no-untyped-call] # kombu tells no types
        finally:
            if self._session is not None:
                self._session.close()


kombu_sqlalchemy.Transport.Channel = _Channel

# kombu refuses content types that it does not know. Bodies are bytes already, so there is nothing
# to do either way.
register(
    "cloudevents",
    lambda body: body,
    lambda body: body,
    content_type=CONTENT_TYPE,
    content_encoding="utf-8",
)


class UnsafeBrokerError(ValueError):
    """This transport would lose events in ordinary operation."""


@dataclass(frozen=True)
class Broker:
    """Where the broker is, and the prefix of our names in it, so that two registers can
    share one.
    """

    url: str
    namespace: str = "lessons"

    def __post_init__(self) -> None:
        """Raises UnsafeBrokerError for a transport that must not be used."""
        if self.url.startswith("filesystem"):
            raise UnsafeBrokerError(
                "filesystem:// loses messages without any crash (two processes race for a file); "
                "use sqla+sqlite:///… or amqp://…"
            )

    @property
    def confirms(self) -> bool:
        """True when the broker can say that it has stored a message."""
        return self.url.startswith("amqp")

    @property
    def exchange(self) -> Exchange:
        """The one exchange; the routing key is the name of the stream."""
        return Exchange(self.namespace, type="topic", durable=True, delivery_mode="persistent")

    def connect(self, name: str) -> Connection:
        """A connection that notices a frozen or vanished broker within seconds, instead of waiting
        for ever.
        """
        if not self.confirms:
            return Connection(self.url)
        return Connection(
            self.url,
            heartbeat=HEARTBEAT_SECONDS,
            connect_timeout=5,
            transport_options={
                "read_timeout": 10,
                "write_timeout": 10,
                "client_properties": {"connection_name": name},
            },
        )

    def queue_for(self, subscriber: str, stream: str) -> Queue:
        """The queue in which `subscriber` finds the events of `stream`.

        Only RabbitMQ heeds the arguments.
        """
        return Queue(
            f"{self.namespace}.{stream}.{subscriber}",
            exchange=self.exchange,
            routing_key=stream,
            durable=True,
            queue_arguments={
                "x-queue-type": "quorum",
                "x-single-active-consumer": True,
                "x-max-length": LONGEST_QUEUE,
                "x-overflow": "drop-head",
            },
        )

    def declare(self, connection: Connection, stream: str) -> None:
        """Create the queues of a stream where they are missing."""
        channel = connection.channel()
        for subscriber in SUBSCRIBERS[stream]:
            self.queue_for(subscriber, stream)(channel).declare()
        channel.close()

    def ensure(self, connection: Connection, stream: str) -> None:
        """Make sure, at each connection, that the queues of a stream are there.

        On RabbitMQ this only looks: “lessons upgrade” has declared them before anything flows,
        because a quorum queue that is younger than a second when the broker dies may never work
        again. What was deleted or wiped since is declared again, with a warning. On the SQLite
        transport, bindings live in the memory of the process: a publisher that declared no queue
        publishes into nothing without a word.
        """
        if self.confirms:
            if self._has(connection, stream):
                return
            log.warning(
                "the broker lacks the queues of a stream; they are declared again", stream=stream
            )
        self.declare(connection, stream)

    def is_prepared(self) -> bool:
        """Whether “lessons upgrade” has prepared this broker.

        Raises one of BROKER_ERRORS when it does not answer.
        """
        if self.url.startswith(SQLITE):
            return Path(self.url.removeprefix(SQLITE)).exists()
        with self.connect("check") as connection:
            return all(self._has(connection, stream) for stream in SUBSCRIBERS)

    def _has(self, connection: Connection, stream: str) -> bool:
        channel = connection.channel()
        try:
            self.exchange(channel).declare(passive=True)
            for subscriber in SUBSCRIBERS[stream]:
                queue = self.queue_for(subscriber, stream)(channel)
                queue.queue_declare(passive=True)
                # nobody can ask for a binding, and to bind again changes nothing
                queue.queue_bind()
        except connection.channel_errors:  # “not found”, with which RabbitMQ has closed the channel
            return False
        channel.close()
        return True

    def prepare(self) -> None:
        """Create what the broker needs before several processes open it at once: files, tables,
        queues.
        """
        if self.url.startswith(SQLITE):
            path = Path(self.url.removeprefix(SQLITE))
            path.parent.mkdir(parents=True, exist_ok=True)
            with sqlite3.connect(path) as file:
                # stays with the file, and more than doubles its speed
                file.execute("PRAGMA journal_mode=WAL")
            file.close()
        with self.connect("prepare") as connection:
            for stream in SUBSCRIBERS:
                self.declare(connection, stream)

    def forget_all(self) -> None:
        """Empty the queues: after a restore they hold events of another life.

        Whoever missed one pulls it.
        """
        if self.url.startswith(SQLITE) and not Path(self.url.removeprefix(SQLITE)).exists():
            # to look would make the file, perhaps as somebody else than the register runs as
            return
        with self.connect("forget") as connection:
            channel = connection.channel()
            for stream, subscribers in SUBSCRIBERS.items():
                for subscriber in subscribers:
                    queue = self.queue_for(subscriber, stream)(channel)
                    queue.declare()
                    queue.purge()

    def emptying(self) -> str:
        """How a person does what `forget_all` could not, in one imperative sentence with its
        commands.
        """
        if not self.confirms:
            return f"delete {self.url.removeprefix(SQLITE)}: the register makes it again."
        host = Connection(self.url).virtual_host
        queues = [
            self.queue_for(each, stream).name
            for stream in SUBSCRIBERS
            for each in SUBSCRIBERS[stream]
        ]
        commands = [f"\n  rabbitmqctl purge_queue --vhost {host} {queue}" for queue in queues]
        return "start RabbitMQ and there let run:" + "".join(commands)

    def count_carried(self) -> int:
        """How many messages of the embedded broker were consumed and are there still; 0 if its file
        cannot be read.
        """
        if not self.url.startswith(SQLITE):
            return 0
        try:
            with closing(
                sqlite3.connect(f"file:{self.url.removeprefix(SQLITE)}?mode=ro", uri=True)
            ) as file:
                (count,) = file.execute(
                    "SELECT count(*) FROM kombu_message WHERE NOT visible"
                ).fetchone()
                return int(count)
        except sqlite3.Error:
            return 0

    def sweep(self, *, compact: bool = False) -> int:
        """Delete the consumed messages of the embedded broker, which never does so itself.

        Returns how many.

        With `compact`, the file gives back the room that they took. One that is locked, full or was
        deleted is left for the next time.
        """
        if not self.url.startswith(SQLITE):
            return 0
        try:
            with closing(sqlite3.connect(self.url.removeprefix(SQLITE), timeout=10)) as file:
                with file:
                    gone = file.execute("DELETE FROM kombu_message WHERE NOT visible").rowcount
                if compact:
                    file.execute("VACUUM")
                    # only then the file itself gets smaller
                    file.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                return gone
        except sqlite3.Error as error:
            log.warning("the embedded broker was not swept", error=str(error))
            return 0
