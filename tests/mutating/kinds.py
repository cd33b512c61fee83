"""The kinds of changes: for a node of the syntax tree what may stand in its place."""

import ast
from collections.abc import Iterator

from tests.mutating import LOCKS

Change = tuple[ast.AST, str, str | None]
"""(what is replaced, by which text, what is said of it; None: before and after)."""

COMPARISONS = {
    ast.Lt: "<=", ast.LtE: "<", ast.Gt: ">=", ast.GtE: ">", ast.Eq: "!=", ast.NotEq: "==",
    ast.Is: "is not", ast.IsNot: "is", ast.In: "not in", ast.NotIn: "in",
}  # fmt: skip
ARITHMETIC = {
    ast.Add: "-",
    ast.Sub: "+",
    ast.Mult: "/",
    ast.Div: "*",
    ast.Pow: "*",
    ast.FloorDiv: "*",
}
CALLED = {
    "min": "max",
    "max": "min",
    "any": "all",
    "all": "any",
    "sorted": "list",
    "reversed": "list",
}
METHODS = {
    "is_": "is_not",
    "is_not": "is_",
    "in_": "not_in",
    "startswith": "endswith",
    "isalpha": "isalnum",
}
CHAINED = (
    "where", "order_by", "limit", "desc", "distinct", "join_from", "group_by",
    "strip", "lower", "upper", "casefold", "translate", "removeprefix", "normalize",
)  # fmt: skip
WORDS = (
    "N_",
    "_",
    "log",
    "mapped_column",
    "relationship",
    "ForeignKey",
    "UniqueConstraint",
    "TypeVar",
    "compile",
)
DECLARED = (
    "metadata",
    "error_messages",
    "execution_options",
    "strict",
    "synchronize_session",
    "autoescape",
    "index",
)
UNCHANGED = ("__all__", "__tablename__", "__table_args__", "UNSEEN")


def is_left_alone(node: ast.AST, around: tuple[ast.AST, ...]) -> bool:
    """Whether nothing in here is a rule: texts, types, logging, locks, declarations of tables."""
    return _is_text_or_declaration(node) or (bool(around) and _is_beside_the_rule(node, around[-1]))


def _is_text_or_declaration(node: ast.AST) -> bool:
    if isinstance(node, ast.Call):
        return _root(node.func) in (*WORDS, *LOCKS)
    if isinstance(node, ast.keyword):
        return node.arg in (*DECLARED, *LOCKS)
    if isinstance(node, ast.Assign):
        return ast.unparse(node.targets[0]) in UNCHANGED
    if isinstance(node, ast.Expr):
        return isinstance(node.value, ast.Constant) or _is_text_or_declaration(node.value)
    return isinstance(node, ast.Raise | ast.Import | ast.ImportFrom | ast.JoinedStr | ast.arguments)


def _is_beside_the_rule(node: ast.AST, parent: ast.AST) -> bool:
    if isinstance(parent, ast.FunctionDef | ast.ClassDef):
        return node not in parent.body  # decorators, annotations, bases
    if isinstance(parent, ast.AnnAssign):
        return node is parent.annotation
    # a place in a tuple
    return isinstance(parent, ast.Subscript) and isinstance(node, ast.Constant)


def changes_of(node: ast.AST) -> Iterator[Change]:
    """What may stand in the place of this node, or of a part of it."""
    for kind, changes in _KINDS.items():
        if isinstance(node, kind):
            yield from changes(node)


def _compare(node: ast.Compare) -> Iterator[Change]:
    sides = [node.left, *node.comparators]
    for place, operator in enumerate(node.ops):
        signs = [
            _sign(node, at) if at != place else COMPARISONS[type(operator)]
            for at in range(len(node.ops))
        ]
        rest = "".join(
            (f" {sign} ({ast.unparse(side)})") for sign, side in zip(signs, sides[1:], strict=True)
        )
        yield node, f"(({ast.unparse(sides[0])}){rest})", None


def _sign(node: ast.Compare, at: int) -> str:
    plain = ast.unparse(ast.Compare(ast.Name("a"), [node.ops[at]], [ast.Name("b")]))
    return plain.removeprefix("a ").removesuffix(" b")


def _condition(node: ast.BoolOp) -> Iterator[Change]:
    word = " and " if isinstance(node.op, ast.And) else " or "
    for dropped in node.values:
        if not _is_nothing(dropped):
            rest = word.join(
                f"({ast.unparse(value)})" for value in node.values if value is not dropped
            )
            yield node, f"({rest})", f"without{word}{ast.unparse(dropped)}"


def _is_nothing(node: ast.expr) -> bool:
    """Whether this is only said for the types' sake, as in `count or 0`."""
    return ast.unparse(node) in ("''", "0", "{}", "[]", "None")


def _reckoning(node: ast.BinOp) -> Iterator[Change]:
    left, right = f"({ast.unparse(node.left)})", f"({ast.unparse(node.right)})"
    if isinstance(node.op, ast.BitAnd | ast.BitOr):
        sign = "&" if isinstance(node.op, ast.BitAnd) else "|"
        yield node, left, f"without {sign} {ast.unparse(node.right)}"
        yield node, right, f"without {ast.unparse(node.left)} {sign}"
    elif type(node.op) in ARITHMETIC and not {type(node.left), type(node.right)} & {
        ast.JoinedStr,
        ast.List,
        ast.Tuple,
    }:
        yield node, f"({left} {ARITHMETIC[type(node.op)]} {right})", None


def _sign_before(node: ast.UnaryOp) -> Iterator[Change]:
    yield node, f"({ast.unparse(node.operand)})", None


def _constant(node: ast.Constant) -> Iterator[Change]:
    if isinstance(node.value, bool):
        yield node, str(not node.value), None
    elif isinstance(node.value, int | float):
        yield node, str(node.value + 1), None


def _call(node: ast.Call) -> Iterator[Change]:
    if isinstance(node.func, ast.Name) and node.func.id in CALLED:
        called = CALLED[node.func.id]
        arguments = node.args if called == "list" else [*node.args, *node.keywords]
        yield node, f"{called}({', '.join(ast.unparse(one) for one in arguments)})", None
    if not isinstance(node.func, ast.Attribute):
        return
    if node.func.attr in METHODS:
        arguments = ", ".join(ast.unparse(one) for one in node.args)
        yield node, f"({ast.unparse(node.func.value)}).{METHODS[node.func.attr]}({arguments})", None
    if node.func.attr in CHAINED:
        yield node, f"({ast.unparse(node.func.value)})", f"without .{_after(node)}"


def _parts_of_where(node: ast.Call) -> Iterator[Change]:
    """One of several conditions goes."""
    if _last(node.func) not in ("where", "and_", "or_", "order_by", "join") or len(node.args) < 2:
        return
    for dropped in node.args:
        rest = ", ".join(
            ast.unparse(one) for one in [*node.args, *node.keywords] if one is not dropped
        )
        yield (
            node,
            f"{ast.unparse(node.func)}({rest})",
            f"{_last(node.func)}(…) without {ast.unparse(dropped)}",
        )


def _either(node: ast.IfExp) -> Iterator[Change]:
    for always in (node.body, node.orelse):
        yield (
            node,
            f"({ast.unparse(always)})",
            f"always {ast.unparse(always)}, whether or not {ast.unparse(node.test)}",
        )


def _branch(node: ast.If | ast.While) -> Iterator[Change]:
    yield (
        node.test,
        "False",
        f"never {'if' if isinstance(node, ast.If) else 'while'} {ast.unparse(node.test)}",
    )


def _filter(node: ast.comprehension) -> Iterator[Change]:
    for test in node.ifs:
        if ":=" not in ast.unparse(test):
            yield test, "True", f"without if {ast.unparse(test)}"


def _members(node: ast.Tuple | ast.List | ast.Set) -> Iterator[Change]:
    if len(node.elts) < 2 or not all(_is_code(one) for one in node.elts):
        return
    for dropped in node.elts:
        rest = ", ".join(ast.unparse(one) for one in node.elts if one is not dropped)
        open_, close = {ast.Tuple: ("(", ",)"), ast.List: ("[", "]"), ast.Set: ("{", "}")}[
            type(node)
        ]
        yield node, f"{open_}{rest}{close}", f"{ast.unparse(node)} without {ast.unparse(dropped)}"


def _is_code(node: ast.AST) -> bool:
    """Whether this is one of the words of a closed list."""
    inner = node.value if isinstance(node, ast.Starred) else node
    return isinstance(inner, ast.Constant) or (isinstance(inner, ast.Name) and inner.id.isupper())


def _entries(node: ast.Dict) -> Iterator[Change]:
    pairs = [
        (f"{ast.unparse(key)}: " if key else "**") + ast.unparse(value)
        for key, value in zip(node.keys, node.values, strict=True)
    ]
    if len(pairs) > 1:
        for dropped in pairs:
            yield (
                node,
                "{" + ", ".join(pair for pair in pairs if pair is not dropped) + "}",
                f"without {dropped}",
            )


def _statement(node: ast.Expr | ast.AugAssign | ast.Continue) -> Iterator[Change]:
    yield node, "pass", f"without {ast.unparse(node)}"


def _assignment(node: ast.Assign) -> Iterator[Change]:
    """Something that stays is no longer set. A name that is never set would only be an error."""
    if len(node.targets) > 1:
        return
    (target,) = node.targets
    if isinstance(target, ast.Attribute | ast.Subscript):
        yield node, "pass", f"without {ast.unparse(node)}"
    if not isinstance(target, ast.Tuple) or not isinstance(node.value, ast.Tuple):
        return
    pairs = list(zip(target.elts, node.value.elts, strict=True))
    for dropped in pairs:
        if isinstance(dropped[0], ast.Attribute):
            kept = [_set(*pair) for pair in pairs if pair is not dropped]
            yield node, "; ".join(kept), f"without {_set(*dropped)}"


def _set(target: ast.expr, value: ast.expr) -> str:
    return f"{ast.unparse(target)} = {ast.unparse(value)}"


def _root(node: ast.AST) -> str:
    """The first or only name of what is called: log of log.info."""
    if isinstance(node, ast.Attribute):
        return node.attr if node.attr in (*LOCKS, "compile") else _root(node.value)
    return node.id if isinstance(node, ast.Name) else ""


def _last(node: ast.AST) -> str:
    return (
        node.attr
        if isinstance(node, ast.Attribute)
        else node.id
        if isinstance(node, ast.Name)
        else ""
    )


def _after(node: ast.Call) -> str:
    return (
        f"{node.func.attr}({', '.join(ast.unparse(one) for one in [*node.args, *node.keywords])})"
    )


_KINDS = {
    ast.Compare: _compare,
    ast.BoolOp: _condition,
    ast.BinOp: _reckoning,
    ast.UnaryOp: _sign_before,
    ast.Constant: _constant,
    ast.Call: lambda node: [*_call(node), *_parts_of_where(node)],
    ast.IfExp: _either,
    ast.If | ast.While: _branch,
    ast.comprehension: _filter,
    ast.Tuple | ast.List | ast.Set: _members,
    ast.Dict: _entries,
    ast.Expr | ast.AugAssign | ast.Continue: _statement,
    ast.Assign: _assignment,
}
