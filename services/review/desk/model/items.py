"""A lesson or benchmark of a case: its states, and what can be done with it."""

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Literal, TypedDict
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from services.review.base import Base, ItemContent, as_benchmark
from services.review.desk.model.states import (
    DOES_NOT_WAIT,
    ITEM_NOT_NOW,
    ITEM_NOT_THEIRS,
    ITEM_TRANSITIONS,
    ONLY_AN_EDITOR,
    ItemAct,
)
from shared.domain.codelists.indicator import Indicator
from shared.domain.content.parts import ProposalContent
from shared.domain.sharing import NEVER_PUBLISHED, SHARING, level_of
from shared.domain.states import OPEN, ItemState
from shared.domain.values import units
from shared.platform import clock
from shared.platform.accounts.actor import Actor
from shared.platform.errors import N_, ConflictError, InvalidError, NotAllowedError
from shared.platform.persistence.base import Json, Word
from shared.platform.transitions import NOT_THEIRS, REFUSED, after

if TYPE_CHECKING:
    from services.review.desk.model.cases import Case

FIGURES: tuple[Literal["value", "baseline", "target"], ...] = ("value", "baseline", "target")


class Resolution(TypedDict):
    """What an editor said of a proposed indicator: the code that it is, and the unit of that."""

    indicator: str
    unit: str


class Item(Base):
    """A lesson or benchmark in a case, decided on its own.

    `content` is as submitted. `resolved_content` is the content with the `resolution` of a
    proposed indicator. `sharing` and `readers` are what a decision changed them to.
    """

    __tablename__ = "item"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("review_case.id"), index=True)
    kind: Mapped[str]
    place: Mapped[int]
    content: Mapped[ItemContent] = mapped_column(Json)
    resolution: Mapped[Resolution | None] = mapped_column(Json)
    state: Mapped[ItemState] = mapped_column(Word(ItemState))
    version: Mapped[int]
    sharing: Mapped[str | None]
    readers: Mapped[list[str]]
    verdict: Mapped[str | None]
    comment: Mapped[str | None]
    duplicate_of: Mapped[str | None]
    decided_by: Mapped[UUID | None]
    decided_at: Mapped[datetime | None]

    case: Mapped["Case"] = relationship(back_populates="items")

    def __init__(self, **values: object) -> None:
        super().__init__(**{"state": ItemState.SUBMITTED, **values})

    @property
    def title(self) -> str:
        """What people call it: the title of a lesson, the indicator of a benchmark."""
        content = self.content
        if "title" in content:
            return content["title"]
        proposed = content.get("proposed")
        indicator = (self.resolution or content).get("indicator")
        return indicator or (proposed["name"] if proposed else "")

    @property
    def is_open(self) -> bool:
        """Whether it can be decided: not yet, or returned and not come back."""
        return self.state in OPEN

    @property
    def is_taken_back(self) -> bool:
        """Whether its team left it out of the note before anybody decided it."""
        return self.state == ItemState.WITHDRAWN and self.decided_at is None

    @property
    def proposed(self) -> ProposalContent | None:
        """The indicator that it proposes, until an editor has said which that is."""
        if "title" in self.content or self.content.get("indicator") or self.resolution:
            return None
        return self.content["proposed"]

    @property
    def is_proposal(self) -> bool:
        """Whether it measures something that is not in the catalogue, so that an editor must say
        what it is first.
        """
        return self.proposed is not None

    @property
    def level(self) -> str:
        """The sharing level at which it is or would be published."""
        return level_of(self.case.sharing, self.sharing)

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
        return self.state == ItemState.APPROVED and self.level not in NEVER_PUBLISHED

    @property
    def resolved_content(self) -> ItemContent:
        """The content with the editor's word on its indicator: its code, and the figures in its
        unit.
        """
        if self.resolution is None or "title" in self.content:
            return self.content
        resolved, unit = self.content.copy(), self.resolution["unit"]
        for name in FIGURES:
            if figure := resolved.get(name):
                resolved[name] = format(
                    units.convert(Decimal(figure), self.content["unit"], unit), "f"
                )
        resolved["indicator"], resolved["proposed"] = self.resolution["indicator"], None
        resolved["unit"] = unit
        return resolved

    def resolve(self, indicator: Indicator) -> None:
        """An editor says which indicator this measures.

        Raises ConflictError when the unit is of another kind.
        """
        given = as_benchmark(self.content)["unit"]
        try:
            units.convert(Decimal(1), given, indicator.unit)
        except units.NotConvertibleError:
            raise ConflictError(
                N_("A value in %(given)s cannot be converted to %(unit)s."),
                given=given,
                unit=indicator.unit,
            ) from None
        self.resolution = {"indicator": indicator.code, "unit": indicator.unit}

    def after(self, act: ItemAct, actor: Actor | None) -> ItemState:
        """The state that follows when someone does this; None is the register itself.

        Raises ConflictError when it cannot be done now, NotAllowedError when it is not theirs to
        do.
        """
        not_now = ITEM_NOT_NOW.get(act, REFUSED)
        not_theirs = ITEM_NOT_THEIRS.get(act, NOT_THEIRS)
        return after(
            ITEM_TRANSITIONS, self.state, act, actor, not_now, not_theirs, title=self.title
        )

    def assign(self, actor: Actor | None) -> None:
        """Someone reviews its case from now on."""
        self.state = self.after(ItemAct.ASSIGN, actor)

    def take_up(self, actor: Actor) -> None:
        """Another item of its case is decided, so this one is in review, too."""
        self.state = self.after(ItemAct.TAKE_UP, actor)

    def decide(
        self, verdict: str, actor: Actor, *, comment: str | None, duplicate_of: str | None
    ) -> None:
        """Approve it, ask for changes, reject it, or call it a duplicate of an entry."""
        self.state = self.after(ItemAct(verdict), actor)
        self.verdict, self.comment = verdict, comment
        self.duplicate_of = duplicate_of if verdict == ItemAct.DUPLICATE else None
        self.decided_by, self.decided_at = actor.account_id, clock.now()

    def publish(self, actor: Actor, *, reason: str | None) -> None:
        """An editor publishes what waited for a second pair of eyes.

        Who approved it is no second pair of eyes: publishing one's own approval is against the rule
        and wants a reason. Raises InvalidError without one.
        """
        published = self._published(ItemAct.PUBLISH, actor)
        if self.decided_by == actor.account_id and not reason:
            text = N_("You approved this yourself. Say why it cannot wait for someone else.")
            raise InvalidError({"reason": [text]})
        self.state = published

    def publish_directly(self, actor: Actor) -> None:
        """It is published with its approval. Raises NotAllowedError where a rule asks for more."""
        published = self._published(ItemAct.PUBLISH_DIRECTLY, actor)
        if self.needs_second_pair_of_eyes:
            raise NotAllowedError(ONLY_AN_EDITOR)
        self.state = published

    def _published(self, act: ItemAct, actor: Actor) -> ItemState:
        if self.level in NEVER_PUBLISHED:
            raise ConflictError(DOES_NOT_WAIT)
        return self.after(act, actor)

    def withdraw(self, actor: Actor) -> None:
        """Its entry is taken out of the library."""
        self.state = self.after(ItemAct.WITHDRAW, actor)

    def take_back(self) -> None:
        """Its team left it out of the next version of the note."""
        self.state = self.after(ItemAct.TAKE_BACK, None)

    def revise(self, place: int, content: ItemContent, version: int) -> None:
        """The next version of the note says this. What was decided in the meantime stands."""
        self.place = place
        if not self.is_open:
            return
        if content != self.content:
            if any(content.get(name) != self.content.get(name) for name in ("proposed", "unit")):
                self.resolution = None  # an editor spoke of something else
            self.content, self.version = content, version
        if self.state == ItemState.CHANGES_REQUESTED:
            self.version = version
        self.state = self.after(ItemAct.REVISE, None)
