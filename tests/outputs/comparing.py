"""Two folders of outputs beside each other: what differs, and which of it was expected."""

import difflib
import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass

from tests.outputs.lines import lines_of

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
class Became:
    """A text that is meant to read otherwise: in outputs of this name, `before` became `after`.

    `after` is what takes the place of the pattern `before` in the version before, with its groups.
    What became anything else still differs, so this says more than an expected line.
    """

    output: str
    before: str
    after: str
    point: str


@dataclass(frozen=True)
class Added:
    """A text that is new in outputs of this name: of the pattern `text` only `kept` was there."""

    output: str
    text: str
    point: str
    kept: str = ""


Meant = Expected | Became | Added


@dataclass(frozen=True)
class Comparison:
    """Unexplained lines by output, how many each point explains, and the points not seen."""

    unexplained: Mapping[str, Sequence[str]]
    explained: Mapping[str, int]
    stale: Sequence[Meant]
    compared: int

    @property
    def passes(self) -> bool:
        """Whether everything that differs is explained, and everything explained differs."""
        return not self.unexplained and not self.stale


def compare(before: Outputs, after: Outputs, meant: Sequence[Meant]) -> Comparison:
    """Compare outputs by their names."""
    unexplained: dict[str, list[str]] = {}
    seen: Counter[Meant] = Counter()
    names = sorted(before.keys() | after.keys())
    for name in names:
        old, new = before.get(name, MISSING), after.get(name, MISSING)
        if left := _unexplained(name, old, new, meant, seen):
            unexplained[name] = left
    explained: Counter[str] = Counter()
    for one, count in seen.items():
        explained[one.point] += count
    return Comparison(unexplained, explained, [one for one in meant if one not in seen], len(names))


def _unexplained(
    name: str, before: str, after: str, meant: Sequence[Meant], seen: Counter[Meant]
) -> list[str]:
    """The changed lines of an output that nothing explains; counts in `seen` what does explain."""
    if before == after:
        return []
    if MISSING not in (before, after):
        before, after = _without_what_is_meant(name, before, after, meant, seen)
    left, expected = [], [one for one in meant if isinstance(one, Expected)]
    for line in changed_lines(before, after):
        covering = next((one for one in expected if one.covers(name, line)), None)
        if covering is None:
            left.append(line)
        else:
            seen[covering] += 1
    return left


def _without_what_is_meant(
    name: str, before: str, after: str, meant: Sequence[Meant], seen: Counter[Meant]
) -> tuple[str, str]:
    """Both texts by lines: before as it should have become, after less what was added."""
    before, after = "\n".join(lines_of(before)), "\n".join(lines_of(after))
    for one in meant:
        if isinstance(one, Expected) or not re.search(one.output, name):
            continue
        if isinstance(one, Became):
            before, count = re.subn(one.before, one.after, before, flags=re.MULTILINE)
        else:
            after, count = re.subn(one.text, one.kept, after, flags=re.MULTILINE)
        seen.update({one: count} if count else {})
    return before, after


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
    report_lines = []
    for lines, names in alike.items():
        more = f" and {len(names) - 1} more: {', '.join(names[1:4])}" if len(names) > 1 else ""
        report_lines += [
            "",
            f"{names[0]}{more}",
            *(f"  {line[:300]}" for line in lines[:MOST_LINES]),
        ]
        if len(lines) > MOST_LINES:
            report_lines.append(f"  … {len(lines) - MOST_LINES} more lines")
    report_lines += [
        "",
        *(f"expected, {count} lines: {point}" for point, count in sorted(found.explained.items())),
    ]
    stale = [" | ".join(astuple(one)) for one in found.stale]
    report_lines += [f"expected, and not seen: {entry}" for entry in stale]
    unexplained = f"{len(found.unexplained)} differ without explanation."
    return "\n".join([*report_lines, f"{found.compared} outputs compared, {unexplained}"])


def _head(text: str) -> str:
    return text if text == MISSING else f"(an output of {len(text.splitlines())} lines)"
