"""What the catalogue says of a benchmark: that the indicator exists, that the unit fits, that the
value is there.
"""

from collections.abc import Mapping, Set
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _

from shared.domain import codelists
from shared.domain.codelists.indicator import Indicator
from shared.domain.values import units
from shared.platform.web import languages

Benchmark = dict[str, Any]
Errors = dict[str, list[Any]]

FIGURES = ("value", "numerator", "denominator")
# of a value given beside its numerator and denominator: room for rounding
TOLERANCE = Decimal("0.01")


def measure(
    benchmark: Benchmark, catalogue: Mapping[str, Indicator], unread: Set[str] = frozenset()
) -> tuple[Benchmark, Errors]:
    """The benchmark in the unit of its indicator, with the value that numerator and denominator
    give if it has none.

    Returns it with what is wrong, by the name of the field; `entered` keeps the figures as given
    where they were converted. A benchmark of a proposed indicator keeps its own unit. `unread` are
    the fields that are wrong already: of them nothing more is said.
    """
    errors: Errors = {}
    indicator = (
        _indicator_of(benchmark, catalogue, errors)
        if not unread & {"indicator", "proposed"}
        else None
    )
    unit = indicator.unit if indicator else (benchmark.get("proposed") or {}).get("unit")
    if unit and "unit" not in unread:
        benchmark = _in_unit(benchmark, unit, errors)
    if not errors and not unread & {"unit", *FIGURES}:
        benchmark = _with_value(benchmark, errors, is_share=indicator is None or indicator.is_share)
    return benchmark, errors


def _indicator_of(
    benchmark: Benchmark, catalogue: Mapping[str, Indicator], errors: Errors
) -> Indicator | None:
    code, proposed = benchmark.get("indicator"), benchmark.get("proposed")
    if code and proposed:
        errors["proposed"] = [_("Pick an indicator from the catalogue or propose one, not both.")]
    elif code and code not in catalogue:
        errors["indicator"] = [
            _("The catalogue has no such indicator. Pick one from it, or propose a new one.")
        ]
    elif not code and not proposed:
        errors["indicator"] = [_("Pick an indicator from the catalogue, or propose a new one.")]
    return catalogue.get(code or "")


def _in_unit(benchmark: Benchmark, unit: str, errors: Errors) -> Benchmark:
    given = benchmark["unit"]
    if given == unit:
        return benchmark | {"entered": None}
    figures = {
        name: benchmark[name] for name in ("value", "baseline", "target") if benchmark.get(name)
    }
    try:
        converted = {
            name: format(units.convert(Decimal(figure), given, unit), "f")
            for name, figure in figures.items()
        }
        units.convert(Decimal(1), given, unit)
    except units.NotConvertibleError:
        name = codelists.label("units", unit, languages.language())
        errors["unit"] = [
            _("Give the value in %(unit)s, or in a unit that can be converted to it.", unit=name)
        ]
        return benchmark
    return benchmark | converted | {"unit": unit, "entered": {"unit": given, **figures}}


def _with_value(benchmark: Benchmark, errors: Errors, *, is_share: bool) -> Benchmark:
    value, above, below = (benchmark.get(name) for name in ("value", "numerator", "denominator"))
    if (above is None) != (below is None):
        missing = "denominator" if below is None else "numerator"
        errors[missing] = [_("Give both numbers of the ratio, or neither.")]
    elif below is not None and Decimal(below) == 0:
        errors["denominator"] = [_("The second number of a ratio cannot be zero.")]
    elif above is not None and below is not None and is_share:
        ratio = Decimal(above) / Decimal(below) * (100 if benchmark["unit"] == "%" else 1)
        if value is None:
            return benchmark | {"value": format(units.computed(ratio), "f")}
        if abs(Decimal(value) - ratio) > ratio * TOLERANCE:
            errors["value"] = [
                _(
                    "The two numbers give %(computed)s. Check them and the value.",
                    computed=units.computed(ratio),
                )
            ]
    if value is None and not errors:
        errors["value"] = [_("Enter the value.")]
    return benchmark
