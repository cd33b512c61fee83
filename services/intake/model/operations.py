"""The operations that notes tell of."""

from collections.abc import Iterable, Sequence
from datetime import date
from functools import reduce
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from services.intake.model.base import Base
from shared.domain.content.parts import OperationContent
from shared.domain.operations import Identifier, Traits
from shared.platform.persistence.base import Json
from shared.platform.typed.days import Span


class Operation(Base):
    """What was done. Several notes may be about it; `details` is as the first of them told it.

    People call it by its `reference`. `folded` is the title without case and accents. What is known
    of it grows with each note: the countries and identifiers that any of them names, and when it
    started and ended as narrowly as they say together.
    """

    __tablename__ = "operation"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    reference: Mapped[str] = mapped_column(unique=True)
    title: Mapped[str]
    folded: Mapped[str] = mapped_column(index=True)
    type: Mapped[str]
    details: Mapped[OperationContent] = mapped_column(Json)
    countries: Mapped[list[str]]
    started_first: Mapped[date]
    started_last: Mapped[date]
    ended_first: Mapped[date | None]
    ended_last: Mapped[date | None]

    identifiers: Mapped[list["OperationIdentifier"]] = relationship(
        cascade="all, delete-orphan",
        lazy="selectin",
    )

    @property
    def traits(self) -> Traits:
        """By what it is told from others."""
        return traits_of(self, ((each.scheme, each.number) for each in self.identifiers))

    def describe(self, descriptions: Sequence[OperationContent]) -> None:
        """From now on it is what these notes tell, the first of them first."""
        first = descriptions[0]
        self.title, self.type, self.details = first["title"], first["type"], first.copy()
        self._keep(reduce(Traits.with_more, map(Traits.of, descriptions)))

    def learn(self, more: Traits) -> None:
        """Another note is about it."""
        self._keep(self.traits.with_more(more))

    def _keep(self, traits: Traits) -> None:
        self.folded, self.countries = traits.title, sorted(traits.countries)
        self.started_first, self.started_last = traits.started
        self.ended_first, self.ended_last = traits.ended or (None, None)
        known = {(each.scheme, each.number): each for each in self.identifiers}
        self.identifiers = [
            known.get(named) or OperationIdentifier(scheme=named.scheme, number=named.id)
            for named in sorted(traits.identifiers)
        ]


class OperationIdentifier(Base):
    """What someone else calls an operation. The number is folded, to be found again."""

    __tablename__ = "operation_identifier"

    scheme: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(primary_key=True)
    operation_id: Mapped[UUID] = mapped_column(
        ForeignKey("operation.id"),
        primary_key=True,
        index=True,
    )


class OperationCounter(Base):
    """The last number given to an operation in a year. Some are left out, none is given twice."""

    __tablename__ = "operation_counter"

    year: Mapped[int] = mapped_column(primary_key=True)
    last: Mapped[int]


def traits_of(known: Any, identifiers: Iterable[Sequence[str]]) -> Traits:
    """The traits of an operation, or of a row with its columns."""
    is_ended = known.ended_first is not None
    return Traits(
        title=known.folded,
        type=known.type,
        countries=frozenset(known.countries),
        started=Span(known.started_first, known.started_last),
        ended=Span(known.ended_first, known.ended_last) if is_ended else None,
        identifiers=frozenset(Identifier(scheme, number) for scheme, number in identifiers),
    )
