"""Checking a note: everything that is wrong with it at once, for the API and the web form alike."""

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError

from services.intake.schemas.measures import Errors, measure
from services.intake.schemas.note import CorrectionSchema, NoteSchema
from shared.domain.codelists.indicator import Indicator
from shared.domain.content.parts import BenchmarkContent, EnteredContent, NoteContent
from shared.platform.errors import InvalidError
from shared.platform.web.problems import flatten

DEFAULT_SHARING = "green"

_NOTE = NoteSchema()  # building a schema costs as much as using it
_VERSION = CorrectionSchema(only=("version",))


def check_note(body: object, catalogue: Mapping[str, Indicator]) -> NoteContent:
    """The note as it is kept: tidied, in the catalogue's units, with computed values.

    Raises InvalidError with every error by the path of its field.
    """
    content, errors = _read(body)
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


def check_correction(body: object, catalogue: Mapping[str, Indicator]) -> tuple[int, NoteContent]:
    """The version that was corrected, and the note. Raises InvalidError with every error."""
    errors: Errors = {}
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


def as_sent(content: NoteContent) -> NoteContent:
    """The note in the form in which it can be sent again: converted figures as they were given."""
    return content | {
        "benchmarks": [_benchmark_as_sent(benchmark) for benchmark in content["benchmarks"]]
    }


def _read(body: object) -> tuple[NoteContent, Errors]:
    """What can be read of a note, which has not every field where something is wrong."""
    try:
        return _NOTE.load(body), {}  # type: ignore[arg-type] # it refuses what is no JSON object
    except ValidationError as error:
        read: Any = error.valid_data if isinstance(error.valid_data, dict) else {}
        return read, dict(flatten(error.messages))


def _benchmark_as_sent(benchmark: BenchmarkContent) -> BenchmarkContent:
    entered: EnteredContent = benchmark["entered"] or {}
    sent: BenchmarkContent = {**benchmark, **entered}
    del sent["entered"]
    return sent
