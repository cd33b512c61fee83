"""Numbers as people write them. A point or comma is never guessed: a wrong guess is a tenfold error in a benchmark."""

import re
from decimal import Decimal
from functools import cache

from babel import Locale
from babel.numbers import format_decimal

PLAIN = re.compile(r"-?\d{1,15}(\.\d{1,9})?", re.ASCII)

# Arabic-Indic and Persian digits; with their own decimal and thousands signs no doubt is left, so those become plain.
LATIN_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")
_SPACES = re.compile(r"[\s\u00a0\u202f\u2009]+")


class UnclearNumberError(ValueError):
    """This is no number in the person's language. `meant` holds what it may have been, as they would write it."""

    def __init__(self, text: str, meant: tuple[str, ...]) -> None:
        super().__init__(text)
        self.text = text
        self.meant = meant


def read_number(text: str, language: str) -> str:
    """The decimal string ("36.5") of what someone wrote in their language ("36,5" in French).

    Raises UnclearNumberError for anything else, with the readings that a point or comma leaves open.
    """
    plain = _SPACES.sub(" ", text).strip().translate(LATIN_DIGITS)
    if "٫" in plain or "٬" in plain:
        plain = plain.replace("٬", "").replace("٫", ".")
        language = "ar"
    decimal_sign, group_sign = _signs(language)
    if not _pattern(language).fullmatch(plain):
        raise UnclearNumberError(text, _readings(plain, decimal_sign))
    return plain.replace(" ", "").replace(group_sign, "").replace(decimal_sign, ".")


def write_number(number: str | Decimal, language: str) -> str:
    """A decimal string as people write it in this language, always with the digits 0 to 9."""
    value = Decimal(number)
    decimals = max(0, -int(value.as_tuple().exponent))
    pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
    return format_decimal(value, format=pattern, locale=language)


def type_number(number: str, language: str) -> str:
    """A decimal string as it is typed into a form in this language: no thousands signs, ready to be read again."""
    return number.replace(".", _signs(language)[0])


@cache
def _signs(language: str) -> tuple[str, str]:
    symbols = Locale(language).number_symbols["latn"]
    return symbols["decimal"], symbols["group"]


@cache
def _pattern(language: str) -> re.Pattern[str]:
    decimal_sign, group_sign = (re.escape(sign) for sign in _signs(language))
    grouped = rf"\d{{1,3}}(?P<group>[ {group_sign}])\d{{3}}((?P=group)\d{{3}}){{0,3}}"
    return re.compile(rf"-?(\d{{1,15}}|{grouped})({decimal_sign}\d{{1,9}})?", re.ASCII)


def _readings(plain: str, decimal_sign: str) -> tuple[str, ...]:
    """What a single point or comma may have meant: a decimal sign, or one between thousands."""
    match = re.fullmatch(r"(-?\d{1,12})[.,](\d{1,9})", plain)
    if match is None:
        return ()
    whole, rest = match.groups()
    thousands = (whole + rest,) if len(rest) == 3 else ()
    return (f"{whole}{decimal_sign}{rest}", *thousands)
