"""Notes and what became of them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from services.intake.model.base import Base
from shared.domain.codelists.indicator import Indicator
from shared.domain.organisations import fold
from shared.platform import clock
from shared.platform.errors import N_, ConflictError
from shared.platform.persistence.base import BigId

OPEN_STATES = ("submitted", "assigned", "in_review")  # the reviewers' turn
RETURNED = "changes_requested"  # the submitter's turn

IS_DECIDED = N_(
    "“%(title)s” has been decided and cannot be changed or left out. Send it as it was.",
)

Content = dict[str, Any]
"""A whole note as JSON-ready values, checked and tidied: see services/intake/schemas."""


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
    state: Mapped[str] = mapped_column(default="draft")
    version: Mapped[int] = mapped_column(default=0)
    draft: Mapped[dict[str, Any] | None]
    content: Mapped[dict[str, Any] | None]
    operation_id: Mapped[UUID | None] = mapped_column(ForeignKey("operation.id"), index=True)
    organisation_id: Mapped[UUID | None] = mapped_column(index=True)
    account_id: Mapped[UUID | None] = mapped_column(index=True)
    contact: Mapped[str | None] = mapped_column(index=True)
    language: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(index=True)
    submitted_at: Mapped[datetime | None]
    changed_at: Mapped[datetime]

    items: Mapped[list["Item"]] = relationship(order_by="Item.place", back_populates="note")
    versions: Mapped[list["NoteVersion"]] = relationship(order_by="NoteVersion.version")

    # SQLite too remembers the numbers that it gave
    __table_args__ = ({"sqlite_autoincrement": True},)

    @property
    def title(self) -> str:
        """What the note is about: the title of its operation, as far as it has one."""
        told = self.content or self.draft or {}
        return str((told.get("operation") or {}).get("title") or "")

    @property
    def sharing(self) -> str:
        """The sharing level that the submitter asked for."""
        return str((self.content or {}).get("sharing", "red"))

    @property
    def may_be_written(self) -> bool:
        """Whether it is the submitter's turn: a draft, or returned for changes."""
        return self.state in ("draft", RETURNED)

    def hand_over(self, content: Content) -> None:
        """The first or next version goes to review.

        From here on only a reviewer can change its fate.
        """
        if not self.may_be_written:
            raise ConflictError(
                N_("This note is with the reviewers. It can be changed only when they return it.")
            )
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
        self._revise_items(content)
        self.derive_state()

    def derive_state(self) -> None:
        """Set the state that follows from the items'."""
        states = [item.state for item in self.current_items]
        waiting = [state for state in states if state in OPEN_STATES]
        if RETURNED in states:
            self.state = RETURNED
        elif len(waiting) == len(states) and len(set(states)) == 1:
            self.state = states[0]
        else:
            self.state = "in_review" if waiting else "decided"
        self.changed_at = clock.now()

    @property
    def current_items(self) -> list["Item"]:
        """The items as the note now has them, in its order: without those that the submitter took
        back.
        """
        left = [item for item in self.items if item.state != "withdrawn" or item.entry_reference]
        return sorted(left, key=lambda item: item.place)

    def item_with(self, item_id: UUID) -> "Item | None":
        """The item of this note with this id."""
        return next((item for item in self.items if item.id == item_id), None)

    def _revise_items(self, content: Content) -> None:
        """Match what the note now says with the items there are: first those that did not change,
        then in order.

        What was decided must not change; an item of the old version that is no longer there was
        taken back.
        """
        wanted = [("lesson", told) for told in content["lessons"]]
        wanted += [("benchmark", told) for told in content["benchmarks"]]
        old = self.current_items
        matched = _match(old, wanted)
        gone = [item for item in old if item not in matched]
        decided = [item for item in gone if item.is_decided]
        if decided:
            raise ConflictError(IS_DECIDED, title=decided[0].title)
        for item in gone:
            item.state = "withdrawn"
        for place, (continued, (kind, told)) in enumerate(zip(matched, wanted, strict=True)):
            if continued is None:
                new = Item(
                    id=uuid4(),
                    note_id=self.id,
                    kind=kind,
                    place=place,
                    content=told,
                    version=self.version,
                )
                new.state = OPEN_STATES[0]
                self.items.append(new)
            else:
                continued.revise(place, told, self.version)


class NoteVersion(Base):
    """A version of a note as it was handed over; never changed.

    `folded` is the title of its operation without case and accents.
    """

    __tablename__ = "note_version"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    note_id: Mapped[UUID] = mapped_column(ForeignKey("note.id"))
    version: Mapped[int]
    content: Mapped[dict[str, Any]]
    folded: Mapped[str] = mapped_column(index=True)
    account_id: Mapped[UUID | None]
    handed_over_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("note_id", "version"),)


class Item(Base):
    """A lesson or benchmark of a note, and what review says of it.

    `version` is the one in which it last changed. Of a published one, `published_version` is the
    version of the note whose operation its entry shows, where review said so, and `entry_sharing`
    who may read that entry now; None again when it is withdrawn.
    """

    __tablename__ = "item"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    note_id: Mapped[UUID] = mapped_column(ForeignKey("note.id"), index=True)
    kind: Mapped[str]
    place: Mapped[int]
    content: Mapped[dict[str, Any]]
    state: Mapped[str]
    version: Mapped[int]
    verdict: Mapped[str | None]
    comment: Mapped[str | None]
    duplicate_of: Mapped[str | None]
    entry_reference: Mapped[str | None] = mapped_column(index=True)
    entry_sharing: Mapped[str | None]
    published_version: Mapped[int | None]
    decided_at: Mapped[datetime | None]

    note: Mapped[Note] = relationship(back_populates="items")

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

    @property
    def title(self) -> str:
        """What people call it: the title of a lesson, the indicator of a benchmark."""
        proposed = self.content.get("proposed") or {}
        return str(
            self.content.get("title") or self.content.get("indicator") or proposed.get("name") or ""
        )

    def title_in(self, language: str, catalogue: Mapping[str, Indicator]) -> str:
        """The same with the name that its indicator has in this language."""
        known = catalogue.get(self.content.get("indicator") or "")
        return known.name(language) if known is not None else self.title

    @property
    def is_decided(self) -> bool:
        """Whether its fate is settled, so that a correction must leave it as it is."""
        return self.state not in (*OPEN_STATES, RETURNED)

    def revise(self, place: int, told: dict[str, Any], version: int) -> None:
        """The next version says this.

        A returned item is the reviewers' turn again, changed or not.
        """
        self.place = place
        if told != self.content:
            self.content, self.version = told, version
        if self.state == RETURNED:
            self.state, self.version = "in_review", version


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
    definition: Mapped[dict[str, Any]]


def _match(old: list[Item], wanted: list[tuple[str, dict[str, Any]]]) -> list[Item | None]:
    """For each wanted item the old one that it continues, or None."""
    free = list(old)
    matched: list[Item | None] = [None] * len(wanted)
    for place, (kind, told) in enumerate(wanted):
        same = next((item for item in free if item.kind == kind and item.content == told), None)
        if same is not None:
            matched[place] = same
            free.remove(same)
    for place, (kind, _told) in enumerate(wanted):
        following = next((item for item in free if item.kind == kind and not item.is_decided), None)
        if matched[place] is None and following is not None:
            matched[place] = following
            free.remove(following)
    return matched
