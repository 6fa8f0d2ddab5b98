"""What a unit's `equations` say, read from their code: equations, conditions, shared relations."""

from __future__ import annotations

import ast
import copy
import importlib
import inspect
import textwrap
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from noxplant.manual.latex import Writer, chemical, symbol
from noxplant.unit import Unit

INDENT = "  "


@dataclass
class Relations:
    """Lines of a page about some generator of equations.

    Attributes:
        lines: markdown; a link to a shared function reads "(@full.name)".
        shared: functions of the library whose equations take part, by full name.
        count: how many equations are written out.
    """

    lines: list[str] = field(default_factory=list)
    shared: dict[str, Callable[..., Any]] = field(default_factory=dict)
    count: int = 0


def of_unit(unit: type[Unit]) -> Relations:
    """The equations of a unit class, methods of its own written out where they are used."""
    return _Reader(unit.equations, unit).read()


def of_function(function: Callable[..., Any]) -> Relations:
    """The equations of a shared function, in the names of its own parameters."""
    return _Reader(function, None).read()


class _Reader:
    def __init__(self, function: Callable[..., Any], unit: type[Unit] | None) -> None:
        self.function, self.unit = function, unit
        self.out = Relations()
        self.known: dict[str, ast.expr] = {}
        self.pending: list[str] = []
        self.done: set[str] = set()

    def read(self) -> Relations:
        self.body(_tree(self.function).body, 0)
        self.flush(0)
        return self.out

    # text ---------------------------------------------------------------------------------
    def say(self, depth: int, text: str) -> None:
        self.flush(depth)
        self.out.lines += [f"{INDENT * depth}- {text}"]

    def flush(self, depth: int) -> None:
        """Write the equations gathered so far as one block."""
        if not self.pending:
            return
        indent = INDENT * depth
        rows = " \\\\\n".join(f"{indent}{row}" for row in self.pending)
        self.out.lines += [
            "",
            f"{indent}```math",
            f"{indent}\\begin{{aligned}}",
            *rows.split("\n"),
            f"{indent}\\end{{aligned}}",
            f"{indent}```",
            "",
        ]
        self.pending = []

    def latex(self, node: ast.expr) -> str:
        return Writer(self.known).write(node)

    # statements ---------------------------------------------------------------------------
    def body(self, statements: list[ast.stmt], depth: int) -> None:
        for s in statements:
            self.statement(s, depth)

    def statement(self, s: ast.stmt, depth: int) -> None:
        match s:
            case ast.Expr(value=ast.Yield(value=ast.Tuple(elts=[name, relation]))):
                self.equation(name, relation)
            case ast.Expr(value=ast.YieldFrom(value=call)):
                self.call(call, depth)
            case ast.Assign(targets=[target], value=value):
                self.assign(target, value, depth)
            case ast.AnnAssign(target=target, value=value) if value is not None:
                self.assign(target, value, depth)
            case ast.For(target=target, iter=over, body=body):
                self.loop(target, over, body, depth)
            case ast.If(test=test, body=body, orelse=orelse):
                self.branch(test, body, orelse, depth)
            case _:
                return

    def equation(self, name: ast.expr, relation: ast.expr) -> None:
        title = _title(name)
        text = self.latex(relation).replace(" = ", " &= ", 1)
        if "&=" not in text:
            text = "&" + text
        self.pending.append(rf"&\textit{{{title}:}} && {text}")
        self.out.count += 1

    def assign(self, target: ast.expr, value: ast.expr, depth: int) -> None:
        if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
            for t, v in zip(target.elts, value.elts, strict=False):
                self.assign(t, v, depth)
            return
        if not isinstance(target, ast.Name):
            return
        meant = _closed(value, self.known)
        self.known.pop(target.id, None)
        if _alias(value) and target.id not in _names(meant):
            self.known[target.id] = meant
            return
        if _setting(value):
            return
        text = self.latex(value)
        if len(text) < 700:
            self.pending.append(rf"&\textit{{with}} && {symbol(target.id)} &:= {text}")

    def loop(self, target: ast.expr, over: ast.expr, body: list[ast.stmt], depth: int) -> None:
        if not _speaks(body):
            return
        self.say(depth, f"for each `{ast.unparse(target)}` of `{_short(ast.unparse(over))}`:")
        self.body(body, depth + 1)
        self.flush(depth + 1)

    def branch(
        self, test: ast.expr, body: list[ast.stmt], orelse: list[ast.stmt], depth: int
    ) -> None:
        for holds, statements in (("where", body), ("where not", orelse)):
            if _speaks(statements):
                before = dict(self.known)
                self.say(depth, f"{holds} `{_short(ast.unparse(test))}`:")
                self.body(statements, depth + 1)
                self.flush(depth + 1)
                self.known = before
        if not _speaks(body) and not _speaks(orelse):
            self.body(body, depth)

    def call(self, call: ast.expr, depth: int) -> None:
        if not isinstance(call, ast.Call):
            self.say(depth, f"the equations of `{_short(ast.unparse(call))}`")
            return
        name = ast.unparse(call.func)
        own = name.partition(".")[2] if name.startswith("self.") else ""
        method = inspect.getattr_static(self.unit, own, None) if self.unit and own else None
        if method is not None and own not in self.done:
            self.done.add(own)
            self.say(depth, f"{_first(method)}" if _first(method) else f"`{own}`:")
            tree = _tree(_plain(method))
            before, self.known = self.known, self.bound(tree, call)
            self.body(tree.body, depth + 1)
            self.flush(depth + 1)
            self.known = before
            return
        function, link = _found(self.function, name), ""
        if function is not None:
            full = f"{function.__module__}.{function.__qualname__}"
            self.out.shared[full] = function
            link = f"[&rarr;](@{full}) "
        shown = ", ".join(_argument(ast.unparse(a)) for a in call.args)
        shown += "".join(
            f"{', ' if shown or n else ''}{k.arg} = {_argument(ast.unparse(k.value))}"
            for n, k in enumerate(call.keywords)
        )
        told = f": {_first(function)}" if function is not None and _first(function) else ""
        self.say(depth, f"{link}`{name}({_short(shown)})`{told}")

    def bound(self, tree: ast.FunctionDef, call: ast.Call) -> dict[str, ast.expr]:
        """What the parameters of a method stand for where it is called."""
        names = [a.arg for a in tree.args.args if a.arg != "self"]
        given: dict[str, ast.expr] = dict(zip(names, call.args, strict=False))
        given |= {k.arg: k.value for k in call.keywords if k.arg}
        known = {}
        for n, v in given.items():
            v = _closed(v, self.known)
            if _alias(v) and n not in _names(v):
                known[n] = v
        return known


def _tree(function: Callable[..., Any]) -> ast.FunctionDef:
    tree = ast.parse(textwrap.dedent(inspect.getsource(function))).body[0]
    assert isinstance(tree, ast.FunctionDef)
    return tree


def _plain(method: Any) -> Callable[..., Any]:
    found: Callable[..., Any] = getattr(method, "__func__", method)
    return found


def _found(function: Callable[..., Any], name: str) -> Callable[..., Any] | None:
    """What a dotted name means in the module of a function, if it is a function of the library."""
    space: Mapping[str, Any] = function.__globals__
    first, *rest = name.split(".")
    item = space.get(first)
    for part in rest:
        item = getattr(item, part, None)
    known = inspect.isfunction(item) and str(item.__module__).startswith("noxplant.")
    return item if known else None


def _first(function: Any) -> str:
    """First sentence of a docstring, without its full stop."""
    text = inspect.getdoc(_plain(function)) or ""
    return " ".join(text.partition("\n\n")[0].split()).rstrip(".")


def _title(name: ast.expr) -> str:
    if isinstance(name, ast.Constant):
        return chemical(str(name.value)).replace(r"\ ", " ")
    if isinstance(name, ast.JoinedStr):
        parts = []
        for p in name.values:
            if isinstance(p, ast.Constant):
                parts.append(str(p.value))
            elif isinstance(p, ast.FormattedValue):
                inner = ast.unparse(p.value)
                parts.append("" if inner == "tag" else inner.replace(".name", "").replace("_", " "))
        return "".join(parts)
    return ast.unparse(name).replace("_", " ")


def _alias(node: ast.expr) -> bool:
    """Whether an expression only names something: an attribute, an item, a list of such."""
    if isinstance(node, (ast.Attribute, ast.Constant)):
        return True
    if isinstance(node, ast.Subscript):
        return _alias(node.value) or isinstance(node.value, ast.Name)
    return isinstance(node, ast.Name)


def _closed(node: ast.expr, known: Mapping[str, ast.expr]) -> ast.expr:
    """An expression with every known name replaced by what it stands for."""

    class Put(ast.NodeTransformer):
        def visit_Name(self, name: ast.Name) -> ast.expr:
            return known.get(name.id, name)

    found: ast.expr = Put().visit(copy.deepcopy(node))
    return found


def _names(node: ast.expr) -> set[str]:
    return {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}


def _setting(node: ast.expr) -> bool:
    """Whether an assignment only prepares lists or tables, no number."""
    kinds = (ast.List, ast.Tuple, ast.Dict, ast.DictComp, ast.ListComp, ast.Compare, ast.Lambda)
    return isinstance(node, (*kinds, ast.BoolOp, ast.JoinedStr, ast.Set, ast.SetComp))


def _speaks(statements: list[ast.stmt]) -> bool:
    """Whether some statements yield anything."""
    return any(isinstance(n, (ast.Yield, ast.YieldFrom)) for s in statements for n in ast.walk(s))


def _argument(text: str) -> str:
    return text.replace("self.", "")


def _short(text: str, most: int = 110) -> str:
    text = text.replace("self.", "").replace("`", "'")
    return text if len(text) <= most else text[: most - 3] + "..."


def iterate(shared: Mapping[str, Callable[..., Any]]) -> Iterator[tuple[str, Relations]]:
    """Relations of shared functions and of those they use in turn, each once."""
    queue, seen = dict(shared), set()
    while queue:
        name = next(iter(queue))
        function = queue.pop(name)
        if name in seen:
            continue
        seen.add(name)
        found = of_function(function)
        yield name, found
        queue.update({k: f for k, f in found.shared.items() if k not in seen})


def function_of(full: str) -> Callable[..., Any]:
    """A function of the library by its full name."""
    module, _, name = full.rpartition(".")
    found: Callable[..., Any] = getattr(importlib.import_module(module), name)
    return found
