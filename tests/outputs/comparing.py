"""Two folders of outputs beside each other: what differs, and which of it was expected."""

import difflib
import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

Outputs = Mapping[str, str]
MOST_LINES = 6
MISSING = "(there is no such output)"


@dataclass(frozen=True)
class Expected:
    """A difference that is meant: in outputs of this name, lines like this one.

    Both are patterns that are searched for; `point` says in a sentence what causes it.
    """

    output: str
    line: str
    point: str

    def covers(self, output: str, line: str) -> bool:
        """Whether this changed line (with its + or -) of this output is meant."""
        return bool(re.search(self.output, output) and re.search(self.line, line))


@dataclass(frozen=True)
class Comparison:
    """Unexplained lines by output, how many each point explains, and the points not seen."""

    unexplained: Mapping[str, Sequence[str]]
    explained: Mapping[str, int]
    stale: Sequence[Expected]
    compared: int

    @property
    def passes(self) -> bool:
        """Whether everything that differs is explained, and everything explained differs."""
        return not self.unexplained and not self.stale


def compare(before: Outputs, after: Outputs, expected: Sequence[Expected]) -> Comparison:
    """Compare outputs by their names."""
    unexplained: dict[str, list[str]] = {}
    explained: Counter[str] = Counter()
    used: set[Expected] = set()
    names = sorted(before.keys() | after.keys())
    for name in names:
        for line in changed_lines(before.get(name, MISSING), after.get(name, MISSING)):
            covering = next((one for one in expected if one.covers(name, line)), None)
            if covering is None:
                unexplained.setdefault(name, []).append(line)
            else:
                used.add(covering)
                explained[covering.point] += 1
    stale = [one for one in expected if one not in used]
    return Comparison(unexplained, explained, stale, len(names))


def changed_lines(before: str, after: str) -> list[str]:
    """The lines that only one of them has, each with - or +; of a whole output only its length."""
    if before == after:
        return []
    if MISSING in (before, after):
        return [f"-{_head(before)}", f"+{_head(after)}"]
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=0)
    return [line for line in list(lines)[2:] if not line.startswith("@@")]


def report(found: Comparison) -> str:
    """The result for a person: alike differences once, with the outputs that have them."""
    alike: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for name, lines in found.unexplained.items():
        alike[tuple(lines)].append(name)
    told = []
    for lines, names in alike.items():
        more = f" and {len(names) - 1} more: {', '.join(names[1:4])}" if len(names) > 1 else ""
        told += ["", f"{names[0]}{more}", *(f"  {line[:300]}" for line in lines[:MOST_LINES])]
        if len(lines) > MOST_LINES:
            told.append(f"  … {len(lines) - MOST_LINES} more lines")
    told += [
        "",
        *(f"expected, {count} lines: {point}" for point, count in sorted(found.explained.items())),
    ]
    stale = [f"{one.output} | {one.line} | {one.point}" for one in found.stale]
    told += [f"expected, and not seen: {entry}" for entry in stale]
    unexplained = f"{len(found.unexplained)} differ without explanation."
    return "\n".join([*told, f"{found.compared} outputs compared, {unexplained}"])


def _head(text: str) -> str:
    return text if text == MISSING else f"(an output of {len(text.splitlines())} lines)"
