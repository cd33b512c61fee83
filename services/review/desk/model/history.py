"""What was done to a case: who, when, what."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from services.review.base import Base
from shared.platform.errors import N_, ConflictError
from shared.platform.persistence.base import BigId

# A case starts far above any version that its note can have, and each correction raises both. So
# whoever sends the version of the note by mistake is refused, and never taken for having seen it.
FIRST_VERSION = 1000


class HistoryEvent(Base):
    """What was done to a case: who, when, what. Never changed.

    `version` is the one that the act gave to the case, `note_version` that of the note then.
    """

    __tablename__ = "history_event"
    __table_args__ = (UniqueConstraint("case_id", "version"),)  # also finds the history of a case

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("review_case.id"))
    at: Mapped[datetime]
    account_id: Mapped[UUID | None]
    who: Mapped[str | None]
    action: Mapped[str]
    version: Mapped[int]
    note_version: Mapped[int]
    item_id: Mapped[UUID | None]
    detail: Mapped[dict[str, Any]]


class CaseMovedError(ConflictError):
    """Someone acts on a case as it was at `version`, and more has been done to it since."""

    def __init__(self, case_id: UUID, version: int) -> None:
        super().__init__(N_("The case has changed since you read it. Read it again."))
        self.case_id, self.version = case_id, version
