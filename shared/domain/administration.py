"""What administrators do about accounts, the same in both services: invite, change, forget."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from shared.domain import codelists, organisations
from shared.platform.accounts import accounts, sessions, sign_in
from shared.platform.accounts.accounts import Account
from shared.platform.accounts.actor import Actor
from shared.platform.accounts.roles import Role
from shared.platform.accounts.sign_in import Ticket
from shared.platform.delivery import deliveries
from shared.platform.errors import N_, ConflictError, InvalidError
from shared.platform.languages import LANGUAGES
from shared.platform.typed.addresses import clean_address, is_address


@dataclass(frozen=True)
class Invitation:
    """Who is to get an account, and what is known of them.

    `organisation` is its name, `office` the country where they work (ISO 3166-1 alpha-3).
    """

    email: str
    name: str
    role: str
    organisation: str | None = None
    office: str | None = None
    language: str = "en"


def errors_in(session: Session, invitation: Invitation) -> dict[str, list[Any]]:
    """All that is wrong with an invitation, by field, for a form that names everything at once."""
    errors = _errors(invitation)
    if "email" not in errors and accounts.find_by_email(session, invitation.email) is not None:
        address = clean_address(invitation.email)
        text = N_("There is already an account for %(email)s.")
        errors["email"] = [ConflictError(text, email=address)]
    return errors


def open_account(session: Session, invitation: Invitation, *, actor: Actor) -> Account:
    """Open an account in which an administrator vouches for its owner's organisation.

    Raises NotAllowedError, InvalidError for an invitation that cannot be right, ConflictError for
    an address that has an account.
    """
    actor.require_role(Role.ADMIN)
    if errors := _errors(invitation):
        raise InvalidError(errors)

    account = accounts.create(
        session,
        email=invitation.email,
        name=invitation.name,
        role=invitation.role,
        language=invitation.language,
    )
    account.office = invitation.office
    if invitation.organisation:
        account.organisation_id = organisations.find_or_record(session, invitation.organisation).id
    return account


def invite(session: Session, invitation: Invitation, *, actor: Actor) -> Ticket:
    """Open an account, and give it a way in that works for seven days, for whoever tells its owner.

    Raises what `open_account` raises.
    """
    account = open_account(session, invitation, actor=actor)
    return sign_in.request_ticket(session, account, lasts=sign_in.INVITATION_LASTS)


def change_account(
    session: Session, account_id: UUID, *, role: str, active: bool, actor: Actor
) -> Account:
    """Give an account another role, or stop or reopen it; either way it is signed out everywhere.

    Raises NotAllowedError, NotFoundError, ConflictError for the last active administrator.
    """
    actor.require_role(Role.ADMIN)
    account = accounts.change(session, account_id, role=role, active=active)
    sessions.end_all(session, account_id)
    return account


def forget_person(session: Session, *, email: str, actor: Actor) -> int:
    """Erase whose an address was: from their account, which is stopped, and with all their mails.

    Returns in how many places it was found. Raises NotAllowedError, ConflictError for the last
    active administrator.
    """
    actor.require_role(Role.ADMIN)
    account = accounts.find_by_email(session, email)
    if account is not None:
        change_account(session, account.id, role=account.role, active=False, actor=actor)
        accounts.forget(account)
    mails = deliveries.forget_recipient(session, clean_address(email))
    return mails + (account is not None)


def _errors(invitation: Invitation) -> dict[str, list[Any]]:
    errors: dict[str, list[Any]] = {}
    if not is_address(invitation.email):
        errors["email"] = [N_("Enter an email address, such as name@example.org.")]
    if invitation.organisation and not organisations.is_name(invitation.organisation):
        errors["organisation"] = [N_("Enter the name of the organisation.")]
    if invitation.office not in (None, *codelists.countries()):
        errors["office"] = [N_("Choose the country where they work.")]
    if invitation.language not in LANGUAGES:
        errors["language"] = [N_("Choose a language.")]
    return errors
