"""Who is asking, as the use cases see it: without the web."""

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from shared.platform.accounts.roles import Role


@dataclass(frozen=True)
class Actor:
    """A person in a browser, a program with a person's key, or the other service.

    `vouched` says that an administrator stands for the organisation; `office` is the country where
    the team works.
    """

    account_id: UUID | None
    name: str
    role: Role
    via: Literal["session", "key", "service"]
    organisation_id: UUID | None = None
    office: str | None = None
    vouched: bool = True
    email: str | None = None
    key_id: UUID | None = None
    form_token: str | None = None
