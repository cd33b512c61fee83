"""`make check` names templates that are too long or too wide; untyped content is counted."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests import structure

TYPES = """
from collections.abc import Mapping
from typing import Any

Draft = dict[str, Any]
Errors = dict[str, list[str]]
"""


@pytest.fixture
def tree(tmp_path):
    """A function to write a file of a made-up register, which is returned with its folder."""

    def write(path, text):
        file = tmp_path / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        return tmp_path

    return write


def untyped(root):
    """The annotations that were found, without their places."""
    return [place.what for place in structure.untyped_content(root)]


def test_a_line_of_a_template_that_is_too_wide_is_named(tree):
    tree("services/intake/templates/start.html", "<p>\n" + "x" * 141 + "\n" + "x" * 140 + "\n")
    root = tree("services/intake/templates/mail/sent.txt", "y" * 200)

    assert [str(place) for place in structure.templates_to_cut(root)] == [
        "services/intake/templates/mail/sent.txt:1: 200 columns, at most 140",
        "services/intake/templates/start.html:2: 141 columns, at most 140",
    ]


def test_a_template_that_is_too_long_is_named(tree):
    tree("shared/web/templates/long.html", "<br>\n" * 151)
    root = tree("shared/web/templates/cut.html", "<br>\n" * 150)

    assert [str(place) for place in structure.templates_to_cut(root)] == [
        "shared/web/templates/long.html:151: 151 lines, at most 150"
    ]


def test_text_that_is_no_template_may_be_as_wide_as_it_likes(tree):
    root = tree("services/intake/codes.txt", "x" * 500)

    assert structure.templates_to_cut(root) == []


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("def read(text: Any) -> str: ...", ["Any"]),
        ("def read(text: str) -> list[Any]: ...", ["list[Any]"]),
        ("def read(*texts: Any, **more: Any) -> None: ...", ["Any", "Any"]),
        ("async def read() -> dict[str, Any] | None: ...", ["dict[str, Any] | None"]),
        ("class Note:\n    content: Mapping[str, Any]", ["Mapping[str, Any]"]),
        ("def read(one: Draft, two: list[Draft]) -> Errors: ...", ["Draft", "list[Draft]"]),
        ("note: Draft = {}", ["Draft"]),
        ("note: Any = None", []),
        ("notes = list[Any]()", []),
        ('def read(text: str) -> None:\n    "Any, dict[str, Any]"', []),
    ],
)
def test_untyped_content_is_found_in_annotations_only(tree, code, found):
    assert untyped(tree("services/intake/notes.py", f"{TYPES}\n{code}\n")) == found


def test_an_alias_of_untyped_content_counts_wherever_it_comes_from(tree):
    tree("shared/platform/types.py", TYPES)
    tree("shared/domain/content/__init__.py", "from shared.platform.types import Draft as Content")
    tree(
        "services/intake/drafts.py",
        "from shared.domain import content\nDrafts = list[content.Content]",
    )
    code = """
from services.intake import drafts
from shared.domain.content import Content
from shared.platform.types import Errors

def read(one: Content, two: drafts.Drafts) -> Errors: ...
"""
    root = tree("services/intake/notes.py", code)

    assert untyped(root) == ["Content", "drafts.Drafts"]


def test_untyped_content_of_the_platform_and_of_migrations_is_not_counted(tree):
    tree("services/intake/migrations/0001.py", f"{TYPES}\nnote: Draft = {{}}")
    root = tree("shared/platform/outbox.py", f"{TYPES}\nnote: Draft = {{}}")

    assert untyped(root) == []


def test_a_function_is_measured_from_its_def_to_its_end(tree):
    tree("services/a.py", "@decorated\ndef one():\n    pass\n")
    root = tree("services/b.py", "def one(\n    first,\n):\n    pass\n\n\ndef two():\n    pass\n")

    assert structure.sizes(root).splitlines()[2:] == [
        "| files of services | 2 | 3 | 8 | 8 |",
        "| functions of services | 3 | 2 | 4 | 4 |",
    ]


def test_a_comment_for_a_linter_counts_as_much_as_any_other(tree):
    line = 'text = "' + "x" * 80 + '"'
    tree("services/a.py", f"{line}  # noqa: S105 - of the name of a field\n")
    root = tree("services/b.py", f"{line}  # the name of a field\n")

    assert "| Python lines over 100 columns | 2 | 0 |" in structure.goals(root)


def test_the_check_passes_and_make_check_asks_for_it():
    command = [sys.executable, "-m", "tests.structure", "--check"]

    done = subprocess.run(command, capture_output=True, text=True, check=False)

    assert (done.stdout, done.stderr, done.returncode) == ("", "", 0)
    makefile = Path("Makefile").read_text(encoding="utf-8")
    assert re.search(r"(?ms)^check:.*?python -m tests\.structure --check$", makefile)
