"""Reading operations: which one a note tells of."""

from collections.abc import Mapping
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import bindparam, select, true
from sqlalchemy.orm import Session

from services.intake.model import Operation, codes_of
from services.intake.queries.notes import NUMBERS
from shared.people.organisations import Organisation, OrganisationName, fold


class Known(NamedTuple):
    """Organisation and operation of a note, as events tell of them, and a number that was drawn for it, if one was."""

    organisation_id: UUID
    name: str
    confirmed: bool
    operation_id: UUID
    number: int | None = None


def find_operation(session: Session, told: Mapping[str, Any]) -> Operation | None:
    """The operation that someone tells of, if it is known: same title and type, and a country in common."""
    codes = codes_of(told)
    candidates = session.scalars(
        select(Operation).where(Operation.folded == fold(told["title"]), Operation.type == told["type"])
    )
    for operation in candidates:
        if codes & codes_of(operation.details):
            return operation
    return None


# Built once, and columns instead of objects: every note of a program asks this. Each row draws a number, and there is
# one row as a rule.
_NAMED = (
    select(Organisation.id, Organisation.name, Organisation.confirmed, Operation.id, NUMBERS, Operation.details)
    .join(OrganisationName, OrganisationName.organisation_id == Organisation.id)
    .join(Operation, true())
    .where(
        OrganisationName.folded == bindparam("organisation"),
        Organisation.merged_into.is_(None),
        Operation.folded == bindparam("operation"),
        Operation.type == bindparam("type"),
    )
)


def known_to_us(session: Session, content: Mapping[str, Any]) -> Known | None:
    """Organisation, operation and number of a note in one look; None when one is new or became another, and on SQLite.

    SQLite has no round trips to save.
    """
    if session.get_bind().dialect.name == "sqlite":
        return None
    told = content["operation"]
    names = {"organisation": fold(content["organisation"]), "operation": fold(told["title"]), "type": told["type"]}
    rows = session.execute(_NAMED, names)
    codes = codes_of(told)
    return next((Known(*known) for *known, details in rows if codes & codes_of(details)), None)
