"""How an optimum moves with its parameters: derivatives of x*, of the multipliers and of f*.

At the active set the first-order conditions are square equations in the free unknowns and the
multipliers; the implicit function theorem gives their derivatives. It holds where active limits are
independent (LICQ), every active inequality has a multiplier other than zero (strict complementarity)
and the objective curves upwards along the active limits; elsewhere the derivatives do not exist or are
one-sided, and are refused with the reason.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import casadi as ca
import numpy as np
import numpy.typing as npt
import scipy.sparse as sp
import scipy.sparse.linalg as sla
from pyomo.core.base.block import BlockData as Block
from pyomo.core.base.constraint import ConstraintData
from pyomo.core.base.var import VarData

from noxsolve.compiled import CompiledModel, without_gc
from noxsolve.errors import ModelError
from noxsolve.optimise import Active, Optimum, _alone
from noxsolve.status import Status

Vector = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int64]

AT = 1e-7
"""Distance from a limit, in its scale, at which it holds at the refined optimum."""
NONE = 1e-7
"""Multiplier, in the scale of the objective, that counts as zero."""
DEPENDENT = 1e-11
"""Smallest over largest eigenvalue of what counts as dependent limits, and as no curvature."""
CURVED = 60
"""Degrees of freedom up to which the curvature is examined."""


@dataclass(frozen=True)
class OptimumSensitivity:
    """Derivatives of an optimum with respect to q parameters, in the model's own units.

    Attributes:
        parameters: the inputs, in the order of the columns.
        objective: d f* / d p, shape (q,), in the sense of the objective given.
        unknowns: the unknowns, in the order of the rows of `x`.
        x: d x* / d p, shape (n, q); zero for unknowns at active bounds.
        multipliers: value and derivatives, shape (q,), by constraint or unknown at a bound. The
            multiplier is the derivative of the objective with respect to the right side or bound.
    """

    parameters: tuple[VarData, ...]
    objective: Vector
    unknowns: tuple[VarData, ...]
    x: Vector
    multipliers: tuple[tuple[VarData | ConstraintData, float, Vector], ...]

    def of(self, unknown: VarData) -> Vector:
        """Derivatives of one unknown; raises ModelError for what is none."""
        for k, v in enumerate(self.unknowns):
            if v is unknown:
                row: Vector = self.x[k]
                return row
        raise ModelError(f"{unknown.name!r} is no unknown of the optimum")

    def multiplier(self, limit: VarData | ConstraintData) -> tuple[float, Vector]:
        """Value and derivatives of the multiplier of an equation or an active limit."""
        for found, value, slopes in self.multipliers:
            if found is limit:
                return value, slopes
        raise ModelError(f"{limit.name!r} is neither an equation nor an active limit")


def optimum_sensitivities(
    model: Block,
    optimum: Optimum,
    *,
    objective: Any,
    parameters: Sequence[VarData],
    nominal: Mapping[VarData, float],
) -> OptimumSensitivity:
    """Derivatives of an optimum that `minimise` found and loaded into the model.

    Args:
        model: as given to `minimise`.
        optimum: what it returned.
        objective: as given to `minimise`.
        parameters: fixed variables of the model.
        nominal: as given to `minimise`.

    Raises ModelError, with status DEGENERATE and the names, where active limits depend on one
    another, an active limit has no multiplier or the objective does not curve; with another status
    when the model is at no optimum or a parameter is no input.
    """
    if not optimum.solved:
        raise ModelError(f"sensitivities need an optimum: {optimum.message}", optimum.status)
    with _alone(model, objective) as chosen, without_gc():
        c = CompiledModel(model)
        sign = 1.0 if chosen.sense == 1 else -1.0
    system = _Conditions(c, optimum.active, nominal)
    system.refine()
    system.require_strict()
    system.require_curvature()
    columns = []
    for v in parameters:
        k = c.input_index(v)
        if k is None:
            raise ModelError(f"{v.name!r} is no input of the model (not fixed, or in no equation)")
        columns.append(k)
    return system.derivatives(tuple(parameters), columns, sign)


class _Conditions:
    """First-order conditions at a given active set, scaled by nominals.

    L(x, lam) = f + lam . (rows - right) over free unknowns; unknowns at active bounds are held.
    """

    def __init__(
        self, c: CompiledModel, active: Sequence[Active], nominal: Mapping[VarData, float]
    ) -> None:
        self.c = c
        self.w = np.ones(len(c.x))
        for v, size in nominal.items():
            if (k := c.index(v)) is not None:
                self.w[k] = size
        sides = {id(a[0]): a[1] for a in active}
        self.held = np.array([id(v) in sides for v in c.unknowns], dtype=bool)
        self.free: Indices = np.flatnonzero(~self.held)
        at_low = np.array([sides.get(id(v)) == "lower" for v in c.unknowns], dtype=bool)
        c.x[self.held] = np.where(at_low, c.lower, c.upper)[self.held]
        self.own: Indices = np.array(
            [k for k, row in enumerate(c.inequalities) if id(row) in sides], dtype=np.int64
        )
        below = np.array([sides[id(c.inequalities[k])] == "lower" for k in self.own], dtype=bool)
        right = np.where(below, c.inequality_lower[self.own], c.inequality_upper[self.own])
        self.right = np.concatenate([np.zeros(len(c.equations)), right])
        self.rows: list[ConstraintData] = [*c.equations, *(c.inequalities[k] for k in self.own)]
        self.below = np.concatenate([np.zeros(len(c.equations), bool), below])
        self._functions()
        self.lam = np.zeros(len(self.rows))

    def _functions(self) -> None:
        c = self.c
        parts = [c.sx_equations]
        if len(self.own):
            parts.append(ca.densify(c.sx_inequalities[self.own.tolist()]))
        body = ca.vertcat(*parts)
        lam = ca.SX.sym("lam", len(self.rows))
        lagrangian = c.sx_objective + ca.dot(lam, body)
        gradient = ca.gradient(lagrangian, c.sx_x)
        arguments = [c.sx_x, c.sx_p, lam]
        self.first = ca.Function(
            "first", arguments, [c.sx_objective, gradient, body, ca.jacobian(body, c.sx_x)]
        )
        self.second = ca.Function("second", arguments, [ca.jacobian(gradient, c.sx_x)])
        self.by_parameter = ca.Function(
            "by_parameter",
            arguments,
            [
                ca.jacobian(gradient, c.sx_p),
                ca.jacobian(body, c.sx_p),
                ca.gradient(lagrangian, c.sx_p),
            ],
        )

    def _evaluate(self) -> tuple[Vector, Vector, sp.csc_matrix]:
        """Gradient of L and residual of the rows, and the rows' Jacobian."""
        _, gradient, body, jacobian = self.first(self.c.x, self.c.p, self.lam)
        g = np.array(gradient, dtype=float).ravel()
        return g, np.array(body, dtype=float).ravel() - self.right, jacobian.sparse()

    def _rows(self, jacobian: sp.csc_matrix) -> tuple[sp.csr_matrix, Vector]:
        """Rows over the free unknowns, scaled to at most one, and the scale of each."""
        a = (jacobian.tocsr()[:, self.free] @ sp.diags(self.w[self.free])).tocsr()
        if not min(a.shape):
            return a, np.ones(a.shape[0])
        size = np.asarray(abs(a).max(axis=1).todense(), dtype=float).ravel()
        size = np.where(size > 0, size, 1.0)
        return sp.csr_matrix(sp.diags(1.0 / size) @ a), size

    def _multipliers(self) -> None:
        """Multipliers of least squares; refuses rows that depend on one another."""
        self.lam[:] = 0.0
        gradient, _, jacobian = self._evaluate()
        a, size = self._rows(jacobian)
        self._independent(a)
        m, n = a.shape
        if not m:
            return
        system = sp.bmat([[sp.identity(n), a.T], [a, None]]).tocsc()
        right = np.concatenate([-gradient[self.free] * self.w[self.free], np.zeros(m)])
        self.lam = sla.splu(system).solve(right)[n:] / size

    def _independent(self, a: sp.csr_matrix) -> None:
        m = a.shape[0]
        if not m:
            return
        normal = (a @ a.T).tocsc()
        factors = sla.splu((normal + 1e-15 * sp.identity(m)).tocsc())
        v = np.random.default_rng(0).standard_normal(m)
        for _ in range(6):
            v = factors.solve(v)
            v /= np.linalg.norm(v)
        if a.shape[1] and np.linalg.norm(a.T @ v) ** 2 > DEPENDENT:
            return
        order = np.argsort(-np.abs(v), kind="stable")[:4]
        names = ", ".join(self.rows[k].name for k in order if abs(v[k]) > 1e-3)
        raise ModelError(
            f"{Status.DEGENERATE.value} These limits depend on one another at the optimum, so their"
            f" multipliers are not unique: {names}.",
            Status.DEGENERATE,
        )

    def _system(self) -> tuple[Any, Vector]:
        """Factorised conditions in nominals, and the scale of the rows."""
        _, _, jacobian = self._evaluate()
        a, size = self._rows(jacobian)
        w = sp.diags(self.w[self.free])
        hessian = self.second(self.c.x, self.c.p, self.lam).sparse().tocsr()
        h = w @ hessian[self.free][:, self.free] @ w
        self.h_scale = (float(abs(h).max()) if h.nnz else 0.0) or 1.0
        if not len(self.free):  # every unknown is at a bound
            return None, size
        matrix = sp.bmat([[h / self.h_scale, a.T], [a, None]]) if a.shape[0] else h / self.h_scale
        try:
            return sla.splu(sp.csc_matrix(matrix)), size
        except RuntimeError as error:
            raise ModelError(
                f"{Status.DEGENERATE.value} The objective does not curve along the active limits, so"
                " the optimum is not a single point.",
                Status.DEGENERATE,
            ) from error

    def _solve(self, factors: Any, size: Vector, top: Vector, bottom: Vector) -> tuple[Vector, Any]:
        """(dx of the free unknowns, dlam) for right sides in the model's own units."""
        if factors is None:
            return np.zeros(top.shape), np.zeros(bottom.shape)
        w = self.w[self.free].reshape(-1, *[1] * (top.ndim - 1))
        scale = size.reshape(-1, *[1] * (top.ndim - 1))
        found = factors.solve(np.concatenate([top * w / self.h_scale, bottom / scale]))
        n = len(self.free)
        return found[:n] * w, found[n:] * self.h_scale / scale

    def refine(self) -> None:
        """Newton on the conditions, to rounding; refuses a point that was no optimum."""
        self._multipliers()
        start = self.c.x.copy()
        for _ in range(6):
            factors, size = self._system()
            gradient, residual, _ = self._evaluate()
            dx, dlam = self._solve(factors, size, -gradient[self.free], -residual)
            self.c.x[self.free] += dx
            self.lam += dlam
            if not np.abs(dx / self.w[self.free]).max(initial=0.0) > 1e-13:
                break
        moved = np.abs(self.c.x - start) / np.maximum(self.w, np.abs(start))
        if not moved.max(initial=0.0) < 1e-2:
            name = self.c.unknowns[int(np.argmax(moved))].name
            raise ModelError(
                f"{Status.DEGENERATE.value} The conditions hold elsewhere than at the optimum given:"
                f" {name!r} would be {moved.max():.1e} of its size away.",
                Status.DEGENERATE,
            )

    def _scales(self) -> tuple[float, Vector, Vector, Vector]:
        """Scale of the objective's slope, bound multipliers, bodies and slopes of inequalities."""
        c = self.c
        gradient, _, _ = self._evaluate()
        plain = self.first(c.x, c.p, np.zeros(len(self.rows)))[1]
        size = float(np.abs(np.array(plain, dtype=float).ravel() * self.w).max(initial=0.0))
        body = c.inequality_values()
        if not len(c.inequalities):
            return size or 1.0, gradient, body, np.ones(0)
        slopes = ca.Function("h", [c.sx_x, c.sx_p], [ca.jacobian(c.sx_inequalities, c.sx_x)])
        matrix = abs(slopes(c.x, c.p).sparse()) @ sp.diags(self.w)
        found = np.asarray(matrix.max(axis=1).todense(), dtype=float).ravel()
        return size or 1.0, gradient, body, np.where(found > 0, found, 1.0)

    def require_strict(self) -> None:
        """Refuse limits that hold without a multiplier, and multipliers of the wrong sign."""
        c = self.c
        size, gradient, body, slope = self._scales()
        weak: list[str] = []
        below, above = (c.x - c.lower) / self.w, (c.upper - c.x) / self.w
        force = gradient * self.w / size  # along increasing x; positive holds at a lower bound
        for k in range(len(c.x)):
            if self.held[k]:
                sign = 1.0 if c.x[k] == c.lower[k] else -1.0
                if not sign * force[k] > NONE and c.lower[k] != c.upper[k]:
                    weak.append(c.unknowns[k].name)
            elif above[k] < AT or below[k] < (AT if c.lower[k] != 0.0 else AT**2):
                weak.append(c.unknowns[k].name)
        inside = np.minimum(body - c.inequality_lower, c.inequality_upper - body) / slope
        own = set(self.own.tolist())
        weak += [
            c.inequalities[k].name
            for k in range(len(body))
            if k not in own and inside[k] < AT and self._depends(k)
        ]
        m = len(c.equations)
        for at, k in enumerate(self.own):
            pull = self.lam[m + at] * slope[k] / size * (-1.0 if self.below[m + at] else 1.0)
            if not pull > NONE:
                weak.append(c.inequalities[k].name)
        if weak:
            raise ModelError(
                f"{Status.DEGENERATE.value} No strict complementarity: these limits hold at the"
                f" optimum but do not hold it back: {', '.join(weak[:4])}.",
                Status.DEGENERATE,
            )

    def _depends(self, row: int) -> bool:
        """Whether an inequality moves at all along the equations (else it decides nothing)."""
        c = self.c
        slopes = ca.Function("h", [c.sx_x, c.sx_p], [ca.jacobian(c.sx_inequalities[row], c.sx_x)])
        h = slopes(c.x, c.p).sparse().toarray().ravel()[self.free] * self.w[self.free]
        _, _, jacobian = self._evaluate()
        a, _ = self._rows(jacobian)
        if not a.shape[0]:
            return bool(np.abs(h).max(initial=0.0) > 0)
        system = sp.bmat([[sp.identity(len(h)), a.T], [a, None]]).tocsc()
        rest = sla.splu(system).solve(np.concatenate([h, np.zeros(a.shape[0])]))[: len(h)]
        return bool(np.abs(rest).max() > 1e-9 * np.abs(h).max(initial=1e-300))

    def require_curvature(self) -> None:
        """Refuse a point where the objective does not curve upwards along the active limits."""
        _, _, jacobian = self._evaluate()
        a, _ = self._rows(jacobian)
        n, freedom = len(self.free), len(self.free) - a.shape[0]
        if not 0 < freedom <= CURVED:
            return
        z = np.random.default_rng(0).standard_normal((n, freedom))
        if a.shape[0]:
            system = sp.bmat([[sp.identity(n), a.T], [a, None]]).tocsc()
            z = sla.splu(system).solve(np.vstack([z, np.zeros((a.shape[0], freedom))]))[:n]
        q, _ = np.linalg.qr(z)
        hessian = self.second(self.c.x, self.c.p, self.lam).sparse().tocsr()
        w = sp.diags(self.w[self.free])
        reduced = q.T @ (w @ hessian[self.free][:, self.free] @ w @ q)
        values = np.linalg.eigvalsh((reduced + reduced.T) / 2)
        if not values[0] > DEPENDENT * max(values[-1], 1e-300):
            raise ModelError(
                f"{Status.DEGENERATE.value} The objective does not curve upwards along the active"
                f" limits (least curvature {values[0]:.1e}, in nominals).",
                Status.DEGENERATE,
            )

    def derivatives(
        self, parameters: tuple[VarData, ...], columns: list[int], sign: float
    ) -> OptimumSensitivity:
        """The derivatives for some parameters, by their positions among the inputs."""
        c = self.c
        mixed, rows, envelope = self.by_parameter(c.x, c.p, self.lam)
        by_x, by_row = (m.sparse().tocsc()[:, columns].toarray() for m in (mixed, rows))
        factors, size = self._system()
        top, bottom = -by_x[self.free], -by_row
        dx, dlam = np.zeros((len(c.x), len(columns))), np.zeros((len(self.rows), len(columns)))
        if columns:
            dx[self.free], dlam[:] = self._solve(factors, size, top, bottom)
        gradient, _, jacobian = self._evaluate()
        hessian = self.second(c.x, c.p, self.lam).sparse()
        found: list[tuple[VarData | ConstraintData, float, Vector]] = [
            (row, -sign * float(self.lam[k]), -sign * dlam[k]) for k, row in enumerate(self.rows)
        ]
        force = hessian @ dx + jacobian.T @ dlam + by_x
        held = np.flatnonzero(self.held)
        found += [(c.unknowns[k], sign * float(gradient[k]), sign * force[k]) for k in held]
        slope = np.array(envelope, dtype=float).ravel()[columns]
        return OptimumSensitivity(parameters, sign * slope, tuple(c.unknowns), dx, tuple(found))
