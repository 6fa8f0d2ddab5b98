"""Pyomo expressions to CasADi SX, node by node, by the class of the node."""

import functools
from collections.abc import Callable
from typing import Any

import casadi as ca
import pyomo.core.expr.numeric_expr as ne
import pyomo.core.expr.relational_expr as re
from pyomo.core.base.var import VarData

from noxsolve.errors import ModelError

_UNARY = {
    name: getattr(ca, name)
    for name in (
        *("exp", "log", "log10", "sqrt", "floor", "ceil"),
        *("sin", "cos", "tan", "asin", "acos", "atan"),
        *("sinh", "cosh", "tanh", "asinh", "acosh", "atanh"),
    )
}
_NUMBERS = (int, float)


class Walker:
    """Translates expressions over one shared set of symbols.

    `variables[k]` is the Pyomo variable of `symbols[k]`; fixed variables are symbols too.
    Named expressions are translated once and shared.
    """

    def __init__(self) -> None:
        self.variables: list[VarData] = []
        self.symbols: list[ca.SX] = []
        self._leaf: dict[int, ca.SX] = {}
        self._named: dict[int, Any] = {}
        self._where = ""
        self._rules: dict[type, Callable[[Any], Any]] = {int: _same, float: _same, bool: _same}
        self._fill_rules()

    def translate(self, expression: Any, where: str) -> Any:
        """CasADi expression (or a plain number) of a Pyomo expression.

        `where` names the constraint for messages. Raises ModelError for a node without algebra
        (external functions) and for nesting deeper than the interpreter allows.
        """
        self._where = where
        try:
            return self._go(expression)
        except RecursionError as error:
            raise ModelError(f"{where!r} is nested too deeply to translate") from error

    def _fill_rules(self) -> None:
        rules: dict[str, Callable[[Any], Any]] = {
            "SumExpression": lambda e: functools.reduce(_add, map(self._go, e.args)),
            "LinearExpression": lambda e: functools.reduce(_add, map(self._go, e.args)),
            "ProductExpression": lambda e: self._go(e.args[0]) * self._go(e.args[1]),
            "MonomialTermExpression": lambda e: self._go(e.args[0]) * self._go(e.args[1]),
            "DivisionExpression": lambda e: self._go(e.args[0]) / self._go(e.args[1]),
            "PowExpression": self._power,
            "NegationExpression": lambda e: -self._go(e.args[0]),
            "UnaryFunctionExpression": lambda e: _UNARY[e.getname()](self._go(e.args[0])),
            "AbsExpression": lambda e: ca.fabs(self._go(e.args[0])),
            "MinExpression": lambda e: functools.reduce(ca.fmin, map(self._go, e.args)),
            "MaxExpression": lambda e: functools.reduce(ca.fmax, map(self._go, e.args)),
            "Expr_ifExpression": lambda e: ca.if_else(*map(self._go, e.args)),
        }
        for name, rule in rules.items():
            for prefix in ("", "NPV_"):
                kind = getattr(ne, prefix + name, None)
                if kind is not None:
                    self._rules[kind] = rule
        self._rules[re.EqualityExpression] = lambda e: self._go(e.args[0]) == self._go(e.args[1])
        self._rules[re.InequalityExpression] = self._less

    def _less(self, e: Any) -> Any:
        left, right = self._go(e.args[0]), self._go(e.args[1])
        return left < right if e.strict else left <= right

    def _power(self, e: Any) -> Any:
        base, exponent = self._go(e.args[0]), self._go(e.args[1])
        if isinstance(exponent, _NUMBERS):
            if exponent == 2:
                return base * base
            if exponent == 0.5:
                return ca.sqrt(base)
        return base**exponent

    def _go(self, e: Any) -> Any:
        rule = self._rules.get(e.__class__)
        if rule is None:
            rule = self._rules[e.__class__] = self._resolve(e)
        return rule(e)

    def _resolve(self, e: Any) -> Callable[[Any], Any]:
        """Find the rule of a class that is met for the first time."""
        if not hasattr(e, "is_expression_type"):
            return float
        if e.is_expression_type() and e.is_named_expression_type():
            return self._shared
        if not e.is_expression_type():
            if e.is_variable_type():
                return self._variable
            return lambda parameter: float(parameter.value)
        for kind in e.__class__.__mro__:
            if kind in self._rules:
                return self._rules[kind]
        name = e.__class__.__name__
        if "External" in name:
            name = f"ExternalFunction {e.getname()!r}"
        raise ModelError(f"{name} in {self._where!r} has no algebra that can be translated")

    def _shared(self, e: Any) -> Any:
        if id(e) not in self._named:
            self._named[id(e)] = self._go(e.expr)
        return self._named[id(e)]

    def _variable(self, v: VarData) -> ca.SX:
        symbol = self._leaf.get(id(v))
        if symbol is None:
            symbol = self._leaf[id(v)] = ca.SX.sym("x")
            self.variables.append(v)
            self.symbols.append(symbol)
        return symbol


def _same(number: float) -> float:
    return number


def _add(a: Any, b: Any) -> Any:
    return a + b
