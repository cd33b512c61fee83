"""Replay: a new review database that catches up by pull, and intake's view of what review
decided.
"""

import time
from contextlib import closing

from sqlalchemy import select

from bench.figures import Figure, Part, Ratio
from bench.filling import events_only, fill
from bench.laboratory import Laboratory, Plan
from bench.pipeline import position_of
from bench.rows import connect
from services.review.desk.model import Case
from shared.platform.events import REVIEW_STREAM
from shared.platform.messaging import subscription
from shared.platform.persistence import outbox
from shared.platform.persistence.engine import open_database
from testbed.client import wait_for
from testbed.register import Register

PIECES = 5
LIMIT = 1800.0
CATCH_UP, REBUILD = "a new review database, by pull", "intake's view, lessons events replay"
ABOUT = """\
*A new review database, by pull*: intake's log holds the notes already and the broker nothing;
review's consumer is started and asks intake over HTTP until it is level, with a case, an assignment
and a history for each note. The rounds are the five fifths of one catch-up, so a slow-down by size
would show. *Intake's view*: `lessons events replay --service intake` over as many events of review,
the whole command with its start, once a round."""


def measure(lab: Laboratory, plan: Plan) -> Part:
    """All figures of one back end."""
    notes = plan.notes
    part = Part("replay", f"Replay of {notes:,} events", ABOUT)
    series = {CATCH_UP: _catch_up(lab, notes)}
    rebuilt, gap = _rebuild(lab, plan)
    if gap:
        part.gaps.append(f"{lab.backend}: {gap}")
    else:
        series[REBUILD] = rebuilt
    part.figures.append(
        Figure(f"Replay of {notes:,} events", lab.backend, "events per second", series)
    )
    part.ratios += [
        Ratio(f"notes per second: {name}", lab.backend, values) for name, values in series.items()
    ]
    return part


def _catch_up(lab: Laboratory, notes: int) -> list[float]:
    register = lab.register()
    numbers = fill(register.intake_url, events_only(lab.note), notes, numbered=True)
    register.start("intake-web", "review-consumer")
    wait_for(lambda: _position(register) >= numbers[-1], LIMIT, "the last case")
    register.stop()
    database = open_database(register.review_url)
    with database.readings() as session:
        opened = session.scalars(
            select(Case.opened_at).where(Case.reference.startswith("AAN-2025-"))
        ).all()
    database.close()
    times, piece = sorted(moment.timestamp() for moment in opened), notes // PIECES
    return [
        (piece - 1) / (times[end - 1] - times[end - piece])
        for end in range(piece, notes + 1, piece)
    ]


def _position(register: Register) -> int:
    time.sleep(0.5)
    register.require_running()
    with closing(connect(register.review_url)) as connection:
        return position_of(connection)


def _rebuild(lab: Laboratory, plan: Plan) -> tuple[list[float], str | None]:
    """Events per second in each round, and why there are none."""
    if lab.register().lessons("events", "replay", "--help").returncode != 0:
        return [], "there is no `lessons events replay` in this version."
    register = lab.register()
    fill(register.intake_url, lab.note, plan.notes, numbered=True)
    numbers = fill(register.review_url, lab.assigned, plan.notes, numbered=True)
    _let_all_be_applied(register, numbers[-1])
    register.start("review-web", "intake-web")
    rates = []
    for _ in range(plan.rounds):
        started = time.monotonic()
        done = register.lessons("events", "replay", "--service", "intake")
        rates.append(numbers[-1] / (time.monotonic() - started))
        if done.returncode != 0:
            return [], f"the command failed: {done.stderr.strip()[-200:]}"
    register.stop()
    return rates, None


def _let_all_be_applied(register: Register, position: int) -> None:
    """Put intake's cursor where it is when it has applied the whole log: what lies behind it is not
    replayed.
    """
    log, database = open_database(register.review_url), open_database(register.intake_url)
    with log.readings() as there, database.sessions.begin() as here:
        epoch = outbox.stream_named(there, REVIEW_STREAM).epoch
        (last,) = outbox.events_after(there, REVIEW_STREAM, position=position - 1, limit=1)
        subscription.resume(
            here, REVIEW_STREAM, epoch=epoch, position=position, event_id=last.event_id
        )
    log.close()
    database.close()
