"""Checking a note: everything that is wrong with it at once, for the API and the web form alike."""

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError

from services.intake.model import Content
from services.intake.schemas.measures import measure
from services.intake.schemas.note import CorrectionSchema, NoteSchema
from shared.domain.codelists.indicator import Indicator
from shared.platform.errors import InvalidError
from shared.platform.web.problems import flatten

DEFAULT_SHARING = "green"

_NOTE = NoteSchema()  # building a schema costs as much as using it
_VERSION = CorrectionSchema(only=("version",))


def check_note(body: Any, catalogue: Mapping[str, Indicator]) -> Content:
    """The note as it is kept: tidied, in the catalogue's units, with computed values.

    Raises InvalidError with every error by the path of its field.
    """
    errors: dict[str, list[Any]] = {}
    try:
        content: Content = _NOTE.load(body)
    except ValidationError as error:
        errors = dict(flatten(error.messages))
        content = error.valid_data if isinstance(error.valid_data, dict) else {}
    benchmarks = content.get("benchmarks") or []
    for place, benchmark in enumerate(benchmarks):
        path = f"benchmarks.{place}"
        if path not in errors:
            unread = {where.split(".")[2] for where in errors if where.startswith(path + ".")}
            benchmarks[place], wrong = measure(benchmark, catalogue, unread)
            errors |= {f"{path}.{name}": messages for name, messages in wrong.items()}
    if errors:
        raise InvalidError(errors)
    content["sharing"] = content["sharing"] or DEFAULT_SHARING
    return content


def check_correction(body: Any, catalogue: Mapping[str, Indicator]) -> tuple[int, Content]:
    """The version that was corrected, and the note. Raises InvalidError with every error."""
    errors: dict[str, list[Any]] = {}
    version, rest = 0, body
    if isinstance(body, dict):
        rest = {name: value for name, value in body.items() if name != "version"}
        try:
            version = _VERSION.load({name: body[name] for name in body.keys() & {"version"}})[
                "version"
            ]
        except ValidationError as error:
            errors = dict(flatten(error.messages))
    try:
        content = check_note(rest, catalogue)
    except InvalidError as error:
        raise InvalidError({**errors, **error.errors}) from None
    if errors:
        raise InvalidError(errors)
    return version, content


def as_sent(content: Content) -> Content:
    """The note in the form in which it can be sent again: converted figures as they were given."""
    return content | {
        "benchmarks": [_benchmark_as_sent(benchmark) for benchmark in content["benchmarks"]]
    }


def _benchmark_as_sent(benchmark: dict[str, Any]) -> dict[str, Any]:
    figures = {name: value for name, value in benchmark.items() if name != "entered"}
    return figures | (benchmark["entered"] or {})
