"""Organisations: found again under any of their names, kept apart from those that nobody has
vouched for yet.
"""

from collections.abc import Iterable
from uuid import UUID, uuid4

from sqlalchemy import or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from shared.domain import codelists
from shared.platform.errors import N_, ConflictError, InvalidError, NotFoundError
from shared.platform.persistence.base import SharedBase
from shared.platform.persistence.lock import take_turns
from shared.platform.typed.texts import fold

LONGEST_NAME = 300


class Organisation(SharedBase):
    """An organisation, or a section or country office of one (`parent_id`).

    A name that matched none is kept unconfirmed until an editor confirms it or merges it into
    another record; `merged_into` then says into which.
    """

    __tablename__ = "organisation"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    name: Mapped[str]
    parent_id: Mapped[UUID | None]
    confirmed: Mapped[bool] = mapped_column(default=False)
    merged_into: Mapped[UUID | None]


class OrganisationName(SharedBase):
    """A name or alias by which an organisation is found: folded, so that case, accents and dots do
    not matter.
    """

    __tablename__ = "organisation_name"

    folded: Mapped[str] = mapped_column(primary_key=True)
    organisation_id: Mapped[UUID] = mapped_column(index=True)
    written: Mapped[str]


def find(session: Session, name: str) -> Organisation | None:
    """The organisation with this name or alias; a merged record leads to the one it became."""
    known = session.get(OrganisationName, fold(name))
    return current(session, known.organisation_id) if known is not None else None


def current(session: Session, organisation_id: UUID | None) -> Organisation | None:
    """The organisation with this id, or what it was merged into; None for no id."""
    organisation = session.get(Organisation, organisation_id) if organisation_id else None
    while organisation is not None and organisation.merged_into is not None:
        organisation = session.get(Organisation, organisation.merged_into)
    return organisation


def find_or_record(
    session: Session, name: str, *, organisation_id: UUID | None = None
) -> Organisation:
    """The organisation with this name, recorded as unconfirmed if there was none.

    Raises InvalidError for no name.
    """
    organisation = find(session, name)
    if organisation is None:
        take_turns(session, "organisations")
        organisation = find(session, name)
    if organisation is None:
        require_name(session, name)
        organisation = Organisation(
            id=organisation_id or uuid4(), name=name.strip(), confirmed=False
        )
        session.add(organisation)
        session.flush()
        add_names(session, organisation, [name])
    return organisation


def is_name(text: str) -> bool:
    """Whether an organisation can be called so."""
    return any(char.isalpha() for char in text) and text.isprintable() and len(text) <= LONGEST_NAME


def require_name(session: Session, name: str, *, own: UUID | None = None) -> None:
    """Raises InvalidError for what is no name, or for one under which another organisation than
    `own` is found.
    """
    if not is_name(name):
        raise InvalidError({"name": [N_("Enter a name of at most 300 characters.")]})
    other = find(session, name)
    if other is not None and other.id != own:
        raise InvalidError(
            {
                "name": [
                    ConflictError(
                        N_("%(name)s is found under this name. Merge the two, or choose another."),
                        name=other.name,
                    )
                ]
            }
        )


def add_names(session: Session, organisation: Organisation, names: Iterable[str]) -> None:
    """Let an organisation be found under more names.

    A name that another one has moves to this one.
    """
    for name in names:
        folded = fold(name)
        if not folded:
            continue
        known = session.get(OrganisationName, folded)
        if known is None:
            session.add(
                OrganisationName(
                    folded=folded, organisation_id=organisation.id, written=name.strip()
                )
            )
        else:
            known.organisation_id = organisation.id
        session.flush()


def family_of(session: Session, organisation_id: UUID | None) -> UUID | None:
    """The head of the family: the parent's parent and so on. MSF for MSF Holland."""
    organisation = current(session, organisation_id)
    seen: set[UUID] = set()
    while (
        organisation is not None
        and organisation.parent_id is not None
        and organisation.id not in seen
    ):
        seen.add(organisation.id)
        parent = current(session, organisation.parent_id)
        if parent is None:
            break
        organisation = parent
    return organisation.id if organisation is not None else None


def family_members(session: Session, organisation_id: UUID | None) -> set[UUID]:
    """All organisations of a family, with what was merged into them; empty for no organisation."""
    head = family_of(session, organisation_id)
    found = select(Organisation.id).where(Organisation.id == head).cte(recursive=True)
    is_part = Organisation.merged_into.is_(None) & (Organisation.parent_id == found.c.id)
    is_other_spelling = Organisation.merged_into == found.c.id
    below = select(Organisation.id).join(found, or_(is_part, is_other_spelling))
    return set(session.scalars(select(found.union(below).c.id)))


def confirm(
    session: Session, organisation_id: UUID, *, name: str, parent_id: UUID | None
) -> Organisation:
    """Vouch for an organisation, under this name and parent.

    Raises NotFoundError, ConflictError for a circle, InvalidError for a name that is another's.
    """
    _take_turns(session)
    organisation = current(session, organisation_id)
    if organisation is None:
        raise NotFoundError(N_("There is no such organisation."))
    if parent_id is not None and family_of(session, parent_id) == organisation.id:
        raise ConflictError(N_("An organisation cannot be part of itself."))
    require_name(session, name, own=organisation.id)
    organisation.name, organisation.parent_id, organisation.confirmed = (
        name.strip(),
        parent_id,
        True,
    )
    add_names(session, organisation, [name])
    return organisation


def merge(session: Session, organisation_id: UUID, *, into_id: UUID) -> Organisation:
    """This record was another spelling of `into_id`: its names lead there from now on.

    Returns the one that stays.
    """
    _take_turns(session)
    organisation, into = current(session, organisation_id), current(session, into_id)
    if organisation is None or into is None:
        raise NotFoundError(N_("There is no such organisation."))
    if organisation.id == into.id or family_of(session, into.id) == organisation.id:
        raise ConflictError(
            N_("An organisation cannot be merged into itself or into a part of itself.")
        )
    if organisation.confirmed and not into.confirmed:
        raise ConflictError(
            N_("Confirm the other organisation first: this one is confirmed already.")
        )
    names = session.scalars(
        select(OrganisationName).where(OrganisationName.organisation_id == organisation.id)
    )
    for known in names.all():
        known.organisation_id = into.id
    organisation.merged_into = into.id
    return into


def _take_turns(session: Session) -> None:
    """Two who change an organisation at once would each tell of it as the other has not left it."""
    take_turns(session, "organisations")
    session.flush()  # or what this transaction holds would be forgotten with what it has read
    session.expire_all()


def aliases_of(session: Session, organisation_id: UUID) -> list[str]:
    """Every name under which an organisation is found, in alphabetical order."""
    return list(
        session.scalars(
            select(OrganisationName.written)
            .where(OrganisationName.organisation_id == organisation_id)
            .order_by(OrganisationName.written)
        )
    )


def known_names(session: Session) -> list[str]:
    """The names of all confirmed organisations, to offer while someone types."""
    return list(
        session.scalars(
            select(Organisation.name)
            .where(Organisation.confirmed.is_(True), Organisation.merged_into.is_(None))
            .order_by(Organisation.name)
        )
    )


def record_starters(session: Session) -> None:
    """Record the organisations that the register knows from the start; safe to repeat."""
    for starter in codelists.organisations():
        if session.get(Organisation, starter.id) is None:
            parent_id = starter.parent_id
            session.add(
                Organisation(id=starter.id, name=starter.name, parent_id=parent_id, confirmed=True)
            )
            session.flush()
        organisation = session.get_one(Organisation, starter.id)
        fresh = [name for name in (starter.name, *starter.aliases) if find(session, name) is None]
        add_names(session, organisation, fresh)
