"""Reading organisations: which ones to offer to whoever writes a note."""

from collections.abc import Sequence

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from services.intake.model import Note
from shared.domain import codelists
from shared.domain.organisations import Organisation
from shared.platform.accounts.accounts import Account
from shared.platform.accounts.roles import Role

# Whoever runs the register, or shows how it works: their organisations are no field team's.
_IS_OF_THE_DESK = (Account.role == Role.ADMIN) | Account.demonstration
_BELONGS = Account.organisation_id == Organisation.id
_SENT = select(Note.id).outerjoin(Account, Account.id == Note.account_id)


def organisation_names(session: Session) -> Sequence[str]:
    """The names to offer while someone types: of the confirmed ones those that a field team would
    name.

    Left out is what only the desk and the demonstration belong to, unless someone else named it in
    a note, or the register knows it from the start.
    """
    starters = [starter.id for starter in codelists.organisations()]
    of_desk = select(Account.id).where(_BELONGS, _IS_OF_THE_DESK)
    of_field = select(Account.id).where(_BELONGS, ~_IS_OF_THE_DESK)
    of_note = _SENT.where(
        Note.organisation_id == Organisation.id, or_(Account.id.is_(None), ~_IS_OF_THE_DESK)
    )
    offered = or_(
        Organisation.id.in_(starters), ~of_desk.exists(), of_field.exists(), of_note.exists()
    )
    confirmed = Organisation.confirmed.is_(True) & Organisation.merged_into.is_(None)
    names = select(Organisation.name).where(confirmed, offered).order_by(Organisation.name)
    return session.scalars(names).all()
