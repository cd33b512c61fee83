"""How the house is built, in figures: `make structure` writes them into docs/architecture.md.

Migrations are left out, for they stay as they once ran. A function is measured from `def` to its
end. Templates are pages and mails.

Untyped content is counted in services and shared/domain, by the syntax tree and once for each
annotation that contains it: of a parameter, of what a function returns, of a variable or of an
attribute. An annotation contains it where `dict[…, Any]` or `Mapping[…, Any]` stands in it, or
an alias, from whatever module, of a type with `Any`; that of a parameter or a returned value also
where `Any` itself does.
"""

import argparse
import ast
import math
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent
DOCUMENT = ROOT / "docs/architecture.md"
BEGIN, END = "<!-- made by make structure -->", "<!-- end of what make structure made -->"

FOLDERS = ("services", "shared", "testbed")
TYPED_FOLDERS = ("services", "shared/domain")
COMMAND_FOLDER = "services/cli"
MOST_COLUMNS = 100
MOST_TEMPLATE_COLUMNS = 140
MOST_TEMPLATE_LINES = 150
MOST_UNTYPED = 40
MOST_COMMAND_LINES = 1300

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


@dataclass(frozen=True, order=True)
class Place:
    """A line of a file, and what is the matter with it."""

    path: str
    line: int
    what: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.what}"


def main() -> int:
    """Returns 1 when it was asked to check the templates, and one is too long or too wide."""
    parser = argparse.ArgumentParser(prog="python -m tests.structure", description=__doc__)
    parser.add_argument("--check", action="store_true", help="only name the templates to cut")
    parser.add_argument("--untyped", action="store_true", help="only name the untyped content")
    asked = parser.parse_args()
    if not asked.check and not asked.untyped:
        _write(f"{sizes(ROOT)}\n\n{goals(ROOT)}")
        return 0
    to_cut = templates_to_cut(ROOT) if asked.check else []
    for place in [*to_cut, *(untyped_content(ROOT) if asked.untyped else ())]:
        print(place)
    return 1 if to_cut else 0


def sizes(root: Path) -> str:
    """A table of how long files and functions are, of the folders that are there."""
    rows = ["| lines of | count | median | 90th percentile | longest |", "|---|--:|--:|--:|--:|"]
    for folder in FOLDERS:
        files = _python(root, folder)
        lengths = [length for path in files for length in _function_lengths(path)]
        if lengths:
            rows.append(_size(f"files of {folder}", [len(_lines(path)) for path in files]))
            rows.append(_size(f"functions of {folder}", lengths))
    return "\n".join(rows)


def goals(root: Path) -> str:
    """A table of what is counted, and how much of it there may be."""
    wide_lines = _wide_lines(root, _python(root, *FOLDERS), MOST_COLUMNS)
    wide_template_lines = _wide_lines(root, _templates(root), MOST_TEMPLATE_COLUMNS)
    command_lines = sum(len(_lines(path)) for path in _python(root, COMMAND_FOLDER))
    rows = (
        (f"Python lines over {MOST_COLUMNS} columns", len(wide_lines), 0),
        (f"template lines over {MOST_TEMPLATE_COLUMNS} columns", len(wide_template_lines), 0),
        (f"templates over {MOST_TEMPLATE_LINES} lines", len(_long_templates(root)), 0),
        ("annotations with untyped content", len(untyped_content(root)), MOST_UNTYPED),
        (f"lines of {COMMAND_FOLDER}", command_lines, MOST_COMMAND_LINES),
    )
    made = [f"| {what} | {now:,} | {most:,} |" for what, now, most in rows]
    return "\n".join(["| | now | at most |", "|---|--:|--:|", *made])


def templates_to_cut(root: Path) -> list[Place]:
    """Every line of a template that is too wide, and every template that has too many."""
    wide_lines = _wide_lines(root, _templates(root), MOST_TEMPLATE_COLUMNS)
    return sorted([*wide_lines, *_long_templates(root)])


def untyped_content(root: Path) -> list[Place]:
    """Every annotation that contains untyped content."""
    modules = {_name(root, path): Module(path) for path in _python(root, *FOLDERS)}
    aliases = Aliases(modules)
    typed = {_name(root, path): path.relative_to(root) for path in _python(root, *TYPED_FOLDERS)}
    return sorted(
        Place(str(path), annotation.lineno, ast.unparse(annotation))
        for name, path in typed.items()
        for annotation, of_signature in modules[name].annotations()
        if aliases.is_untyped(name, annotation, of_signature=of_signature)
    )


class Module:
    """A file of Python: what it imports, what it gives names to, and its annotations."""

    def __init__(self, path: Path) -> None:
        self.tree = _tree(path)
        self.assigned = {
            node.targets[0].id: node.value
            for node in self.tree.body
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
        }
        self.imported: dict[str, str] = {}
        for node in ast.walk(self.tree):
            if isinstance(node, ast.ImportFrom):
                names = {one.asname or one.name: f"{node.module}.{one.name}" for one in node.names}
                self.imported.update(names)

    def annotations(self) -> Iterator[tuple[ast.expr, bool]]:
        """Each annotation, and whether it is of a parameter or a returned value."""
        for node in ast.walk(self.tree):
            if isinstance(node, FUNCTIONS) and node.returns:
                yield node.returns, True
            elif isinstance(node, ast.arg) and node.annotation:
                yield node.annotation, True
            elif isinstance(node, ast.AnnAssign):
                yield node.annotation, False


class Aliases:
    """Which names stand for untyped content, followed from module to module."""

    def __init__(self, modules: dict[str, Module]) -> None:
        self._modules = modules
        self._known: dict[str, bool] = {}

    def is_untyped(self, module: str, annotation: ast.expr, *, of_signature: bool) -> bool:
        """Whether an annotation in this module contains untyped content."""
        return any(
            (of_signature and self._is_any(module, node))
            or self._is_mapping_to_any(module, node)
            or self._is_alias(module, node)
            for node in ast.walk(annotation)
        )

    def _is_any(self, module: str, node: ast.AST) -> bool:
        return self._full_name(module, node) == "typing.Any"

    def _is_mapping_to_any(self, module: str, node: ast.AST) -> bool:
        if not isinstance(node, ast.Subscript) or not isinstance(node.slice, ast.Tuple):
            return False
        mapping = self._full_name(module, node.value).rpartition(".")[2]
        return mapping in ("dict", "Mapping") and self._is_any(module, node.slice.elts[-1])

    def _is_alias(self, module: str, node: ast.AST) -> bool:
        name = self._full_name(module, node)
        if name not in self._known:
            self._known[name] = False  # should it come back to itself
            self._known[name] = self._stands_for_untyped(*name.rpartition(".")[::2])
        return self._known[name]

    def _stands_for_untyped(self, module: str, name: str) -> bool:
        there = self._modules.get(module)
        if there is not None and name in there.imported:
            return self._is_alias(module, ast.Name(name))
        value = there.assigned.get(name) if there is not None else None
        if not isinstance(value, ast.Subscript | ast.BinOp | ast.Name):
            return False  # no type
        return self.is_untyped(module, value, of_signature=True)

    def _full_name(self, module: str, node: ast.AST) -> str:
        """What a name or an attribute of a name stands for; "" for anything else."""
        if isinstance(node, ast.Attribute):
            return f"{self._full_name(module, node.value)}.{node.attr}"
        if not isinstance(node, ast.Name):
            return ""
        return self._modules[module].imported.get(node.id, f"{module}.{node.id}")


def _wide_lines(root: Path, paths: Sequence[Path], most: int) -> list[Place]:
    return [
        Place(str(path.relative_to(root)), number, f"{len(line)} columns, at most {most}")
        for path in paths
        for number, line in enumerate(_lines(path), 1)
        if len(line) > most
    ]


def _long_templates(root: Path) -> list[Place]:
    return [
        Place(str(path.relative_to(root)), lines, f"{lines} lines, at most {MOST_TEMPLATE_LINES}")
        for path in _templates(root)
        if (lines := len(_lines(path))) > MOST_TEMPLATE_LINES
    ]


def _python(root: Path, *folders: str) -> list[Path]:
    found = [path for folder in folders for path in (root / folder).rglob("*.py")]
    return sorted(path for path in found if "migrations" not in path.relative_to(root).parts)


def _templates(root: Path) -> list[Path]:
    found = [path for folder in FOLDERS for path in (root / folder).rglob("templates/**/*")]
    return sorted(path for path in found if path.suffix in (".html", ".txt"))


def _name(root: Path, path: Path) -> str:
    """The name under which other modules import this one."""
    return ".".join(path.relative_to(root).with_suffix("").parts).removesuffix(".__init__")


def _size(title: str, lengths: Sequence[int]) -> str:
    ordered, count = sorted(lengths), len(lengths)
    figures = [count, *(ordered[math.ceil(count * part) - 1] for part in (0.5, 0.9, 1))]
    return f"| {title} | {' | '.join(f'{figure:,}' for figure in figures)} |"


def _function_lengths(path: Path) -> list[int]:
    functions = [node for node in ast.walk(_tree(path)) if isinstance(node, FUNCTIONS)]
    return [(node.end_lineno or 0) - node.lineno + 1 for node in functions]


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()


def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def _write(tables: str) -> None:
    before, begin, rest = DOCUMENT.read_text(encoding="utf-8").partition(BEGIN)
    _, end, after = rest.partition(END)
    if not end:
        sys.exit(f"{DOCUMENT} has no place for the tables: {BEGIN} … {END}")
    DOCUMENT.write_text(f"{before}{begin}\n\n{tables}\n\n{end}{after}", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
