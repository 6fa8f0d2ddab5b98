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

SHARP = 1e-7
"""Error of an objective, relative, from which on an answer is sharpened."""

SMALL = 1e-9
"""Change of an objective that is not worth another solve, in its own numbers."""

GONE = 1e-6
"""Share of a row's terms that is left when it counts as vanished, and the inverse of how far an
unknown of it has run away."""


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
        drift: by how much the objective may still move when every unknown moves by its own size
            along what is left of the gradient, relative to the objective.
        slack: sum of all products of multiplier and distance: error of the objective together.
        size: the objective's, without sign.
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
    drift: float
    slack: float
    size: float
    row_scale: Vector
    slope: float
    leeway: float

    @property
    def sharp(self) -> bool:
        """First-order conditions hold so well that the objective is right to `SHARP`."""
        return bool(self.drift <= STATIONARY and not self.blurred)

    @property
    def blurred(self) -> bool:
        """Distances to limits add up to an error of the objective that counts."""
        return bool(self.slack > max(SMALL, SHARP * self.size))

    @property
    def exact(self) -> bool:
        """First-order conditions hold to `SHARP`, on every scale that is looked at."""
        return bool(max(self.stationarity, self.drift) <= SHARP and not self.blurred)

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

    @np.errstate(all="ignore")
    def check(self, point: Point) -> Check:
        """Judge a point; values that are no numbers count as violations.

        A multiplier that pushes at a limit that does not exist is none: what it carried is
        missing in the gradient of the Lagrangian, and is judged there, on the gradients' scale.
        """
        o, x = self.limits, point.x
        point = Point(
            x,
            np.where(np.isfinite(np.where(point.lam_g > 0, o.g_high, o.g_low)), point.lam_g, 0.0),
            np.where(np.isfinite(np.where(point.lam_x > 0, o.x_high, o.x_low)), point.lam_x, 0.0),
        )
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
        rest, size = self._rest(point, slope, entries, steepest)
        worst, slack = self._complementarity(point, g)
        return Check(
            row=r,
            row_violation=float(relative[r]) if r >= 0 else 0.0,
            column=c,
            bound_violation=float(outside_relative[c]) if c >= 0 else 0.0,
            absolute=float(max([0.0, *violation[r : r + 1], *outside[c : c + 1]])),
            stationarity=_size(rest) / size if size > 0 else 0.0,
            complementarity=worst / max(1.0, abs(f)),
            drift=_size(rest * np.maximum(1.0, np.abs(x))) / max(1.0, abs(f)),
            slack=slack,
            size=abs(f),
            row_scale=row_scale,
            slope=steepest,
            leeway=max(1.0, 1e-3 * steepest / max(1.0, abs(f))),
        )

    def _evaluate(self, x: Vector) -> tuple[float, Vector, Vector, Vector]:
        f, slope = self.gradient(x, [])
        g, jacobian = self.jacobian(x, [])
        return float(f), _flat(slope), _flat(g), np.array(jacobian.nonzeros(), dtype=float)

    def _scales(self, x: Vector, slope: Vector, entries: Vector) -> tuple[Vector, float]:
        """Size of the terms of each row, and of the objective's gradient, over three points.

        A row counts on its terms at the answer alone where nearly nothing is left of them because
        unknowns of it have run away: 1/x = 0 has no solution at any x, however large.
        """
        start = self.limits.start
        here = self._terms(np.abs(entries), x)
        scale, steepest = here, [_size(slope)]
        for other in (start, (start + x) / 2 + 0.1 * np.sign(x - start)):
            _, there, _, values = self._evaluate(other)
            known = np.where(np.isfinite(values), np.abs(values), 0.0)
            scale = np.fmax(scale, self._terms(known, other))
            steepest.append(_size(there))
        away = np.abs(x) * GONE > np.maximum(1.0, np.abs(start))
        fled = np.zeros(len(scale), dtype=bool)
        fled[self._row[away[self._column]]] = True
        scale = np.where(fled & (here < GONE * scale), here, scale)
        return scale, max([s for s in steepest if np.isfinite(s)], default=0.0)

    def _terms(self, entries: Vector, x: Vector) -> Vector:
        """Size of the terms of each row at a point: slope times unknown, summed over the row."""
        rows = len(self.limits.g_low)
        weight = entries * np.maximum(1.0, np.abs(x))[self._column]
        return np.bincount(self._row, weights=weight, minlength=rows)[:rows].astype(np.float64)

    def _rest(
        self, point: Point, slope: Vector, entries: Vector, steepest: float
    ) -> tuple[Vector, float]:
        """Gradient of the Lagrangian, and the size of the gradients that it is made of."""
        parts = entries * point.lam_g[self._row]
        pull = np.bincount(self._column, weights=parts, minlength=len(point.x))
        force: Vector = np.bincount(
            self._column, weights=np.abs(parts), minlength=len(point.x)
        ).astype(np.float64)
        free = self.limits.x_low < self.limits.x_high
        rest: Vector = np.where(free, slope + pull + point.lam_x, 0.0)
        return rest, max(steepest, _size(force), _size(slope))

    def _complementarity(self, point: Point, g: Vector) -> tuple[float, float]:
        """Largest and sum of multiplier times distance to the limit that it pushes at.

        A positive multiplier pushes at the upper limit, a negative one at the lower.
        """
        o = self.limits
        products = []
        for lam, at, low, high in (
            (point.lam_g, g, o.g_low, o.g_high),
            (point.lam_x, point.x, o.x_low, o.x_high),
        ):
            gap = np.abs(np.where(lam > 0, high - at, at - low))
            products.append(np.where(lam == 0, 0.0, np.abs(lam) * np.where(lam == 0, 0.0, gap)))
        every = np.concatenate(products)
        return (float(np.max(every)), float(np.sum(every))) if len(every) else (0.0, 0.0)


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
