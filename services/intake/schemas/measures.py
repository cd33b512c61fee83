"""What the catalogue says of a benchmark: that the indicator exists, that the unit fits, that the
value is there.
"""

from collections.abc import Mapping, Sequence, Set
from decimal import Decimal
from typing import Literal

from flask_babel import lazy_gettext as _

from shared.domain import codelists
from shared.domain.codelists.indicator import Indicator
from shared.domain.content.parts import BenchmarkContent, EnteredContent
from shared.domain.values import units
from shared.platform.web import languages

Errors = dict[str, Sequence[object]]
Converted = Literal["value", "baseline", "target"]

CONVERTED: tuple[Converted, ...] = ("value", "baseline", "target")
FIGURES = ("value", "numerator", "denominator")
# of a value given beside its numerator and denominator: room for rounding
TOLERANCE = Decimal("0.01")


def measure(
    benchmark: BenchmarkContent, catalogue: Mapping[str, Indicator], unread: Set[str] = frozenset()
) -> tuple[BenchmarkContent, Errors]:
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
    proposed = benchmark.get("proposed")
    unit = indicator.unit if indicator else proposed and proposed.get("unit")
    if unit and "unit" not in unread:
        benchmark = _in_unit(benchmark, unit, errors)
    if not errors and not unread & {"unit", *FIGURES}:
        benchmark = _with_value(benchmark, errors, is_share=indicator is None or indicator.is_share)
    if not errors and indicator:
        errors = _impossible(benchmark, indicator)
    return benchmark, errors


def _indicator_of(
    benchmark: BenchmarkContent, catalogue: Mapping[str, Indicator], errors: Errors
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


def _impossible(benchmark: BenchmarkContent, indicator: Indicator) -> Errors:
    """What nobody can have measured: half a person, 250 % of a whole."""
    errors: Errors = {}
    for name in CONVERTED:
        figure = Decimal(benchmark.get(name) or 0)
        if indicator.is_whole and figure != figure.to_integral_value():
            errors[name] = [
                _("Write a whole number: this counts things of which there is no half.")
            ]
        if indicator.at_most is not None and figure > indicator.at_most:
            errors[name] = [
                _(
                    "This is a share of a whole and cannot be more than %(most)s %%.",
                    most=indicator.at_most,
                )
            ]
    return errors


def _in_unit(benchmark: BenchmarkContent, unit: str, errors: Errors) -> BenchmarkContent:
    given = benchmark["unit"]
    if given == unit:
        return benchmark | {"entered": None}
    converted, entered = benchmark.copy(), EnteredContent(unit=given)
    try:
        units.convert(Decimal(1), given, unit)
        for name in CONVERTED:
            if figure := benchmark.get(name):
                converted[name] = format(units.convert(Decimal(figure), given, unit), "f")
                entered[name] = figure
    except units.NotConvertibleError:
        wanted = codelists.label("units", unit, languages.language())
        errors["unit"] = [
            _("Give the value in %(unit)s, or in a unit that can be converted to it.", unit=wanted)
        ]
        return benchmark
    return converted | {"unit": unit, "entered": entered}


def _with_value(benchmark: BenchmarkContent, errors: Errors, *, is_share: bool) -> BenchmarkContent:
    value = benchmark.get("value")
    above, below = benchmark.get("numerator"), benchmark.get("denominator")
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
