"""What is wrong with a request, in the order in which it stands there, and no more of it than
anyone reads.
"""

from collections.abc import Mapping
from typing import Any

from werkzeug.exceptions import HTTPException

from shared.platform.typed import sent

MOST = 100

_MISSING = (-1, None)  # a field that is not there comes before those that are


def listed(errors: Mapping[str, list[str]]) -> tuple[list[dict[str, str]], int]:
    """The first errors for a problem document, and how many more there are.

    `errors` has them by their path.
    """
    faults = [
        {
            "field": path,
            "pointer": "".join(f"/{step}" for step in path.split(".") if step),
            "detail": text,
        }
        for path in in_order(errors, _document())
        for text in errors[path]
    ]
    return faults[:MOST], max(0, len(faults) - MOST)


def in_order(paths: Mapping[str, Any], document: Any) -> list[str]:
    """The dotted paths as they stand in the document; by their names where it has no order for
    them.
    """
    numbered: dict[int, dict[str, tuple[int, Any]]] = {}
    return sorted(paths, key=lambda path: _place(path, document, numbered))


def _place(
    path: str, document: Any, numbered: dict[int, dict[str, tuple[int, Any]]]
) -> list[tuple[int, str]]:
    place, here = [], document
    for step in path.split("."):
        if id(here) not in numbered:
            numbered[id(here)] = _numbered(here)
        number, here = numbered[id(here)].get(step, _MISSING)
        place.append((number, step))
    return place


def _numbered(part: Any) -> dict[str, tuple[int, Any]]:
    """The parts of an object or a list by their names, each with its number."""
    if isinstance(part, Mapping):
        return {name: (number, value) for number, (name, value) in enumerate(part.items())}
    if isinstance(part, list):
        return {str(number): (number, value) for number, value in enumerate(part)}
    return {}


def _document() -> Any:
    """What was sent: the JSON of the body, or what stands in the address."""
    try:
        return sent.body(silent=True) or dict(sent.query_as_sent())
    except (HTTPException, RecursionError):
        # it is too long or too deep, and the fault is in the address
        return dict(sent.query_as_sent())
