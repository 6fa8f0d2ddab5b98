"""Scripts written for Pyomo's earlier versions: chained inequalities, and packages by old names."""

import ast
import contextlib
import operator
import sys
from collections.abc import Callable, Iterator
from types import CodeType, ModuleType
from typing import Any

import pyomo.environ as pyo

from noxsolve.room import with_room

OLD_NAMES = ("coopr", "coopr.pyomo", "coopr.environ", "pyomo.modeling")
"""What `pyomo.environ` was called before."""

_CHAIN = "__noxsolve_chain__"
_SIGNS: dict[type[ast.cmpop], str] = {ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">="}
_COMPARE: dict[str, Callable[[Any, Any], Any]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


class _Chains(ast.NodeTransformer):
    """Turns `a <= b <= c` into a call that can make a range of it."""

    def visit_Compare(self, node: ast.Compare) -> ast.AST:  # noqa: N802
        self.generic_visit(node)
        signs = [_SIGNS.get(type(k)) for k in node.ops]
        if len(signs) != 2 or None in signs or signs[0][0] != signs[1][0]:  # type: ignore[index]
            return node
        nothing = ast.arguments([], [], None, [], [], None, [])
        last = ast.Lambda(nothing, node.comparators[1])
        words: list[ast.expr] = [ast.Constant(s) for s in signs]
        arguments = [node.left, words[0], node.comparators[0], words[1], last]
        return ast.copy_location(ast.Call(ast.Name(_CHAIN, ast.Load()), arguments, []), node)


def _chain(a: Any, first: str, b: Any, second: str, last: Callable[[], Any]) -> Any:
    """What Python makes of `a <= b <= c`, but a range where one of them is an expression."""
    if not any(_is_open(k) for k in (a, b)):
        if not _COMPARE[first](a, b):
            return False
        return _COMPARE[second](b, last())
    c = last()
    low, high = (a, c) if first[0] == "<" else (c, a)
    if _is_open(low) or _is_open(high):
        return _COMPARE[first](a, b) and _COMPARE[second](b, c)  # Pyomo says what is wrong
    return pyo.inequality(low, b, high, strict=(first == second == "<") or (first == second == ">"))


def _is_open(value: Any) -> bool:
    """Whether a value is an expression of Pyomo that holds variables."""
    return hasattr(value, "is_potentially_variable") and value.is_potentially_variable()


def compiled(source: bytes, name: str) -> tuple[CodeType, dict[str, Any]]:
    """Code of a script, and the names that it needs beside its own.

    Sums of thousands of terms in one expression are nested deeper than Python compiles as it is.
    """
    try:
        return _compiled(source, name), {_CHAIN: _chain}
    except RecursionError:
        return with_room(lambda: _compiled(source, name)), {_CHAIN: _chain}


def _compiled(source: bytes, name: str) -> CodeType:
    tree: Any = ast.parse(source, name)
    if any(isinstance(node, ast.Compare) and len(node.ops) > 1 for node in ast.walk(tree)):
        tree = ast.fix_missing_locations(_Chains().visit(tree))
    code: CodeType = compile(tree, name, "exec", dont_inherit=True)
    return code


@contextlib.contextmanager
def old_names() -> Iterator[None]:
    """Within, Pyomo can be imported by its old names, where no package of that name exists."""
    made = [name for name in OLD_NAMES if name not in sys.modules and not _exists(name)]
    for name in made:
        module = ModuleType(name)
        module.__dict__.update({k: v for k, v in vars(pyo).items() if not k.startswith("__")})
        module.__path__ = []
        sys.modules[name] = module
    try:
        yield
    finally:
        for name in made:
            sys.modules.pop(name, None)


def _exists(name: str) -> bool:
    from importlib.util import find_spec

    try:
        return find_spec(name) is not None
    except (ImportError, ValueError):
        return False
