"""Only a model assigns a state, in one object or in many at once."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
EXCEPTIONS = {
    "services/intake/use_cases/following.py forget_decisions"
}  # what it records comes again
WITH_STATES = {"Case", "Entry", "Item", "Note"}


def assignments(source):
    """The functions of a module in which a state is assigned, by name and line."""
    tree = ast.parse(source)
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef | ast.Module):
            name = getattr(function, "name", "")
            for node in _inside(function):
                if _assigns(node):
                    yield name, node.lineno


def _inside(function):
    """The nodes of a function, without those of the functions in it."""
    waiting = list(ast.iter_child_nodes(function))
    while waiting:
        node = waiting.pop()
        yield node
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            waiting += ast.iter_child_nodes(node)


def _assigns(node):
    if isinstance(node, ast.Attribute):
        return node.attr == "state" and not isinstance(node.ctx, ast.Load)
    if not isinstance(node, ast.Call):
        return False
    called = node.func.attr if isinstance(node.func, ast.Attribute) else ""
    called = node.func.id if isinstance(node.func, ast.Name) else called
    if called == "setattr":
        return any(_is_state(argument) for argument in node.args)
    if called == "values" and any(_is_column(key) for key in _keys_of(node.args)):
        return True
    return called in {"values", *WITH_STATES} and "state" in {word.arg for word in node.keywords}


def _keys_of(arguments):
    return [key for one in arguments if isinstance(one, ast.Dict) for key in one.keys]


def _is_column(node):
    return _is_state(node) or (isinstance(node, ast.Attribute) and node.attr == "state")


def _is_state(node):
    return isinstance(node, ast.Constant) and node.value == "state"


def modules():
    """The modules of the services, by their names, but for models and migrations."""
    for path in sorted((ROOT / "services").rglob("*.py")):
        if not {"model", "migrations"} & set(path.parts):
            yield str(path.relative_to(ROOT)), path.read_text(encoding="utf-8")


def test_nothing_but_a_model_assigns_a_state():
    found = {
        f"{path} {function}" for path, source in modules() for function, _ in assignments(source)
    }

    assert found == EXCEPTIONS


@pytest.mark.parametrize(
    "line",
    [
        "item.state = ItemState.WITHDRAWN",
        "item.state, item.comment = 'withdrawn', reason",
        "item.state += 'n'",
        "del item.state",
        "for case.state in states: pass",
        "setattr(item, 'state', 'withdrawn')",
        "session.execute(update(Item).values(state='withdrawn'))",
        "session.execute(update(Item).values({'state': 'withdrawn'}))",
        "session.execute(update(Item).values({Item.state: 'withdrawn'}))",
        "Item(id=1, state='withdrawn')",
        "model.Note(state='draft')",
    ],
)
def test_an_assignment_is_found_however_it_is_written(line):
    assert list(assignments(f"def act(item):\n    {line}\n")) == [("act", 2)]


@pytest.mark.parametrize(
    "line",
    [
        "return item.state == 'withdrawn'",
        "states = {item.state for item in items}",
        "query.where(Item.state.in_(OPEN))",
        "visible_cases(session, actor, state='open')",
        "shown = {'state': item.state}",
    ],
)
def test_whoever_only_reads_a_state_assigns_none(line):
    assert list(assignments(f"def read(item):\n    {line}\n")) == []
