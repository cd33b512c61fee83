"""The content of a note is declared once: a field that is added there arrives everywhere."""

import shutil
import subprocess
import sys

MADE_UP = {
    "class PartnerContent(TypedDict):": (
        '    fuel_note: Annotated[str | None, Text(label=N_("Fuel"), step="partners")]\n'
    ),
    "class LessonContent(TypedDict):": (
        '    cost_note: Annotated[str | None, Prose(label=N_("What it cost"), step="lesson-more",'
        ' column="cost_note", tag="#meta+cost")]\n'
    ),
    "class BenchmarkContent(TypedDict):": (
        '    crew_note: Annotated[str | None, Text(label=N_("Crew"), step="number-more",'
        ' column="crew_note", tag="#meta+crew")]\n'
    ),
}


def test_a_field_that_is_added_to_the_declaration_arrives_everywhere(tmp_path):
    for name in ("services", "shared", "testbed", "tests", "stubs"):
        shutil.copytree(name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copyfile("pyproject.toml", tmp_path / "pyproject.toml")
    declaration = tmp_path / "shared" / "domain" / "content" / "parts.py"
    text = declaration.read_text()
    for part, line in MADE_UP.items():
        before, _part, after = text.partition(part)
        summary, _end, fields = after.partition('"""\n\n')
        text = f'{before}{part}{summary}"""\n\n{line}{fields}'
    declaration.write_text(text)

    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:cacheprovider",
            "tests/contracts/made_up_field.py",
        ],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout
    assert "6 passed" in done.stdout
