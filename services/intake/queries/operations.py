"""Reading operations: which one a note tells of."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Select, bindparam, func, or_, select, true, union
from sqlalchemy.orm import Session

from services.intake.model import Item, Note, Operation, OperationIdentifier, traits_of
from services.intake.queries.notes import may_read
from shared.domain.content.parts import NoteContent, OperationContent
from shared.domain.operations import ACTIVITY, Identifier, Traits, find_same, group, may_be_same
from shared.domain.organisations import Organisation, OrganisationName
from shared.domain.states import ItemState
from shared.platform.accounts.actor import Actor
from shared.platform.typed.texts import fold

MOST_POSSIBLE = 50  # that are looked at, the newest first


class KnownParties(NamedTuple):
    """Organisation and operation of a note as events tell of them."""

    organisation_id: UUID
    name: str
    confirmed: bool
    operation_id: UUID
    operation_reference: str


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


def operation_with(session: Session, reference: str) -> Operation | None:
    """The operation with this reference, read anew."""
    named = select(Operation).where(Operation.reference == reference)
    return session.scalar(named, execution_options={"populate_existing": True})


def may_know_of(session: Session, actor: Actor | None, operation_id: UUID) -> bool:
    """Whether someone may be told that there is this operation.

    They may when something of it is published for anyone, or when they may read a note about it.
    """
    published = (
        select(Item.id)
        .join(Note)
        .where(
            Note.operation_id == operation_id,
            Note.content["sharing"].as_string() == "clear",
            Item.state == ItemState.PUBLISHED,
        )
    )
    if session.scalar(published.limit(1)) is not None:
        return True
    if actor is None:
        return False
    notes = session.scalars(select(Note).where(Note.operation_id == operation_id))
    return any(may_read(session, actor, note) for note in notes)


def possible_operations(session: Session, actor: Actor | None, note: Note) -> list[str]:
    """The references of other operations that the one of a note may be.

    Only of those that this person may know of: a reference must not tell that there is a note.
    """
    if note.operation_id is None:
        return []
    described = Traits.of(note.handed_over["operation"])
    alike = _with_either(Operation.folded == described.title, described.identifiers)
    others = alike.where(Operation.id != note.operation_id).order_by(Operation.reference.desc())
    newest = session.scalars(others.limit(MOST_POSSIBLE)).all()
    return sorted(
        operation.reference
        for operation in newest
        if may_be_same(described, operation.traits) and may_know_of(session, actor, operation.id)
    )


@dataclass(frozen=True)
class Joined:
    """An operation whose notes would be told apart if they came now, and how.

    Each group is of (reference of a note, start, end).
    """

    reference: str
    title: str
    groups: list[list[tuple[str, str, str | None]]]


def joined_operations(session: Session) -> Iterator[Joined]:
    """The operations with notes that were joined by what tells no two apart any more.

    A note that names its operation by the reference says itself where it belongs.
    """
    described = (
        select(Operation.reference, Operation.title, Note.reference, Note.content["operation"])
        .join(Note, Note.operation_id == Operation.id)
        .where(Note.content.is_not(None))
        .order_by(Operation.reference, Note.number)
    )
    rows = session.execute(described)
    for (reference, title), notes in groupby(rows, key=lambda row: (row[0], row[1])):
        descriptions = [(note, described) for _, _, note, described in notes]
        descriptions = [one for one in descriptions if one[1].get("reference") != reference]
        groups = group([Traits.of(described) for _, described in descriptions])
        if len(groups) > 1:
            yield Joined(
                reference,
                title,
                [[_dated(*descriptions[place]) for place in together] for together in groups],
            )


def _dated(note: str, described: OperationContent) -> tuple[str, str, str | None]:
    return note, described["started_on"], described.get("ended_on")


def descriptions_of(
    session: Session,
    operation_id: UUID,
    *,
    but_not: UUID | None = None,
) -> Sequence[OperationContent]:
    """The operation as its notes tell it, or all but one of them, in the order of the notes."""
    of_it = (Note.operation_id == operation_id) & Note.content.is_not(None)
    others = select(Note.content["operation"]).where(of_it)
    others = others.where(Note.id != but_not) if but_not is not None else others
    return session.scalars(others.order_by(Note.number)).all()


def _named_alike(new: Traits) -> Select[Operation]:
    """The operations with this title or one of these activities: no others can be the same."""
    has_title = (Operation.folded == new.title) & (Operation.type == new.type)
    activities = [named for named in new.identifiers if named.scheme == ACTIVITY]
    return _with_either(has_title, activities)


def _with_either(
    has_title: ColumnElement[bool],
    identifiers: Collection[Identifier],
) -> Select[Operation]:
    """The operations with this title or one of these identifiers, each found by its index."""
    if not identifiers:
        return select(Operation).where(has_title)
    known = OperationIdentifier
    are_theirs = [(known.scheme == scheme) & (known.number == id_) for scheme, id_ in identifiers]
    carrying = select(known.operation_id).where(or_(*are_theirs))
    titled = select(Operation.id).where(has_title)
    return select(Operation).where(Operation.id.in_(union(titled, carrying)))


# Built once, and columns instead of objects: every note of a program asks this. As a rule there is
# one row.
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


def known_to_us(session: Session, content: NoteContent) -> KnownParties | None:
    """Organisation and operation of a note in one look.

    None when one is new or became another, when the note says more of the operation than is known,
    and on SQLite, which has no round trips to save.
    """
    new = Traits.of(content["operation"])
    has_activity = any(named.scheme == ACTIVITY for named in new.identifiers)
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    if is_sqlite or has_activity or content["operation"]["reference"]:
        return None
    asked = {"organisation": fold(content["organisation"]), "operation": new.title}
    rows = session.execute(_NAMED, {**asked, "type": new.type}).all()
    known = {place: traits_of(row, row.identifiers or ()) for place, row in enumerate(rows)}
    same = find_same(new, known)
    if same is None or known[same].with_more(new) != known[same]:
        return None
    row = rows[same]
    return KnownParties(
        organisation_id=row.organisation_id,
        name=row.name,
        confirmed=row.confirmed,
        operation_id=row.operation_id,
        operation_reference=row.reference,
    )
