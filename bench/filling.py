"""Filling a log with very many events at once, by SQL, so that what is measured need not be waited
for.
"""

from contextlib import closing
from typing import Any

from bench.rows import EVENT, Stored, connect, made_id, statements

NOW = "'2026-11-24 00:00:00'"


def fill(url: str, stored: Stored, count: int, *, numbered: bool) -> range:
    """Add `count` notes or events like `stored` at the end of the log, all of which must have been
    numbered.

    Returns their numbers, which are their positions if they are `numbered`, and then also marked as
    published; if not, the relay finds them as the web left them.
    """
    stream = stored.rows["outbox"][0]["stream"]
    with closing(connect(url)) as connection:
        connection.execute("BEGIN")
        head, last_id = connection.execute(
            f"SELECT head, head_event_id FROM stream WHERE name = '{stream}'"
        ).fetchone()
        numbers = range(head + 1, head + count + 1)
        changes = _places(stored.dialect, numbers, last_id) if numbered else None
        for table, columns, rows in statements(stored, n="n", changes=changes):
            for row in rows:
                connection.execute(_insert(stored.dialect, table, columns, row, numbers))
        if numbered:
            last = made_id(stored.dialect, EVENT, str(numbers[-1]))
            connection.execute(
                f"UPDATE stream SET head = {numbers[-1]}, head_event_id = {last} WHERE name = "
                f"'{stream}'"
            )
        connection.execute("COMMIT")
        connection.execute("ANALYZE")
    return numbers


def events_only(stored: Stored) -> Stored:
    """Only what a note leaves in the log."""
    return Stored(stored.dialect, {"outbox": stored.rows["outbox"]})


def _places(dialect: str, numbers: range, last_id: Any) -> dict[str, str]:
    before = (
        f"CASE n WHEN {numbers[0]} THEN '{last_id}' ELSE {made_id(dialect, EVENT, 'n - 1')} END"
    )
    if dialect != "sqlite":
        before = before.replace(f"'{last_id}'", f"'{last_id}'::uuid")
    return {
        "position": "n",
        "previous": before,
        "published_at": NOW if dialect == "sqlite" else f"{NOW}::timestamptz",
    }


def _insert(dialect: str, table: str, columns: str, row: str, numbers: range) -> str:
    insert = f"INSERT INTO {table} ({columns}) SELECT {row}"
    first, last = numbers[0], numbers[-1]
    if dialect == "sqlite":
        count = f"SELECT {first} UNION ALL SELECT n + 1 FROM numbers WHERE n < {last}"
        return f"WITH RECURSIVE numbers(n) AS ({count}) {insert} FROM numbers"
    return (
        f"{insert} FROM generate_series({first}::bigint, {last}::bigint) AS numbers(n) ORDER BY n"
    )
