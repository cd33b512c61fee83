"""The roles: what someone does at a service."""

from collections.abc import Mapping
from enum import StrEnum


class Role(StrEnum):
    """What someone does at a service. Each account has one."""

    FIELD = "field"
    REVIEWER = "reviewer"
    EDITOR = "editor"
    PARTNER = "partner"
    ADMIN = "admin"
    SERVICE = "service"  # the other service, pulling events: no account has it


ROLES: Mapping[str, tuple[Role, ...]] = {
    "intake": (Role.FIELD, Role.ADMIN),
    "review": (Role.REVIEWER, Role.EDITOR, Role.PARTNER, Role.ADMIN),
}
"""The roles that accounts of each service can have."""

EVERYONE = tuple(role for role in Role if role is not Role.SERVICE)  # everyone with an account
REVIEWERS = (Role.REVIEWER, Role.EDITOR)  # who may review a case
STAFF = (*REVIEWERS, Role.ADMIN)  # who reads the whole library
