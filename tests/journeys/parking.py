"""Events that wait for a person, for the tests of what can be done with them."""

from services.intake.handlers import HANDLERS
from shared.domain.events import ItemsDecided
from shared.platform.events import REVIEW_STREAM
from shared.platform.messaging import subscription
from shared.platform.persistence import inbox, outbox
from shared.platform.persistence.inbox import ParkedEvent
from testbed.notes import approve

SECRET = "Amina Diallo in Ouadi Doum"


def park(world):
    """Let the decisions on a note fail at intake until they are parked.

    Returns the ids of what is parked there.
    """
    case = world.case_of(world.submit()["reference"])
    first = case["items"][0]
    decide(world, case, first)
    envelopes = pending(world)

    def fail(_session, _event):
        raise ValueError(f"{SECRET}: broken")

    for _attempt in range(subscription.MOST_ATTEMPTS):
        try:
            with world.intake_db.sessions.begin() as session:
                subscription.apply(session, envelopes[0], {ItemsDecided: fail})
        except ValueError as error:
            with world.intake_db.sessions.begin() as session:
                subscription.note_failure(session, envelopes[0], error)
    for envelope in envelopes[1:]:
        with world.intake_db.sessions.begin() as session:
            subscription.apply(session, envelope, HANDLERS)
    with world.intake_db.readings() as session:
        return [event.id for event in inbox.parked_events(session)]


def decide(world, case, item):
    body = {"version": case["version"], "decisions": [approve(item)]}
    assert (
        world.call(
            "editor", "POST", f"/review/api/v1/cases/{case['id']}/decisions", body
        ).status_code
        == 200
    )


def pending(world):
    with world.review_db.sessions.begin() as session:
        outbox.number_pending(session, REVIEW_STREAM)
        session.flush()
        epoch = outbox.stream_named(session, REVIEW_STREAM).epoch
        with world.intake_db.sessions.begin() as there:
            after = subscription.cursor_of(there, REVIEW_STREAM).position
        rows = outbox.events_after(session, REVIEW_STREAM, position=after, limit=50)
        return [row.envelope(epoch) for row in rows]


def states(world):
    with world.intake_db.readings() as session:
        return {event.id: event.state for event in session.query(ParkedEvent)}
