"""Giving a note to the one who answers for it now."""

from sqlalchemy.orm import Session

from services.intake.model import Note
from shared.domain import organisations
from shared.platform.accounts.accounts import Account
from shared.platform.accounts.actor import Actor
from shared.platform.accounts.roles import Role
from shared.platform.errors import N_, NotAllowedError
from shared.platform.logs import log


def hand_over_note(session: Session, *, note: Note, account: Account, actor: Actor) -> None:
    """Let another account of the organisation that sent a note read and correct it, in place of who
    sent it: they left, or were stopped.

    Raises NotAllowedError for anybody but an administrator, and for an account that is not of that
    organisation.
    """
    if actor.role != Role.ADMIN:
        raise NotAllowedError(N_("Only an administrator hands a note over."))
    family = organisations.family_members(session, account.organisation_id)
    if not (account.active and account.vouched and note.organisation_id in family):
        raise NotAllowedError(
            N_("A note is handed over only to an active account of the organisation that sent it.")
        )

    note.account_id, note.contact = account.id, account.email
    log.info("note handed over", note=note.reference, account_id=str(account.id))
