"""Numbers as people write them.

A point or comma is never guessed: a wrong guess is a tenfold error in a benchmark.
"""

import re
from decimal import Decimal
from functools import cache

from babel import Locale
from babel.numbers import format_decimal

from shared.platform.typed import UnclearError
from shared.platform.typed.texts import clean_value

PLAIN = re.compile(r"-?\d{1,15}(\.\d{1,9})?", re.ASCII)

# One sign before three digits stands between thousands in one country and before decimals in
# another: whoever reads a page in one language may have learned to write in the other.
_EITHER_WAY = {
    "en": re.compile(r"-?[1-9]\d{0,2}\.\d{3}", re.ASCII),
    "fr": re.compile(r"-?[1-9]\d{0,2}[.,]\d{3}", re.ASCII),
    "es": re.compile(r"-?[1-9]\d{0,2}[.,]\d{3}", re.ASCII),
    "ar": re.compile(r"-?[1-9]\d{0,2}[.,]\d{3}", re.ASCII),
}


def read_number(text: str, language: str) -> str:
    """The decimal string ("36.5") of what someone wrote in their language ("36,5" in French).

    Raises UnclearError for anything else, with the numbers that a point or comma leaves open.
    """
    plain = clean_value(text).removeprefix("+")
    decimal_sign, group_sign = _signs(language)
    if "٫" in plain or "٬" in plain:
        plain, decimal_sign, group_sign = plain.replace("٬", ""), "٫", "٬"
    elif _EITHER_WAY[language].fullmatch(plain):
        raise UnclearError(text, _readings(plain))
    if not _pattern(decimal_sign, group_sign).fullmatch(plain):
        raise UnclearError(text, _readings(plain))
    return plain.replace(" ", "").replace(group_sign, "").replace(decimal_sign, ".")


def write_number(number: str | Decimal, language: str) -> str:
    """A decimal string as people write it in this language, always with the digits 0 to 9."""
    value = Decimal(number)
    decimals = max(0, -int(value.as_tuple().exponent))
    pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
    return format_decimal(value, format=pattern, locale=language)


def type_number(number: str, language: str) -> str:
    """A decimal string as it is typed into a form in this language: no thousands signs, ready to be
    read again.
    """
    return number.replace(".", _signs(language)[0])


@cache
def _signs(language: str) -> tuple[str, str]:
    """The signs for decimals and thousands; in Arabic the one for decimals that cannot be taken for
    the other.
    """
    if language == "ar":
        return "٫", ","
    symbols = Locale(language).number_symbols["latn"]
    return symbols["decimal"], symbols["group"]


@cache
def _pattern(decimal_sign: str, group_sign: str) -> re.Pattern[str]:
    grouped = rf"\d{{1,3}}(?P<group>[ {re.escape(group_sign)}])\d{{3}}((?P=group)\d{{3}}){{0,3}}"
    # A point as decimal sign stays possible in Arabic, where it is clear: other than before three
    # digits.
    signs = re.escape(decimal_sign) + ("." if decimal_sign == "٫" else "")
    return re.compile(rf"-?(\d{{1,15}}|{grouped})([{signs}]\d{{1,9}})?", re.ASCII)


def _readings(plain: str) -> tuple[str, ...]:
    """What points or commas may have meant: a decimal sign, or signs between thousands."""
    if re.fullmatch(r"-?\d{1,3}(([.,])\d{3})(\2\d{3})+", plain):
        return (re.sub(r"[.,]", "", plain),)
    match = re.fullmatch(r"(-?\d{0,12})[.,،](\d{1,9})", plain)
    if match is None:
        return ()
    whole, rest = match.groups()
    thousands = (whole + rest,) if len(rest) == 3 and whole else ()
    return (f"{whole or '0'}.{rest}", *thousands)
