"""The languages in which the register speaks, its pages, mails, labels and feeds, and how each is
written.
"""

from functools import cache

from babel import Locale

LANGUAGES = ("en", "fr", "es", "ar")


@cache
def direction_of(language: str) -> str:
    """ltr or rtl: from which side a language is written."""
    return Locale(language).text_direction


def listed_in(language: str, texts: list[str]) -> str:
    """Texts in a row, with the comma of the language: “a, b, c”."""
    return ("، " if language == "ar" else ", ").join(texts)
