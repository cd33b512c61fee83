"""What it costs to wake the relay up at once."""

from collections.abc import Mapping
from contextlib import closing
from functools import partial

from bench.figures import Figure, Part, in_turn, ratio
from bench.intake import SLICE_SECONDS, sender_to
from bench.laboratory import Laboratory, Plan
from bench.launcher import changed, has_wakeup
from bench.load import closed_loop, warm
from bench.rows import connect
from testbed.client import wait_for
from testbed.register import OURS, Register

ON, OFF, ALONE = "relay woken at once", "relay looks by itself", "no relay"
ABOUT = """\
Notes taken with 16 clients, by three registers that differ only in this: the web process tells the
relay at once that something was recorded; it tells nobody, and the relay looks by itself; it tells
nobody and no relay runs. The first two pay for numbering and publishing on the same two processors,
so the cost of the wake-up is the first beside the second. Before each slice the relays have
published everything."""
LIMIT = 120.0


def measure(lab: Laboratory, plan: Plan) -> Part:
    """All figures of one back end."""
    part = Part("wake-up", "The cost of waking the relay", ABOUT)
    if lab.backend == "sqlite":
        part.gaps.append(
            "SQLite: nobody can be told there, the relay looks at a counter of the file."
        )
        return part
    if not has_wakeup():
        part.gaps.append("This version of the register wakes nobody up.")
        return part
    registers = {name: lab.register() for name in (ON, OFF, ALONE)}
    for name, register in registers.items():
        register.start("intake-web", program=OURS if name == ON else changed("silent"))
        if name != ALONE:
            register.start("intake-relay")
        warm(sender_to(register))
    slices = {
        name: partial(_slice, registers, name, plan.seconds or SLICE_SECONDS) for name in registers
    }
    rate = in_turn(plan.rounds, slices)["rate"]
    part.figures.append(Figure("Notes taken, 16 clients", lab.backend, "notes per second", rate))
    part.ratios += [
        ratio("notes per second: wake-up on ÷ off", lab.backend, rate[ON], rate[OFF], "itself"),
        ratio(
            "notes per second: wake-up on ÷ no relay at all",
            lab.backend,
            rate[ON],
            rate[ALONE],
            "itself",
        ),
    ]
    for register in registers.values():
        register.stop()
    return part


def is_published(register: Register) -> bool:
    """Whether the broker has everything that intake recorded."""
    with closing(connect(register.intake_url)) as connection:
        query = "SELECT count(*) FROM outbox WHERE published_at IS NULL"
        return bool(connection.execute(query).fetchone()[0] == 0)


def _slice(registers: Mapping[str, Register], name: str, seconds: float) -> dict[str, float]:
    for register in (registers[ON], registers[OFF]):
        wait_for(partial(is_published, register), LIMIT, "the last event published")
    return closed_loop(sender_to(registers[name]), 16, seconds).figures()
