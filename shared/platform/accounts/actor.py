"""Who is asking, as the use cases see it: without the web."""

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from shared.platform.accounts.roles import Role
from shared.platform.errors import N_, NotAllowedError


@dataclass(frozen=True)
class Actor:
    """A person in a browser, a program with a person's key, the other service, or the command.

    `vouched` says that an administrator stands for the organisation; `office` is the country where
    the team works.
    """

    account_id: UUID | None
    name: str
    role: Role
    via: Literal["session", "key", "service", "command"]
    organisation_id: UUID | None = None
    office: str | None = None
    vouched: bool = True
    email: str | None = None
    key_id: UUID | None = None
    form_token: str | None = None

    def require_role(self, *roles: Role) -> None:
        """Raises NotAllowedError unless this is one of their roles."""
        if self.role not in roles:
            raise NotAllowedError(N_("You may not do that here."))


OPERATOR = Actor(account_id=None, name="operator", role=Role.ADMIN, via="command")
"""Whoever runs commands on the machine of the register: the databases are open to them anyway."""
