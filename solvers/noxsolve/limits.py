"""Inequalities of a model, and others that are asked for, on arrays of scenarios."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import casadi as ca
import numpy as np
import numpy.typing as npt
from pyomo.core.expr.relational_expr import RelationalExpression

from noxsolve.compiled import CompiledModel
from noxsolve.errors import ModelError
from noxsolve.graph import Graph, P, X
from noxsolve.judge import beyond_limits, limit_scale, slopes
from noxsolve.lanes import Codes, Tape
from noxsolve.walker import Walker

Vector = npt.NDArray[np.float64]


class Limits:
    """The inequalities of a model, and Pyomo expressions that must not be negative.

    Args:
        compiled: the model; inputs that do not vary have their present values.
        varied: positions of the inputs that vary.
        margins: expressions by name.
        size: size of each unknown, shape (n,).

    Attributes:
        names: what each is called.
        low, high: what each must lie between.
        scale: change of each when the unknowns change by their sizes, at the present point.
    """

    def __init__(
        self,
        compiled: CompiledModel,
        varied: Sequence[int],
        margins: Mapping[str, Any],
        size: Vector,
    ) -> None:
        c = compiled
        self.names = [*(i.name for i in c.inequalities), *margins]
        more = len(margins)
        self.low = np.concatenate([c.inequality_lower, np.zeros(more)])
        self.high = np.concatenate([c.inequality_upper, np.full(more, np.inf)])
        body = ca.vertcat(c.sx_inequalities, *_margins(c, margins))
        self.scale = limit_scale(slopes(c, body), c, self.low, self.high, size)
        function = ca.Function("limits", [c.sx_x, c.sx_p], [ca.densify(body)])
        graph, n = Graph(), len(c.x)
        at = {k: graph.input(P, j) for j, k in enumerate(varied)}
        p = [at[k] if k in at else graph.constant(float(v)) for k, v in enumerate(c.p)]
        (outputs,) = graph.read(function, [[graph.input(X, k) for k in range(n)], p])
        self.tape = Tape(graph, outputs, (n, len(varied)))

    def check(self, x: Vector, inputs: Vector) -> tuple[Codes, Vector, npt.NDArray[np.bool_]]:
        """Which is broken most in each scenario, its value, and whether all hold.

        Args:
            x: unknowns, shape (scenarios, n).
            inputs: inputs that vary, shape (scenarios, q).
        """
        registers = np.empty((self.tape.rows, len(x)))
        registers[: x.shape[1]], registers[x.shape[1] :][: inputs.shape[1]] = x.T, inputs.T
        with np.errstate(all="ignore"):
            self.tape.bind(registers)()
        h = np.array([self.tape.get(registers, k) for k in range(len(self.names))])
        sides = self.low[:, None], self.high[:, None]
        excess = beyond_limits(h, *sides, self.scale[:, None])
        k = np.argmax(excess, axis=0)
        at = np.arange(len(x))
        return k, h[k, at], excess[k, at] <= 0


def _margins(c: CompiledModel, margins: Mapping[str, Any]) -> list[ca.SX]:
    """Margins as expressions of unknowns and inputs; other variables have their present values."""
    walker = Walker()
    for name, e in margins.items():
        if e is None or isinstance(e, (RelationalExpression, bool, str)):
            raise ModelError(
                f"limit {name!r} is {e}: give an expression that must not be negative, as in"
                " {'cold enough': 350 - m.temperature}"
            )
    found = [ca.SX(walker.translate(e, name)) for name, e in margins.items()]
    if not walker.symbols:
        return found
    places = []
    for v in walker.variables:
        k, j = c.index(v), c.input_index(v)
        places.append(
            c.sx_x[k] if k is not None else c.sx_p[j] if j is not None else ca.SX(float(v.value))
        )
    function = ca.Function("margins", [ca.vertcat(*walker.symbols)], found)
    result = function.call([ca.vertcat(*places)])
    return list(result)
