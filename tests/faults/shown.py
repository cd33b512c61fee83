"""What the databases of both services show in the end."""

from collections import Counter
from collections.abc import Set
from uuid import UUID

from sqlalchemy import select

from services.intake.model import Note
from services.review.desk.model import Case
from services.review.library.model import Entry
from shared.platform.delivery.deliveries import Delivery
from shared.platform.persistence import outbox
from shared.platform.persistence.engine import Database
from shared.platform.persistence.inbox import parked_events
from testbed.chaos.tally import applied_out_of_order


class Shown:
    """Looks into both databases."""

    def __init__(self, intake: Database, review: Database) -> None:
        self.intake = intake
        self.review = review

    def found(self, asked: Set[str]) -> Counter[str]:
        """What is there of the notes about which something was asked."""
        found: Counter[str] = Counter()
        with self.intake.readings() as session:
            for note in session.scalars(select(Note).where(Note.state != "draft")):
                name = note.title.removeprefix("Operation ")
                found.update(f"version {version.version} of {name}" for version in note.versions)
        with self.review.readings() as session:
            for case in session.scalars(select(Case)):
                name = case.operation["title"].removeprefix("Operation ")
                kinds = {item.id: item.kind for item in case.items}
                for event in case.history:
                    if event.action in ("opened", "corrected"):
                        found[f"{event.action} {name}"] += 1
                    if event.action == "decided":
                        found[f"{event.detail['verdict']} {kinds[event.item_id]} of {name}"] += 1
                    if event.action == "withdrew":
                        found[f"withdrawal of {name}"] += 1
            for entry in session.scalars(select(Entry)):
                found[f"{entry.kind} of {entry.operation['title'].removeprefix('Operation ')}"] += 1
        ours = {what.rpartition(" ")[2] for what in asked}
        return Counter(
            {what: count for what, count in found.items() if what.rpartition(" ")[2] in ours}
        )

    def out_of_order(self) -> list[UUID]:
        """The events that were applied after a later one of the same note, or twice, on either
        side.
        """
        with self.intake.readings() as intake, self.review.readings() as review:
            return applied_out_of_order(intake, review) + applied_out_of_order(review, intake)

    def parked(self) -> list[int]:
        """The ids of the events that wait for a person at intake."""
        with self.intake.readings() as session:
            return [event.id for event in parked_events(session)]

    def unsettled(self) -> list[str]:
        """What is still on its way: events, mails."""
        waiting = [] if self.all_published() else ["events"]
        with self.intake.readings() as session:
            waiting += session.scalars(
                select(Delivery.template).where(Delivery.due_at.is_not(None))
            ).all()
        return waiting

    def all_published(self) -> bool:
        """Whether the broker has confirmed every event of both."""
        with self.intake.readings() as one, self.review.readings() as other:
            return not any(
                session.scalar(
                    select(outbox.OutboxEvent.id)
                    .where(outbox.OutboxEvent.published_at.is_(None))
                    .limit(1)
                )
                for session in (one, other)
            )

    def mails(self) -> Counter[str]:
        """All mails that intake was ever asked for, by template."""
        with self.intake.readings() as session:
            return Counter(session.scalars(select(Delivery.template)))
