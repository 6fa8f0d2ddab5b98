"""Whether a point is what a solver calls it: limits and first-order conditions, recomputed.

A row is judged on its own scale, the size of its terms at the start, at the answer and half-way,
so that a row written in tiny numbers cannot pass because its numbers are tiny.
"""

from dataclasses import dataclass

import casadi as ca
import numpy as np
import numpy.typing as npt

Vector = npt.NDArray[np.float64]

LIMIT = 1e-6
"""Largest violation of a row or a bound relative to its scale."""

STATIONARY = 1e-5
"""Largest residual of the first-order conditions relative to the gradients along the way."""


@dataclass(frozen=True)
class Point:
    """A point and its multipliers, in CasADi's signs (f + lam_g g + lam_x x is stationary)."""

    x: Vector
    lam_g: Vector
    lam_x: Vector


@dataclass(frozen=True)
class Limits:
    """Bounds of the unknowns and of the rows, and the start."""

    x_low: Vector
    x_high: Vector
    g_low: Vector
    g_high: Vector
    start: Vector


@dataclass(frozen=True)
class Check:
    """What was found at a point.

    Attributes:
        row, row_violation: worst row and its violation over its scale (-1 without rows).
        column, bound_violation: worst unknown and its violation over max(1, bound).
        absolute: largest violation of any row or bound, in the model's own numbers.
        stationarity: residual of the gradient of the Lagrangian over the gradients' size.
        complementarity: largest product of a multiplier and the distance to its limit, relative
            to the objective: about the error of the objective that the solver's tolerances leave.
        row_scale: scale of every row; `slope` size of the objective's gradient along the way.
        leeway: factor on the complementarity that IPOPT can reach with an objective that is steep.
    """

    row: int
    row_violation: float
    column: int
    bound_violation: float
    absolute: float
    stationarity: float
    complementarity: float
    row_scale: Vector
    slope: float
    leeway: float

    @property
    def sharp(self) -> bool:
        """Complementarity holds so well that the objective is right to `STATIONARY`."""
        return bool(self.complementarity <= STATIONARY)

    @property
    def feasible(self) -> bool:
        """Every row and bound holds within `LIMIT` of its scale; NaN does not."""
        return bool(self.row_violation <= LIMIT and self.bound_violation <= LIMIT)

    @property
    def stationary(self) -> bool:
        """First-order conditions hold within `STATIONARY`; NaN does not."""
        limit = STATIONARY * self.leeway
        return bool(self.stationarity <= STATIONARY and self.complementarity <= limit)


class Checker:
    """Judges points of one problem min f(x), low <= g(x) <= high, with functions of CasADi.

    `gradient(x, p) -> (f, f')` and `jacobian(x, p) -> (g, g')` are those of the solver itself;
    they are exact, and cheap beside the solve.
    """

    def __init__(self, gradient: ca.Function, jacobian: ca.Function, limits: Limits) -> None:
        self.gradient, self.jacobian, self.limits = gradient, jacobian, limits
        pattern = jacobian.sparsity_out(1)
        self._row = np.array(pattern.row(), dtype=np.int64)
        self._column = np.array(pattern.get_triplet()[1], dtype=np.int64)

    def check(self, point: Point) -> Check:
        """Judge a point; values that are no numbers count as violations."""
        o, x = self.limits, point.x
        f, slope, g, entries = self._evaluate(x)
        scale, steepest = self._scales(x, slope, entries)
        short, over = o.g_low - g, g - o.g_high
        violation = _positive(short, over)
        bound = np.where(short > over, o.g_low, o.g_high)
        row_scale = scale + np.where(np.isfinite(bound), np.abs(bound), 0.0)
        relative = violation / np.where(row_scale > 0, row_scale, 1.0)
        below, above = o.x_low - x, x - o.x_high
        outside = _positive(below, above)
        wall = np.where(below > above, o.x_low, o.x_high)
        outside_relative = outside / np.where(np.isfinite(wall), np.maximum(1, np.abs(wall)), 1.0)
        r, c = _worst(relative), _worst(outside_relative)
        return Check(
            row=r,
            row_violation=float(relative[r]) if r >= 0 else 0.0,
            column=c,
            bound_violation=float(outside_relative[c]) if c >= 0 else 0.0,
            absolute=float(max([0.0, *violation[r : r + 1], *outside[c : c + 1]])),
            stationarity=self._stationarity(point, slope, entries, steepest),
            complementarity=self._complementarity(point, f, g),
            row_scale=row_scale,
            slope=steepest,
            leeway=max(1.0, 1e-3 * steepest / max(1.0, abs(f))),
        )

    def _evaluate(self, x: Vector) -> tuple[float, Vector, Vector, Vector]:
        f, slope = self.gradient(x, [])
        g, jacobian = self.jacobian(x, [])
        return float(f), _flat(slope), _flat(g), np.array(jacobian.nonzeros(), dtype=float)

    def _scales(self, x: Vector, slope: Vector, entries: Vector) -> tuple[Vector, float]:
        """Size of the terms of each row, and of the objective's gradient, over three points."""
        start = self.limits.start
        largest, steepest = np.abs(entries), [_size(slope)]
        for other in (start, (start + x) / 2 + 0.1 * np.sign(x - start)):
            _, there, _, values = self._evaluate(other)
            largest = np.fmax(largest, np.where(np.isfinite(values), np.abs(values), 0.0))
            steepest.append(_size(there))
        weight = largest * np.maximum(1.0, np.abs(x))[self._column]
        rows = len(self.limits.g_low)
        scale = np.bincount(self._row, weights=weight, minlength=rows)[:rows].astype(np.float64)
        return scale, max([s for s in steepest if np.isfinite(s)], default=0.0)

    def _stationarity(self, point: Point, slope: Vector, entries: Vector, steepest: float) -> float:
        if not len(point.x):
            return 0.0
        parts = entries * point.lam_g[self._row]
        pull = np.bincount(self._column, weights=parts, minlength=len(point.x))
        force = np.bincount(self._column, weights=np.abs(parts), minlength=len(point.x))
        free = self.limits.x_low < self.limits.x_high
        rest = np.where(free, slope + pull + point.lam_x, 0.0)
        size = max(steepest, float(np.max(force)), float(np.max(np.abs(slope))))
        return float(np.max(np.abs(rest))) / size if size > 0 else 0.0

    def _complementarity(self, point: Point, f: float, g: Vector) -> float:
        """A multiplier pushes only at the limit of its own sign (positive at the upper one)."""
        o = self.limits
        worst = 0.0
        for lam, at, low, high in (
            (point.lam_g, g, o.g_low, o.g_high),
            (point.lam_x, point.x, o.x_low, o.x_high),
        ):
            gap = np.abs(np.where(lam > 0, high - at, at - low))
            big = np.where(np.isfinite(gap), gap, 1e20)
            product = np.where(lam == 0, 0.0, np.abs(lam) * big)
            worst = max([worst, *product[[int(np.argmax(product))]]]) if len(lam) else worst
        return float(worst / max(1.0, abs(f)))


def _positive(short: Vector, over: Vector) -> Vector:
    """Violation, zero when none; what is no number counts as infinite."""
    worst = np.maximum(np.maximum(short, over), 0.0)
    return np.where(np.isnan(worst), np.inf, worst)


def _worst(values: Vector) -> int:
    return int(np.argmax(values)) if len(values) else -1


def _size(values: Vector) -> float:
    return float(np.max(np.abs(values))) if len(values) else 0.0


def _flat(values: ca.DM) -> Vector:
    return np.array(ca.densify(values), dtype=float).ravel()
