"""Damped Newton on one block of equations, in nominals, with bounds and kept unknowns."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import casadi as ca
import numpy as np
import numpy.typing as npt
import scipy.sparse as sp
from pyomo.core.base.constraint import ConstraintData
from pyomo.core.base.var import VarData

from noxsolve.budget import Budget
from noxsolve.compiled import CompiledModel, bind
from noxsolve.factor import Direction, dense, diagonal, none, sparse
from noxsolve.local import Evaluator, row_entries
from noxsolve.status import Status
from noxsolve.trace import Trace, current

Vector = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int64]

SLACK = 1e-7
"""How far an iterate may pass a bound, in nominals."""
DENSE = 40
"""Blocks up to this size are solved as dense matrices."""
ROUNDED = 1e-8
"""Largest step, in nominals, that may be rounding."""
STALLED = 0.1
"""A step above this share of the one before it does not shrink any more."""
NOISE = 1e-13
"""Residual, relative to the scale of its equation, that may be rounding."""
SEARCHES = 14
"""Halvings of a step before the block is given up."""


@dataclass(frozen=True)
class Watch:
    """An unknown (a pH) with a monotone equation of its own in it, kept on it after each step.

    `low` and `high` bracket the root, in the unit of the unknown.
    """

    unknown: VarData
    equation: ConstraintData
    low: float
    high: float


class Attempt(NamedTuple):
    """Result of a Newton run on a block."""

    solved: bool
    iterations: int
    status: Status


@dataclass
class Kept:
    """Watched unknowns of one block: positions, brackets and their equations as a function."""

    columns: Indices
    low: Vector
    high: Vector
    residual: Vector
    call: Callable[[], None]


@dataclass
class Part:
    """A square block prepared for repeated factorisation.

    `pick` are positions in the values of the model's Jacobian, `row`, `column` the places in the
    block; `wide`, `wide_start` the same over all columns of the rows, for the row scale.
    """

    rows: Indices
    columns: Indices
    pick: Indices
    row: Indices
    column: Indices
    column_start: Indices
    wide: Indices
    wide_start: Indices
    diagonal: bool
    kept: Kept | None = None
    function: Evaluator | None = None

    @property
    def size(self) -> int:
        """Number of unknowns."""
        return len(self.columns)


class Newton:
    """Newton runs on blocks of one compiled model.

    Args:
        compiled: the model; its `x` is moved in place.
        nominal: size of each unknown, shape (n,), in its own unit.
        cap: largest step of each unknown, shape (n,), inf for none.
        tolerance: largest step, in nominals, at which a block counts as solved.
    """

    def __init__(
        self, compiled: CompiledModel, nominal: Vector, cap: Vector, tolerance: float
    ) -> None:
        self.compiled, self.cap = compiled, cap
        self.tolerance = tolerance
        self.measure(nominal)
        self.iterations = 0
        self.budget = Budget()
        self.offset = np.zeros(compiled.shape[0])
        """Residual that counts as zero, by equation; moved by `homotopy.relax` alone."""
        self._watch: dict[int, tuple[int, float, float]] = {}
        self._kx = np.zeros(len(nominal))
        m, n = compiled.shape
        where = np.arange(1, len(compiled.row) + 1)
        matrix = sp.csc_matrix((where, compiled.row, compiled.column_start), shape=(m, n))
        self._by_row = matrix.tocsr()
        self._place = np.full(n, -1, dtype=np.int64)

    def measure(self, nominal: Vector) -> None:
        """Take steps and slacks in these nominals, shape (n,)."""
        self.nominal = nominal
        self.low = self.compiled.lower - SLACK * nominal
        self.high = self.compiled.upper + SLACK * nominal

    def watch(self, column: int, row: int, low: float, high: float) -> None:
        """Keep unknown `column` on equation `row` by bisection after each step."""
        self._watch[column] = (row, low, high)

    def part(self, rows: Indices, columns: Indices, *, diagonal: bool = False) -> Part:
        """Prepare the block of the given equations and unknowns."""
        rows, columns = np.asarray(rows), np.asarray(columns)
        at, wide_start = row_entries(self._by_row, rows)
        wide = self._by_row.data[at] - 1
        self._place[columns] = np.arange(len(columns))
        place = self._place[self._by_row.indices[at]]
        self._place[columns] = -1
        inside = np.flatnonzero(place >= 0)
        row = np.repeat(np.arange(len(rows)), np.diff(wide_start))[inside]
        order = np.lexsort((row, place[inside]))
        pick, row, column = wide[inside][order], row[order], place[inside][order]
        start = np.concatenate([[0], np.cumsum(np.bincount(column, minlength=len(columns)))])
        if diagonal:
            on = row == column
            pick, row, column = pick[on], row[on], column[on]
        return Part(
            rows=rows,
            columns=columns,
            pick=pick,
            row=row,
            column=column,
            column_start=start.astype(np.int32),
            wide=wide,
            wide_start=wide_start[:-1],
            diagonal=diagonal or len(columns) == 1,
            kept=self._kept(rows, columns),
        )

    def _kept(self, rows: Indices, columns: Indices) -> Kept | None:
        inside = set(rows.tolist())
        chosen = [k for k in columns.tolist() if k in self._watch and self._watch[k][0] in inside]
        if not chosen:
            return None
        at, low, high = (list(a) for a in zip(*(self._watch[k] for k in chosen), strict=True))
        c = self.compiled
        function = ca.Function("kept", [c.sx_x, c.sx_p], [c.sx_equations[at]])
        residual = np.zeros(len(chosen))
        k = np.array(chosen)
        low_, high_ = np.maximum(low, self.low[k]), np.minimum(high, self.high[k])
        return Kept(k, low_, high_, residual, bind(function, [self._kx, c.p], [residual]))

    def keep(self, kept: Kept | None) -> None:
        """Bisect all kept unknowns of a block at once on their own equations."""
        if kept is None:
            return
        k, x = kept.columns, self._kx
        x[:] = self.compiled.x
        low, high = kept.low.copy(), kept.high.copy()
        x[k] = high
        kept.call()
        sign = np.where(kept.residual > 0, 1.0, -1.0)
        for _ in range(52):
            middle = (low + high) / 2
            x[k] = middle
            kept.call()
            above = kept.residual * sign > 0
            high = np.where(above, middle, high)
            low = np.where(above, low, middle)
        self.compiled.x[k] = (low + high) / 2

    def row_scale(self, part: Part) -> Vector:
        """max_j |J_ij| nominal_j of each row at the last evaluated point, 1 where that is 0."""
        c = self.compiled
        size = np.abs(c.jacobian[part.wide]) * self.nominal[c.column[part.wide]]
        size[~np.isfinite(size)] = 0.0
        largest: Vector = np.maximum.reduceat(size, part.wide_start)
        return np.where(largest > 0, largest, 1.0)

    def run(self, part: Part, limit: int, *, natural: bool = False) -> Attempt:
        """Newton on a block from the present point; `natural` judges steps by the next step.

        Returns how it ended; the point is left where the run stopped.
        """
        trace = current()
        if trace is not None:
            trace.begin()
        attempt = self._run(part, limit, natural, trace)
        if trace is not None:
            trace.end(attempt.solved)
        return attempt

    def _evaluate(self, part: Part) -> None:
        """Residual and Jacobian of a block at the present point."""
        if part.function is None:
            part.function = Evaluator(self.compiled, part.rows, part.wide)
        part.function()

    def _run(self, part: Part, limit: int, natural: bool, trace: Trace | None) -> Attempt:
        self.keep(part.kept)
        self._evaluate(part)
        self._nudge(part)
        weight = 1.0 / self.row_scale(part)
        last = np.inf
        for done in range(limit):
            g = self._off(part) * weight
            if not np.isfinite(g).all():
                return Attempt(False, done, Status.NOT_A_NUMBER)
            solve, exact = self._factorise(part, weight)
            d = solve(-g)
            if d is None:
                return Attempt(False, done, Status.SINGULAR)
            self.iterations += 1
            self.budget.take()
            step = float(np.abs(d).max())
            if trace is not None:
                self._record(trace, part, done, g, step)
            if step < self.tolerance and self._residual(part) < 1e-10:
                return Attempt(True, done, Status.SOLVED)
            if STALLED * last < step < ROUNDED and self._residual(part) < 1e-12:
                # Rounding in a badly conditioned block: the step no longer shrinks.
                return Attempt(True, done, Status.SOLVED)
            last = step
            if not self._search(part, g, d, weight, solve if natural and exact else None):
                status = Status.NOT_CONVERGED if exact else Status.SINGULAR
                still = step < 1e-8 and self._residual(part) < max(1e-12, self._noise(part))
                return Attempt(still, done, Status.SOLVED if still else status)
        return Attempt(False, limit, Status.ITERATION_LIMIT)

    def _record(self, trace: Trace, part: Part, done: int, g: Vector, step: float) -> None:
        """Keep one step of a run; `g` are the residuals over the scales of their equations."""
        c, k = self.compiled, int(np.argmax(np.abs(g)))
        names = [c.unknowns[j].name for j in part.columns[:4]]
        worst = c.equations[part.rows[k]].name
        trace.add(names, part.size, "newton", done, float(np.abs(g[k])), step, worst)

    def polish(self, part: Part) -> bool:
        """One undamped step when it is small and does not harm; False when nothing was gained."""
        c, k = self.compiled, part.columns
        c.evaluate()
        weight = 1.0 / self.row_scale(part)
        before = np.abs(c.residual[part.rows] * weight).max()
        d = self._factorise(part, weight)[0](-c.residual[part.rows] * weight)
        if d is None or not self.tolerance * 1e-4 < np.abs(d).max() < 1e-4:
            return False
        saved = c.x[k].copy()
        y = saved + d * self.nominal[k]
        if ((y < self.low[k]) | (y > self.high[k])).any():
            return False
        c.x[k] = y
        c.evaluate()
        # Below `NOISE` the largest residual is rounding: a step that leaves it there still makes the
        # balances of trace components exact, which no criterion relative to a nominal sees.
        if np.abs(c.residual[part.rows] * weight).max() < max(before, NOISE):
            return True
        c.x[k] = saved
        c.evaluate()
        return False

    def _nudge(self, part: Part) -> None:
        """Leave a point where the equations have a value but no slope (square root at zero)."""
        c, k = self.compiled, part.columns
        if np.isfinite(c.jacobian[part.pick]).all() and np.isfinite(c.residual[part.rows]).all():
            return
        room = 1e-3 * self.nominal[k]
        down = c.x[k] + room > c.upper[k]
        c.x[k] += np.where(down, -room, room)
        self._evaluate(part)

    def _residual(self, part: Part) -> float:
        """Largest residual of a block against the row scale of the present point."""
        return float(np.abs(self._off(part) / self.row_scale(part)).max())

    def _off(self, part: Part) -> Vector:
        """Residual of a block less what counts as zero."""
        off: Vector = self.compiled.residual[part.rows] - self.offset[part.rows]
        return off

    def _noise(self, part: Part) -> float:
        """Residual that rounding alone may leave, against the row scale."""
        c = self.compiled
        k = c.column[part.wide]
        size = np.abs(c.jacobian[part.wide]) * np.maximum(np.abs(c.x[k]), self.nominal[k])
        total = np.add.reduceat(size, part.wide_start) / self.row_scale(part)
        return float(np.minimum(4 * np.finfo(float).eps * total.max(), 1e-9))

    def _factorise(self, part: Part, weight: Vector) -> tuple[Direction, bool]:
        """Solver of the scaled block, and whether it is exact (else damped least squares)."""
        c = self.compiled
        data = c.jacobian[part.pick] * weight[part.row] * self.nominal[part.columns[part.column]]
        if not np.isfinite(data).all():
            return none, False
        if part.diagonal:
            return diagonal(data, part.size), True
        if part.size <= DENSE:
            return dense(data, part.row, part.column, part.size)
        return sparse(data, part.row, part.column_start, part.size)

    def _search(
        self, part: Part, g: Vector, d: Vector, weight: Vector, solve: Direction | None
    ) -> bool:
        """Move along a direction (in nominals) until the residual, or the next step, shrinks."""
        c, k = self.compiled, part.columns
        x, move = c.x[k].copy(), d * self.nominal[k]
        low, high = self.low[k], self.high[k]
        largest, length = np.abs(g).max(), np.abs(d).max()
        alpha = 1.0 / max(1.0, float((np.abs(move) / self.cap[k]).max()))
        for _ in range(SEARCHES):
            y = x + alpha * move
            y = np.where(y < low, x + 0.95 * (low - x), y)
            c.x[k] = np.where(y > high, x + 0.95 * (high - x), y)
            if part.size > 1:
                self.keep(part.kept)
            self._evaluate(part)
            new = self._off(part) * weight
            if np.isfinite(new).all():
                size = np.abs(new).max()
                if size < largest * (1 - 1e-4 * alpha) or size < 1e-12:
                    return True
                following = None if solve is None else solve(-new)
                if following is not None and np.abs(following).max() < (1 - alpha / 4) * length:
                    return True
            alpha /= 2
        c.x[k] = x
        self._evaluate(part)
        return False
