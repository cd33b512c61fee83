"""Operations have references, and what tells them apart: time, countries, identifiers."""

from collections import Counter
from typing import Any

import sqlalchemy as sa
from alembic import op

from shared.domain.operations import Traits
from shared.platform import clock
from shared.platform.persistence.base import Json, UtcDateTime

revision = "0005"
down_revision = "0004"

_OPERATION = sa.table(
    "operation",
    sa.column("id", sa.Uuid()),
    sa.column("details", Json),
    sa.column("reference", sa.String()),
    sa.column("countries", Json),
    sa.column("started_first", sa.Date()),
    sa.column("started_last", sa.Date()),
    sa.column("ended_first", sa.Date()),
    sa.column("ended_last", sa.Date()),
)
_NOTE = sa.table(
    "note",
    sa.column("number", sa.BigInteger()),
    sa.column("operation_id", sa.Uuid()),
    sa.column("content", Json),
    sa.column("submitted_at", UtcDateTime()),
)


def upgrade() -> None:
    """Make the tables, and fill them with what the notes say."""
    counters = op.create_table(
        "operation_counter",
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("year", name=op.f("pk_operation_counter")),
    )
    identifiers = op.create_table(
        "operation_identifier",
        sa.Column("scheme", sa.String(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("operation_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["operation_id"],
            ["operation.id"],
            name=op.f("fk_operation_identifier_operation_id_operation"),
        ),
        sa.PrimaryKeyConstraint(
            "scheme",
            "number",
            "operation_id",
            name=op.f("pk_operation_identifier"),
        ),
    )
    op.create_index(
        op.f("ix_operation_identifier_operation_id"),
        "operation_identifier",
        ["operation_id"],
    )
    op.create_index(op.f("ix_note_operation_id"), "note", ["operation_id"])
    op.add_column("operation", sa.Column("reference", sa.String(), nullable=True))
    op.add_column("operation", sa.Column("countries", Json, nullable=True))
    for name in ("started_first", "started_last", "ended_first", "ended_last"):
        op.add_column("operation", sa.Column(name, sa.Date(), nullable=True))
    _fill(op.get_bind(), counters, identifiers)
    with op.batch_alter_table("operation") as batch_op:
        for name in ("reference", "countries", "started_first", "started_last"):
            batch_op.alter_column(name, nullable=False)
        batch_op.create_unique_constraint(batch_op.f("uq_operation_reference"), ["reference"])


def _fill(connection: sa.Connection, counters: sa.Table, identifiers: sa.Table) -> None:
    """The references in the order of the first notes, each with the year in which that came."""
    last: Counter[int] = Counter()
    for operation_id, (year, traits) in _known(connection).items():
        last[year] += 1
        row = {"reference": f"OP-{year}-{last[year]:04d}", **_columns(traits)}
        connection.execute(sa.update(_OPERATION).where(_OPERATION.c.id == operation_id), row)
        for scheme, number in traits.identifiers:
            carried = {"scheme": scheme, "number": number, "operation_id": operation_id}
            connection.execute(sa.insert(identifiers), carried)
    for year, highest in last.items():
        connection.execute(sa.insert(counters), {"year": year, "last": highest})


def _known(connection: sa.Connection) -> dict[Any, tuple[int, Traits]]:
    """The year and the traits of each operation, by its notes; at the end those without any."""
    described = sa.select(_NOTE.c.operation_id, _NOTE.c.submitted_at, _NOTE.c.content["operation"])
    is_told = _NOTE.c.operation_id.is_not(None) & _NOTE.c.content.is_not(None)
    known: dict[Any, tuple[int, Traits]] = {}
    for operation_id, at, told in connection.execute(described.where(is_told).order_by("number")):
        traits = Traits.of(told)
        if operation_id in known:
            year, earlier = known[operation_id]
            known[operation_id] = year, earlier.with_more(traits)
        else:
            known[operation_id] = (at or clock.now()).year, traits
    rest = connection.execute(sa.select(_OPERATION.c.id, _OPERATION.c.details))
    for operation_id, details in rest.all():
        known.setdefault(operation_id, (clock.today().year, Traits.of(details)))
    return known


def _columns(traits: Traits) -> dict[str, Any]:
    ended = traits.ended or (None, None)
    return {
        "countries": sorted(traits.countries),
        "started_first": traits.started[0],
        "started_last": traits.started[1],
        "ended_first": ended[0],
        "ended_last": ended[1],
    }
