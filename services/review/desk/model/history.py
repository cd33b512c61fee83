"""What was done to a case: who, when, what; and why it fell to a reviewer."""

from datetime import datetime
from typing import TypedDict, final
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from services.review.base import Base
from shared.platform.errors import N_, ConflictError
from shared.platform.persistence.base import BigId, Json

# A case starts far above any version that its note can have, and each correction raises both. So
# whoever sends the version of the note by mistake is refused, and never taken for having seen it.
FIRST_VERSION = 1000


@final
class Fit(TypedDict):
    """A case fell to the reviewer whom it fits best: what they know of it, what they carry."""

    language: str
    sectors: list[int]
    countries: list[str]
    open_cases: int
    same_organisation: bool


@final
class Given(TypedDict):
    """An editor gave a case to someone."""

    given_by: str


@final
class Taken(TypedDict):
    """Someone took a case."""

    taken: bool


Reason = Fit | Given | Taken


class Detail(TypedDict, total=False):
    """What more the history says of an act. `reason` is why a case fell to someone where it was
    assigned, and else what the actor wrote.
    """

    account_id: str
    name: str
    title: str
    verdict: str
    comment: str | None
    duplicate_of: str | None
    indicator: str
    reference: str
    sharing: str | None
    reason: Reason | str | None


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
    detail: Mapped[Detail] = mapped_column(Json)


class CaseMovedError(ConflictError):
    """Someone acts on a case as it was at `version`, and more has been done to it since."""

    def __init__(self, case_id: UUID, version: int) -> None:
        super().__init__(N_("The case has changed since you read it. Read it again."))
        self.case_id, self.version = case_id, version
