"""Notes on their way from draft to decided."""

from collections import Counter
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from services.intake.model.base import Base
from services.intake.model.drafts import Draft
from services.intake.model.items import Item, ItemContent, match
from services.intake.model.states import (
    NOTE_NOT_NOW,
    NOTE_TRANSITIONS,
    THEIR_TURN,
    NoteAct,
    NoteState,
)
from shared.domain.codelists import Definition
from shared.domain.content.parts import NoteContent
from shared.domain.states import WAITING, ItemState
from shared.platform import clock
from shared.platform.accounts.actor import Actor
from shared.platform.persistence.base import BigId, Json, Word
from shared.platform.transitions import after
from shared.platform.typed.texts import fold


class Note(Base):
    """An after-action note on its way from draft to decided.

    `draft` is the working copy, as typed and not yet checked; `content` is what was last handed
    over, in its `version`. The `receipt` opens its status page to whoever has it; `reference` is
    what people call it, and opens nothing.
    """

    __tablename__ = "note"

    number: Mapped[int] = mapped_column(BigId, primary_key=True)
    id: Mapped[UUID] = mapped_column(unique=True, default=uuid4)
    receipt: Mapped[str] = mapped_column(unique=True)
    reference: Mapped[str | None] = mapped_column(unique=True)
    state: Mapped[NoteState] = mapped_column(Word(NoteState))
    version: Mapped[int] = mapped_column(default=0)
    draft: Mapped[Draft | None] = mapped_column(Json)
    content: Mapped[NoteContent | None] = mapped_column(Json)
    operation_id: Mapped[UUID | None] = mapped_column(ForeignKey("operation.id"), index=True)
    organisation_id: Mapped[UUID | None] = mapped_column(index=True)
    account_id: Mapped[UUID | None] = mapped_column(index=True)
    contact: Mapped[str | None] = mapped_column(index=True)
    language: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(index=True)
    submitted_at: Mapped[datetime | None]
    changed_at: Mapped[datetime]

    items: Mapped[list[Item]] = relationship(order_by="Item.place", back_populates="note")
    versions: Mapped[list["NoteVersion"]] = relationship(order_by="NoteVersion.version")

    # SQLite too remembers the numbers that it gave
    __table_args__ = ({"sqlite_autoincrement": True},)

    def __init__(self, **values: object) -> None:
        super().__init__(**{"state": NoteState.DRAFT, **values})

    @property
    def title(self) -> str:
        """What the note is about: the title of its operation, as far as it has one."""
        if self.content is not None:
            return self.content["operation"]["title"]
        return ((self.draft or {}).get("operation") or {}).get("title") or ""

    @property
    def handed_over(self) -> NoteContent:
        """What was last handed over, of a note that was: it has a version and an operation."""
        if self.content is None:
            raise ValueError(f"note {self.id} was not handed over")
        return self.content

    @property
    def sharing(self) -> str:
        """The sharing level that the submitter asked for."""
        return "red" if self.content is None else str(self.content["sharing"])

    @property
    def may_be_written(self) -> bool:
        """Whether it is the submitter's turn: a draft, or returned for changes."""
        return self.state in THEIR_TURN

    def require(self, act: NoteAct, actor: Actor | None) -> None:
        """Raises ConflictError when this cannot be done with the note now; None is whoever has its
        receipt.
        """
        after(NOTE_TRANSITIONS, self.state, act, actor, NOTE_NOT_NOW[act])

    def write(self, draft: Draft) -> None:
        """Keep what was typed so far."""
        self.require(NoteAct.WRITE, None)
        self.draft, self.changed_at = draft, clock.now()

    def begin_correction(self, draft: Draft, actor: Actor | None) -> None:
        """Open what was returned for writing. A correction that was begun is kept."""
        self.require(NoteAct.BEGIN_CORRECTION, actor)
        if self.draft is None:
            self.draft = draft

    def hand_over(self, content: NoteContent, actor: Actor | None = None) -> None:
        """The first or next version goes to review.

        From here on only a reviewer can change its fate.
        """
        self.require(NoteAct.HAND_OVER, actor)
        now = clock.now()
        self.version += 1
        self.content, self.draft = content, None
        self.submitted_at = self.submitted_at or now
        self.reference = self.reference or f"AAN-{now.year}-{self.number:04d}"
        self.changed_at = now
        self.versions.append(
            NoteVersion(
                note_id=self.id,
                version=self.version,
                content=content,
                folded=fold(content["operation"]["title"]),
                account_id=self.account_id,
                handed_over_at=now,
            )
        )
        self._revise_items(content, actor)
        self.derive_state()

    def derive_state(self) -> None:
        """Set the state that follows from the items'."""
        states = {item.state for item in self.current_items}
        waiting = states & set(WAITING)
        if ItemState.CHANGES_REQUESTED in states:
            self.state = NoteState.CHANGES_REQUESTED
        elif not waiting:
            self.state = NoteState.DECIDED
        elif len(states) == 1:
            self.state = NoteState(waiting.pop())
        else:
            self.state = NoteState.IN_REVIEW
        self.changed_at = clock.now()

    @property
    def current_items(self) -> list[Item]:
        """The items as the note now has them, in its order: without those that the submitter took
        back.
        """
        left = [item for item in self.items if not item.is_taken_back]
        return sorted(left, key=lambda item: item.place)

    @property
    def numbered_items(self) -> list[tuple[int, Item]]:
        """The same, each with its number among those of its kind, counted from 1."""
        numbers: Counter[str] = Counter()
        numbered = []
        for item in self.current_items:
            numbers[item.kind] += 1
            numbered.append((numbers[item.kind], item))
        return numbered

    def item_with(self, item_id: UUID) -> Item | None:
        """The item of this note with this id."""
        return next((item for item in self.items if item.id == item_id), None)

    def _revise_items(self, content: NoteContent, actor: Actor | None) -> None:
        """Match what the note now says with the items there are: first those that did not change,
        then in order.

        What was decided must not change; an item of the old version that is no longer there was
        taken back.
        """
        wanted: list[tuple[str, ItemContent]]
        wanted = [("lesson", lesson) for lesson in content["lessons"]]
        wanted += [("benchmark", benchmark) for benchmark in content["benchmarks"]]
        old = self.current_items
        matched = match(old, wanted)
        for item in old:
            if item not in matched:
                item.take_back(actor)
        for place, (continued, (kind, said)) in enumerate(zip(matched, wanted, strict=True)):
            if continued is None:
                new = Item(
                    id=uuid4(),
                    note_id=self.id,
                    kind=kind,
                    place=place,
                    content=said,
                    version=self.version,
                )
                self.items.append(new)
            else:
                continued.revise(place, said, self.version, actor)


class NoteVersion(Base):
    """A version of a note as it was handed over; never changed.

    `folded` is the title of its operation without case and accents.
    """

    __tablename__ = "note_version"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    note_id: Mapped[UUID] = mapped_column(ForeignKey("note.id"))
    version: Mapped[int]
    content: Mapped[NoteContent] = mapped_column(Json)
    folded: Mapped[str] = mapped_column(index=True)
    account_id: Mapped[UUID | None]
    handed_over_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("note_id", "version"),)


class IdempotencyKey(Base):
    """A request that was carried out, by its sender's key.

    Never pruned: a phone may come back years later.
    """

    __tablename__ = "idempotency_key"

    owner_id: Mapped[UUID] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    fingerprint: Mapped[str]
    note_id: Mapped[UUID] = mapped_column(ForeignKey("note.id"))
    used_at: Mapped[datetime]

    note: Mapped[Note] = relationship()


class AcceptedIndicator(Base):
    """An indicator that the editors accepted, as review told us; the starter catalogue is not
    stored.
    """

    __tablename__ = "accepted_indicator"

    code: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int]
    definition: Mapped[Definition] = mapped_column(Json)
