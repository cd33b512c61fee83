"""Intake through the real API, beside code that only inserts the same rows."""

from collections.abc import Callable
from functools import partial
from typing import Any

from bench import bare
from bench.figures import Figure, Part, in_turn, ratio
from bench.laboratory import Laboratory, Plan, body
from bench.launcher import changed
from bench.load import Load, Sender, closed_loop, hand_in, warm
from bench.rows import Stored, stored_by
from testbed.register import Register

SLICE_SECONDS = 5.0
OURS, FLASK, PGBENCH, RAW = (
    "the register",
    "straight-line Flask + ORM",
    "pgbench",
    "one connection of the driver",
)
ABOUT = """\
One note (3.9 kB of JSON: three lessons, five benchmarks) again and again, each with a title and an
Idempotency-Key of its own. *The register* is its intake process with two workers of two threads:
key, idempotency, validation, event, metrics. *Straight-line Flask + ORM* is a view on the same
server, workers, threads, engine, pool and durability that parses the same JSON and inserts the same
rows through the ORM in one transaction, and does nothing else; before it starts, the rows that one
note leaves are compared. *pgbench* and *one connection of the driver* insert the register's own
rows without a web server. Both web processes have a database each, the other two share one."""


def measure(lab: Laboratory, plan: Plan) -> Part:
    """All figures of one back end."""
    part, seconds = Part("intake", "Taking notes", ABOUT), plan.seconds or SLICE_SECONDS
    register, peer = lab.register(), lab.register()
    register.start("intake-web")
    peer.start("intake-web", program=changed("straight-line"))
    senders = {OURS: sender_to(register), FLASK: sender_to(peer, tidied=lab.note)}
    plain = lab.copy("intake")
    for name, sender in senders.items():
        _require_same_rows(
            lab.note, peer.intake_url if name == FLASK else register.intake_url, sender
        )
        warm(sender)
    for clients in (16, 1):
        slices = {
            name: partial(_slice, closed_loop, sender, clients, seconds)
            for name, sender in senders.items()
        }
        if lab.backend == "postgres" and bare.has_pgbench():
            slices[PGBENCH] = partial(_slice, bare.pgbench, plain, lab.note, clients, seconds)
        if clients == 1:
            slices[RAW] = partial(_slice, bare.raw_commits, plain, lab.note, seconds)
        _write_up(part, lab.backend, clients, in_turn(plan.rounds, slices))
    register.stop()
    peer.stop()
    return part


def sender_to(register: Register, *, tidied: Stored | None = None) -> Sender:
    """Who hands the note in at a register; `tidied` sends it as the register stores it."""
    content = tidied.rows["note"][0]["content"] if tidied else None
    return Sender(register.address("intake-web"), register.keys["field"], body(content))


def _slice(load: Callable[..., Load], *arguments: Any) -> dict[str, float]:
    return load(*arguments).figures()


def _write_up(
    part: Part, backend: str, clients: int, found: dict[str, dict[str, list[float]]]
) -> None:
    who = f"{clients} clients" if clients > 1 else "1 client"
    rate, p50, p99 = found["rate"], found["p50"], found["p99"]
    part.figures += [
        Figure(f"Notes taken, {who}", backend, "notes per second", rate),
        Figure(f"Until the answer, {who}, median", backend, "ms", p50, charted=False),
        Figure(f"Until the answer, {who}, 99th percentile", backend, "ms", p99, charted=False),
    ]
    if clients > 1:
        text = f"{who}: register ÷ straight-line Flask"
        part.ratios += [
            ratio(f"notes per second, {text}", backend, rate[OURS], rate[FLASK], "straight line"),
            ratio(f"99th percentile, {text}", backend, p99[OURS], p99[FLASK], "straight line"),
        ]
        if PGBENCH in rate:
            text = f"notes per second, {who}: register ÷ pgbench"
            part.ratios.append(ratio(text, backend, rate[OURS], rate[PGBENCH], "limit"))
    else:
        text = f"median, {who}: register ÷ one commit of the driver"
        part.ratios.append(ratio(text, backend, p50[OURS], p50[RAW], "limit"))


def _require_same_rows(wanted: Stored, url: str, sender: Sender) -> None:
    """Raises RuntimeError when a note does not leave the rows that the register stores."""
    found = stored_by(url, lambda: hand_in(sender)).sizes()
    for table, (rows, characters) in wanted.sizes().items():
        many, much = found.get(table, (0, 0))
        if many != rows or abs(much - characters) > max(20, 0.02 * characters):
            raise RuntimeError(
                f"{table}: {many} rows, {much} characters; the register's: {rows}, {characters}"
            )
