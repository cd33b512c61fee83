"""The library: published items, who may read them, and what remains of those that were
taken back.
"""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from services.review.base import Background, Base, ItemContent, Operation, as_benchmark
from shared.domain.codelists import Definition
from shared.domain.codelists.indicator import Indicator
from shared.domain.content.parts import BenchmarkContent
from shared.platform import clock
from shared.platform.accounts.actor import Actor
from shared.platform.accounts.roles import Role
from shared.platform.errors import N_
from shared.platform.persistence.base import Json, Word
from shared.platform.transitions import after, table

PREFIX = {"lesson": "LL", "benchmark": "BM"}

ANYONE, PARTNERS, DESK = "anyone", "partners", "desk"


def audience_of(organisation_id: UUID | str) -> str:
    """The audience that one organisation is."""
    return f"organisation:{organisation_id}"


def audiences_for(sharing: str, readers: Iterable[str]) -> set[str]:
    """Who may read at a sharing level: the levels of TLP 2.0 as sets of audiences.

    The review desk reads everything.
    """
    return {
        "clear": {DESK, ANYONE},
        "green": {DESK, PARTNERS},
        "amber": {DESK, *(audience_of(reader) for reader in readers)},
    }.get(sharing, {DESK})


class EntryState(StrEnum):
    """Whether an entry is in the library."""

    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


class EntryAct(StrEnum):
    """What can be done with an entry."""

    SHARE = "share"
    WITHDRAW = "withdraw"


ENTRY_TRANSITIONS = table(
    (EntryAct.SHARE, [EntryState.PUBLISHED], [Role.EDITOR], None),
    (EntryAct.WITHDRAW, [EntryState.PUBLISHED], [Role.EDITOR], EntryState.WITHDRAWN),
)

_WITHDRAWN = N_("%(reference)s has been withdrawn already.")


class Entry(Base):
    """A published item. Its position is that of `event_id`, its latest event, in review's stream.

    `readers` are the ids of the organisations named at amber. `search_text` is what a search looks
    through, folded. Once the entry is withdrawn it is empty, and there are no facets.
    """

    __tablename__ = "entry"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    reference: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    version: Mapped[int] = mapped_column(default=1)
    state: Mapped[EntryState] = mapped_column(Word(EntryState))
    sharing: Mapped[str]
    readers: Mapped[list[str]]
    case_id: Mapped[UUID] = mapped_column(index=True)
    note_id: Mapped[UUID]
    item_id: Mapped[UUID] = mapped_column(unique=True)
    operation_id: Mapped[UUID] = mapped_column(index=True)
    operation: Mapped[Operation] = mapped_column(Json)
    organisation: Mapped[str]
    language: Mapped[str]
    content: Mapped[ItemContent] = mapped_column(Json)
    background: Mapped[Background] = mapped_column(Json)
    search_text: Mapped[str]
    event_id: Mapped[UUID] = mapped_column(unique=True)
    published_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    withdrawal_reason: Mapped[str | None]

    sights: Mapped[list["Sight"]] = relationship(back_populates="entry")
    facets: Mapped[list["Facet"]] = relationship(
        back_populates="entry",
        cascade="all, delete-orphan",
    )

    def __init__(self, **values: object) -> None:
        super().__init__(**{"state": EntryState.PUBLISHED, **values})

    @property
    def indicator(self) -> str | None:
        """The code of the indicator that a benchmark measures."""
        return None if "title" in self.content else self.content.get("indicator")

    @property
    def benchmark(self) -> BenchmarkContent:
        """What a benchmark says. Raises ValueError for a lesson."""
        return as_benchmark(self.content)

    @property
    def value(self) -> str:
        """The value of a benchmark, as a decimal string: intake hands none over without one."""
        return str(self.benchmark["value"])

    def sectors(self, indicator: Indicator | None) -> list[int]:
        """The sectors it is about: a lesson's own, a benchmark's by its indicator."""
        if "title" not in self.content:
            return list(indicator.sectors) if indicator else []
        sector = self.content.get("sector")
        return [sector] if sector else []

    def show_to(self, audiences: set[str]) -> None:
        """From now on these may read it, and nobody else.

        Whoever could before is remembered, with the time: they get a tombstone.
        """
        now = clock.now()
        known = {sight.audience: sight for sight in self.sights}
        for audience in audiences - known.keys():
            self.sights.append(Sight(audience=audience, holds=True))
        for audience, sight in known.items():
            if sight.holds and audience not in audiences:
                sight.lost_at = now
            sight.holds = audience in audiences
        self.changed_at = now

    def after(self, act: EntryAct, actor: Actor) -> EntryState:
        """The state that follows when someone does this.

        Raises ConflictError when it was withdrawn, NotAllowedError when it is not theirs to do.
        """
        reference = self.reference
        return after(ENTRY_TRANSITIONS, self.state, act, actor, _WITHDRAWN, reference=reference)

    def share(self, sharing: str, readers: list[str], actor: Actor) -> None:
        """Only these may read it from now on."""
        self.state = self.after(EntryAct.SHARE, actor)
        self.sharing, self.readers = sharing, readers
        self.show_to(audiences_for(sharing, readers))

    def withdraw(self, reason: str, actor: Actor) -> None:
        """Take it out of the library: nobody sees it any more, and nothing is kept that finds it.

        Raises ConflictError when it was taken out before.
        """
        self.state, self.withdrawal_reason = self.after(EntryAct.WITHDRAW, actor), reason
        self.show_to(set())
        self.withdrawn_at = self.changed_at
        self.search_text, self.facets = "", []


class Sight(Base):
    """An audience that may read an entry now (`holds`), or could once and lost sight of it.

    `lost_at` is when it last did; its tombstone says so.
    """

    __tablename__ = "sight"

    entry_id: Mapped[UUID] = mapped_column(ForeignKey("entry.id"), primary_key=True)
    audience: Mapped[str] = mapped_column(primary_key=True)
    holds: Mapped[bool]
    lost_at: Mapped[datetime | None]

    entry: Mapped[Entry] = relationship(back_populates="sights")


class Facet(Base):
    """A property by which entries are found, until withdrawn: country, sector, phase, indicator."""

    __tablename__ = "facet"

    entry_id: Mapped[UUID] = mapped_column(ForeignKey("entry.id"), primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str] = mapped_column(primary_key=True)

    entry: Mapped[Entry] = relationship(back_populates="facets")


class ReferenceCounter(Base):
    """The last number given to a kind of entry in a year.

    Numbers may be left out, and are never given twice.
    """

    __tablename__ = "reference_counter"

    kind: Mapped[str] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    last: Mapped[int]


class AcceptedIndicator(Base):
    """An indicator that an editor accepted into the catalogue; the starter catalogue is
    not stored.
    """

    __tablename__ = "accepted_indicator"

    code: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int]
    definition: Mapped[Definition] = mapped_column(Json)
    accepted_at: Mapped[datetime]
