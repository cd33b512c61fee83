"""What a field of a note is: what may stand in it, how it is asked for, shown, and written into
tables.

A field is declared once, in parts.py. From that come the schemas of the API and of the events, what
may be redacted, the form, the rows of pages, the columns of tables and their HXL tags.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from marshmallow import fields

from shared.domain import codelists
from shared.platform.events import FREE_TEXT
from shared.platform.languages import listed_in
from shared.platform.typed.numbers import write_number

LONG, SHORT = 10_000, 300  # characters of paragraphs, and of a line
Made = fields.Field[Any]
IN_OWN_WORDS = {FREE_TEXT: True}  # metadata of an event's field


@dataclass(frozen=True, kw_only=True)
class Field:
    """One field; each subclass says what may stand in it.

    Its texts are English until somebody reads them.

    `label` names it on pages; fields of one part with the same label share a row. `missing` makes
    it required and is what is said when it is not there. `step` is the page of the form that asks
    for it, as `question` (the label, where there is none) with a `hint`. `column` and `tag` are its
    heading and HXL tag in tables. `example` is for the documentation of the API.
    """

    label: str = ""
    missing: str | None = None
    step: str = ""
    question: str = ""
    hint: str = ""
    column: str = ""
    tag: str = ""
    example: str | None = None

    is_free_text: ClassVar[bool] = False
    control: ClassVar[str] = "text"

    def tolerant(self) -> fields.String | fields.Integer:
        """The field as an event carries it: its shape and no more."""
        if self.missing is not None:
            return fields.String(required=True, metadata=self._metadata)
        return fields.String(load_default=None, allow_none=True, metadata=self._metadata)

    def element(self) -> fields.String:
        """The same as one of a list that an event carries."""
        return fields.String(metadata=self._metadata)

    # some kinds speak a language
    def shown(self, value: object, language: str) -> str:  # noqa: ARG002
        """A value as people read it on a page in this language."""
        return str(value)

    @property
    def _metadata(self) -> dict[str, bool]:
        return IN_OWN_WORDS if self.is_free_text else {}


@dataclass(frozen=True, kw_only=True)
class Text(Field):
    """A line in people's own words, of at most so many characters; the form may offer
    `suggestions`.
    """

    most: int = SHORT
    suggestions: str = ""
    is_free_text = True


@dataclass(frozen=True, kw_only=True)
class Prose(Text):
    """Paragraphs in people's own words; `rows` is how high the form shows them."""

    most: int = LONG
    rows: int = 4
    control = "area"


@dataclass(frozen=True, kw_only=True)
class Name(Text):
    """What something is called by a register or a standard: a code, a number, a unit.

    Nothing to redact.
    """

    is_free_text = False
    control = "name"


@dataclass(frozen=True, kw_only=True)
class OperationReference(Name):
    """The register's own reference of an operation: OP-2026-0001."""

    most: int = 20


@dataclass(frozen=True, kw_only=True)
class Code(Field):
    """One of a closed list.

    The form shows a short one `all_at_once`, `hints` explain its codes, or `in_a_row`.
    """

    terms: str
    default: str | None = None
    all_at_once: bool = False
    in_a_row: bool = False
    hints: Mapping[str, str] = field(default_factory=dict)
    control = "code"

    def shown(self, value: object, language: str) -> str:
        return codelists.label(self.terms, value, language)


@dataclass(frozen=True, kw_only=True)
class Country(Field):
    """A country by its three letters in ISO 3166-1."""

    control = "country"

    def shown(self, value: object, language: str) -> str:
        return codelists.country_label(str(value), language)


@dataclass(frozen=True, kw_only=True)
class Day(Field):
    """A day, a month or a year."""

    control = "day"


@dataclass(frozen=True, kw_only=True)
class Number(Field):
    """A decimal number of zero or more, as a text."""

    control = "number"

    def shown(self, value: object, language: str) -> str:
        return write_number(str(value), language)


@dataclass(frozen=True, kw_only=True)
class Sector(Field):
    """One of the fifteen sectors of assistance, by its number."""

    control = "code"
    terms: ClassVar[str] = "sectors"

    def shown(self, value: object, language: str) -> str:
        return codelists.label(self.terms, value, language)

    def tolerant(self) -> fields.Integer:
        return fields.Integer(load_default=None, allow_none=True)


@dataclass(frozen=True, kw_only=True)
class Part(Field):
    """A part of its own, as the type says: an operation, a period.

    May be null unless it is required.
    """


@dataclass(frozen=True, kw_only=True)
class Several(Field):
    """A list of at most so many parts, or `of` texts or codes."""

    most: int
    of: Field | None = None

    @property
    # of the others it is the kind alone that says it
    def control(self) -> str:  # type: ignore[override]
        """A box to tick for each code, or a line for each text."""
        return "ticks" if isinstance(self.of, Code) else "lines"

    def shown(self, value: object, language: str) -> str:
        if self.of is None or not isinstance(value, list):
            return ""
        texts = [self.of.shown(one, language) for one in value]
        is_long = isinstance(self.of, Text) and self.of.most > SHORT
        return "\n".join(texts) if is_long else listed_in(language, texts)
