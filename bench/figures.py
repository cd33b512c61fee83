"""What a run finds: figures in rounds, ratios, and tables; kept as JSON until they are written."""

import json
import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

FOUND = Path("docs/benchmarks.json")  # every value of every round, beside the document


@dataclass
class Figure:
    """One thing measured on one back end: for each series, the first being the register, its value
    in each round.
    """

    title: str
    backend: str
    unit: str
    series: dict[str, list[float]]
    charted: bool = True


@dataclass
class Ratio:
    """A ratio or a time in each round, and what the register stands `beside` in it: the straight
    line, a limit, a peer or itself.
    """

    text: str
    backend: str
    values: list[float]
    beside: str = ""
    unit: str = ""


@dataclass
class Table:
    """What is no row of rounds: a head and rows of text."""

    title: str
    head: list[str]
    rows: list[list[str]]


@dataclass
class Part:
    """One part of the run: what was measured and how, in plain words, and what came out."""

    name: str
    title: str
    about: str
    rounds: int = 0
    started: str = ""
    took: float = 0.0
    figures: list[Figure] = field(default_factory=list)
    ratios: list[Ratio] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    gaps: list[str] = field(default_factory=list)  # what could not be measured here, and why
    is_once: bool = False  # measured once, whatever the rounds
    version: str = ""  # the commit that was measured

    def add(self, other: "Part") -> None:
        """Take over what another back end brought."""
        self.figures += other.figures
        self.ratios += other.ratios
        self.tables += other.tables
        self.gaps += other.gaps

    def of(self, backend: str) -> "Part":
        """What it says of one back end, with when that was measured."""
        gaps = [gap for gap in self.gaps if gap.lower().startswith(f"{backend}: ")]
        if not any(": measured " in gap for gap in gaps):
            gaps.append(f"{backend}: measured {self.started}, version {self.version}.")
        return replace(
            self,
            figures=[figure for figure in self.figures if figure.backend == backend],
            ratios=[ratio for ratio in self.ratios if ratio.backend == backend],
            tables=[table for table in self.tables if table.title.startswith(f"{backend}: ")],
            gaps=gaps,
        )


def ratio(
    text: str, backend: str, over: Sequence[float], under: Sequence[float], beside: str
) -> Ratio:
    """The ratio of two series, round by round."""
    return Ratio(text, backend, [a / b for a, b in zip(over, under, strict=True)], beside)


def in_turn(
    rounds: int, slices: Mapping[str, Callable[[], Mapping[str, float]]]
) -> dict[str, dict[str, list[float]]]:
    """Run each slice once a round, one after the other.

    Returns by what is measured, then by slice, a value a round.

    Every second round runs them backwards, so that none is always the one after a busy neighbour.
    """
    found: dict[str, dict[str, list[float]]] = {}
    for number in range(rounds):
        for name in list(slices)[:: 1 if number % 2 == 0 else -1]:
            for what, value in slices[name]().items():
                found.setdefault(what, {series: [] for series in slices})[name].append(value)
    return {
        what: {name: values for name, values in series.items() if values}
        for what, series in found.items()
    }


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which this share (0 to 1) of all lies; the nearest one that was seen."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def amount(value: float) -> str:
    """A number with as many digits as mean something."""
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


def spread(values: Sequence[float]) -> str:
    """The median with the lowest and the highest."""
    median = amount(statistics.median(values))
    return f"{median} ({amount(min(values))}–{amount(max(values))})" if len(values) > 1 else median


def keep(machine: Mapping[str, str], parts: Sequence[Part]) -> None:
    """Keep what was found, so that the document can be written again without measuring again."""
    kept = {"machine": dict(machine), "parts": [asdict(part) for part in parts]}
    FOUND.write_text(json.dumps(kept, indent=1, ensure_ascii=False), encoding="utf-8")


def kept() -> tuple[dict[str, str], list[Part]]:
    """What the last runs found: the machine, and each part."""
    if not FOUND.exists():
        return {}, []
    found = json.loads(FOUND.read_text(encoding="utf-8"))
    return found["machine"], [_part(part) for part in found["parts"]]


def _part(found: dict[str, Any]) -> Part:
    lists = {"figures": Figure, "ratios": Ratio, "tables": Table}
    made = {name: [kind(**one) for one in found[name]] for name, kind in lists.items()}
    return Part(**{**found, **made})
