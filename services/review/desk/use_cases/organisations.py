"""Organisations that an editor or administrator vouches for."""

from uuid import UUID

from sqlalchemy.orm import Session

from shared.domain import organisations
from shared.domain.events import OrganisationConfirmed
from shared.domain.organisations import Organisation
from shared.platform.accounts.actor import Actor
from shared.platform.accounts.roles import Role
from shared.platform.persistence import outbox


def confirm_organisation(
    session: Session, *, organisation_id: UUID, name: str, parent_id: UUID | None, actor: Actor
) -> Organisation:
    """Vouch for an organisation, under this name and as part of that parent. Intake is told.

    Raises NotAllowedError, and what `organisations.confirm` raises.
    """
    actor.require_role(Role.ADMIN, Role.EDITOR)
    organisation = organisations.confirm(session, organisation_id, name=name, parent_id=parent_id)
    _record_event(session, organisation, merged_id=None)
    return organisation


def merge_organisation(
    session: Session, *, organisation_id: UUID, into_id: UUID, actor: Actor
) -> Organisation:
    """Two records are one organisation. Intake is told.

    Raises NotAllowedError, and what `organisations.merge` raises.
    """
    actor.require_role(Role.ADMIN, Role.EDITOR)
    organisation = organisations.merge(session, organisation_id, into_id=into_id)
    _record_event(session, organisation, merged_id=organisation_id)
    return organisation


def _record_event(session: Session, organisation: Organisation, *, merged_id: UUID | None) -> None:
    outbox.record(
        session,
        OrganisationConfirmed(
            organisation_id=organisation.id,
            organisation=organisation.name,
            parent_id=organisation.parent_id,
            aliases=organisations.aliases_of(session, organisation.id),
            merged_id=merged_id,
        ),
    )
