"""The rows that the register stores for one note, read from it, so that every peer inserts the same
ones.

`fresh` gives them new identities as parameters for a driver, `statements` as SQL in which the
number `n` makes them unique: for pgbench, and for filling a database with very many notes at once.
"""

import json
import sqlite3
from collections.abc import Callable, Collection, Mapping
from contextlib import closing
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import psycopg
from sqlalchemy.engine import make_url

from services.intake.model import Base
from shared.platform.persistence.outbox import OutboxEvent

TABLES: dict[str, Any] = {OutboxEvent.__tablename__: OutboxEvent.__table__, **Base.metadata.tables}
COUNTED = {"note": "number", "note_version": "id", "outbox": "id"}  # the database gives these
# the first eight digits of made ids; those of items tell their place
NOTE, EVENT = "a0000000", "c0000000"


@dataclass(frozen=True)
class Stored:
    """The rows of one note by table, in the order in which they can be inserted, as the driver
    returns them.
    """

    dialect: str
    rows: Mapping[str, list[dict[str, Any]]]

    def sizes(self) -> dict[str, tuple[int, int]]:
        """Of each table the number of rows and the characters in them."""
        return {
            name: (len(rows), sum(len(str(value)) for row in rows for value in row.values()))
            for name, rows in self.rows.items()
        }


def connect(url: str) -> Any:
    """A plain connection of the driver, without a transaction until one is begun."""
    address = make_url(url)
    if address.get_backend_name() == "sqlite":
        connection = sqlite3.connect(
            str(address.database), timeout=30, isolation_level=None, check_same_thread=False
        )
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")
        return connection
    plain = address.set(drivername="postgresql").render_as_string(hide_password=False)
    return psycopg.connect(plain, autocommit=True)


def stored_by(url: str, act: Callable[[], Any], *, tables: Collection[str] = TABLES) -> Stored:
    """The rows that are there after doing something and were not before."""
    with closing(connect(url)) as connection:
        before = {name: {_key(name, row) for row in _read(connection, name)} for name in tables}
        act()
        new = {
            name: [row for row in _read(connection, name) if _key(name, row) not in before[name]]
            for name in tables
        }
    in_order = sorted(new, key=lambda name: name != "note")  # the others point to the note
    dialect = make_url(url).get_backend_name()
    return Stored(dialect, {name: new[name] for name in in_order if new[name]})


def fresh(stored: Stored) -> list[tuple[str, list[Any]]]:
    """INSERT statements with parameters, for one more note that is like the first."""

    def make_id() -> Any:
        return uuid4().hex if stored.dialect == "sqlite" else uuid4()

    note_id, mark = make_id(), "?" if stored.dialect == "sqlite" else "%s"
    new: dict[str, Callable[[], dict[str, Any]]] = {
        "note": lambda: {
            "id": note_id,
            "receipt": uuid4().hex[:22],
            "reference": f"AAN-{uuid4().hex[:8]}",
        },
        "note_version": lambda: {"note_id": note_id},
        "item": lambda: {"id": make_id(), "note_id": note_id},
        "idempotency_key": lambda: {"key": uuid4().hex, "note_id": note_id},
        "outbox": lambda: {"event_id": make_id(), "subject": str(uuid4())},
    }
    made = []
    for name, rows in stored.rows.items():
        columns = [column for column in rows[0] if column != COUNTED.get(name)]
        values = [(row | new[name]())[column] for row in rows for column in columns]
        places = ", ".join([f"({', '.join([mark] * len(columns))})"] * len(rows))
        made.append((f"INSERT INTO {name} ({', '.join(columns)}) VALUES {places}", values))
    return made


def statements(
    stored: Stored, *, n: str, changes: Mapping[str, str] | None = None
) -> list[tuple[str, str, list[str]]]:
    """For each table its name, its columns, and the values of each of its rows, as SQL of the
    number `n`.

    `changes` are further columns of the outbox, as SQL.
    """
    made = []
    for name, rows in stored.rows.items():
        columns = [column for column in rows[0] if column != COUNTED.get(name)]
        content = []
        for place, row in enumerate(rows):
            values = {column: _literal(row[column]) for column in columns} | _made(
                stored, name, place, n
            )
            if name == "outbox":
                values |= {"data": _data(stored, row["data"], n), **(changes or {})}
            content.append(", ".join(values[column] for column in columns))
        made.append((name, ", ".join(columns), content))
    return made


def made_id(dialect: str, digits: str, n: str, *, as_text: bool = False) -> str:
    """SQL for the id of the thing numbered `n`: as text with dashes, or as the dialect
    stores ids.
    """
    if dialect == "sqlite":
        dashes = "-0000-0000-0000-" if as_text else "000000000000"
        return f"printf('{digits}{dashes}%012x', {n})"
    text = f"('{digits}-0000-0000-0000-' || lpad(to_hex({n}), 12, '0'))"
    return text if as_text else f"{text}::uuid"


def _made(stored: Stored, table: str, place: int, n: str) -> dict[str, str]:
    note = made_id(stored.dialect, NOTE, n)
    return {
        "note": {"id": note, "receipt": f"'receipt-' || {n}", "reference": f"'AAN-2025-' || {n}"},
        "note_version": {"note_id": note},
        "item": {"id": made_id(stored.dialect, _item(place), n), "note_id": note},
        "idempotency_key": {"key": f"'key-' || {n}", "note_id": note},
        "outbox": {
            "event_id": made_id(stored.dialect, EVENT, n),
            "subject": made_id(stored.dialect, NOTE, n, as_text=True),
        },
    }.get(table, {})


def _data(stored: Stored, data: str, n: str) -> str:
    """What the event says, with the ids of the note numbered `n`."""
    content = json.loads(data)
    said = _literal(data)
    ids = {content["note_id"]: NOTE} | {
        item["id"]: _item(place) for place, item in enumerate(content.get("items", ()))
    }
    for old, digits in ids.items():
        said = f"replace({said}, '{old}', {made_id(stored.dialect, digits, n, as_text=True)})"
    if "reference" in content:
        said = f"replace({said}, '{content['reference']}', 'AAN-2025-' || {n})"
    return said if stored.dialect == "sqlite" else f"({said})::jsonb"


def _item(place: int) -> str:
    return f"b{place:07d}"


def _read(connection: Any, table: str) -> list[dict[str, Any]]:
    cursor = connection.execute(f"SELECT * FROM {table}")
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, map(_as_text, row), strict=True)) for row in cursor.fetchall()]


def _as_text(value: Any) -> Any:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else value


def _key(table: str, row: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(row[column.name] for column in TABLES[table].primary_key.columns)


def _literal(value: Any) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, bool | int):
        return str(value).upper()
    return "'" + str(value).replace("'", "''") + "'"
