"""`make bench`, or `python -m bench PART…`: measures, keeps what it found, and writes
docs/benchmarks.md.

With five rounds on both back ends the slices of intake take 5 minutes, those of wake-up 1½, those
of end-to-end 10. The other parts take what the machine needs: at the usual speed pipeline
2 minutes, replay 10, memory 10 on each back end; SQLite needs more. All that is started runs on
loopback in databases, queues and folders of its own, and is gone at the end. To try it: `python -m
bench --rounds 1 --seconds 2 --notes 500`, which says that it is a trial.
"""

import argparse
import signal
import sys
import time
import traceback
from collections.abc import Callable

from bench import end_to_end, figures, intake, memory, pipeline, profiling, replay, report, wake_up
from bench.figures import Part
from bench.laboratory import Laboratory, Plan, laboratory
from bench.machine import backends, commit, describe
from services.processes import collect_seldom
from shared.platform import clock, logs

FAILED = "**failed**"
MEASURES: dict[str, Callable[[Laboratory, Plan], Part]] = {
    "intake": intake.measure,
    "wake-up": wake_up.measure,
    "end-to-end": end_to_end.measure,
    "pipeline": pipeline.measure,
    "replay": replay.measure,
    "memory": memory.measure,
    "profile": profiling.measure,
}


def main() -> None:
    """Measure what is asked for. Exits with 1 when a part has failed."""
    asked = _arguments().parse_args()
    plan = Plan(asked.rounds, asked.seconds, asked.notes)
    logs.configure("bench")
    collect_seldom()  # as the register's own processes do: parts of them run in this one
    # what was started is ended on the way out
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    found = {part.name: part for part in figures.kept()[1]} if asked.parts else {}
    machine, chosen = describe(), [asked.backend] if asked.backend else backends()
    for name in MEASURES:
        if name in asked.parts or not asked.parts:
            found[name] = _measured(name, plan, chosen, found.get(name))
            figures.keep(machine, _in_order(found))
    missing = [name for name in MEASURES if name not in found]
    report.write(figures.kept()[0] or machine, _in_order(found), missing)
    print(f"Written: {report.DOCUMENT}")
    if failed := [
        part.name
        for part in found.values()
        if part.name in (asked.parts or MEASURES) and any(FAILED in gap for gap in part.gaps)
    ]:
        sys.exit(f"Failed: {', '.join(failed)}.")


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m bench",
        description="Measure parts, or all, and write docs/benchmarks.md. Parts and back ends that "
        "are not measured now keep what was found before, each with its date.",
    )
    parser.add_argument(
        "parts", nargs="*", choices=[*MEASURES, "report"], help="“report” only writes it anew"
    )
    parser.add_argument("--rounds", type=_at_least(1), default=5, help="figures are their medians")
    parser.add_argument(
        "--seconds", type=_at_least(1, float), help="of a slice, instead of each part's own"
    )
    parser.add_argument(
        "--notes", type=_at_least(500), default=100_000, help="for replay and memory"
    )
    parser.add_argument("--backend", choices=["sqlite", "postgres"], help="only this back end")
    return parser


def _at_least(least: int, kind: type[int | float] = int) -> Callable[[str], int | float]:
    def number(text: str) -> int | float:
        if kind(text) < least:
            raise argparse.ArgumentTypeError(f"at least {least}")
        return kind(text)

    return number


def _measured(name: str, plan: Plan, chosen: list[str], before: Part | None = None) -> Part:
    """One part on each of these back ends, told while it runs; of the others what was found
    `before` stays.
    """
    started, begun = clock.now(), time.monotonic()
    parts = []
    for backend in chosen:
        print(f"{clock.now():%H:%M:%S} {name}, {backend} …", flush=True)
        parts.append(_measured_on(backend, name, plan))
        for ratio in parts[-1].ratios:
            print(
                f"           {ratio.text}: {figures.spread(ratio.values)} {ratio.unit}", flush=True
            )
    whole, *others = parts
    for other in others:
        whole.add(other)
    for backend in backends():
        if backend not in chosen:
            _keep(whole, backend, before.of(backend) if before else None)
    # a part that failed knows only its name
    about = next((part for part in parts if part.about), whole)
    whole.title, whole.about, whole.is_once = about.title, about.about, about.is_once
    whole.version = commit()
    whole.rounds, whole.started = plan.rounds, f"{started:%Y-%m-%d %H:%M} UTC"
    whole.took = time.monotonic() - begun
    return whole


def _keep(whole: Part, backend: str, before: Part | None) -> None:
    if before is not None and (before.figures or before.tables):
        whole.add(before)
        # SQLite first, as everywhere
        whole.figures.sort(key=lambda figure: figure.backend, reverse=True)
    else:
        whole.gaps.append(f"{backend}: not measured this time.")


def _measured_on(backend: str, name: str, plan: Plan) -> Part:
    """One part on one back end. What fails is told, and does not take the other parts with it."""
    try:
        with laboratory(backend) as lab:
            return MEASURES[name](lab, plan)
    except Exception as error:  # whatever it was
        traceback.print_exc()
        return Part(
            name,
            name.capitalize(),
            "",
            gaps=[(f"{backend}: {FAILED}, {type(error).__name__}: {error}")],
        )


def _in_order(found: dict[str, Part]) -> list[Part]:
    return [found[name] for name in MEASURES if name in found]


if __name__ == "__main__":
    main()
