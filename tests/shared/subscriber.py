"""A subscriber whose effects are a list, and events for it."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID, uuid4

from shared.domain.events import IndicatorAccepted
from shared.platform.events import Envelope
from shared.platform.messaging import subscription
from shared.platform.persistence import inbox
from testbed.world import World

STREAM = "review.0"
EPOCH = UUID(int=7)


@dataclass
class Subscriber:
    """A subscriber whose effects are a list; a code in `broken` fails."""

    world: World
    effects: list = field(default_factory=list)
    broken: set = field(default_factory=set)

    @property
    def handlers(self):
        return {IndicatorAccepted: self._on_event}

    def _on_event(self, _session, event):
        if event.code in self.broken:
            raise ValueError(f"{event.code} is broken")
        self.effects.append(event.code)

    def receive(self, envelope, *, is_hint=False):
        try:
            with self.world.intake_db.sessions.begin() as session:
                return subscription.apply_all(
                    session, [envelope], self.handlers, are_hints=is_hint
                )[0]
        except Exception as error:  # as the consumer, whatever a handler raises
            with self.world.intake_db.sessions.begin() as session:
                return subscription.note_failure(session, envelope, error)

    def cursor(self):
        with self.world.intake_db.sessions.begin() as session:
            cursor = subscription.cursor_of(session, STREAM)
            return cursor.position, cursor.halted_reason

    def parked(self):
        with self.world.intake_db.readings() as session:
            return inbox.parked_events(session)


def events(*codes, subject="one"):
    """Envelopes at positions 1, 2, … that follow each other."""
    made = []
    for position, code in enumerate(codes, start=1):
        made.append(
            Envelope(
                id=uuid4(),
                type="indicator.accepted.v1",
                subject=subject,
                time=datetime(2026, 3, 1, tzinfo=UTC),
                data={"code": code, "version": 1, "definition": {}},
                stream=STREAM,
                epoch=EPOCH,
                position=position,
                previous=made[-1].id if made else None,
            )
        )
    return made
