"""Who may sign in to a service, and as what."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from shared.platform import clock
from shared.platform.accounts.roles import Role
from shared.platform.errors import N_, ConflictError, InvalidError, NotFoundError
from shared.platform.persistence.base import SharedBase
from shared.platform.typed.addresses import clean_address, is_address


class Account(SharedBase):
    """A person in one role at one service.

    `office` is the country (ISO 3166-1 alpha-3) in which the person's team works. `vouched` says
    that an administrator stands for the organisation; someone who came in through their own note
    may only touch that note.
    """

    __tablename__ = "account"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    email: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    role: Mapped[str]
    organisation_id: Mapped[UUID | None]
    office: Mapped[str | None]
    language: Mapped[str] = mapped_column(default="en")
    active: Mapped[bool] = mapped_column(default=True)
    vouched: Mapped[bool] = mapped_column(default=True)
    demonstration: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]


def create(
    session: Session,
    *,
    email: str,
    name: str,
    role: str,
    organisation_id: UUID | None = None,
    language: str = "en",
) -> Account:
    """A new account, with nothing that leads its owner to it.

    They sign in by mail; there are no passwords. Raises InvalidError for what is no address,
    ConflictError for a known one.
    """
    address = clean_address(email)
    if not is_address(address):
        raise InvalidError({"email": [N_("Enter an email address, such as name@example.org.")]})
    if find_by_email(session, address) is not None:
        raise ConflictError(N_("There is already an account for %(email)s."), email=address)
    account = Account(
        email=address,
        name=name,
        role=role,
        organisation_id=organisation_id,
        language=language,
        active=True,
        vouched=True,
        demonstration=False,
        created_at=clock.now(),
    )
    session.add(account)
    session.flush()
    return account


def find_by_email(session: Session, email: str) -> Account | None:
    """The account with this address, active or not."""
    return session.scalar(select(Account).where(Account.email == clean_address(email)))


def demonstration_accounts(session: Session) -> list[Account]:
    """The accounts that the front door offers to sign in as, in the demonstration."""
    return list(
        session.scalars(
            select(Account)
            .where(Account.demonstration.is_(True), Account.active.is_(True))
            .order_by(Account.name)
        )
    )


def account_with(session: Session, account_id: UUID) -> Account:
    """The account, locked. Raises NotFoundError."""
    account = session.get(Account, account_id, with_for_update=True)
    if account is None:
        raise NotFoundError(N_("There is no such account."))
    return account


def change(session: Session, account_id: UUID, *, role: str, active: bool) -> Account:
    """Give an account another role, or stop or reopen it.

    The last active administrator cannot be taken away.
    """
    account = account_with(session, account_id)
    was_admin = account.role == Role.ADMIN and account.active
    loses_admin = was_admin and (role != Role.ADMIN or not active)
    if loses_admin and _active_admins(session) == 1:
        raise ConflictError(N_("This is the last administrator. Make someone else one first."))
    account.role, account.active = role, active
    return account


def forget(account: Account) -> None:
    """Erase who an account belonged to. The row stays, because notes and histories point to it."""
    account.email, account.name = f"forgotten-{account.id}@invalid", "–"
    account.active, account.organisation_id, account.office = False, None, None


def _active_admins(session: Session) -> int:
    admins = select(func.count()).where(Account.role == Role.ADMIN, Account.active.is_(True))
    return session.scalar(admins) or 0
