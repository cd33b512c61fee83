"""What is told of a run: the share noticed in each file, and why the rest does no harm."""

import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping

from tests.mutating import ROOT
from tests.mutating.changes import Mutant, mutants_of
from tests.mutating.trying import Verdict

REASONS = ROOT / "tests" / "mutating" / "reasons.toml"
DOCUMENT = ROOT / "docs" / "mutants.md"
NO_REASON = "no reason yet"

HEAD = """# Rules that were changed, and whether a test noticed

Made by `make mutants WRITE=1{options}`: one small change at a time (a boundary moved by one, a
condition or a part of it gone, something no longer set or told), made in memory, with the tests
that come to that line. Which files hold rules and which tests are run stands in
`tests/mutating/__init__.py`, the kinds of changes in `tests/mutating/kinds.py`.

"""
SURVIVED = """
## What nobody noticed

The reasons stand in `tests/mutating/reasons.toml`, by file, function and change; `make test`
refuses one whose change is no longer possible.

"""


def reasons() -> dict[str, str]:
    """Why nobody sees a change that no test notices, by the id of the change."""
    listed = tomllib.loads(REASONS.read_text(encoding="utf-8"))
    return {f"{file} {one}": why for file, all_ in listed.items() for one, why in all_.items()}


def mutants_in(files: Iterable[str]) -> list[Mutant]:
    """Every change that is tried in these files."""
    return [
        one for file in files for one in mutants_of(file, (ROOT / file).read_text(encoding="utf-8"))
    ]


def table(tried: Iterable[Mutant], verdicts: Mapping[str, str]) -> str:
    """How many were tried and noticed, by file."""
    counts: dict[str, Counter[str]] = {}
    for mutant in tried:
        for row in (mutant.file, "together"):
            counts.setdefault(row, Counter())[verdicts[mutant.id]] += 1
    counts["together"] = counts.pop("together", Counter())
    lines = ["| file | tried | noticed | share |", "| --- | ---: | ---: | ---: |"]
    for file, count in counts.items():
        noticed, total = count[Verdict.NOTICED], count.total()
        lines.append(f"| {file} | {total} | {noticed} | {noticed / max(total, 1):.0%} |")
    return "\n".join(lines) + "\n"


def survivors(tried: Iterable[Mutant], verdicts: Mapping[str, str]) -> str:
    """The changes that nobody noticed, each with its reason."""
    known, lines, file = reasons(), [], ""
    for mutant in tried:
        if verdicts[mutant.id] == Verdict.NOTICED:
            continue
        if mutant.file != file:
            file = mutant.file
            lines.append(f"\n**{file}**\n")
        listed = "no test comes here" if verdicts[mutant.id] == Verdict.UNREACHED else NO_REASON
        lines.append(f"- {mutant.function}: `{mutant.change}`: {known.get(mutant.id, listed)}")
    return "\n".join(lines).strip() + "\n"


def write(tried: list[Mutant], verdicts: Mapping[str, str], *, share: int, seed: int) -> None:
    """Write docs/mutants.md."""
    options = "" if share == 100 else f" SHARE={share} SEED={seed}"
    text = HEAD.format(options=options) + table(tried, verdicts)
    DOCUMENT.write_text(text + SURVIVED + survivors(tried, verdicts), encoding="utf-8")
