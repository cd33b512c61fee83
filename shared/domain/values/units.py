"""Units: a value in another unit of the same kind is converted, anything else is refused."""

import re
from decimal import Decimal, localcontext
from functools import cache
from typing import Any

import pint

# What we count is defined here; a thousand of it is written as a number, not as "kpersons".
_OWN = (
    "person = [person] = persons = people",
    "movement = [movement] = movements = flight = flights = truck = trucks = voyage = voyages",
    "incident = [incident] = incidents",
    "death = [death] = deaths",
    "tap = [tap] = taps",
    "toilet = [toilet] = toilets = latrine = latrines",
    "USD = [money_usd]",
    "square_metre = meter ** 2 = m2",
)


# How the other languages of the register call them.
_NAMES = (
    "person = personne = personnes = persona = personas = شخص = أشخاص",
    "minute = minuto = minutos = دقيقة = دقائق",
    "hour = heure = heures = hora = horas = ساعة = ساعات",
    "day = jour = jours = día = días = يوم = أيام",
    "week = semaine = semaines = semana = semanas = أسبوع = أسابيع",
    "month = mois = mes = meses = شهر = أشهر",
    "liter = litro = litros = لتر = لترات",
)
# digits to reckon with: more than anyone can write, so that what is rounded off was never given
_PRECISE = 50
_OWN_NAMES = {definition.split(" = ")[0] for definition in _OWN}


class NotConvertibleError(ValueError):
    """These two units do not measure the same thing, or one of them is none."""


def convert(value: Decimal, unit: str, wanted: str) -> Decimal:
    """`value` in `wanted` instead of `unit`; as it was given where both are the same.

    Raises NotConvertibleError.

    A converted value has nine decimals, as many as can be written in the form, and small ones
    twelve digits.
    """
    if unit.strip() == wanted:
        return value
    with localcontext(prec=_PRECISE):
        factor = _factor(unit, wanted)
        if factor == 1:
            return value
        converted = value * factor
        return tidy(converted, digits=max(12, converted.adjusted() + 1 + 9))


def tidy(value: Decimal, *, digits: int = 6) -> Decimal:
    """At most so many significant digits, no trailing zeros, no exponent."""
    rounded = Decimal(f"{value:.{digits}g}")
    return Decimal(format(rounded.normalize(), "f"))


def computed(value: Decimal) -> Decimal:
    """A ratio as it is worth telling: one decimal from 100 on, two from 1 on, three
    digits below.
    """
    if value < 1:
        return tidy(value, digits=3)
    return tidy(value.quantize(Decimal("0.1") if value >= 100 else Decimal("0.01")), digits=20)


def same_unit(left: str, right: str) -> bool:
    """Whether one of the unit `left` is exactly one of the unit `right`, under whatever name."""
    try:
        return convert(Decimal(1), left, right) == 1
    except NotConvertibleError:
        return False


def _factor(unit: str, wanted: str) -> Decimal:
    """How many `wanted` one `unit` is. Raises NotConvertibleError."""
    try:
        factor: Decimal = (Decimal(1) * _parse(unit) / _parse(wanted)).to("").magnitude
    except (
        pint.PintError,
        AttributeError,
        TypeError,
        ValueError,
        ArithmeticError,
        RecursionError,
    ) as error:
        raise NotConvertibleError(f"{unit} is not {wanted}") from error
    return tidy(factor, digits=_PRECISE - 10)  # a seventh times seven is one


def _parse(unit: str) -> Any:
    if len(unit) > 60 or not re.fullmatch(r"[\w%/. ²]+", unit):
        raise NotConvertibleError(f"{unit!r} is no unit")
    if unit.strip()[0].isdigit() or any(
        _has_prefix(name) for name in re.findall(r"[^\W\d_]+", unit)
    ):
        raise NotConvertibleError(f"{unit!r} holds a number that belongs to the value")
    # "incidents/100 movements" means per hundred movements; without the brackets it would mean the
    # opposite.
    grouped = re.sub(r"/\s*(\d+)\s+(\w+)", r"/(\1*\2)", unit.strip())
    return _registry().parse_expression(grouped)


def _has_prefix(name: str) -> bool:
    """Whether a unit of our own was written with a prefix, as in "kpersons"."""
    return any(
        prefix and base in _OWN_NAMES for prefix, base, _plural in _registry().parse_unit_name(name)
    )


@cache
def _registry() -> "pint.UnitRegistry[Any]":
    registry: pint.UnitRegistry[Any] = pint.UnitRegistry(non_int_type=Decimal)
    for definition in (*_OWN, *(f"@alias {names}" for names in _NAMES)):
        registry.define(definition)
    return registry
