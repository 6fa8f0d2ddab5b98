"""What the linear equations of a model and its bounds alone forbid, by a linear program.

They are part of the whole, so what has no solution here has none at all; the converse is not true.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import casadi as ca
import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

if TYPE_CHECKING:
    from noxsolve.square import SquareSolver

Vector = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int64]

SHORT = 1e-6
"""Smallest violation, in nominals, that counts; HiGHS works to 1e-9."""
OPTIONS = {"primal_feasibility_tolerance": 1e-9, "dual_feasibility_tolerance": 1e-9}


@dataclass(frozen=True)
class Margin:
    """A linear expression of the unknowns that must not be negative: constant + sum of terms.

    Attributes:
        terms: factor of each unknown, by its position.
    """

    constant: float
    terms: Mapping[int, float]


@dataclass(frozen=True)
class Shortfall:
    """The smallest violation with which the linear equations can be met.

    Attributes:
        x: a point, shape (n,), where they hold, in the units of the model.
        unknowns: position of each unknown beyond a bound there, and by how much, in nominals.
        margins: position of each negative margin there.
    """

    x: Vector
    unknowns: Mapping[int, float]
    margins: tuple[int, ...]


class LinearPart:
    """The equations of a compiled model that are linear in its unknowns, and its bounds.

    An unknown that an equation gives by itself, such as a conversion that follows from given
    numbers, counts as known, so that its product with a flow is linear.

    Args:
        solver: solver of the model; its point is moved, only the inputs count.
        nominal: size of each unknown, shape (n,).

    Attributes:
        known: whether each unknown is known, shape (n,); its value stands in the solver's point.
    """

    def __init__(self, solver: SquareSolver, nominal: Vector) -> None:
        compiled = solver.compiled
        self.solver, self.compiled, self.nominal = solver, compiled, nominal
        self.low, self.high = compiled.lower / nominal, compiled.upper / nominal
        self.known = np.zeros(len(nominal), dtype=bool)
        compiled.evaluate()
        while self._settle() or self._settle_watched():
            pass
        self._equations()

    def _settle(self) -> bool:
        """Solve equations with one unknown left that are linear in it; whether there were any."""
        c = self.compiled
        left = ~self.known[c.column]
        rows = np.bincount(c.row[left], minlength=c.shape[0])
        pick = np.flatnonzero(left & (rows[c.row] == 1))
        row, column, slope = c.row[pick], c.column[pick], c.jacobian[pick].copy()
        fit = np.isfinite(slope) & (slope != 0) & np.isfinite(c.residual[row])
        pick, row, column, slope = pick[fit], row[fit], column[fit], slope[fit]
        column, first = np.unique(column, return_index=True)
        pick, row, slope = pick[first], row[first], slope[first]
        before = c.x[column].copy()
        c.x[column] -= c.residual[row] / slope
        c.evaluate()
        size = np.abs(slope) * np.maximum(np.abs(c.x[column]), self.nominal[column])
        good = (np.abs(c.residual[row]) <= 1e-12 * size) & (c.jacobian[pick] == slope)
        good &= (c.x[column] >= c.lower[column]) & (c.x[column] <= c.upper[column])
        c.x[column[~good]] = before[~good]
        self.known[column[good]] = True
        c.evaluate()
        return bool(good.any())

    def _settle_watched(self) -> bool:
        """Solve watched equations whose own unknown alone is left; whether there were any."""
        c = self.compiled
        rows = np.bincount(c.row[~self.known[c.column]], minlength=c.shape[0])
        pairs = [p for p in self.solver._pairs if p is not None]
        found = [(k, r) for k, r in pairs if not self.known[k] and rows[r] == 1]
        if not found:
            return False
        k, r = (np.array(a, dtype=np.int64) for a in zip(*found, strict=True))
        part = self.solver.newton.part(r, k, diagonal=True)
        self.solver.newton.keep(part.kept)
        self.known[k] = True
        c.evaluate()
        return True

    def _equations(self) -> None:
        c = self.compiled
        unknown = c.sx_x[np.flatnonzero(~self.known).tolist()]
        curved = np.array(ca.which_depends(c.sx_equations, unknown, 2, True), dtype=bool)
        self.low[self.known] = self.high[self.known] = (c.x / self.nominal)[self.known]
        values = c.jacobian * self.nominal[c.column]
        matrix = sp.csc_matrix((values, c.row, c.column_start), shape=c.shape).tocsr()
        size = np.asarray(abs(matrix).max(axis=1).todense(), dtype=float).ravel()
        rows = np.flatnonzero(~curved & np.isfinite(size) & (size > 0) & np.isfinite(c.residual))
        scale = sp.diags(1.0 / size[rows])
        self.matrix = scale @ matrix[rows]
        self.right = self.matrix @ (c.x / self.nominal) - c.residual[rows] / size[rows]

    def _rows(self, margins: Sequence[Margin]) -> tuple[sp.csr_matrix, Vector]:
        """(matrix, right) with which matrix @ y <= right says that no margin is negative."""
        n = len(self.nominal)
        at, columns, values, room = [], [], [], np.zeros(len(margins))
        for i, m in enumerate(margins):
            factors = {k: a * self.nominal[k] for k, a in m.terms.items()}
            size = max((abs(a) for a in factors.values()), default=0.0) or abs(m.constant) or 1.0
            room[i] = m.constant / size
            for k, a in factors.items():
                at.append(i)
                columns.append(k)
                values.append(-a / size)
        return sp.csr_matrix((values, (at, columns)), shape=(len(margins), n)), room

    def shortfall(
        self, soft: Indices, margins: Sequence[Margin] = (), zeros: Sequence[Margin] = ()
    ) -> Shortfall | None:
        """None when all can be met; else the smallest violation.

        Args:
            soft: unknowns whose lower bound is to be violated rather than another one.
            margins: what must not be negative besides the bounds.
            zeros: what must be zero besides the equations.

        First only the margins may be violated; when that does not suffice, lower bounds of the
        `soft` unknowns as well; then all bounds. None as well when the equations contradict one
        another whatever the bounds: that is left to the solve.
        """
        self.above, self.room = self._rows(margins)
        matrix, right = self._rows(zeros)
        self.equal = sp.vstack([self.matrix, matrix]).tocsr()
        self.must = np.concatenate([self.right, right])
        none = np.zeros(0, dtype=np.int64)
        if self._solve(none, none, free_margins=False) is not None:
            return None
        every, soft = np.flatnonzero(~self.known), soft[~self.known[soft]]
        for low, high in ((none, none), (soft, none), (every, every)):
            y = self._solve(low, high, free_margins=True)
            if y is None:
                continue
            beyond = np.maximum(np.maximum(self.low - y, y - self.high), 0.0)
            found = {int(k): float(beyond[k]) for k in np.flatnonzero(beyond > SHORT)}
            left = self.room - self.above @ y if len(margins) else np.zeros(0)
            broken = tuple(int(i) for i in np.flatnonzero(left < -SHORT))
            if found or broken:
                return Shortfall(y * self.nominal, found, broken)
            return None
        return None

    def _solve(self, low: Indices, high: Indices, *, free_margins: bool) -> Vector | None:
        """A point within bounds, or with the least sum of violations of those that are freed."""
        from scipy.optimize import linprog

        n, m = len(self.nominal), len(self.room)
        lower, upper = self.low.copy(), self.high.copy()
        lower[low], upper[high] = -np.inf, np.inf
        low, high = low[np.isfinite(self.low[low])], high[np.isfinite(self.high[high])]
        freed = m if free_margins else 0
        extra = len(low) + len(high) + freed
        blocks = [sp.hstack([self.above, sp.csr_matrix((m, extra - freed)), -sp.identity(m)])]
        if not freed:
            blocks = [sp.hstack([self.above, sp.csr_matrix((m, extra))])]
        rights = [self.room]
        at = 0
        for k, sign, bound in ((low, -1.0, self.low), (high, 1.0, self.high)):
            pick = sp.csr_matrix((np.full(len(k), sign), (np.arange(len(k)), k)), (len(k), n))
            slack = sp.csr_matrix(
                (np.full(len(k), -1.0), (np.arange(len(k)), at + np.arange(len(k)))),
                (len(k), extra),
            )
            blocks.append(sp.hstack([pick, slack]))
            rights.append(sign * bound[k])
            at += len(k)
        found = linprog(
            np.concatenate([np.zeros(n), np.ones(extra)]),
            A_ub=sp.vstack(blocks).tocsr(),
            b_ub=np.concatenate(rights),
            A_eq=sp.hstack([self.equal, sp.csr_matrix((len(self.must), extra))]).tocsr(),
            b_eq=self.must,
            bounds=np.column_stack(
                [np.concatenate([lower, np.zeros(extra)]), np.append(upper, np.full(extra, np.inf))]
            ),
            method="highs",
            options=OPTIONS,
        )
        return np.asarray(found.x[:n], dtype=float) if found.status == 0 else None
