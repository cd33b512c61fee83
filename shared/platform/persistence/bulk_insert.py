"""Storing what a transaction adds in one statement.

Round trips, not SQL, are what a note costs on PostgreSQL, and the unit of work of the ORM comes on
top. So where many notes come in, the rows of all tables go in one data-modifying statement, which
PostgreSQL keeps or refuses as a whole. SQLite has no round trips and no such statement; there it is
a transaction like any other.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any, cast

import orjson
from sqlalchemy import Column, ColumnDefault, Connection, Table, event, inspect
from sqlalchemy.orm import Mapper, Session, object_mapper

from shared.platform.persistence.engine import RECORDED, Database


@contextmanager
def begin(database: Database) -> Iterator[Session]:
    """`database.sessions.begin()` for a change that only adds, with ids and foreign keys already
    set.

    Until the end nothing is written and nothing locked, so a lock on what was read does not hold.
    Raises IntegrityError at the end when a row contradicts what is there; then none was stored.
    """
    if database.is_sqlite:
        with database.sessions.begin() as session:
            yield session
        return
    with database.readings(autoflush=False) as session:
        event.listen(session, "before_flush", _refuse)
        yield session
        if session.dirty or session.deleted:
            raise RuntimeError(
                "only what is new is stored here: change or delete in an ordinary transaction"
            )
        insert_pending(session)
        if session.info.pop(RECORDED, False):
            database.notifier.notify()


def insert_pending(session: Session) -> None:
    """Store now, in one statement, what was added to this session, and let go of it; the
    transaction goes on.

    Ids and foreign keys must be set already. What was added to something that is stored, such as an
    item to a case that was read, is left to the unit of work, and on SQLite everything is. Raises
    IntegrityError like a flush.
    """
    if session.get_bind().dialect.name == "sqlite":
        return
    left = {id(part) for owner in session.dirty for part in _parts(owner)}
    added = [one for one in session.new if id(one) not in left]
    if not added:
        return
    _insert(session.connection(), added)
    for one in added:
        session.expunge(one)


def _parts(owner: object) -> Iterator[object]:
    """What would be stored along with it."""
    for part, *_rest in object_mapper(owner).cascade_iterator("save-update", inspect(owner)):
        yield part


def _refuse(session: Session, *_context: Any) -> None:
    raise RuntimeError(
        f"{session} stores at its end, in one statement: flushing would store a part of it"
    )


def _insert(connection: Connection, added: Sequence[object]) -> None:
    """The rows of each table travel as one parameter, so that the statement is the same for any
    number of them.
    """
    rows: dict[Table, list[Mapping[str, Any]]] = defaultdict(list)
    for instance in added:
        mapper = object_mapper(instance)
        rows[cast("Table", mapper.local_table)].append(_row(mapper, instance))
    inserts = [
        (
            f"added_{place} AS "
            f"({_INSERT.format(table=table.name, columns=', '.join(map(_quoted, of_table[0])))})"
        )
        for place, (table, of_table) in enumerate(rows.items())
    ]
    # What JSON has no type for, such as a Decimal, travels as its text: PostgreSQL reads it by the
    # column's type.
    values = tuple(orjson.dumps(of_table, default=str).decode() for of_table in rows.values())
    connection.exec_driver_sql(f"WITH {', '.join(inserts)} SELECT 1", values)


_INSERT = (
    'INSERT INTO "{table}" ({columns}) SELECT {columns} FROM '
    'json_populate_recordset(NULL::"{table}", %s)'
)


def _quoted(name: str) -> str:
    return f'"{name}"'


def _row(mapper: Mapper[Any], instance: object) -> dict[str, Any]:
    """The values of a row by column; a key that the database counts is left to it."""
    values = vars(instance)
    row = {}
    for key, column in _columns(mapper):
        value = values.get(key)
        if value is None and isinstance(column.default, ColumnDefault):
            default: Any = column.default.arg
            value = default(None) if column.default.is_callable else default
        if value is not None or not column.primary_key:
            row[str(column.name)] = value  # a name that was given is of a kind of its own
    return row


@cache
def _columns(mapper: Mapper[Any]) -> list[tuple[str, Column[Any]]]:
    return [
        (prop.key, column)
        for prop in mapper.column_attrs
        for column in prop.columns
        if isinstance(column, Column)
    ]
