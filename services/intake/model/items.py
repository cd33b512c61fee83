"""Items of a note, and what became of them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Literal
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from services.intake.model.base import Base
from services.intake.model.states import DECISIONS, IS_DECIDED, ITEM_TRANSITIONS, ItemAct
from shared.domain.codelists.indicator import Indicator
from shared.domain.content.parts import BenchmarkContent, LessonContent
from shared.domain.events import ItemDecision
from shared.domain.sharing import NEVER_PUBLISHED, level_of
from shared.domain.states import OPEN, ItemState
from shared.platform.accounts.actor import Actor
from shared.platform.persistence.base import Json, Word
from shared.platform.transitions import REFUSED, after

if TYPE_CHECKING:
    from services.intake.model.notes import Note

ItemContent = LessonContent | BenchmarkContent


class Item(Base):
    """A lesson or benchmark of a note, and what review says of it.

    `version` is the one in which it last changed. `sharing` is the level that its approval chose
    instead of what its team asked for. Of a published one, `published_version` is the version of
    the note whose operation its entry shows, where review said so, and `entry_sharing` who may read
    that entry now; None again when it is withdrawn.
    """

    __tablename__ = "item"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    note_id: Mapped[UUID] = mapped_column(ForeignKey("note.id"), index=True)
    kind: Mapped[str]
    place: Mapped[int]
    content: Mapped[ItemContent] = mapped_column(Json)
    state: Mapped[ItemState] = mapped_column(Word(ItemState))
    version: Mapped[int]
    verdict: Mapped[str | None]
    comment: Mapped[str | None]
    duplicate_of: Mapped[str | None]
    sharing: Mapped[str | None]
    entry_reference: Mapped[str | None] = mapped_column(index=True)
    entry_sharing: Mapped[str | None]
    published_version: Mapped[int | None]
    decided_at: Mapped[datetime | None]

    note: Mapped["Note"] = relationship(back_populates="items")

    __table_args__ = (
        Index(
            "ix_item_entry",
            "note_id",
            "published_version",
            "entry_sharing",
            sqlite_where=text("entry_sharing IS NOT NULL"),
            postgresql_where=text("entry_sharing IS NOT NULL"),
        ),
    )

    def __init__(self, **values: object) -> None:
        super().__init__(**{"state": ItemState.SUBMITTED, **values})

    @property
    def title(self) -> str:
        """What people call it: the title of a lesson, the indicator of a benchmark."""
        if "title" in self.content:
            return self.content["title"]
        proposed = self.content.get("proposed")
        return self.content.get("indicator") or (proposed["name"] if proposed else "")

    def title_in(self, language: str, catalogue: Mapping[str, Indicator]) -> str:
        """The same with the name that its indicator has in this language."""
        code = None if "title" in self.content else self.content.get("indicator")
        known = catalogue.get(code or "")
        return known.name(language) if known is not None else self.title

    @property
    def is_decided(self) -> bool:
        """Whether it was decided, so that a correction must leave it as it is."""
        return self.state not in OPEN

    @property
    def kept_by(self) -> Literal["team", "desk"] | None:
        """Who keeps what was approved to its reviewers, so that it is not published."""
        asked = self.note.sharing
        if self.state != ItemState.APPROVED or level_of(asked, self.sharing) not in NEVER_PUBLISHED:
            return None
        return "team" if asked in NEVER_PUBLISHED else "desk"

    @property
    def is_taken_back(self) -> bool:
        """Whether its team took it back, rather than an editor its entry."""
        return self.state == ItemState.WITHDRAWN and not self.entry_reference

    @property
    def lost_its_entry(self) -> bool:
        """Whether an editor withdrew its entry; the comment is that editor's reason then."""
        return self.state == ItemState.WITHDRAWN and not self.is_taken_back

    def after(self, act: ItemAct, actor: Actor | None) -> ItemState:
        """The state that follows when someone does this; None is review, or who has the receipt.

        Raises ConflictError when it cannot be done now, NotAllowedError when it is not theirs to
        do.
        """
        not_now = IS_DECIDED if act == ItemAct.TAKE_BACK else REFUSED
        return after(ITEM_TRANSITIONS, self.state, act, actor, not_now, title=self.title)

    def assign(self) -> None:
        """It is with its reviewers."""
        self.state = self.after(ItemAct.ASSIGN, None)

    def take_up(self) -> None:
        """Another item of its note was decided, so this one is in review, too."""
        self.state = self.after(ItemAct.TAKE_UP, None)

    def decide(self, decision: ItemDecision, decided_at: datetime) -> None:
        """Reviewers said what they think of it."""
        self.state = self.after(DECISIONS[ItemState(decision["state"])], None)
        self.verdict, self.comment = decision["verdict"], decision["comment"]
        self.duplicate_of, self.decided_at = decision["duplicate_of"], decided_at
        self.sharing = decision["sharing"]

    def publish(self, reference: str, sharing: str, version: int | None) -> None:
        """It became an entry, which shows the operation as this version of the note has it."""
        self.state = self.after(ItemAct.PUBLISH, None)
        self.entry_reference, self.entry_sharing = reference, sharing
        self.published_version = version

    def withdraw(self, reason: str) -> None:
        """Its entry was taken out of the library."""
        self.state = self.after(ItemAct.WITHDRAW, None)
        self.comment, self.entry_sharing = reason, None

    def take_back(self, actor: Actor | None) -> None:
        """Its team leaves it out of the note."""
        self.state = self.after(ItemAct.TAKE_BACK, actor)

    def revise(self, place: int, content: ItemContent, version: int, actor: Actor | None) -> None:
        """The next version says this. What was decided comes as it was, at another place at most.

        A returned item is the reviewers' turn again, changed or not.
        """
        self.place = place
        if self.is_decided:
            return
        if content != self.content:
            self.content, self.version = content, version
        if self.state == ItemState.CHANGES_REQUESTED:
            self.version = version
        self.hand_over_again(actor)

    def hand_over_again(self, actor: Actor | None) -> None:
        """It is the reviewers' turn again, if it was the team's."""
        self.state = self.after(ItemAct.REVISE, actor)


def match(old: list[Item], wanted: Sequence[tuple[str, ItemContent]]) -> list[Item | None]:
    """For each wanted item the old one that it continues, or None."""
    free = sorted(old, key=lambda item: not item.is_decided)  # which has no other way to come back
    matched: list[Item | None] = [None] * len(wanted)
    for place, (kind, content) in enumerate(wanted):
        same = next((item for item in free if item.kind == kind and item.content == content), None)
        if same is not None:
            matched[place] = same
            free.remove(same)
    for place, (kind, _content) in enumerate(wanted):
        following = next((item for item in free if item.kind == kind and not item.is_decided), None)
        if matched[place] is None and following is not None:
            matched[place] = following
            free.remove(following)
    return matched
