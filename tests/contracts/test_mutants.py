"""`make mutants` makes the changes that people make by mistake, and keeps reasons for no others."""

import subprocess
import sys

import pytest

from tests.mutating import ROOT, report, rule_files
from tests.mutating.changes import mutants_of


def changes(*lines):
    source = "\n".join(["def rule(case, items, actor):", *(f"    {line}" for line in lines), ""])
    return [mutant.change for mutant in mutants_of("rule.py", source)]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("return len(items) < 12", [
            "len(items) < 12 → len(items) <= 12", "len(items) < 12 → len(items) < 13",
        ]),
        ("return actor.role in CODES", [
            "actor.role in CODES → actor.role not in CODES",
        ]),
        ("return actor.own and case.own", ["without and actor.own", "without and case.own"]),
        ("return actor.name or ''", ["without or actor.name"]),
        ("return not case.is_open", ["not case.is_open → case.is_open"]),
        ("return -case.open_cases", ["-case.open_cases → case.open_cases"]),
        ("return select(case).where(one, two)", [
            "without .where(one, two)", "where(…) without one", "where(…) without two",
        ]),
        ("return case.asked.order_by(case.due_at.desc())", [
            "without .order_by(case.due_at.desc())", "without .desc()",
        ]),
        ("return one & two", ["without & two", "without one &"]),
        ("return {'who': actor.name, 'what': case.title}", [
            "without 'who': actor.name", "without 'what': case.title",
        ]),
        ("return ('green', 'clear')", [
            "('green', 'clear') without 'green'", "('green', 'clear') without 'clear'",
        ]),
        ("case.version, case.sharing = items", []),
        ("case.version, case.sharing = 2, told", [
            "without case.version = 2",
            "without case.sharing = told",
            "case.version, case.sharing = (2, told) → case.version, case.sharing = (3, told)",
        ]),
        ("case.derive_state()", ["without case.derive_state()"]),
        ("case.count += gone", ["without case.count += gone"]),
        ("return [item for item in items if item.stays]", ["without if item.stays"]),
        ("return case.one if case.two else case.three", [
            "always case.one, whether or not case.two",
            "always case.three, whether or not case.two",
        ]),
        ("return sorted(items, key=case.key)", ["sorted(items, key=case.key) → list(items)"]),
        ("return any(items)", ["any(items) → all(items)"]),
        ("return case.ended_at.is_(None)", [
            "case.ended_at.is_(None) → case.ended_at.is_not(None)",
        ]),
    ],
)  # fmt: skip
def test_a_rule_is_changed_as_people_change_it_by_mistake(line, expected):
    assert changes(line) == expected


@pytest.mark.parametrize(
    "line",
    [
        '"""A docstring with 12 words."""',
        'log.info("told", count=12)',
        'raise ConflictError(N_("It moved to version %(ours)s."), ours=case.version + 1)',
        'title = f"{case.count + 1} items"',
        'take_turns(case, "organisations")',
        "name: Callable[[int], None]",
        "return items[0]",
    ],
)
def test_texts_logging_types_and_locks_are_left_alone(line):
    assert changes(line) == []


def test_a_guard_goes_and_its_error_is_left_alone():
    guard = ("if case.is_old:", "    raise GoneError(case.age > 12)")

    assert changes(*guard) == ["never if case.is_old"]


def test_a_change_is_known_by_function_and_change_wherever_it_stands():
    rule = "class Case:\n    def derive_state(self):\n" + "        self.state = 'open'\n" * 2
    moved = mutants_of("rule.py", f"import this\n\n\n{rule}")

    assert [one.id for one in moved] == [one.id for one in mutants_of("rule.py", rule)]
    assert [(one.function, one.change) for one in moved] == [
        ("Case.derive_state", "without self.state = 'open'"),
        ("Case.derive_state", "without self.state = 'open' (2)"),
    ]
    assert moved[1].source.endswith("        self.state = 'open'\n        pass\n")


def test_every_change_of_every_rule_can_be_made():
    for mutant in report.mutants_in(rule_files()):
        compile(mutant.source, mutant.file, "exec")


def test_no_reason_is_kept_for_a_change_that_can_no_longer_be_made():
    possible = {mutant.id for mutant in report.mutants_in(rule_files())}

    assert sorted(report.reasons().keys() - possible) == []


@pytest.mark.parametrize(
    ("tests", "code", "found"),
    [
        ("tests/shared/test_days.py", 0, "| together | 3 | 3 | 100% |"),
        ("tests/shared/test_units.py", 1, "| together | 3 | 0 | 0% |"),
    ],
)
def test_only_tests_that_come_to_a_change_are_run_and_notice_it(tests, code, found):
    asked = [
        "--only",
        "shared/platform/typed/days.py",
        "--share",
        "10",
        "--seed",
        "9",
        "--tests",
        tests,
    ]
    done = subprocess.run(
        [sys.executable, "-m", "tests.mutating", *asked],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stderr) == (code, "")
    assert found in done.stdout
