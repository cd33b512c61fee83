"""The operations that notes tell of."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.orm import Mapped, mapped_column

from services.intake.model.base import Base


class Operation(Base):
    """What was done. Found again by its title, type and a country, so that nobody types it twice.

    `folded` is the title without case and accents; `details` is the operation as the first note
    told it.
    """

    __tablename__ = "operation"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    title: Mapped[str]
    folded: Mapped[str] = mapped_column(index=True)
    type: Mapped[str]
    details: Mapped[dict[str, Any]]


def codes_of(operation: Mapping[str, Any]) -> set[str]:
    """The countries of an operation."""
    return {country["code"] for country in operation["countries"]}
