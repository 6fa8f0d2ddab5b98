"""A Newton step written out: one straight-line program of all arithmetic, for one point or many.

Unknowns that equations give by themselves are replaced by what gives them; Newton moves the others, the
`core`. The linear equations are eliminated symbolically in an order that is fixed beforehand, block by
block, so that zeros and ones fold and common subexpressions are computed once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import casadi as ca
import numpy as np
import numpy.typing as npt

from noxsolve.blocksolve import solve
from noxsolve.compiled import without_gc
from noxsolve.equationgraph import EquationGraph
from noxsolve.explicit import explicit
from noxsolve.graph import Graph, X
from noxsolve.markowitz import Elimination
from noxsolve.square import SquareSolver

Vector = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int64]

PARTS = 4
"""Partial sums of a norm, so that they can be computed side by side."""


@dataclass(frozen=True)
class NewtonStep:
    """The straight-line program of one Newton step.

    Inputs of the program: X, the core, shape (c,), and P, the inputs that vary, shape (q,).

    Attributes:
        graph: the operations.
        new: nodes of the core after the step, shape (c,).
        values: nodes of the other unknowns at the point itself, shape (n - c,).
        step: node of the sum over the core of (step / nominal) squared.
        residual: node of the sum over the equations of (residual / scale) squared.
        core, rest: positions of core and other unknowns in the model.
        varied: positions of the inputs that vary.
        base_x, base_p: base case: all unknowns, shape (n,), and the inputs that vary, shape (q,).
        slopes: derivatives of the core with respect to those inputs there, shape (c, q).
        elimination: order and size of the factorisation.
    """

    graph: Graph
    new: tuple[int, ...]
    values: tuple[int, ...]
    step: int
    residual: int
    core: Indices
    rest: Indices
    varied: Indices
    base_x: Vector
    base_p: Vector
    slopes: Vector
    elimination: Elimination

    @property
    def outputs(self) -> list[int]:
        """All outputs: step and residual, other unknowns, new core."""
        return [self.step, self.residual, *self.values, *self.new]

    def casadi(self) -> ca.Function:
        """The step as a CasADi function (x, p) -> (new core, other unknowns, (step, residual))."""
        sizes = len(self.core), len(self.varied)
        groups = [self.new, self.values, (self.step, self.residual)]
        return self.graph.to_casadi("newton_step", sizes, groups)


def newton_step(solver: SquareSolver, varied: Sequence[int]) -> NewtonStep:
    """Write out the Newton step of a solver's model around its present, solved point.

    Args:
        solver: a solver at a solved point; the step is in its nominals.
        varied: positions of the inputs that will change; the others become numbers.

    Raises ModelError when the equations are singular there.
    """
    with without_gc():
        return _Writer(solver, np.array(varied, dtype=np.int64)).write()


class _Writer:
    def __init__(self, solver: SquareSolver, varied: Indices) -> None:
        self.source = EquationGraph(solver, varied)
        self.solver, self.c, self.graph = solver, solver.compiled, self.source.graph

    def write(self) -> NewtonStep:
        source, n = self.source, len(self.source.base_x)
        all_slopes = source.slopes()
        samples = source.samples(all_slopes)
        # Unknowns are read as inputs behind all that the core will have.
        g, j = source.read(n)
        row, column = self.c.row.tolist(), self.c.column.tolist()
        constant = [self.graph.number[k] is not None for k in j]
        given = explicit(n, row, column, constant, samples)
        order = source.order(samples)
        g, j, values = self._substitute(given, g, j)
        rest = sorted(given.values())
        known = set(rest)
        core = [k for k in range(n) if k not in known]
        found = solve(self.graph, order, source.rows(j), [{0: self.graph.neg(e)} for e in g])
        dx = {k: found[k].get(0, self.graph.zero) for k in core}
        new = [self.graph.add(self.graph.input(X, at), dx[k]) for at, k in enumerate(core)]
        nominal = self.solver.nominal
        step = self._norm([dx[k] for k in core], [1.0 / nominal[k] for k in core])
        implicit = [i for i in range(n) if i not in given]
        residual = self._norm([g[i] for i in implicit], source.weight[implicit].tolist())
        return NewtonStep(
            graph=self.graph,
            new=tuple(new),
            values=tuple(values[k] for k in rest),
            step=step,
            residual=residual,
            core=np.array(core, dtype=np.int64),
            rest=np.array(rest, dtype=np.int64),
            varied=source.varied,
            base_x=source.base_x,
            base_p=source.base_p[source.varied],
            slopes=all_slopes[core],
            elimination=order,
        )

    def _substitute(
        self, given: dict[int, int], g: list[int], j: list[int]
    ) -> tuple[list[int], list[int], dict[int, int]]:
        """Residuals and Jacobian with explicit unknowns written out, and those by position."""
        graph, n = self.graph, len(self.source.base_x)
        known = set(given.values())
        x = [graph.input(X, n + k) for k in range(n)]
        core = [k for k in range(n) if k not in known]
        memo = {x[k]: graph.input(X, at) for at, k in enumerate(core)}
        slope = {
            (i, k): graph.number[node]
            for i, k, node in zip(self.c.row.tolist(), self.c.column.tolist(), j, strict=True)
            if given.get(i) == k
        }
        values: dict[int, int] = {}
        for i, k in given.items():
            rest = self._without(g[i], x[k])
            factor = slope[i, k]
            assert factor is not None
            there = graph.mul(graph.constant(-1.0 / factor), graph.rewrite(rest, memo))
            memo[x[k]] = values[k] = there
        residual = [graph.zero if i in given else graph.rewrite(e, memo) for i, e in enumerate(g)]
        return residual, [graph.rewrite(e, memo) for e in j], values

    def _without(self, node: int, x: int) -> int:
        """A residual with one unknown put to zero."""
        return self.graph.rewrite(node, {x: self.graph.zero})

    def _norm(self, nodes: Sequence[int], factors: Sequence[float]) -> int:
        """Sum of squares of the nodes times the factors."""
        graph = self.graph
        sums = [graph.zero] * PARTS
        for at, (node, factor) in enumerate(zip(nodes, factors, strict=True)):
            scaled = graph.mul(graph.constant(factor), node)
            sums[at % PARTS] = graph.add(sums[at % PARTS], graph.mul(scaled, scaled))
        total = graph.zero
        for s in sums:
            total = graph.add(total, s)
        return total
