"""The steps of the field form.

Which answers each one asks for says the declaration of the note's content.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from shared.domain.content.fields import Code, Day, Field, Number, Part, Several
from shared.domain.content.parts import BenchmarkContent, LessonContent, NoteContent
from shared.domain.content.schemas import Content, fields_of, part_in

ROWS = 6  # as many countries and as many partners as a page has room for


@dataclass(frozen=True)
class Question:
    """A field as a page asks for it: its path below the root of the step ("period.start"), and what
    it is.
    """

    path: str
    field: Field


@dataclass(frozen=True)
class Step:
    """A page of the form, which writes a `part` of the note; each has a template of its name.

    Below a `root` ("lessons", "benchmarks") there is a list of such parts, so the step comes with a
    place in it. One that `begins` a lesson or benchmark may be one place behind the last. What it
    asks `also` has another page, too; what it asks `last` stands at the end of its page.
    """

    name: str
    part: Content = NoteContent
    root: Literal["", "lessons", "benchmarks"] = ""
    begins: bool = False
    also: tuple[str, ...] = ()
    last: tuple[str, ...] = ()

    @property
    def template(self) -> str:
        """Its page."""
        return f"write/{self.name.replace('-', '_')}.html"

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        """All that it asks for, in the order of the declaration."""
        return tuple(
            question
            for question in _questions(self.part, "")
            if question.field.step == self.name or question.path in self.also
        )

    def questions_at(self, path: str, place: int) -> list[Question]:
        """What it asks of one part of a list: of the third partner."""
        return [
            question for question in self.questions if question.path.startswith(f"{path}.{place}.")
        ]

    def questions_but(self, *paths: str) -> list[Question]:
        """What it asks beside these fields and the parts of these lists."""
        return [question for question in self.questions if not _is_of(question.path, paths)]

    @cached_property
    def in_order(self) -> tuple[str, ...]:
        """The paths of all that it asks for, from the top of its page to the end."""
        first = [question.path for question in self.questions_but(*self.last)]
        return (*first, *(path for path in self.asked if path not in first))

    @property
    def asked(self) -> tuple[str, ...]:
        """The paths of all that it asks for."""
        return tuple(question.path for question in self.questions)

    @property
    def fields(self) -> tuple[str, ...]:
        """Those with one answer."""
        return self._where(lambda field: not isinstance(field, Several))

    @property
    def numbers(self) -> tuple[str, ...]:
        """Those that are numbers, read as people write them."""
        return self._where(lambda field: isinstance(field, Number))

    @property
    def days(self) -> tuple[str, ...]:
        """Those that are days, months or years, read as people write them."""
        return self._where(lambda field: isinstance(field, Day))

    @property
    def lists(self) -> tuple[str, ...]:
        """Those with codes to tick."""
        return self._where(lambda field: isinstance(field, Several) and isinstance(field.of, Code))

    @property
    def lines(self) -> tuple[str, ...]:
        """Those with one answer a line."""
        return self._where(
            lambda field: isinstance(field, Several) and not isinstance(field.of, Code)
        )

    def path(self, place: int) -> str:
        """Where its answers stand in the note: "lessons.0"; "" for the note itself."""
        return f"{self.root}.{place}" if self.root else ""

    def _where(self, is_such: Callable[[Field], bool]) -> tuple[str, ...]:
        return tuple(question.path for question in self.questions if is_such(question.field))


def _is_of(path: str, wholes: tuple[str, ...]) -> bool:
    return any(path == whole or path.startswith(f"{whole}.") for whole in wholes)


def _questions(part: Content, prefix: str) -> Iterator[Question]:
    """The fields of a part and of the parts in it, but for lessons and benchmarks, which have pages
    of their own.
    """
    for name, field in fields_of(part).items():
        inner, path = part_in(part, name), f"{prefix}{name}"
        if inner is None:
            yield Question(path, field)
        elif isinstance(field, Part):
            yield from _questions(inner, f"{path}.")
        elif inner not in (LessonContent, BenchmarkContent):
            for place in range(ROWS):
                yield from _questions(inner, f"{path}.{place}.")


_ALL = (
    # The short path: twelve answers.
    Step("operation", also=("operation.countries.0.code",)),
    Step("lesson", LessonContent, "lessons", begins=True),
    Step("indicator", BenchmarkContent, "benchmarks", begins=True),
    Step("number", BenchmarkContent, "benchmarks"),
    Step("sharing"),
    # Everything else is optional until review.
    Step(
        "operation-more",
        last=("operation.glide", "operation.identifiers", "operation.reference"),
    ),
    Step("lesson-more", LessonContent, "lessons"),
    Step("number-more", BenchmarkContent, "benchmarks"),
    Step("proposal", BenchmarkContent, "benchmarks"),
    Step("heard"),
    Step("partners"),
)

STEPS = {step.name: step for step in _ALL}
SHORT_PATH = ("operation", "lesson", "indicator", "number", "sharing")
