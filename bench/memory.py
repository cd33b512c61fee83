"""What each process keeps in memory before, at 10,000 and after 100,000 notes."""

import json
import time
from contextlib import closing

import psutil

from bench.end_to_end import start_all
from bench.figures import Figure, Part, Ratio, Table, amount
from bench.laboratory import NOTE, Laboratory, Plan, body
from bench.launcher import changed
from bench.load import Sender, closed_loop
from bench.rows import connect
from testbed.register import Register

CLIENTS, CHUNK_SECONDS, WARM_NOTES = 4, 10.0, 200
LIMIT = 3600.0  # seconds for each stage
# of the notes may get no 201: a busy machine keeps one of a hundred thousand waiting too long
TOLERATED = 0.001
MIB = 2**20
OURS, PEER = "the register, all processes", "the straight line, all processes"
ABOUT = """\
Grown once, not in rounds: short notes (one lesson, one benchmark, because so many are needed) go in
through the API with four clients, and the whole register works them off. PSS counts memory that
processes share in equal parts, so that a sum counts it once; USS is what a process has for itself.
*Before* is after the first 200 notes. *The straight line* is the Flask view of the first part with
a bare kombu relay and a consumer that inserts a case with its items, once for each of the two
services; it has no clockwork. The first of the two takes a tenth of the notes, because its
consumer, with a transaction for each, would need long for all; what it would grow by then is not
counted against the register. Its web processes are started by the register's own command and so
carry its code, too."""

SECOND = "second "
SHORT = NOTE | {"lessons": NOTE["lessons"][:1], "benchmarks": NOTE["benchmarks"][:1]}

Sizes = dict[str, tuple[float, float]]
"""Of each process PSS and USS in MiB."""


def measure(lab: Laboratory, plan: Plan) -> Part:
    """All figures of one back end."""
    part, notes = Part("memory", "Memory", ABOUT, is_once=True), plan.notes
    stages = (WARM_NOTES, notes // 10, notes)
    ours = lab.register()
    start_all(lab, ours)
    found = _grow(part, lab.backend, ours, "cursor", stages)
    _table(part, lab.backend, stages, found)
    grown = {name: found[2][name][0] / found[1][name][0] for name in found[1] if name in found[2]}
    most = max(grown, key=lambda name: grown[name])
    growth = f"largest growth of a process, {stages[1]:,} to {stages[2]:,} notes"
    part.ratios.append(Ratio(growth, lab.backend, [grown[most]], "itself", unit=f"({most})"))
    ours.stop()
    peers = _straight_line(part, lab, (WARM_NOTES, notes // 10))
    sums = {
        OURS: [sum(pss for pss, _uss in found[2].values())],
        PEER: [sum(pss for pss, _uss in peers.values())],
    }
    part.figures.append(Figure(f"Memory after {notes:,} notes", lab.backend, "MiB (PSS)", sums))
    together = sums[OURS][0] / sums[PEER][0]
    text = "all processes: register ÷ straight line"
    part.ratios.append(Ratio(text, lab.backend, [together], "straight line"))
    of_one = sum(pss for name, (pss, _uss) in peers.items() if not name.startswith(SECOND))
    text = "all processes: register ÷ straight line of one service only"
    part.ratios.append(Ratio(text, lab.backend, [sums[OURS][0] / of_one], "straight line"))
    return part


def _straight_line(part: Part, lab: Laboratory, stages: tuple[int, ...]) -> Sizes:
    """The sizes of the straight line's processes at the end, of both services."""
    pair = [lab.register(), lab.register()]
    for peer in pair:
        peer.start("intake-web", program=changed("straight-line"))
        for name in ("relay", "consumer"):
            peer.run(name, ["bench.bare_kombu", name])
    last = _grow(part, lab.backend, pair[0], "review_case", stages)[-1]
    sizes = last | {f"{SECOND}{name}": size for name, size in _sizes(pair[1]).items()}
    rows = [[name, *map(amount, size)] for name, size in sorted(sizes.items())]
    title = f"{lab.backend}: the straight line's processes at the end, MiB"
    part.tables.append(Table(title, ["process", "PSS", "USS"], rows))
    for peer in pair:
        peer.stop()
    return sizes


def _grow(
    part: Part,
    backend: str,
    register: Register,
    counter: str,
    stages: tuple[int, ...],
) -> list[Sizes]:
    """The sizes of a register's processes when so many notes went all the way, at each stage."""
    sizes, refused = [], 0
    sender = Sender(register.address("intake-web"), register.keys["field"], body(json.dumps(SHORT)))
    for notes in stages:
        deadline = time.monotonic() + LIMIT
        while (
            reached := _count(register.intake_url, "outbox")
        ) < notes and time.monotonic() < deadline:
            load = closed_loop(
                sender, CLIENTS, min(CHUNK_SECONDS, max(2.0, (notes - reached) / 1000))
            )
            refused += load.failed
            if refused > notes * TOLERATED:
                raise RuntimeError(f"{refused} notes were not taken")
        while (
            done := _count(register.review_url, counter)
        ) < notes and time.monotonic() < deadline:
            register.require_running()
            time.sleep(0.5)
        if done < notes:
            part.gaps.append(
                f"{backend}: only {done:,} of {notes:,} notes had gone all the way after "
                f"{LIMIT:.0f} s."
            )
        sizes.append(_sizes(register))
    if refused:
        part.gaps.append(
            f"{backend}: {refused} notes had no 201 in time and were followed by others."
        )
    return sizes


def _count(url: str, counter: str) -> int:
    query = (
        ("SELECT max(position) FROM cursor")
        if counter == "cursor"
        else (f"SELECT count(*) FROM {counter}")
    )
    with closing(connect(url)) as connection:
        return int(connection.execute(query).fetchone()[0] or 0)


def _sizes(register: Register) -> Sizes:
    """PSS and USS of each process; the workers of a web process are told from it.

    Raises when one has ended.
    """
    register.require_running()
    sizes = {}
    for name, process in register.started.items():
        main = psutil.Process(process.pid)
        for number, one in enumerate([main, *main.children(recursive=True)]):
            memory = one.memory_full_info()
            sizes[(f"{name}, worker {number}") if number else name] = (
                memory.pss / MIB,
                memory.uss / MIB,
            )
    return sizes


def _table(part: Part, backend: str, stages: tuple[int, ...], found: list[Sizes]) -> None:
    head = [
        "process",
        *(f"{what} {stage}" for what in ("PSS", "USS") for stage in _named(stages)),
        "growth of PSS",
    ]
    rows = []
    for name in sorted(found[0]):
        sizes = [stage.get(name, (0.0, 0.0)) for stage in found]
        growth = sizes[2][0] / sizes[1][0] if sizes[1][0] else 0.0
        rows.append(
            [name, *(amount(size[kind]) for kind in (0, 1) for size in sizes), f"× {growth:.2f}"]
        )
    part.tables.append(Table(f"{backend}: the register's processes, MiB", head, rows))


def _named(stages: tuple[int, ...]) -> list[str]:
    return ["before", f"at {stages[1]:,}", f"after {stages[2]:,}"]
