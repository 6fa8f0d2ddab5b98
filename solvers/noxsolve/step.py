"""A Newton step written out: one straight-line program of all arithmetic, for one point or many.

Unknowns that equations give by themselves are replaced by what gives them; Newton moves the others, the
`core`. The linear equations are eliminated symbolically in an order that is fixed beforehand, so that
zeros and ones fold and common subexpressions are computed once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import casadi as ca
import numpy as np
import numpy.typing as npt
import scipy.sparse as sp
import scipy.sparse.linalg as sla

from noxsolve.compiled import without_gc
from noxsolve.errors import ModelError
from noxsolve.explicit import explicit
from noxsolve.graph import Graph, P, X
from noxsolve.markowitz import Elimination, Markowitz
from noxsolve.square import SquareSolver

Vector = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int64]

SAMPLES = 6
"""Points besides the base case at which pivots must be safe."""
AROUND = 0.05
"""Relative change of the inputs at those points."""
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
        self.solver, self.c, self.varied = solver, solver.compiled, varied
        self.base_x, self.base_p = self.c.x.copy(), self.c.p.copy()
        self.c.evaluate()
        scale = np.ones(self.c.shape[0])
        scale[solver.whole.rows] = solver.newton.row_scale(solver.whole)
        self.weight = 1.0 / scale
        self.graph = Graph()

    def write(self) -> NewtonStep:
        all_slopes = self._slopes()
        samples = self._samples(all_slopes)
        g, j = self._read()
        row, column = self.c.row.tolist(), self.c.column.tolist()
        constant = [self.graph.number[k] is not None for k in j]
        n = len(self.base_x)
        given = explicit(n, row, column, constant, samples)
        elimination = Markowitz(n, row, column, samples).run(given)
        g, j, values = self._substitute(given, g, j)
        rest = sorted(given.values())
        known = set(rest)
        core = [k for k in range(n) if k not in known]
        dx = self._eliminate(elimination, g, j)
        new = [self.graph.add(x, dx[k]) for k, x in self._core_inputs(core)]
        nominal = self.solver.nominal
        step = self._norm([dx[k] for k in core], [1.0 / nominal[k] for k in core])
        residual = self._norm([g[i] for i in range(n) if i not in given], self._weights(given))
        return NewtonStep(
            graph=self.graph,
            new=tuple(new),
            values=tuple(values[k] for k in rest),
            step=step,
            residual=residual,
            core=np.array(core, dtype=np.int64),
            rest=np.array(rest, dtype=np.int64),
            varied=self.varied,
            base_x=self.base_x,
            base_p=self.base_p[self.varied],
            slopes=all_slopes[core],
            elimination=elimination,
        )

    def _core_inputs(self, core: Sequence[int]) -> list[tuple[int, int]]:
        return [(k, self.graph.input(X, at)) for at, k in enumerate(core)]

    def _weights(self, given: dict[int, int]) -> list[float]:
        return [float(w) for i, w in enumerate(self.weight) if i not in given]

    def _slopes(self) -> Vector:
        """dx/dp at the base case by the implicit function theorem, shape (n, q)."""
        c, w = self.c, self.solver.nominal
        matrix = sp.csc_matrix((c.jacobian, c.row, c.column_start), shape=c.shape)
        scaled = (sp.diags(self.weight) @ matrix @ sp.diags(w)).tocsc()
        try:
            factors = sla.splu(scaled)
        except RuntimeError as error:
            raise ModelError("the equations are singular at the base case") from error
        if not len(self.varied):
            return np.zeros((len(w), 0))
        picked = c.sx_p[self.varied.tolist()]
        f = ca.Function("dp", [c.sx_x, c.sx_p], [ca.jacobian(c.sx_equations, picked)])
        right = sp.diags(self.weight) @ f(c.x, c.p).sparse()
        found: Vector = -factors.solve(right.toarray()) * w[:, None]
        return found

    def _samples(self, slopes: Vector) -> Vector:
        """Jacobians in nominals at the base case and around it, shape (samples, nonzeros)."""
        c, rng, found = self.c, np.random.default_rng(0), []
        scale = self.weight[c.row] * self.solver.nominal[c.column]
        for k in range(SAMPLES + 1):
            change = rng.uniform(-AROUND, AROUND, len(self.varied)) if k else 0.0
            dp = self.base_p[self.varied] * change
            c.p[self.varied] = self.base_p[self.varied] + dp
            c.x[:] = np.clip(self.base_x + slopes @ dp, c.lower, c.upper)
            c.evaluate()
            values = c.jacobian * scale
            if np.isfinite(values).all():
                found.append(values)
        c.x[:], c.p[:] = self.base_x, self.base_p
        c.evaluate()
        return np.array(found)

    def _read(self) -> tuple[list[int], list[int]]:
        """Nodes of residuals and of the nonzeros of the Jacobian; all unknowns as inputs X."""
        g = self.graph
        number = {int(k): at for at, k in enumerate(self.varied)}
        p = [
            g.input(P, number[k]) if k in number else g.constant(float(v))
            for k, v in enumerate(self.base_p)
        ]
        # Unknowns are read as inputs behind all that the core will have.
        x = [g.input(X, len(self.base_x) + k) for k in range(len(self.base_x))]
        residual, jacobian = g.read(self.c.function, [x, p])
        return residual, jacobian

    def _substitute(
        self, given: dict[int, int], g: list[int], j: list[int]
    ) -> tuple[list[int], list[int], dict[int, int]]:
        """Residuals and Jacobian with explicit unknowns written out, and those by position."""
        graph, n = self.graph, len(self.base_x)
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

    def _eliminate(
        self, elimination: Elimination, g: Sequence[int], j: Sequence[int]
    ) -> dict[int, int]:
        """Nodes of the Newton step, by position of the unknown; only those of the core are asked for."""
        graph, n = self.graph, len(self.base_x)
        rows: list[dict[int, int]] = [{} for _ in range(n)]
        columns: list[set[int]] = [set() for _ in range(n)]
        for i, k, node in zip(self.c.row.tolist(), self.c.column.tolist(), j, strict=True):
            if node != graph.zero:
                rows[i][k] = node
                columns[k].add(i)
        right, inverse = [graph.neg(e) for e in g], {}
        for i, k in elimination.pivots:
            row = rows[i]
            inverse[i] = graph.inv(row[k])
            for c in row:
                columns[c].discard(i)
            for r in columns[k]:
                other = rows[r]
                m = graph.mul(other.pop(k), inverse[i])
                self._subtract(other, m, row, k, columns, r)
                right[r] = graph.sub(right[r], graph.mul(m, right[i]))
            columns[k] = set()
        return self._back(elimination, rows, right, inverse)

    def _subtract(
        self,
        other: dict[int, int],
        m: int,
        row: dict[int, int],
        k: int,
        columns: list[set[int]],
        r: int,
    ) -> None:
        """Row r less m times the pivot row."""
        graph = self.graph
        for c, v in row.items():
            if c == k:
                continue
            part = graph.mul(m, v)
            if c in other:
                other[c] = graph.sub(other[c], part)
            else:
                other[c] = graph.neg(part)
                columns[c].add(r)

    def _back(
        self,
        elimination: Elimination,
        rows: list[dict[int, int]],
        right: list[int],
        inverse: dict[int, int],
    ) -> dict[int, int]:
        graph = self.graph
        dx: dict[int, int] = {}
        for i, k in reversed(elimination.pivots):
            total = right[i]
            for c, v in rows[i].items():
                if c != k:
                    total = graph.sub(total, graph.mul(v, dx[c]))
            dx[k] = graph.mul(total, inverse[i])
        return dx

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
