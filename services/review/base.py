"""The base of review's tables, and what these hold of a note as JSON."""

from typing import TypedDict

from sqlalchemy import MetaData
from sqlalchemy.orm import DeclarativeBase

from shared.domain.content.parts import (
    BenchmarkContent,
    LessonContent,
    OperationContent,
    PartnerContent,
)
from shared.platform.persistence.base import NAMING, TYPES


class Base(DeclarativeBase):
    """The tables of review."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = TYPES


ItemContent = LessonContent | BenchmarkContent
ITEMS = {"lesson": LessonContent, "benchmark": BenchmarkContent}
"""What an item says, by its kind."""


def as_benchmark(content: ItemContent) -> BenchmarkContent:
    """What a benchmark says. Raises ValueError for a lesson."""
    if "title" in content:
        raise ValueError(f"“{content['title']}” is a lesson")
    return content


class Operation(OperationContent):
    """An operation as a note describes it; the id is the same in every note about it."""

    id: str


class Background(TypedDict):
    """What a note says beside its operation and its items."""

    partners: list[PartnerContent]
    heard_from: list[str]
    sources: list[str]
