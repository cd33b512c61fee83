"""What a request says, taken in. No view reads the request past these functions."""

from collections.abc import Container
from typing import Any

from flask import g, request
from werkzeug.datastructures import ImmutableMultiDict, MultiDict

from shared.platform.errors import DomainError, InvalidError
from shared.platform.typed.texts import UnreadableError, clean, clean_value

Answers = MultiDict[str, str]


def form() -> Answers:
    """The fields of the form that was sent. Raises InvalidError with each that cannot be stored."""
    if "sent_form" not in g:
        g.sent_form = _cleaned(request.form)
    answers: Answers = g.sent_form
    return answers


def query(*, of: Container[str] | None = None) -> Answers:
    """What stands behind the address, or only `of` these names.

    Raises InvalidError with each part that cannot be read.
    """
    asked = request.args.items(multi=True)
    return _cleaned(MultiDict((name, text) for name, text in asked if of is None or name in of))


def asked(name: str) -> str:
    """One word of what stands behind the address; "" where there is none.

    Never fails, as the next ones: pages that say what is wrong ask, too.
    """
    return _value(request.args.get(name))


def field(name: str) -> str:
    """One word of the form that was sent; "" where there is none."""
    return _value(request.form.get(name))


def query_as_sent() -> list[tuple[str, str]]:
    """What stands behind the address, as it was: for links to the same in another language."""
    return list(request.args.items(multi=True))


def body(*, silent: bool = False) -> Any:
    """The JSON that was sent, as it was: schemas take in what stands in it.

    Raises BadRequest for what is no JSON; if `silent`, that is None.
    """
    return request.get_json(silent=silent)


def header(name: str) -> str:
    """A header; "" where there is none."""
    return _value(request.headers.get(name))


def has_header(name: str) -> bool:
    """Whether there is such a header, whatever it says."""
    return name in request.headers


def cookie(name: str) -> str:
    """A cookie; "" where there is none."""
    return _value(request.cookies.get(name))


def _cleaned(answers: MultiDict[str, str]) -> Answers:
    cleaned, wrong = [], {}
    for name, text in answers.items(multi=True):
        try:
            cleaned.append((name, clean(text)))
        except UnreadableError as error:
            wrong[name] = [DomainError(error.message, before=error.before)]
    if wrong:
        raise InvalidError(wrong)
    return ImmutableMultiDict(cleaned)


def _value(text: str | None) -> str:
    try:
        return clean_value(text or "")
    except UnreadableError:
        return ""
