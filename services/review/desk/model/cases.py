"""A note under review: its case, who reviews it, and everything that was done."""

from datetime import datetime, timedelta
from typing import Unpack
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from services.review.base import Background, Base, Operation
from services.review.desk.model.history import (
    FIRST_VERSION,
    CaseMovedError,
    Detail,
    HistoryEvent,
    Reason,
)
from services.review.desk.model.items import Item
from services.review.desk.model.states import (
    CASE_NOT_NOW,
    CASE_NOT_THEIRS,
    CASE_TRANSITIONS,
    CaseAct,
    CaseState,
)
from shared.domain.states import WAITING, ItemState
from shared.platform import clock
from shared.platform.accounts.actor import Actor
from shared.platform.persistence.base import BigId, Json, Word
from shared.platform.transitions import NOT_THEIRS, REFUSED, after

TIME_TO_DECIDE = timedelta(days=7)
OPEN_TO_ALL_REVIEWERS = ("green", "clear")


class Case(Base):
    """One note under review.

    Whose turn it is stands in the three flags, set by `derive_state`; several may be set, as when
    an editor must map a proposed indicator while the reviewer decides the rest. `version` moves
    with every act on the case, `note_version` is that of the note. `sharing` is the level that the
    submitter asked for, `sensitive` a mark that asks for a second pair of eyes.
    """

    __tablename__ = "review_case"  # "case" is a word of SQL

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    note_id: Mapped[UUID] = mapped_column(unique=True)
    reference: Mapped[str] = mapped_column(index=True)
    version: Mapped[int]
    note_version: Mapped[int]
    state: Mapped[CaseState] = mapped_column(Word(CaseState), index=True)
    language: Mapped[str]
    sharing: Mapped[str]
    organisation_id: Mapped[UUID]
    office: Mapped[str | None]
    vouched: Mapped[bool]
    operation_id: Mapped[UUID] = mapped_column(index=True)
    operation: Mapped[Operation] = mapped_column(Json)
    background: Mapped[Background] = mapped_column(Json)
    sensitive: Mapped[bool] = mapped_column(default=False)
    reviewer_turn: Mapped[bool] = mapped_column(default=False)
    editor_turn: Mapped[bool] = mapped_column(default=False)
    submitter_turn: Mapped[bool] = mapped_column(default=False)
    opened_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    due_at: Mapped[datetime] = mapped_column(index=True)

    items: Mapped[list[Item]] = relationship(order_by="Item.place", back_populates="case")
    assignments: Mapped[list["Assignment"]] = relationship(
        order_by="Assignment.id", back_populates="case"
    )
    history: Mapped[list[HistoryEvent]] = relationship(order_by="HistoryEvent.id")

    def __init__(self, **values: object) -> None:
        super().__init__(**{"state": CaseState.SUBMITTED, **values})

    @property
    def title(self) -> str:
        """What the case is about: the title of its operation."""
        return self.operation["title"]

    @property
    def countries(self) -> set[str]:
        """The countries of the operation."""
        return {country["code"] for country in self.operation["countries"]}

    @property
    def reviewers(self) -> list["Assignment"]:
        """The assignments that hold now."""
        return [assignment for assignment in self.assignments if assignment.ended_at is None]

    def assignment_of(self, account_id: UUID | None) -> "Assignment | None":
        """The assignment by which someone reviews this case now."""
        return next((a for a in self.reviewers if a.account_id == account_id), None)

    def item_with(self, item_id: UUID) -> Item | None:
        """The item of this case with this id."""
        return next((item for item in self.items if item.id == item_id), None)

    def require(self, act: CaseAct, actor: Actor | None) -> None:
        """Raises ConflictError when this cannot be done with the case now, NotAllowedError when it
        is not for this person to do; None is the register itself.
        """
        not_now = CASE_NOT_NOW.get(act, REFUSED)
        not_theirs = CASE_NOT_THEIRS.get(act, NOT_THEIRS)
        after(CASE_TRANSITIONS, self.state, act, actor, not_now, not_theirs)

    def derive_state(self) -> None:
        """Derive state and turns from the items and the assignments."""
        items = [item for item in self.items if item.state != ItemState.WITHDRAWN]
        is_returned = any(item.state == ItemState.CHANGES_REQUESTED for item in items)
        waiting = [item for item in items if item.state in WAITING]
        publishable = [item for item in items if item.waits_for_editor]
        if is_returned:
            self.state = CaseState.CHANGES_REQUESTED
        elif not waiting:
            self.state = CaseState.DECIDED
        elif len(waiting) < len(items):
            self.state = CaseState.IN_REVIEW
        else:
            self.state = CaseState(waiting[0].state)
        unresolved = [item for item in waiting if item.is_proposal]
        self.reviewer_turn = bool(self.reviewers) and len(waiting) > len(unresolved)
        self.editor_turn = bool(publishable or unresolved or (waiting and not self.reviewers))
        self.submitter_turn = is_returned
        self.changed_at = clock.now()

    def note_done(
        self,
        actor: Actor | None,
        action: str,
        *,
        item_id: UUID | None = None,
        **detail: Unpack[Detail],
    ) -> None:
        """Write into the history who did what, and move the version. Every act does this."""
        self.version += 1
        self.history.append(
            HistoryEvent(
                case_id=self.id,
                at=clock.now(),
                account_id=actor.account_id if actor else None,
                who=actor.name if actor else None,
                action=action,
                version=self.version,
                note_version=self.note_version,
                item_id=item_id,
                detail=detail,
            )
        )

    def require_version(self, version: int) -> None:
        """Raises CaseMovedError when someone acts on the case as it was at another version."""
        if version != self.version:
            raise CaseMovedError(self.id, version)

    def done_since(self, version: int) -> list[HistoryEvent]:
        """What was done after a version of this case; nothing for a number that was none."""
        if not FIRST_VERSION < version <= self.version:
            return []
        return [done for done in self.history if done.version > version]


class Assignment(Base):
    """Someone reviews a case.

    `reason` says why it fell to them, to be shown in the reader's language.
    """

    __tablename__ = "assignment"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("review_case.id"), index=True)
    account_id: Mapped[UUID] = mapped_column(index=True)
    reason: Mapped[Reason] = mapped_column(Json)
    assigned_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    case: Mapped[Case] = relationship(back_populates="assignments")
