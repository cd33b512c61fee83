"""What the databases of both services show while a register is broken, and afterwards."""

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.intake.model import Item, Note
from services.review.desk.model import Case
from services.review.library.model import Entry
from shared.platform.persistence.engine import Database
from shared.platform.persistence.inbox import Cursor
from shared.platform.persistence.outbox import OutboxEvent, Stream
from testbed.chaos.tally import Tally, applied_out_of_order


@dataclass(frozen=True)
class Outcome:
    """Looks into both databases."""

    intake: Database
    review: Database

    def tallies(self, notes: Tally, approvals: Tally) -> dict[str, Tally]:
        """What was asked for, and what is there now on both sides."""
        with self._readings() as (intake, review):
            submitted = intake.scalars(select(Note).where(Note.state != "draft"))
            titles = [note.title for note in submitted]
            at_intake = intake.scalars(select(Item.id).where(Item.state == "published")).all()
            cases = [str(case.operation["title"]) for case in review.scalars(select(Case))]
            entries = review.scalars(select(Entry.item_id)).all()
        return {
            "notes at intake": _with(notes, titles),
            "their cases at review": _with(notes, cases),
            "approved items as entries": _with(approvals, map(str, entries)),
            "approvals told to intake": _with(approvals, map(str, at_intake)),
        }

    def count_out_of_order(self) -> int:
        """How many events were applied after a later one of the same note, or twice, in both
        directions.
        """
        with self._readings() as (intake, review):
            late = applied_out_of_order(intake, review) + applied_out_of_order(review, intake)
            return len(late)

    def is_quiet(self) -> bool:
        """Whether every event was numbered, published and applied."""
        with self._readings() as (intake, review):
            return _is_carried(intake, review) and _is_carried(review, intake)

    @contextmanager
    def _readings(self) -> Iterator[tuple[Session, Session]]:
        with self.intake.readings() as intake, self.review.readings() as review:
            yield intake, review


def _is_carried(log: Session, subscriber: Session) -> bool:
    unpublished = select(OutboxEvent.id).where(OutboxEvent.published_at.is_(None)).limit(1)
    heads = {stream.name: stream.head for stream in log.scalars(select(Stream))}
    applied = {cursor.stream: cursor.position for cursor in subscriber.scalars(select(Cursor))}
    return log.scalar(unpublished) is None and heads == applied


def _with(asked: Tally, found: Iterable[str]) -> Tally:
    return Tally(set(asked.attempted), set(asked.acknowledged), Counter(found))
