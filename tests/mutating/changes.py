"""Which changes are made to a rule: small ones, of the kinds that people make by mistake.

A boundary moves by one, a condition or one of its parts goes, something is no longer set or told,
two are mixed up. Texts, logging, types, locks and how tables are declared are left alone.
"""

import ast
import textwrap
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

from tests.mutating.kinds import changes_of, is_left_alone

LONGEST = 140  # characters of what is said of a change


@dataclass(frozen=True)
class Mutant:
    """One change of one rule, known by file, function and change, for lines move."""

    file: str
    function: str
    change: str
    first_line: int
    last_line: int
    names: frozenset[str]  # set at import by this change; empty inside of a function
    source: str

    @property
    def id(self) -> str:
        """By what it is known."""
        return f"{self.file} {self.function}: {self.change}"


def mutants_of(file: str, source: str) -> list[Mutant]:
    """Every change of the rules in a file that is tried."""
    seen: Counter[tuple[str, str]] = Counter()
    found = []
    for mutant in _walk(_Place(file, source), ast.parse(source)):
        seen[mutant.function, mutant.change] += 1
        count = seen[mutant.function, mutant.change]
        found.append(replace(mutant, change=f"{mutant.change} ({count})") if count > 1 else mutant)
    return found


@dataclass(frozen=True)
class _Place:
    """Where we are in a file: in which function or class, and in which statement or expression."""

    file: str
    source: str
    scope: tuple[str, ...] = ()
    in_function: bool = False
    names: frozenset[str] = frozenset()
    around: tuple[ast.AST, ...] = ()


def _walk(place: _Place, node: ast.AST) -> Iterator[Mutant]:
    if is_left_alone(node, place.around):
        return
    for old, new, says in changes_of(node):
        yield _mutant(place, old, new, says)
    inner = _inside(place, node)
    for child in ast.iter_child_nodes(node):
        yield from _walk(inner, child)


def _inside(place: _Place, node: ast.AST) -> _Place:
    inner = replace(place, around=(*place.around, node))
    if isinstance(node, ast.FunctionDef):
        return replace(inner, scope=(*place.scope, node.name), in_function=True)
    if isinstance(node, ast.ClassDef):
        return replace(inner, scope=(*place.scope, node.name), names=frozenset({node.name}))
    if isinstance(node, ast.Assign) and not place.scope:
        return replace(inner, names=frozenset({ast.unparse(target) for target in node.targets}))
    return inner


def _mutant(place: _Place, old: ast.AST, new: str, says: str | None) -> Mutant:
    start, end = _span(place.source, old)
    raw = place.source.encode()
    return Mutant(
        file=place.file,
        function=".".join(place.scope) or "module",
        change=_short(says or _difference(place, old, new)),
        first_line=old.lineno,
        last_line=old.end_lineno or old.lineno,
        names=frozenset() if place.in_function else place.names,
        source=(raw[:start] + new.encode() + raw[end:]).decode(),
    )


def _difference(place: _Place, old: ast.AST, new: str) -> str:
    """The change with so much around it that a reader knows what it is about."""
    start, end = _span(place.source, old)
    for node in (old, *reversed(place.around)):
        if (
            isinstance(node, ast.expr | ast.Assign | ast.AugAssign | ast.Return)
            and len(ast.unparse(node)) >= 10
        ):
            break
    else:
        node = old
    first, last = _span(place.source, node)
    raw = place.source.encode()
    return f"{_tidy(raw[first:last])} → {_tidy(raw[first:start] + new.encode() + raw[end:last])}"


def _tidy(text: bytes) -> str:
    plain = textwrap.dedent(text.decode())
    try:
        return ast.unparse(ast.parse(f"({plain})", mode="eval"))
    except SyntaxError:
        return ast.unparse(ast.parse(plain)) or "pass"


def _span(source: str, node: ast.AST) -> tuple[int, int]:
    """Where a node stands, in bytes."""
    lines = source.encode().splitlines(keepends=True)
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line))
    return starts[node.lineno - 1] + node.col_offset, starts[
        node.end_lineno - 1
    ] + node.end_col_offset


def _short(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= LONGEST else f"{plain[: LONGEST - 1]}…"
