"""Keys for programs: shown once, stored as a prefix to find them by and a hash."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from shared.platform import clock
from shared.platform.accounts.accounts import Account
from shared.platform.accounts.actor import Actor
from shared.platform.accounts.roles import Role
from shared.platform.accounts.secrets import hash_of, new_token, same
from shared.platform.errors import N_, NotFoundError
from shared.platform.persistence.base import SharedBase

FULL, FEED = "full", "feed"


class ApiKey(SharedBase):
    """A key of an account. `kind` full does what the account may do; feed only reads the feeds."""

    __tablename__ = "api_key"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    account_id: Mapped[UUID] = mapped_column(index=True)
    prefix: Mapped[str] = mapped_column(unique=True)
    secret_hash: Mapped[str]
    kind: Mapped[str]
    label: Mapped[str]
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


# Built once, and columns instead of objects: every call of a program asks this.
_GOOD_KEY = (
    select(
        ApiKey.secret_hash,
        ApiKey.kind,
        ApiKey.id.label("key_id"),
        Account.id.label("account_id"),
        Account.name,
        Account.role,
        Account.organisation_id,
        Account.office,
        Account.vouched,
        Account.email,
    )
    .join(Account, Account.id == ApiKey.account_id)
    .where(
        ApiKey.prefix == bindparam("prefix"), ApiKey.revoked_at.is_(None), Account.active.is_(True)
    )
)


@dataclass(frozen=True)
class NewKey:
    """A key just made, with the text that is told only now."""

    key: ApiKey
    text: str


def make(session: Session, account: Account, *, label: str, kind: str = FULL) -> NewKey:
    """A new key for this account."""
    prefix, secret = new_token(6), new_token()
    key = ApiKey(
        account_id=account.id,
        prefix=prefix,
        secret_hash=hash_of(secret),
        kind=kind,
        label=label,
        created_at=clock.now(),
    )
    session.add(key)
    session.flush()
    return NewKey(key, f"llr.{prefix}.{secret}")


def find(session: Session, text: str) -> tuple[Actor, str] | None:
    """Who asks with this text, and the kind of the key, if both key and account are still good."""
    parts = text.split(".")
    if len(parts) != 3 or not text.isascii():
        return None
    row = session.execute(_GOOD_KEY, {"prefix": parts[1]}).one_or_none()
    if row is None or not same(row[0], hash_of(parts[2])):
        return None
    _hash, kind, key_id, account_id, name, role, organisation_id, office, vouched, email = row
    actor = Actor(
        account_id=account_id,
        name=name,
        role=Role(role),
        via="key",
        organisation_id=organisation_id,
        office=office,
        vouched=vouched,
        email=email,
        key_id=key_id,
    )
    return actor, kind


def revoke(session: Session, key_id: UUID, *, account_id: UUID) -> None:
    """End a key of this account. Raises NotFoundError when it has no such key."""
    key = session.get(ApiKey, key_id)
    if key is None or key.account_id != account_id:
        raise NotFoundError(N_("There is no such key."))
    key.revoked_at = clock.now()


def keys_of(session: Session, account_id: UUID) -> list[ApiKey]:
    """The keys of an account that still work, oldest first."""
    return list(
        session.scalars(
            select(ApiKey)
            .where(ApiKey.account_id == account_id, ApiKey.revoked_at.is_(None))
            .order_by(ApiKey.created_at)
        )
    )
