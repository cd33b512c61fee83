"""Values of one indicator side by side: what may be compared, and what several values say together.

The rules are the catalogue's: `split_by` says what must be equal before two values are compared,
`pool` how several values make one figure, and only comparable indicators have a band at all.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from statistics import median

from services.review.library.model.entries import Entry
from shared.domain.codelists.indicator import Indicator
from shared.domain.values.units import computed

BOUNDS = ("about", "at_least", "at_most")


@dataclass(frozen=True)
class Measured:
    """One published value with what it needs to be compared."""

    entry: Entry
    value: Decimal
    precision: str

    @classmethod
    def of(cls, entry: Entry) -> "Measured":
        """The value of a benchmark entry."""
        return cls(entry, Decimal(entry.value), entry.benchmark.get("precision") or "exact")

    @property
    def ratio(self) -> tuple[Decimal, Decimal] | None:
        """Numerator and denominator, where both were given."""
        said = self.entry.benchmark
        above, below = said.get("numerator"), said.get("denominator")
        return (Decimal(above), Decimal(below)) if above and below else None


@dataclass(frozen=True)
class Band:
    """What the values of several operations say together.

    `median`, `low` and `high` are over operations, each with the median of its own values. `pooled`
    is the sum of the numerators over the sum of the denominators, for indicators that are pooled
    so; it is None when a value lacks them. `bounded` says that some values are no exact figures, so
    that none of these is either.
    """

    operations: int
    values: int
    median: Decimal
    low: Decimal
    high: Decimal
    pooled: Decimal | None
    bounded: bool


@dataclass(frozen=True)
class Group:
    """Values that agree in what must be equal.

    `stated` is false when one of these is not known: no band then.
    """

    split: dict[str, str]
    stated: bool
    values: tuple[Measured, ...]
    band: Band | None


def compare(indicator: Indicator, entries: Iterable[Entry]) -> list[Group]:
    """The values of an indicator in groups that may be compared, each with its band where the
    catalogue allows one.
    """
    groups: dict[tuple[str | None, ...], list[Measured]] = {}
    for entry in entries:
        key = tuple(_property(entry, name) for name in indicator.split_by)
        groups.setdefault(key, []).append(Measured.of(entry))
    ordered = sorted(
        groups.items(), key=lambda pair: tuple((value is None, value or "") for value in pair[0])
    )
    return [_group(indicator, key, values) for key, values in ordered]


def _group(indicator: Indicator, key: tuple[str | None, ...], values: Sequence[Measured]) -> Group:
    stated = None not in key
    split = {
        name: value
        for name, value in zip(indicator.split_by, key, strict=True)
        if value is not None
    }
    is_banded = indicator.is_comparable and indicator.pool != "none" and stated
    return Group(split, stated, tuple(values), _band(indicator, values) if is_banded else None)


def _band(indicator: Indicator, values: Sequence[Measured]) -> Band:
    by_operation: dict[str, list[Decimal]] = {}
    for measured in values:
        by_operation.setdefault(str(measured.entry.operation_id), []).append(measured.value)
    figures = [median(figures) for figures in by_operation.values()]
    return Band(
        operations=len(figures),
        values=len(values),
        median=computed(median(figures)),
        low=min(figures),
        high=max(figures),
        pooled=_pooled(values, scale=100 if indicator.unit == "%" else 1)
        if indicator.pool == "ratio"
        else None,
        bounded=any(measured.precision in BOUNDS for measured in values),
    )


def _pooled(values: Sequence[Measured], *, scale: int) -> Decimal | None:
    ratios = [measured.ratio for measured in values]
    given = [ratio for ratio in ratios if ratio is not None]
    if len(given) < len(ratios):
        return None
    above = sum((ratio[0] for ratio in given), Decimal(0))
    below = sum((ratio[1] for ratio in given), Decimal(0))
    return computed(above / below * scale)


def _property(entry: Entry, name: str) -> str | None:
    """What a value says of a property by which values are split; None when the note has no such
    answer.
    """
    if name == "type":
        return entry.operation["type"]
    answer = entry.benchmark.get(name) if name in ("mode", "leg") else None
    return str(answer).strip() if answer else None
