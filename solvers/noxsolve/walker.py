"""Pyomo expressions to CasADi SX, node by node, by the class of the node."""

import functools
from collections.abc import Callable
from typing import Any

import casadi as ca
import pyomo.core.expr.numeric_expr as ne
import pyomo.core.expr.relational_expr as re
from pyomo.core.base.param import ParamData
from pyomo.core.base.var import VarData

from noxsolve.errors import ModelError
from noxsolve.room import DEEPEST, with_room
from noxsolve.status import Status

_UNARY = {
    name: getattr(ca, name)
    for name in (
        *("exp", "log", "log10", "sqrt", "floor", "ceil"),
        *("sin", "cos", "tan", "asin", "acos", "atan"),
        *("sinh", "cosh", "tanh", "asinh", "acosh", "atanh"),
    )
}
_NUMBERS = (int, float)


class ParameterInput:
    """A mutable parameter that behaves like a fixed variable, so that it can be an input."""

    fixed, lb, ub = True, None, None

    def __init__(self, parameter: Any) -> None:
        self.parameter, self.name = parameter, parameter.name

    @property
    def value(self) -> float | None:
        """Present value of the parameter."""
        return self.parameter.value

    def is_continuous(self) -> bool:
        """Parameters are not rounded."""
        return True

    def set_value(self, value: float, skip_validation: bool = False) -> None:
        """Set the parameter."""
        self.parameter.set_value(value)


class Walker:
    """Translates expressions over one shared set of symbols.

    `variables[k]` is the Pyomo variable of `symbols[k]`; fixed variables are symbols too, and
    mutable parameters when `parameters` is set (as `ParameterInput`). Named expressions are
    translated once and shared.
    """

    def __init__(self, parameters: bool = False) -> None:
        self.parameters = parameters
        self.variables: list[Any] = []
        self.symbols: list[ca.SX] = []
        self._leaf: dict[int, ca.SX] = {}
        self._named: dict[int, Any] = {}
        self._where = ""
        self._rules: dict[type, Callable[[Any], Any]] = {int: _same, float: _same, bool: _same}
        self._fill_rules()

    def translate(self, expression: Any, where: str) -> Any:
        """CasADi expression (or a plain number) of a Pyomo expression.

        `where` names the constraint for messages. Raises ModelError for a node without algebra
        (external functions) and for nesting deeper than `DEEPEST`.
        """
        self._where = where
        try:
            return self._go(expression)
        except RecursionError:
            pass
        try:
            return with_room(lambda: self._go(expression))
        except RecursionError as error:
            text = f"{where!r} is nested too deeply to translate (more than {DEEPEST} deep)"
            raise ModelError(text, Status.UNSUPPORTED) from error

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
        self._rules[re.RangedExpression] = self._between

    def _less(self, e: Any) -> Any:
        left, right = self._go(e.args[0]), self._go(e.args[1])
        return left < right if e.strict else left <= right

    def _between(self, e: Any) -> Any:
        low, body, high = map(self._go, e.args)
        left = low < body if e.strict[0] else low <= body
        return ca.logic_and(left, body < high if e.strict[1] else body <= high)

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
            if self.parameters and isinstance(e, ParamData):
                return self._parameter
            return lambda parameter: float(parameter.value)
        for kind in e.__class__.__mro__:
            if kind in self._rules:
                return self._rules[kind]
        name = e.__class__.__name__
        if "External" in name:
            name = f"ExternalFunction {e.getname()!r}"
        raise ModelError(
            f"{name} in {self._where!r} has no algebra that can be translated",
            Status.UNSUPPORTED,
        )

    def _shared(self, e: Any) -> Any:
        if id(e) not in self._named:
            self._named[id(e)] = self._go(e.expr)
        return self._named[id(e)]

    def _parameter(self, p: ParamData) -> ca.SX:
        symbol = self._leaf.get(id(p))
        if symbol is None:
            symbol = self._leaf[id(p)] = ca.SX.sym("p")
            self.variables.append(ParameterInput(p))
            self.symbols.append(symbol)
        return symbol

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
