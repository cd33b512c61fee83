"""A web form as the JSON it stands for: field names are paths, so pages and API share one
validation and its words.
"""

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from werkzeug.datastructures import MultiDict

Messages = TypeVar("Messages")


class Form:
    """What someone typed, and what is wrong with it.

    `values` is the JSON that the form stands for, with the texts exactly as typed; `errors` maps a
    path ("countries.0.code") to messages. Templates ask it for both.
    """

    def __init__(
        self, values: Mapping[str, Any] | None = None, errors: Mapping[str, list[str]] | None = None
    ) -> None:
        self.values = values or {}
        self.errors = dict(errors or {})

    def value(self, path: str) -> Any:
        """What stands in this field; "" when nothing does."""
        found = dig(self.values, path)
        return "" if found is None else found

    def error(self, path: str) -> str | None:
        """The first thing that is wrong with this field or something below it."""
        for where, messages in self.errors.items():
            if messages and (where == path or where.startswith(path + ".")):
                return messages[0]
        return None

    def summary(self) -> list[tuple[str, str]]:
        """Every error with the field it belongs to, for the list at the top of the page."""
        return [(path, message) for path, messages in self.errors.items() for message in messages]


def dig(values: Any, path: str) -> Any:
    """What stands at a dotted path in nested dicts and lists; None when there is nothing."""
    for step in path.split("."):
        if isinstance(values, Mapping):
            values = values.get(step)
        elif isinstance(values, list) and step.isdecimal() and int(step) < len(values):
            values = values[int(step)]
        else:
            return None
    return values


def read(
    form: MultiDict[str, str], fields: Iterable[str], *, lists: Iterable[str] = ()
) -> dict[str, Any]:
    """The JSON of a sent form, only of the fields named.

    Empty texts are absent values; `lists` give lists of texts.
    """
    values: dict[str, Any] = {}
    for path in fields:
        text = form.get(path, "")
        _plant(values, path.split("."), text if text.strip() else None)
    for path in lists:
        _plant(values, path.split("."), [text for text in form.getlist(path) if text.strip()])
    return values


def put(values: Any, path: str, value: object) -> None:
    """Set what stands at a dotted path; lists on the way must be long enough."""
    *steps, last = path.split(".")
    for step in steps:
        values = values[int(step)] if isinstance(values, list) else values.setdefault(step, {})
    values[last] = value


def below(errors: Mapping[str, Messages], prefix: str) -> dict[str, Messages]:
    """The errors of one part of a note, by the names that its own form uses."""
    return {
        path.removeprefix(prefix + "."): texts
        for path, texts in errors.items()
        if path.startswith(prefix + ".")
    }


def _plant(here: Any, steps: list[str], value: Any) -> None:
    step, *rest = steps
    key: Any = int(step) if isinstance(here, list) else step
    if isinstance(here, list):
        here.extend({} for _ in range(len(here), key + 1))
    if not rest:
        here[key] = value
        return
    if not isinstance(here, list) and here.get(step) is None:
        here[step] = [] if rest[0].isdecimal() else {}
    _plant(here[key], rest, value)
