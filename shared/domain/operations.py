"""Which operation is which: whether two descriptions are of the same one, surely or possibly.

Unsure means two: figures that were counted as one operation's are wrong for every reader, and two
can be joined later.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple, TypeVar

from shared.domain.content.parts import OperationContent
from shared.platform.typed.days import Span
from shared.platform.typed.texts import fold

ACTIVITY = "iati"  # names one operation; a GLIDE number names a disaster, an appeal a fund

Key = TypeVar("Key")


class Identifier(NamedTuple):
    """What someone else calls an operation. The id is folded: case and punctuation do not count."""

    scheme: str
    id: str


@dataclass(frozen=True)
class Traits:
    """By what operations are told apart. The title is folded; one of signs only is no title."""

    title: str
    type: str
    countries: frozenset[str]
    started: Span
    ended: Span | None
    identifiers: frozenset[Identifier]

    @classmethod
    def of(cls, operation: OperationContent) -> "Traits":
        """The traits of an operation as a note describes it, of whatever age the note is."""
        ended = operation.get("ended_on")
        return cls(
            title=fold(operation["title"]),
            type=operation["type"],
            countries=frozenset(country["code"] for country in operation["countries"]),
            started=Span.of(operation["started_on"]),
            ended=Span.of(ended) if ended else None,
            identifiers=identifiers_of(operation),
        )

    def with_more(self, more: "Traits") -> "Traits":
        """What is known when another description of the same operation came.

        Dates become as narrow as both say. An operation that was named by its reference or activity
        may have other dates in it: those change nothing.
        """
        started, ended = _dates_of_both(self, more) or (self.started, self.ended)
        return replace(
            self,
            countries=self.countries | more.countries,
            started=started,
            ended=ended,
            identifiers=self.identifiers | more.identifiers,
        )


def identifiers_of(operation: OperationContent) -> frozenset[Identifier]:
    """All that others call an operation, the GLIDE number included."""
    listed = [(each["scheme"], each["id"]) for each in operation.get("identifiers") or ()]
    glide = operation.get("glide")
    listed += [("glide", glide)] if glide else []
    return frozenset(Identifier(scheme, fold(number)) for scheme, number in listed)


def fit_together(one: Traits, other: Traits) -> bool:
    """Whether both are of one type, with a country in common."""
    return one.type == other.type and not one.countries.isdisjoint(other.countries)


def are_same(one: Traits, other: Traits) -> bool:
    """Whether two descriptions are surely of one operation."""
    if not fit_together(one, other) or _differ_in_a_scheme(one, other):
        return False
    if _share_activity(one, other):
        return True
    return _have_one_title(one, other) and _dates_of_both(one, other) is not None


def may_be_same(one: Traits, other: Traits) -> bool:
    """Whether two may be one operation, so that who worked on one may have worked on the other."""
    if one.identifiers & other.identifiers:
        return True
    return _have_one_title(one, other) and not one.countries.isdisjoint(other.countries)


def find_same(new: Traits, known: Mapping[Key, Traits]) -> Key | None:
    """The one of the known operations that a new description is of.

    None when it is none of them, or when it may be several and is not exactly as one of them.
    """
    same = {key: traits for key, traits in known.items() if are_same(new, traits)}
    named = {key: traits for key, traits in same.items() if _share_activity(new, traits)}
    fitting = named or same
    alike = [key for key, traits in fitting.items() if traits == new]
    found = alike or list(fitting)
    return found[0] if len(found) == 1 else None


def group(descriptions: Sequence[Traits]) -> list[list[int]]:
    """The places of descriptions by operation, told apart one after the other."""
    groups: list[list[int]] = []
    known: dict[int, Traits] = {}
    for place, description in enumerate(descriptions):
        found = find_same(description, known)
        if found is None:
            known[len(groups)] = description
            groups.append([place])
        else:
            known[found] = known[found].with_more(description)
            groups[found].append(place)
    return groups


def _have_one_title(one: Traits, other: Traits) -> bool:
    return bool(one.title) and one.title == other.title


def _share_activity(one: Traits, other: Traits) -> bool:
    return ACTIVITY in _schemes(one.identifiers & other.identifiers)


def _differ_in_a_scheme(one: Traits, other: Traits) -> bool:
    """Whether both name something of a scheme, and nothing of it in common."""
    schemes = _schemes(one.identifiers) & _schemes(other.identifiers)
    return not schemes <= _schemes(one.identifiers & other.identifiers)


def _schemes(identifiers: frozenset[Identifier]) -> set[str]:
    return {identifier.scheme for identifier in identifiers}


def _dates_of_both(one: Traits, other: Traits) -> tuple[Span, Span | None] | None:
    """When it started and ended as both say; None when they cannot mean the same time."""
    started = one.started.overlap(other.started)
    ended = one.ended or other.ended
    if one.ended and other.ended:
        ended = one.ended.overlap(other.ended)
        if ended is None:
            return None
    if started is None or (ended and ended.last < started.first):
        return None
    return started, ended
