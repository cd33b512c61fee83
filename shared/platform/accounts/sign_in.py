"""Signing in without a password: a mail with a link and a short code, each good once and not for
long.

The link opens a page whose button signs in: mail scanners follow links, and must not use them up.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from shared.platform import clock
from shared.platform.accounts.accounts import Account, find_by_email
from shared.platform.accounts.secrets import hash_of, new_code, new_token, same
from shared.platform.errors import N_, GoneError, TooManyError
from shared.platform.persistence.base import SharedBase, count_changed

LASTS = timedelta(minutes=30)
INVITATION_LASTS = timedelta(days=7)
MOST_ATTEMPTS = 5
MOST_AN_HOUR = 5


class SignInRequest(SharedBase):
    """One mail on its way: what its link and its code look like when hashed, and whether they still
    work.
    """

    __tablename__ = "sign_in_request"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    account_id: Mapped[UUID] = mapped_column(index=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    code_hash: Mapped[str]
    requested_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    used_at: Mapped[datetime | None]


@dataclass(frozen=True)
class Ticket:
    """What the mail must hold. Told only once."""

    account: Account
    token: str
    code: str


def request_ticket(
    session: Session, account: Account, *, lasts: timedelta = LASTS, most: float = MOST_AN_HOUR
) -> Ticket:
    """A fresh link and code for this account.

    Raises TooManyError when `most` were asked for in the last hour.
    """
    since = clock.now() - timedelta(hours=1)
    recent = session.scalar(
        select(func.count()).where(
            SignInRequest.account_id == account.id, SignInRequest.requested_at > since
        )
    )
    if (recent or 0) >= most:
        raise TooManyError(N_("Too many sign-in mails were asked for. Wait an hour and try again."))
    ticket = Ticket(account, new_token(), new_code())
    session.add(
        SignInRequest(
            account_id=account.id,
            token_hash=hash_of(ticket.token),
            code_hash=hash_of(f"{account.id}:{ticket.code}"),
            requested_at=clock.now(),
            expires_at=clock.now() + lasts,
            attempts=0,
        )
    )
    return ticket


def use_link(session: Session, token: str) -> Account:
    """The button behind the link was pressed.

    Raises GoneError when the link was used or has run out.
    """
    request = session.scalar(
        select(SignInRequest).where(SignInRequest.token_hash == hash_of(token)).with_for_update()
    )
    return _use(session, request)


def use_code(session: Session, email: str, code: str) -> Account | None:
    """Someone typed the code of the newest mail.

    None when it is wrong; the attempt is then counted.

    Raises GoneError when there is no mail to which it could belong, or too many codes were tried:
    ask for a new mail.
    """
    account = find_by_email(session, email)
    request = None
    if account is not None:
        request = session.scalar(
            select(SignInRequest)
            .where(SignInRequest.account_id == account.id)
            .order_by(SignInRequest.requested_at.desc())
            .limit(1)
            .with_for_update()
        )
    if account is None or request is None or request.attempts >= MOST_ATTEMPTS:
        raise _gone()
    request.attempts += 1
    if not same(request.code_hash, hash_of(f"{account.id}:{code}")):
        return None
    return _use(session, request)


def forget_expired(session: Session) -> int:
    """Delete requests from which nobody can sign in any more. Returns how many that were."""
    until = clock.now() - timedelta(hours=1)
    return count_changed(session, delete(SignInRequest).where(SignInRequest.expires_at <= until))


def _use(session: Session, request: SignInRequest | None) -> Account:
    if request is None or request.used_at is not None or request.expires_at <= clock.now():
        raise _gone()
    account = session.get(Account, request.account_id)
    if account is None or not account.active:
        raise _gone()
    request.used_at = clock.now()
    return account


def _gone() -> GoneError:
    return GoneError(N_("This link or code was used or has run out. Ask for a new one."))
