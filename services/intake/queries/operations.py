"""Reading operations: which one a note tells of."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Select, bindparam, func, or_, select, true
from sqlalchemy.orm import Session

from services.intake.model import Note, Operation, OperationIdentifier, traits_of
from services.intake.queries.notes import NUMBERS
from shared.operations import ACTIVITY, Traits, find_same
from shared.people.organisations import Organisation, OrganisationName, fold


class Known(NamedTuple):
    """Organisation and operation of a note as events tell of them, and a number drawn for it."""

    organisation_id: UUID
    name: str
    confirmed: bool
    operation_id: UUID
    operation_reference: str
    number: int | None = None


def find_operation(
    session: Session,
    new: Traits,
    *,
    but_not: UUID | None = None,
) -> Operation | None:
    """The operation that surely is the one described, read anew."""
    found = session.scalars(_named_alike(new), execution_options={"populate_existing": True})
    known = {operation.id: operation for operation in found if operation.id != but_not}
    same = find_same(new, {key: operation.traits for key, operation in known.items()})
    return known[same] if same is not None else None


def descriptions_of(
    session: Session,
    operation_id: UUID,
    *,
    but_not: UUID,
) -> Sequence[dict[str, Any]]:
    """The operation as each of its notes tells it but one, in the order of the notes."""
    others = select(Note.content["operation"]).where(
        Note.operation_id == operation_id, Note.id != but_not, Note.content.is_not(None)
    )
    return session.scalars(others.order_by(Note.number)).all()


def _named_alike(new: Traits) -> Select[Operation]:
    """The operations with this title or one of these activities: no others can be the same."""
    has_title = (Operation.folded == new.title) & (Operation.type == new.type)
    activities = [named.id for named in new.identifiers if named.scheme == ACTIVITY]
    if not activities:
        return select(Operation).where(has_title)
    carrying = select(OperationIdentifier.operation_id).where(
        OperationIdentifier.scheme == ACTIVITY, OperationIdentifier.number.in_(activities)
    )
    return select(Operation).where(or_(has_title, Operation.id.in_(carrying)))


# Built once, and columns instead of objects: every note of a program asks this. Each row draws a
# number, and there is one row as a rule.
_PAIR = func.json_build_array(OperationIdentifier.scheme, OperationIdentifier.number)
_OWN = OperationIdentifier.operation_id == Operation.id
_IDENTIFIERS = select(func.json_agg(_PAIR)).where(_OWN).scalar_subquery()
_NAMED = (
    select(
        Organisation.id.label("organisation_id"),
        Organisation.name,
        Organisation.confirmed,
        Operation.id.label("operation_id"),
        Operation.reference,
        NUMBERS.label("number"),
        Operation.folded,
        Operation.type,
        Operation.countries,
        Operation.started_first,
        Operation.started_last,
        Operation.ended_first,
        Operation.ended_last,
        _IDENTIFIERS.label("identifiers"),
    )
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
    """Organisation, operation and number of a note in one look.

    None when one is new or became another, when the note says more of the operation than is known,
    and on SQLite, which has no round trips to save.
    """
    new = Traits.of(content["operation"])
    is_named = any(named.scheme == ACTIVITY for named in new.identifiers)
    if session.get_bind().dialect.name == "sqlite" or is_named:
        return None
    asked = {"organisation": fold(content["organisation"]), "operation": new.title}
    rows = session.execute(_NAMED, {**asked, "type": new.type}).all()
    known = {place: traits_of(row, row.identifiers or ()) for place, row in enumerate(rows)}
    same = find_same(new, known)
    if same is None or known[same].with_more(new) != known[same]:
        return None
    row = rows[same]
    return Known(
        organisation_id=row.organisation_id,
        name=row.name,
        confirmed=row.confirmed,
        operation_id=row.operation_id,
        operation_reference=row.reference,
        number=row.number,
    )
