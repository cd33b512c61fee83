"""From the answer 201 to the case with its reviewer, committed in review's database."""

import threading
import time
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from functools import partial

from sqlalchemy import select

from bench.figures import Figure, Part, Ratio, in_turn, percentile
from bench.intake import sender_to
from bench.laboratory import Laboratory, Plan
from bench.load import Answer, post
from bench.pipeline import decide_all, position_of
from bench.rows import connect
from services.processes import LOOPS
from shared.platform.persistence.engine import open_database
from shared.platform.persistence.outbox import OutboxEvent
from testbed.client import wait_for
from testbed.register import Register

LOADS = {"20 per second": 20.0, "100 per second": 100.0, "saturation": None}
CLIENTS, SLICE_SECONDS = 16, 20.0
GLANCE = 0.002
LIMIT = 180.0
ABOUT = """\
The whole register runs, every process of it. Notes are handed in at a steady pace, whatever the
answers take, or by 16 clients that never pause. A note's time begins when its sender has read the
201 and ends when review's database shows that its event was applied: case, items, assignment and
history are committed with the cursor, which is read every 2 ms by a connection of its own. Sender
and databases use one clock. Afterwards every note must have a case with one assignment. Before each
slice the cases of the one before are marked as decided. The senders are written in Python here, so
they take their share of the processors. Where these are busy the pace is not kept: *notes taken
meanwhile* tells what it was."""


def measure(lab: Laboratory, plan: Plan) -> Part:
    """All figures of one back end."""
    part = Part("end-to-end", "From 201 to the case with its reviewer", ABOUT)
    register = lab.register()
    start_all(lab, register)
    _slice(register, 20.0, 3.0)  # connections are made, queues declared
    slices = {
        name: partial(_slice, register, pace, plan.seconds or SLICE_SECONDS)
        for name, pace in LOADS.items()
    }
    found = in_turn(plan.rounds, slices)
    part.figures = [
        Figure("From 201 to the case, median", lab.backend, "ms", found["p50"]),
        Figure("From 201 to the case, 99th percentile", lab.backend, "ms", found["p99"]),
        Figure(
            "Notes taken meanwhile", lab.backend, "notes per second", found["rate"], charted=False
        ),
    ]
    for name in ("20 per second", "100 per second"):
        for what, shown in (("p50", "median"), ("p99", "99th percentile")):
            text = f"from 201 to the case at {name}, {shown}"
            part.ratios.append(Ratio(text, lab.backend, found[what][name], unit="ms"))
    register.stop()
    return part


def start_all(lab: Laboratory, register: Register) -> None:
    """Start every process: behind one front door on the embedded default, each service by itself on
    servers.
    """
    webs = ("front-door",) if lab.backend == "sqlite" else ("intake-web", "review-web")
    register.start(*webs)
    register.start(*LOOPS)


def _slice(register: Register, pace: float | None, seconds: float) -> dict[str, float]:
    decide_all(register)
    before = _assigned(register)
    with _watched(register) as (times, positions):
        answers = post(sender_to(register), CLIENTS, seconds, pace)
        refused = [answer.status for answer in answers if answer.status != 201]
        if refused or not answers:
            raise RuntimeError(
                f"{len(refused)} of {len(answers)} notes were not taken: {refused[:5]}"
            )
        wait_for(lambda: _assigned(register) - before >= len(answers), LIMIT, "the last case")
        time.sleep(10 * GLANCE)
        if (found := _assigned(register) - before) != len(answers):
            raise RuntimeError(f"{found} assignments for {len(answers)} notes")
    took = _milliseconds(answers, _places(register, answers), times, positions)
    return {
        "p50": percentile(took, 0.5),
        "p99": percentile(took, 0.99),
        "rate": len(answers) / seconds,
    }


@contextmanager
def _watched(register: Register) -> Iterator[tuple[list[float], list[int]]]:
    """The times at which review's cursor was first seen at a position, and the positions, while the
    block runs.
    """
    times: list[float] = []
    positions: list[int] = []
    stop = threading.Event()

    def watch() -> None:
        with closing(connect(register.review_url)) as connection:
            while not stop.wait(GLANCE):
                position = position_of(connection)
                if not positions or position > positions[-1]:
                    times.append(time.time())
                    positions.append(position)

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield times, positions
    finally:
        stop.set()
        thread.join(10)


def _milliseconds(
    answers: Sequence[Answer],
    places: dict[str, int],
    times: Sequence[float],
    positions: Sequence[int],
) -> list[float]:
    seen = (times[bisect_left(positions, places[answer.reference])] for answer in answers)
    return [max(0.0, at - answer.at) * 1000 for at, answer in zip(seen, answers, strict=True)]


def _places(register: Register, answers: Sequence[Answer]) -> dict[str, int]:
    """The position of each note's event, by the note's reference."""
    database = open_database(register.intake_url)
    reference = OutboxEvent.data["reference"].as_string()
    newest = (
        select(reference, OutboxEvent.position)
        .order_by(OutboxEvent.id.desc())
        .limit(len(answers) + 100)
    )
    with database.readings() as session:
        places = {
            said: position for said, position in session.execute(newest) if position is not None
        }
    database.close()
    return places


def _assigned(register: Register) -> int:
    with closing(connect(register.review_url)) as connection:
        return int(connection.execute("SELECT count(*) FROM assignment").fetchone()[0])
