"""The base of review's tables."""

from sqlalchemy import MetaData
from sqlalchemy.orm import DeclarativeBase

from shared.platform.persistence.base import NAMING, TYPES


class Base(DeclarativeBase):
    """The tables of review."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = TYPES
