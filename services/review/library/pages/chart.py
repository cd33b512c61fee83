"""A picture of values side by side: where everything lies, for the SVG macro that draws it.

One row a value, its label above it, so that a phone shows readable text; the axis starts at zero,
because a bar cut off below makes small differences look large. Where a language is written
from the right, so is the axis.
"""

from dataclasses import dataclass
from decimal import Decimal
from math import floor, log10

from services.review.library.model import Group, Measured
from shared.domain.codelists.indicator import Indicator
from shared.platform.languages import direction_of
from shared.platform.typed.numbers import write_number

WIDTH, MARGIN, ROW, TOP = 360, 12, 40, 14
MOST_ROWS = 20
MOST_LETTERS = 38  # of a title, beside its year and its figure


@dataclass(frozen=True)
class Mark:
    """One value: where it lies, what stands above it, and its shape (a dot; open for “about”;
    arrows for bounds).
    """

    x: float
    y: int
    label: str
    figure: str
    precision: str


@dataclass(frozen=True)
class Tick:
    """A number on the axis."""

    x: float
    label: str


@dataclass(frozen=True)
class Chart:
    """All that the macro draws.

    `norm` is where the standard's figure lies, `left_out` how many values had no room.
    """

    height: int
    marks: tuple[Mark, ...]
    ticks: tuple[Tick, ...]
    norm: Tick | None
    median: Tick | None
    start: int
    end: int
    mirrored: bool
    left_out: int


def chart_of(group: Group, indicator: Indicator, language: str) -> Chart:
    """The picture of one group of values."""
    shown = group.values[:MOST_ROWS]
    norm = Decimal(indicator.norm.value) if indicator.norm else None
    top = _round_up(max([*(measured.value for measured in shown), norm or Decimal(0), Decimal(1)]))
    mirrored = direction_of(language) == "rtl"

    def place(value: Decimal) -> float:
        share = float(value / top)
        inner = WIDTH - 2 * MARGIN
        return round(WIDTH - MARGIN - share * inner if mirrored else MARGIN + share * inner, 1)

    def tick(value: Decimal | None) -> Tick | None:
        return (
            Tick(place(value), write_number(_plain(value), language)) if value is not None else None
        )

    marks = tuple(
        _mark(measured, number, place(measured.value), language)
        for number, measured in enumerate(shown)
    )
    steps = [top * step / 4 for step in (0, 2, 4)]
    return Chart(
        height=TOP + ROW * len(shown) + 34,
        marks=marks,
        ticks=tuple(Tick(place(step), write_number(_plain(step), language)) for step in steps),
        norm=tick(norm),
        median=tick(group.band.median if group.band and group.band.operations > 1 else None),
        start=WIDTH - MARGIN if mirrored else MARGIN,
        end=MARGIN if mirrored else WIDTH - MARGIN,
        mirrored=mirrored,
        left_out=len(group.values) - len(shown),
    )


def _mark(measured: Measured, number: int, x: float, language: str) -> Mark:
    operation = measured.entry.operation
    title = operation["title"]
    title = title if len(title) <= MOST_LETTERS else f"{title[: MOST_LETTERS - 1]}…"
    return Mark(
        x=x,
        y=TOP + ROW * number + 24,
        label=f"{title}, {operation['started_on'][:4]}",
        figure=write_number(measured.value, language),
        precision=measured.precision,
    )


def _round_up(value: Decimal) -> Decimal:
    """The next number above that reads well: 1, 2, 2.5, 4, 5 or 10 times a power of ten."""
    power = Decimal(10) ** floor(log10(value))
    return next(
        step * power
        for step in map(Decimal, ("1", "2", "2.5", "4", "5", "10"))
        if step * power >= value
    )


def _plain(value: Decimal) -> Decimal:
    return Decimal(format(value.normalize(), "f"))
