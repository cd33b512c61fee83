"""What became of what was asked, in the words of Jepsen's checkers.

An answer that never came proves nothing: such an operation may have happened or not, and both are
right.
"""

from collections import Counter
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from shared.platform.persistence.inbox import AppliedEvent
from shared.platform.persistence.outbox import OutboxEvent


@dataclass
class Tally:
    """Operations by their names.

    Note what was asked, what was answered with yes, and all that is there in the end.
    """

    attempted: set[str] = field(default_factory=set)
    acknowledged: set[str] = field(default_factory=set)
    found: Counter[str] = field(default_factory=Counter)

    @property
    def lost(self) -> set[str]:
        """Acknowledged, and not there."""
        return self.acknowledged - set(self.found)

    @property
    def recovered(self) -> set[str]:
        """There, though the answer never came."""
        return set(self.found) & self.attempted - self.acknowledged

    @property
    def duplicated(self) -> set[str]:
        """There more than once."""
        return {name for name, count in self.found.items() if count > 1}

    @property
    def unexpected(self) -> set[str]:
        """There, and never asked for."""
        return set(self.found) - self.attempted

    @property
    def is_kept(self) -> bool:
        """Whether the promise was kept: nothing lost, nothing twice, nothing from nowhere."""
        return not (self.lost or self.duplicated or self.unexpected)

    @property
    def figures(self) -> dict[str, int]:
        """How many of each, in the order in which they are told."""
        names = ("attempted", "acknowledged", "lost", "recovered", "duplicated", "unexpected")
        return {name: len(getattr(self, name)) for name in names}


def applied_out_of_order(log: Session, subscriber: Session) -> list[UUID]:
    """The events of `log` that were applied after a later one of the same subject, or a second
    time.
    """
    recorded = select(OutboxEvent.event_id, OutboxEvent.subject, OutboxEvent.position)
    places = {
        event_id: (subject, position or 0) for event_id, subject, position in log.execute(recorded)
    }
    reached, late = dict[str, int](), []
    for event_id in subscriber.scalars(select(AppliedEvent.event_id).order_by(AppliedEvent.id)):
        if event_id not in places:
            continue  # of another life of the log
        subject, position = places[event_id]
        if position <= reached.get(subject, 0):
            late.append(event_id)
        reached[subject] = max(position, reached.get(subject, 0))
    return late
