"""What every table of the register shares: names of constraints, moments in UTC, JSON that both
databases index.
"""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, cast

from sqlalchemy import (
    JSON,
    BigInteger,
    CursorResult,
    DateTime,
    Delete,
    Dialect,
    Integer,
    MetaData,
    String,
    Update,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.types import TypeDecorator

NAMING = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcDateTime(TypeDecorator[datetime]):
    """A moment.

    Refuses naive values, and gives aware ones back from SQLite, which drops the zone.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value!r} has no time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Word(TypeDecorator[StrEnum]):
    """A member of an enum, stored as its word."""

    impl = String
    cache_ok = True

    def __init__(self, words: type[StrEnum]) -> None:
        super().__init__()
        self.words = words

    def process_bind_param(self, value: str | None, _dialect: Dialect) -> str | None:
        return None if value is None else str(value)

    def process_result_value(self, value: str | None, _dialect: Dialect) -> StrEnum | None:
        return None if value is None else self.words(value)


Json = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")

BigId = BigInteger().with_variant(Integer, "sqlite")  # SQLite counts up only on INTEGER keys

TYPES: dict[Any, Any] = {
    datetime: UtcDateTime,
    dict[str, Any]: Json,
    list[str]: Json,
    list[int]: Json,
}


class SharedBase(DeclarativeBase):
    """Tables that both services have, each in its own database: the log, the cursor,
    people, mails.
    """

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = TYPES


def count_changed(session: Session, statement: Update | Delete) -> int:
    """Carry out a statement. Returns how many rows it changed or deleted."""
    result = cast("CursorResult[Any]", session.execute(statement))
    return result.rowcount
