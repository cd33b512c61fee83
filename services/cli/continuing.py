"""How each consumer goes on after a restore: by itself, or by what somebody is told to do."""

from collections.abc import Mapping
from contextlib import ExitStack

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from services.cli import restoring
from services.cli.restoring import Remembered
from shared.platform import settings
from shared.platform.events import STREAMS
from shared.platform.messaging import subscription
from shared.platform.messaging.replay import REASON as REPLAYING
from shared.platform.persistence import outbox
from shared.platform.persistence.inbox import Cursor
from shared.platform.settings import PEER, Service


def way_on(
    service: Service, sessions: Mapping[Service, Session], remembered: Mapping[Service, Remembered]
) -> list[str]:
    """How the consumer of `service` goes on with the log of the other one: lines for people.

    `sessions` are on the databases that were restored. A cursor there that fits its log is brought
    into its new life.
    """
    peer = PEER[service]
    with ExitStack() as opened:
        try:
            session, log = (
                sessions.get(each)
                or opened.enter_context(restoring.present(settings.read(each).database_url))
                for each in (service, peer)
            )
            cursor, stream = (
                subscription.cursor_of(session, STREAMS[peer]),
                outbox.stream_named(log, STREAMS[peer]),
            )
        except SQLAlchemyError:
            return [
                (
                    "  - Look at “lessons events status”: not both databases can be read now, "
                    f"so {service} may halt."
                )
            ]
        if (
            restoring.stands_at(cursor, log)
            and service in sessions
            and cursor.halted_reason in (None, REPLAYING)
        ):
            if cursor.position:
                cursor.epoch = stream.epoch
            return _going_on(service, cursor)
        position = restoring.common_position(cursor, log, remembered.get(peer, Remembered({}, {})))
        return _resuming(service, cursor, position)


def _going_on(service: Service, cursor: Cursor) -> list[str]:
    if cursor.halted_reason is None:
        return [
            (
                f"  - {service} goes on by itself behind position {cursor.position} of "
                f"{PEER[service]}’s log."
            )
        ]
    return [
        f"  - {service} is halted: a replay was under way when its backup was made. "
        "Start the register, then repeat it:"
        f" {_replay(service)}"
    ]


def _resuming(service: Service, cursor: Cursor, position: int | None) -> list[str]:
    halted = cursor.halted_reason
    lines = []
    if halted and halted != REPLAYING:
        lines.append(f"  - {service} was halted before: {halted}")
    if position is None:
        return [
            *lines,
            f"  - {service} will halt; it has applied {cursor.position} events, and "
            "nobody can tell how many of them"
            " the log of the other still has. See “When something is wrong” in docs/operations.md.",
        ]
    command = f"lessons events resume --service {service} --position {position}"
    lines.append(f"  - {service} will halt. Start the register, then: {command}")
    if position < cursor.position:
        gone = f"{position + 1} to {cursor.position}"
        lines.append(f"    What {service} holds of {gone} came from events that no longer exist.")
    if halted == REPLAYING:
        lines.append(f"    A replay was under way. Repeat it after that: {_replay(service)}")
    return lines


def _replay(service: Service) -> str:
    return f"lessons events replay --service {service}"
