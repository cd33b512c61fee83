"""What can go wrong, as meaning.

The edges turn these into a page, a problem document or a decision of the consumer.
"""

from collections.abc import Mapping, Sequence
from typing import Any


def N_(text: str) -> str:  # noqa: N802 - the name that gettext tools know
    """Mark a text for the translation catalogues without translating it: the edge knows the
    language, not we.
    """
    return text


class DomainError(Exception):
    """A rule of the register says no.

    `text` is English with %(name)s placeholders and stands in the translation catalogues; `values`
    fills it.
    """

    status = 422

    def __init__(self, text: str, **values: Any) -> None:
        super().__init__(text % values if values else text)
        self.text = text
        self.values: Mapping[str, Any] = values


class MalformedError(DomainError):
    """The request cannot even be read."""

    status = 400


class NotFoundError(DomainError):
    """There is no such thing, or not for this reader: the two look the same from outside."""

    status = 404


class NotAllowedError(DomainError):
    """This person may not do that."""

    status = 403


class ConflictError(DomainError):
    """The thing has moved on since the caller looked at it."""

    status = 409


class TooManyError(DomainError):
    """Too many of these in too short a time."""

    status = 429


class GoneError(DomainError):
    """It was there and has been taken away on purpose."""

    status = 410


class BusyError(DomainError):
    """Too much happens to the thing at this moment: the same request will do in another."""

    status = 503


class InvalidError(DomainError):
    """Several fields at once: `errors` maps the path of a field ("lessons.0.title") to texts, or
    errors with values.
    """

    def __init__(self, errors: Mapping[str, Sequence[Any]]) -> None:
        super().__init__(N_("Some answers need to be changed."))
        self.errors = errors
