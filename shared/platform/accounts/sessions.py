"""Signed-in browsers: rows here, a random token in the cookie, so that an administrator can end
them.
"""

import secrets as random
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from shared.platform import clock
from shared.platform.accounts.accounts import Account
from shared.platform.accounts.secrets import hash_of, new_token, same
from shared.platform.persistence.base import SharedBase, count_changed

LASTS = timedelta(days=30)


class SignedIn(SharedBase):
    """One browser in which someone is signed in. The token itself is only in the cookie."""

    __tablename__ = "signed_in"

    token_hash: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[UUID] = mapped_column(index=True)
    form_token: Mapped[str]
    started_at: Mapped[datetime]
    expires_at: Mapped[datetime]


def start(session: Session, account: Account) -> str:
    """Sign an account in. Returns the token for the cookie, told only once."""
    token = new_token()
    session.add(
        SignedIn(
            token_hash=hash_of(token),
            account_id=account.id,
            form_token=new_token(16),
            started_at=clock.now(),
            expires_at=clock.now() + LASTS,
        )
    )
    return token


def find(session: Session, token: str) -> tuple[SignedIn, Account] | None:
    """Who is signed in with this cookie, if the session still runs and the account is active."""
    signed_in = session.get(SignedIn, hash_of(token))
    if signed_in is None or signed_in.expires_at <= clock.now():
        return None
    account = session.get(Account, signed_in.account_id)
    return (signed_in, account) if account is not None and account.active else None


def end(session: Session, token: str) -> None:
    """Sign this browser out."""
    session.execute(delete(SignedIn).where(SignedIn.token_hash == hash_of(token)))


def end_all(session: Session, account_id: UUID) -> None:
    """Sign an account out everywhere: after it was stopped or got another role."""
    session.execute(delete(SignedIn).where(SignedIn.account_id == account_id))


def forget_expired(session: Session) -> int:
    """Delete sessions that have run out. Returns how many that were."""
    return count_changed(session, delete(SignedIn).where(SignedIn.expires_at <= clock.now()))


def mask(form_token: str) -> str:
    """The form token as it goes into a page: different each time, so that compression cannot give
    it away.
    """
    raw = form_token.encode()
    pad = random.token_bytes(len(raw))
    return pad.hex() + bytes(a ^ b for a, b in zip(raw, pad, strict=True)).hex()


def unmasked_matches(masked: str, form_token: str) -> bool:
    """Whether a page's form token is that of this session."""
    try:
        raw = bytes.fromhex(masked)
    except ValueError:
        return False
    half = len(raw) // 2
    if len(raw) != 2 * half:
        return False
    token = bytes(a ^ b for a, b in zip(raw[:half], raw[half:], strict=True))
    return same(token.hex(), form_token.encode().hex())


def extend(session: Session, token: str) -> None:
    """Let a session in use run on."""
    session.execute(
        update(SignedIn)
        .where(SignedIn.token_hash == hash_of(token))
        .values(expires_at=clock.now() + LASTS)
    )
