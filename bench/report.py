"""Writes docs/benchmarks.md and its charts from what was found."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from bench.charts import BACKENDS, bars
from bench.figures import Figure, Part, Ratio, Table, spread
from bench.remarks import REMARKS

DOCUMENT = Path("docs/benchmarks.md")
IMAGES = Path("docs/images")
ENOUGH_ROUNDS = 5
HEAD = """# How fast it is

Written by `make bench`; do not edit. Every ratio is made from slices that ran in turn on one
machine, round by round, and is the median of these rounds; in brackets stand the lowest and the
highest. Memory is grown once, and the rounds of a catch-up are the fifths of one: their chapters
say so. Absolute figures are this machine's on that day, with client, server, database and broker on
its processors together: compare only within one part. The thin line of a bar goes from the lowest
to the highest round.
"""


def write(machine: Mapping[str, str], parts: Sequence[Part], missing: Sequence[str] = ()) -> None:
    """Write the document and the charts; charts of before go. What is `missing` is named."""
    IMAGES.mkdir(exist_ok=True)
    for old in IMAGES.glob("bench-*.svg"):
        old.unlink()
    for part in parts:
        for figure in part.figures:
            if figure.charted:
                (IMAGES / _image(part, figure)).write_text(bars(figure), encoding="utf-8")
    DOCUMENT.write_text(document(machine, parts, missing), encoding="utf-8")


def document(machine: Mapping[str, str], parts: Sequence[Part], missing: Sequence[str] = ()) -> str:
    """The whole document."""
    described = "\n".join(f"| {name} | {value} |" for name, value in machine.items())
    chapters = "\n".join(_chapter(part) for part in parts)
    machine_table = f"## The machine\n\n| | |\n|---|---|\n{described}"
    return f"{HEAD}\n{machine_table}\n\n{_where_it_stands(parts, missing)}\n{chapters}"


def _where_it_stands(parts: Sequence[Part], missing: Sequence[str]) -> str:
    """All ratios at once: where the register stands."""
    ratios = [ratio for part in parts for ratio in part.ratios if ratio.backend == "postgres"]
    said = (
        "On PostgreSQL with RabbitMQ. *Straight line* is the least that could do the work with the "
        "same libraries; a *limit* does only what the database must do; a *peer* is another way "
        "to the same end; *itself* is the register under another condition."
    )
    if missing:
        said += f" Not measured yet: {', '.join(missing)}."
    if gaps := [part.title for part in parts if part.gaps]:
        said += f" Something could not be measured: see {', '.join(gaps)}."
    return f"## Where it stands\n\n{said}\n\n{_ratios(ratios)}\n"


def _chapter(part: Part) -> str:
    rounds = "once" if part.is_once else f"{part.rounds} rounds" if part.rounds != 1 else "1 round"
    trial = (
        ""
        if part.is_once or part.rounds >= ENOUGH_ROUNDS
        else (" **A trial: too few rounds to rely on.**")
    )
    paragraphs = [
        f"## {part.title}",
        part.about,
        f"`python -m bench {part.name}`, {rounds}, {part.took / 60:.0f} min, {part.started}, "
        f"version {part.version}.{trial}",
        *part.gaps,
    ]
    for title in dict.fromkeys(figure.title for figure in part.figures):
        paragraphs += _figures(part, [figure for figure in part.figures if figure.title == title])
    if part.ratios:
        paragraphs.append(_ratios(part.ratios))
    paragraphs += [_table(table) for table in part.tables]
    return "\n\n".join(paragraphs) + "\n"


def _figures(part: Part, figures: Sequence[Figure]) -> list[str]:
    """One thing on each back end: a table, and the charts."""
    names = list(dict.fromkeys(name for figure in figures for name in figure.series))
    head = [figures[0].unit, *(BACKENDS[figure.backend] for figure in figures)]
    rows = [
        [
            name,
            *(spread(figure.series[name]) if name in figure.series else "–" for figure in figures),
        ]
        for name in names
    ]
    charts = [
        f"![{figure.title}](images/{_image(part, figure)})" for figure in figures if figure.charted
    ]
    return [_table(Table(figures[0].title, head, rows)), *charts]


def _ratios(ratios: Sequence[Ratio]) -> str:
    rows = [
        [
            ratio.text,
            BACKENDS[ratio.backend],
            f"{spread(ratio.values)} {ratio.unit}".strip(),
            ratio.beside or "–",
        ]
        for ratio in ratios
    ]
    return _table(Table("", ["", "", "measured", "beside"], rows)) + _remarks(ratios)


def _remarks(ratios: Sequence[Ratio]) -> str:
    """What there is to say of a figure, once where several say the same."""
    said: dict[str, list[str]] = {}
    for ratio in ratios:
        if remark := REMARKS.get((ratio.text, ratio.backend)):
            said.setdefault(remark, []).append(f"*{ratio.text}*")
    lines = [f"- {', '.join(texts)}: {remark}" for remark, texts in said.items()]
    return "\n\n" + "\n".join(lines) if lines else ""


def _table(table: Table) -> str:
    title = f"**{table.title}**\n\n" if table.title else ""
    lines = [table.head, ["---"] * len(table.head), *table.rows]
    return title + "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _image(part: Part, figure: Figure) -> str:
    return (
        f"bench-{part.name}-{re.sub(r'[^a-z0-9]+', '-', figure.title.lower())}-{figure.backend}.svg"
    )
