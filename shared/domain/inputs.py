"""Fields that tidy what people write and say in plain words how to mend it."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

import marshmallow
from flask_babel import lazy_gettext as _
from marshmallow import Schema, ValidationError, fields

from shared.domain import codelists
from shared.domain.content.fields import LONG, SHORT
from shared.platform.typed import days, texts
from shared.platform.typed.numbers import PLAIN

EARLIEST, LATEST = date(1900, 1, 1), date(2100, 12, 31)  # anything else is a slip of the finger

_OPERATION = re.compile(r"OP-\d{4}-\d{4,9}", re.ASCII)
_ANY_LENGTH = re.compile(r"-?\d+(\.\d+)?", re.ASCII)  # in its form, however long it is


class Strict(Schema):
    """Names a field that it does not know, instead of dropping it: a typing error must not lose an
    answer.
    """

    error_messages = {  # noqa: RUF012 - marshmallow's own way
        "unknown": _("There is no such field. Check how it is written."),
        "type": _("Give an object with fields here."),
    }


class Text(fields.String):
    """Text without outer spaces and without what nobody sees (`shared.platform.typed.texts`).

    Empty text is absent; `missing` says what then is missing. What cannot be stored is refused. A
    subclass overrides `checked` to ask for more.
    """

    # marshmallow's own way
    default_error_messages = {"invalid": _("Write this as text.")}  # noqa: RUF012

    def __init__(
        self,
        *,
        missing: str | None = None,
        most: int = SHORT,
        metadata: Mapping[str, object] | None = None,
    ) -> None:
        self.most = most
        self.missing = missing
        super().__init__(
            required=missing is not None,
            load_default=None if missing is None else marshmallow.missing,
            allow_none=missing is None,
            error_messages={"required": missing, "null": missing} if missing is not None else {},
            metadata={"maxLength": most, **(metadata or {})},
        )

    def _deserialize(
        self, value: object, attr: str | None, data: Mapping[str, object] | None, **kwargs: object
    ) -> Any:
        if not isinstance(value, str):
            raise self.make_error("invalid")
        try:
            text = self.tidied(value)
        except texts.UnreadableError as error:
            raise ValidationError(_(error.message, before=error.before)) from None
        if len(text) > self.most:
            raise ValidationError(
                _("Shorten this to %(most)s characters or fewer.", most=self.most)
            )
        if not text and self.missing is not None:
            raise ValidationError(self.missing)
        return self.checked(text) if text else None

    def tidied(self, text: str) -> str:
        """The text as it is kept; a title or a name is one line, in a mail's subject too."""
        return texts.clean(text).strip() if self.most >= LONG else texts.clean_line(text)

    def checked(self, text: str) -> str:
        """What is kept of a text that says something. Raises ValidationError."""
        return text


class Value(Text):
    """What a program reads: a code, a number, a date. Whatever keyboard it was written with."""

    def tidied(self, text: str) -> str:
        return texts.clean_value(text)


class Reference(Value):
    """The reference of a note or an entry, in whatever letters it is written."""

    def tidied(self, text: str) -> str:
        return texts.clean_reference(text)


class OperationReference(Value):
    """The reference of an operation, in whatever letters it is written."""

    def checked(self, text: str) -> str:
        reference = texts.clean_reference(text)
        if not _OPERATION.fullmatch(reference):
            raise ValidationError(_("Write the reference of the operation like OP-2026-0001."))
        return reference


class Code(Value):
    """One of a closed list (`shared.domain.codelists`)."""

    def __init__(
        self,
        terms: str,
        *,
        missing: str | None = None,
        metadata: Mapping[str, object] | None = None,
    ) -> None:
        self.terms = terms
        enum = [*codelists.codes(terms), *([] if missing is not None else [None])]
        super().__init__(missing=missing, metadata={"enum": enum, **(metadata or {})})

    def checked(self, text: str) -> str:
        code = text.lower().rstrip(".")
        if code not in codelists.codes(self.terms):
            known = ", ".join(codelists.codes(self.terms))
            raise ValidationError(_("Choose one of these: %(known)s.", known=known))
        return code


class Country(Value):
    """A country by its three letters in ISO 3166-1."""

    def checked(self, text: str) -> str:
        code = text.upper().rstrip(".")
        if code not in codelists.countries():
            raise ValidationError(
                _("Give the country by its three letters in ISO 3166, such as TCD for Chad.")
            )
        return code


class Day(Value):
    """A day, month or year: "2011-03-09", "2011-03", "2011"."""

    def checked(self, text: str) -> str:
        try:
            is_plausible = days.last_day(text) >= EARLIEST and days.first_day(text) <= LATEST
        except ValueError:
            is_plausible = False
        if not is_plausible:
            raise ValidationError(
                _(
                    "Write the date as year, month and day (2011-03-09), year and month "
                    "(2011-03) or year (2011)."
                )
            )
        return text


class Number(Value):
    """A number as a text with a decimal point: "900", "36.5".

    A number in JSON would lose digits on its way.
    """

    default_error_messages = {  # noqa: RUF012 - marshmallow's own way
        "invalid": _('Write the number as a text in quotation marks, such as "36.5".')
    }

    def __init__(self, *, metadata: Mapping[str, object] | None = None) -> None:
        super().__init__(
            most=30, metadata={"pattern": r"^\d{1,15}(\.\d{1,9})?$", **(metadata or {})}
        )

    def checked(self, text: str) -> str:
        if _ANY_LENGTH.fullmatch(text) and not PLAIN.fullmatch(text):
            raise ValidationError(
                _("Write at most 15 digits before the decimal sign and at most 9 behind it.")
            )
        if not PLAIN.fullmatch(text):
            raise ValidationError(
                _("Write the number with digits and at most one decimal point, such as 36.5.")
            )
        if text.startswith("-"):
            raise ValidationError(_("Write a number that is zero or more."))
        return text


class Sector(fields.Integer):
    """One of the fifteen sectors of assistance, by its number."""

    def __init__(self) -> None:
        super().__init__(
            strict=True, load_default=None, allow_none=True, metadata={"minimum": 1, "maximum": 15}
        )

    def _deserialize(
        self, value: object, attr: str | None, data: Mapping[str, object] | None, **kwargs: object
    ) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= 15:
            raise ValidationError(_("Give the sector as a whole number from 1 to 15."))
        return value


class Listed(fields.List[Any]):
    """A list that may be absent or null, which is an empty one, and has its bound."""

    def __init__(self, inner: fields.Field[Any], *, most: int, missing: str | None = None) -> None:
        self.most = most
        self.missing = missing
        super().__init__(
            inner,
            required=missing is not None,
            load_default=list if missing is None else marshmallow.missing,
            allow_none=missing is None,
            error_messages={"required": missing, "null": missing} if missing is not None else {},
            metadata={"maxItems": most},
        )

    def deserialize(
        self,
        value: object,
        attr: str | None = None,
        data: Mapping[str, object] | None = None,
        **kwargs: object,
    ) -> list[Any]:
        """As every field, with null read as the empty list."""
        return super().deserialize([] if value is None else value, attr, data, **kwargs)

    def _deserialize(
        self, value: object, attr: str | None, data: Mapping[str, object] | None, **kwargs: object
    ) -> list[Any]:
        if not isinstance(value, list):
            raise ValidationError(_("Give a list here."))
        if len(value) > self.most:
            raise ValidationError(_("Give %(most)s of these or fewer.", most=self.most))
        if not value and self.missing is not None:
            raise ValidationError(self.missing)
        if empty := [place for place, entry in enumerate(value) if entry is None]:
            raise ValidationError({place: [_("Fill this in, or leave it out.")] for place in empty})
        return [
            entry
            for entry in super()._deserialize(value, attr, data, **kwargs)
            if entry is not None
        ]
