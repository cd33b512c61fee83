"""A note under review: its case, its items, who reviews it, and everything that was done."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from services.review.base import Base
from services.review.desk.model.history import FIRST_VERSION, CaseMovedError, HistoryEvent
from shared.domain.codelists.indicator import Indicator
from shared.domain.sharing import NEVER_PUBLISHED, SHARING
from shared.domain.values import units
from shared.platform import clock
from shared.platform.accounts.actor import Actor
from shared.platform.errors import N_, ConflictError
from shared.platform.persistence.base import BigId

OPEN_STATES = ("submitted", "assigned", "in_review")
RETURNED = "changes_requested"
UNDECIDED = (*OPEN_STATES, RETURNED)
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
    state: Mapped[str] = mapped_column(index=True)
    language: Mapped[str]
    sharing: Mapped[str]
    organisation_id: Mapped[UUID]
    office: Mapped[str | None]
    vouched: Mapped[bool]
    operation_id: Mapped[UUID] = mapped_column(index=True)
    operation: Mapped[dict[str, Any]]
    background: Mapped[dict[str, Any]]
    sensitive: Mapped[bool] = mapped_column(default=False)
    reviewer_turn: Mapped[bool] = mapped_column(default=False)
    editor_turn: Mapped[bool] = mapped_column(default=False)
    submitter_turn: Mapped[bool] = mapped_column(default=False)
    opened_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    due_at: Mapped[datetime] = mapped_column(index=True)

    items: Mapped[list["Item"]] = relationship(order_by="Item.place", back_populates="case")
    assignments: Mapped[list["Assignment"]] = relationship(
        order_by="Assignment.id", back_populates="case"
    )
    history: Mapped[list[HistoryEvent]] = relationship(order_by="HistoryEvent.id")

    @property
    def title(self) -> str:
        """What the case is about: the title of its operation."""
        return str(self.operation["title"])

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

    def item_with(self, item_id: UUID) -> "Item | None":
        """The item of this case with this id."""
        return next((item for item in self.items if item.id == item_id), None)

    def derive_state(self) -> None:
        """Derive state and turns from the items and the assignments."""
        items = [item for item in self.items if item.state != "withdrawn"]
        states = {item.state for item in items}
        waiting = [item for item in items if item.state in OPEN_STATES]
        publishable = [item for item in items if item.waits_for_editor]
        if RETURNED in states:
            self.state = RETURNED
        elif waiting:
            self.state = "in_review" if len(waiting) < len(items) else waiting[0].state
        else:
            self.state = "decided"
        unresolved = [item for item in waiting if item.is_proposal]
        self.reviewer_turn = bool(self.reviewers) and len(waiting) > len(unresolved)
        self.editor_turn = bool(publishable or unresolved or (waiting and not self.reviewers))
        self.submitter_turn = RETURNED in states
        self.changed_at = clock.now()

    def note_done(
        self, actor: Actor | None, action: str, *, item_id: UUID | None = None, **detail: Any
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


class Item(Base):
    """A lesson or benchmark in a case, decided on its own.

    `content` is as submitted. `resolution` is what an editor said of a proposed indicator: the code
    that it is, and the unit of that; `resolved_content` is the content with it. `sharing` and
    `readers` are what a decision changed them to.
    """

    __tablename__ = "item"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("review_case.id"), index=True)
    kind: Mapped[str]
    place: Mapped[int]
    content: Mapped[dict[str, Any]]
    resolution: Mapped[dict[str, Any] | None]
    state: Mapped[str]
    version: Mapped[int]
    sharing: Mapped[str | None]
    readers: Mapped[list[str]]
    verdict: Mapped[str | None]
    comment: Mapped[str | None]
    duplicate_of: Mapped[str | None]
    decided_by: Mapped[UUID | None]
    decided_at: Mapped[datetime | None]

    case: Mapped[Case] = relationship(back_populates="items")

    @property
    def title(self) -> str:
        """What people call it: the title of a lesson, the indicator of a benchmark."""
        content = self.resolved_content
        return str(
            content.get("title")
            or content.get("indicator")
            or (content.get("proposed") or {}).get("name")
            or ""
        )

    @property
    def is_open(self) -> bool:
        """Whether it can be decided: not yet, or returned and not come back."""
        return self.state in (*OPEN_STATES, RETURNED)

    @property
    def is_proposal(self) -> bool:
        """Whether it measures something that is not in the catalogue, so that an editor must say
        what it is first.
        """
        return (
            self.kind == "benchmark"
            and self.content.get("indicator") is None
            and self.resolution is None
        )

    @property
    def level(self) -> str:
        """The sharing level at which it is or would be published.

        What its team keeps to the reviewers stays there, whatever the desk chose before.
        """
        if self.case.sharing in NEVER_PUBLISHED:
            return self.case.sharing
        return self.sharing or self.case.sharing

    @property
    def is_wider(self) -> bool:
        """Whether more people may read it than the submitter asked for."""
        return SHARING.index(self.level) > SHARING.index(self.case.sharing)

    @property
    def needs_second_pair_of_eyes(self) -> bool:
        """Whether an editor must publish it after its approval: sensitive, or wider than the
        submitter asked for.
        """
        return self.case.sensitive or self.is_wider

    @property
    def waits_for_editor(self) -> bool:
        """Whether it is approved and could be published, were it not for the second pair
        of eyes.
        """
        return self.state == "approved" and self.level not in NEVER_PUBLISHED

    @property
    def resolved_content(self) -> dict[str, Any]:
        """The content with the editor's word on its indicator: its code, and the figures in its
        unit.
        """
        if self.resolution is None:
            return self.content
        unit = self.resolution["unit"]
        figures = {
            name: format(
                units.convert(Decimal(self.content[name]), self.content["unit"], unit), "f"
            )
            for name in ("value", "baseline", "target")
            if self.content.get(name)
        }
        return (
            self.content
            | figures
            | {"indicator": self.resolution["indicator"], "unit": unit, "proposed": None}
        )

    def resolve(self, indicator: Indicator) -> None:
        """An editor says which indicator this measures.

        Raises ConflictError when the unit is of another kind.
        """
        try:
            units.convert(Decimal(1), self.content["unit"], indicator.unit)
        except units.NotConvertibleError:
            raise ConflictError(
                N_("A value in %(given)s cannot be converted to %(unit)s."),
                given=self.content["unit"],
                unit=indicator.unit,
            ) from None
        self.resolution = {"indicator": indicator.code, "unit": indicator.unit}

    def revise(self, place: int, content: Mapping[str, Any], version: int) -> None:
        """The next version of the note says this. What was decided in the meantime stands."""
        self.place = place
        if not self.is_open:
            return
        if content != self.content:
            if any(content.get(name) != self.content.get(name) for name in ("proposed", "unit")):
                self.resolution = None  # an editor spoke of something else
            self.content, self.version = dict(content), version
        if self.state == RETURNED:
            self.state, self.version = "in_review", version


class Assignment(Base):
    """Someone reviews a case.

    `reason` says why it fell to them, to be shown in the reader's language.
    """

    __tablename__ = "assignment"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("review_case.id"), index=True)
    account_id: Mapped[UUID] = mapped_column(index=True)
    reason: Mapped[dict[str, Any]]
    assigned_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    case: Mapped[Case] = relationship(back_populates="assignments")
