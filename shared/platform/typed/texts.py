"""Texts without what nobody can see, and the values that programs compare: codes, references,
one-time codes.
"""

import re
import unicodedata

from shared.platform.errors import N_

# What no database, feed or file can carry: half characters and characters that are none. NUL is
# among them, for PostgreSQL stores no text that holds it.
_BROKEN = re.compile("[\x00\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]|[\U0001fffe-\U0001ffff]")
# Line breaks of other programs: Word's vertical tab, a printer's page, those of Unicode.
_BREAKS = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
# Controls, soft hyphens, marks of bytes and of nothing, and what turns a text round so that it
# reads as another one. The marks of direction and of joining (200c to 200f) stay: Arabic and
# Persian are written with them, and so are many emoji.
_UNSEEN = re.compile(
    "[\x01-\x08\x0e-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b\u202a-\u202e\u2060-\u206f"
    "\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)
_BEFORE = 30  # characters shown of what stands before a bad one
_REFERENCE = re.compile(r"[A-Z]{2,3}-\d{4}-\d{4,12}", re.ASCII)
_TAKE_OUT = N_("Take out the hidden character after “%(before)s”: it cannot be stored.")


class UnreadableError(ValueError):
    """A text that cannot be stored. `message` says how to mend it, with `before` as its value."""

    message = _TAKE_OUT

    def __init__(self, before: str) -> None:
        super().__init__(_TAKE_OUT % {"before": before})
        self.before = before


def clean(text: str) -> str:
    """A text as it is kept: one Unicode form, one kind of line break, nothing that cannot be seen.

    What only shows nothing is empty then. Raises UnreadableError for what cannot be stored.
    """
    if bad := _BROKEN.search(text):
        before = _UNSEEN.sub("", _BROKEN.sub("", text[: bad.start()]))
        raise UnreadableError(before[-_BEFORE:].strip())
    plain = _UNSEEN.sub("", _BREAKS.sub("\n", unicodedata.normalize("NFC", text)))
    return plain if shows_something(plain) else ""


def clean_line(text: str) -> str:
    """The same as one line with single spaces: a title, a name, a subject."""
    return " ".join(clean(text).split())


def clean_value(text: str) -> str:
    """What a program will read, as it would write it: "‎２０１１–03 " is "2011-03".

    Without marks of any kind, in ASCII digits, dashes and letters of usual width, with single
    spaces. Raises UnreadableError.
    """
    return " ".join("".join(_plain(char) for char in clean(text)).split())


def clean_reference(text: str) -> str:
    """A reference as the register writes it: "ll‑2026–0001." is "LL-2026-0001".

    What is no reference comes back as a value, for the caller to refuse.
    """
    value = clean_value(text)
    found = re.sub(r"\s*-\s*", "-", value.upper().strip(" .,;:"))
    return found if is_reference(found) else value


def is_reference(text: str) -> bool:
    """Whether this is a reference as the register writes it."""
    return _REFERENCE.fullmatch(text) is not None


def fold(text: str) -> str:
    """Fold a text for comparing: no case, no accents, no punctuation, single spaces.

    Marks that nobody sees do not cut a word in two.
    """
    decomposed = unicodedata.normalize("NFKD", text)
    seen = (char for char in decomposed if unicodedata.category(char) != "Cf")
    plain = "".join(char for char in seen if not unicodedata.combining(char)).casefold()
    return " ".join("".join(char if char.isalnum() else " " for char in plain).split())


def clean_digits(text: str) -> str:
    """A code that somebody reads off and types: its digits and letters without what groups them."""
    return re.sub(r"[\s-]+", "", clean_value(text))


def shows_something(text: str) -> bool:
    """Whether a reader sees anything of it."""
    return any(unicodedata.category(char)[0] not in "CZM" for char in text)


def _plain(char: str) -> str:
    category = unicodedata.category(char)
    if category == "Nd":
        return str(unicodedata.decimal(char))
    if category == "Pd" or char == "\u2212":  # the sign of minus
        return "-"
    if unicodedata.decomposition(char).startswith(("<wide>", "<narrow>")):
        return unicodedata.normalize("NFKC", char)
    return "" if category == "Cf" else char
