"""What was typed of a note so far, right or wrong: it is checked when it is handed over."""

from collections.abc import Mapping, Sequence
from typing import NotRequired, TypedDict

Row = Mapping[str, object]
"""A country, an identifier or a partner as the form has it: maybe empty."""


class Unclear(TypedDict):
    """A number or day that no one way of reading fits: as it was `typed`, and what it may have
    `meant`.
    """

    typed: str
    meant: list[str]


class RemovedAnswers(TypedDict):
    """Which answers the last page took away, what they were about, and why.

    `typed` is what was typed on that page and not kept, by its fields.
    """

    answers: list[str]
    about: str | None
    reason: str
    typed: NotRequired[dict[str, str]]


class OperationDraft(TypedDict, total=False):
    """What was typed of the operation."""

    title: str | None
    type: str | None
    started_on: str | None
    countries: Sequence[Row]
    identifiers: Sequence[Row]


class PartDraft(TypedDict, total=False):
    """A part that steps write: a lesson, a benchmark, or the note itself.

    Every field of such a part may be there; these are the ones that the form asks for by name.
    `item` is the id of the item that it corrects. `unclear` has the numbers and days that are asked
    back, by their fields, and `marks` the page that wrote each step last.
    """

    title: str | None
    kind: str | None
    phase: str | None
    observation: str | None
    sector: str | int | None
    indicator: str | None
    proposed: dict[str, str | None] | None
    unit: str | None
    item: str
    unclear: dict[str, Unclear]
    marks: dict[str, str]


class SetAside(TypedDict):
    """What was `typed` of an `item` that was decided meanwhile; None where it was taken out."""

    item: str
    typed: PartDraft | None


class Draft(PartDraft, total=False):
    """A note as typed, shaped like the one that it is to become."""

    operation: OperationDraft
    organisation: str | None
    language: str | None
    sharing: str | None
    partners: Sequence[Row]
    lessons: list[PartDraft]
    benchmarks: list[PartDraft]
    removed: RemovedAnswers
    set_aside: list[SetAside]
