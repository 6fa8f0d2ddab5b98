"""Equations of a solved model, their Jacobian and what holds around the present point, in a graph."""

from __future__ import annotations

import casadi as ca
import numpy as np
import numpy.typing as npt
import scipy.sparse as sp
import scipy.sparse.linalg as sla

from noxsolve.errors import ModelError
from noxsolve.gradients import gradients
from noxsolve.graph import Graph, P, X
from noxsolve.markowitz import Elimination, elimination
from noxsolve.square import SquareSolver

Vector = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int64]

SAMPLES = 6
"""Points besides the base case at which pivots must be safe."""
AROUND = 0.05
"""Relative change of the inputs at those points."""


class EquationGraph:
    """Equations around the present, solved point of a solver.

    Args:
        solver: its nominals and row scales are used.
        varied: positions of the inputs that will change; the others become numbers.

    Attributes:
        graph: the operations.
        base_x, base_p: the point: unknowns, shape (n,), and all inputs.
        weight: 1 / scale of each equation, shape (n,).
    """

    def __init__(self, solver: SquareSolver, varied: Indices) -> None:
        self.solver, self.c, self.varied = solver, solver.compiled, varied
        self.base_x, self.base_p = self.c.x.copy(), self.c.p.copy()
        self.c.evaluate()
        scale = np.ones(self.c.shape[0])
        scale[solver.whole.rows] = solver.newton.row_scale(solver.whole)
        self.weight = 1.0 / scale
        self.graph = Graph()
        self._x: list[int] = []
        self._p: list[int] = []

    def slopes(self) -> Vector:
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
        right = sp.diags(self.weight) @ self._by_inputs()(c.x, c.p).sparse()
        found: Vector = -factors.solve(right.toarray()) * w[:, None]
        return found

    def _by_inputs(self) -> ca.Function:
        """Function of x and p: d equations / d inputs that vary."""
        c = self.c
        picked = c.sx_p[self.varied.tolist()]
        return ca.Function("dp", [c.sx_x, c.sx_p], [ca.jacobian(c.sx_equations, picked)])

    def samples(self, slopes: Vector) -> Vector:
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

    def order(self, samples: Vector) -> Elimination:
        """Order of elimination that is safe at the samples."""
        return elimination(len(self.base_x), self.c.row.tolist(), self.c.column.tolist(), samples)

    def read(self, first: int) -> tuple[list[int], list[int]]:
        """Nodes of residuals and of the nonzeros of the Jacobian; unknowns as inputs X from `first`."""
        g = self.graph
        number = {int(k): at for at, k in enumerate(self.varied)}
        self._p = [
            g.input(P, number[k]) if k in number else g.constant(float(v))
            for k, v in enumerate(self.base_p)
        ]
        self._x = [g.input(X, first + k) for k in range(len(self.base_x))]
        c = self.c
        equations = ca.Function("residual", [c.sx_x, c.sx_p], [c.sx_equations])
        (residual,) = g.read(equations, [self._x, self._p])
        found = gradients(g, residual)
        if found is None:  # all other functions
            residual, jacobian = g.read(c.function, [self._x, self._p])
            return residual, jacobian
        places = zip(c.row.tolist(), c.column.tolist(), strict=True)
        return residual, [found[i].get(first + k, g.zero) for i, k in places]

    def read_by_inputs(self) -> list[dict[int, int]]:
        """Nodes of d equations / d inputs that vary, by equation and number of the input."""
        function = self._by_inputs()
        (nodes,) = self.graph.read(function, [self._x, self._p])
        found: list[dict[int, int]] = [{} for _ in self.base_x]
        for i, q, node in zip(*function.sparsity_out(0).get_triplet(), nodes, strict=True):
            found[i][q] = node
        return found

    def rows(self, nodes: list[int]) -> list[dict[int, int]]:
        """Nonzeros of the Jacobian by row and column; without those that are always zero."""
        found: list[dict[int, int]] = [{} for _ in self.base_x]
        for i, k, node in zip(self.c.row.tolist(), self.c.column.tolist(), nodes, strict=True):
            if node != self.graph.zero:
                found[i][k] = node
        return found
