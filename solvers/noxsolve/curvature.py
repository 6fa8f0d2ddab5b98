"""Leaves points that are stationary but no minimum: saddles, and maxima at which a solve began.

At such points IPOPT's conditions hold and it stops. Where the Lagrangian curves down along the rows
and bounds that are active, the point is moved along that direction and solved again.
"""

from dataclasses import replace
from typing import TYPE_CHECKING

import casadi as ca
import numpy as np
import numpy.typing as npt
from scipy.linalg import eigh, null_space

from noxsolve.call import Settings
from noxsolve.status import Status

if TYPE_CHECKING:
    from noxsolve.nlp import Problem, Solved

Vector = npt.NDArray[np.float64]

LARGEST = 300
"""Unknowns up to which the curvature is looked at (dense algebra)."""

ACTIVE = 1e-5
"""Distance to a limit, relative to its scale, at which it counts as active."""

DOWN = 1e-6
"""Least curvature that counts as down, relative to the largest entry of the Hessian."""

ROUNDS = 3
"""Saddles that are left one after the other before the last point is taken as it is."""


def downhill(problem: "Problem", solved: "Solved") -> Vector | None:
    """Direction of negative curvature that keeps active rows and bounds; None where there is none."""
    hessian, jacobian, check = problem.hessian, problem.jacobian, solved.check
    if hessian is None or jacobian is None or check is None or len(solved.x) > LARGEST:
        return None
    upper = np.array(ca.densify(hessian(solved.x, [], 1.0, solved.lam_g)), dtype=float)
    full = np.triu(upper) + np.triu(upper, 1).T
    size = float(np.max(np.abs(full), initial=0.0))
    if not np.isfinite(full).all() or size == 0:
        return None
    o, x = problem.limits, solved.x
    room = ACTIVE * np.maximum(1.0, np.abs(x))
    free = np.flatnonzero((x - o.x_low > room) & (o.x_high - x > room))
    g, slopes = (np.array(ca.densify(k), dtype=float) for k in jacobian(x, []))
    near = ACTIVE * np.maximum(check.row_scale, 1e-12)
    active = (g.ravel() - o.g_low <= near) | (o.g_high - g.ravel() <= near)
    rows = slopes.reshape(len(near), len(x))[active][:, free]
    basis = null_space(rows) if len(rows) else np.eye(len(free))
    if not basis.shape[1]:
        return None
    values, vectors = eigh(basis.T @ full[np.ix_(free, free)] @ basis)
    if values[0] >= -DOWN * size:
        return None
    direction: Vector = np.zeros(len(x))
    direction[free] = basis @ vectors[:, 0]
    return direction


def left_saddles(problem: "Problem", settings: Settings, solved: "Solved") -> "Solved":
    """The answer, or a lower one, reached from it by way of directions of negative curvature.

    Where neither side of the direction leads to a lower point, the answer stays as it is.
    """
    for _ in range(ROUNDS):
        direction = downhill(problem, solved)
        if direction is None:
            return solved
        lower = [s for s in _both_sides(problem, settings, solved, direction) if _better(s, solved)]
        if not lower:
            return solved
        best = min(lower, key=lambda s: s.f)
        steps, log = solved.iterations + best.iterations, solved.log + best.log
        solved = replace(best, iterations=steps, log=log)
        if not solved.optimal:
            return solved
    return solved


def _both_sides(
    problem: "Problem", settings: Settings, solved: "Solved", direction: Vector
) -> list["Solved"]:
    o, step = problem.limits, 0.1 * max(1.0, float(np.linalg.norm(solved.x)))
    found = []
    try:
        for side in (step, -step):
            start = np.clip(solved.x + side * direction, o.x_low, o.x_high)
            problem.limits = replace(o, start=start)
            found.append(problem.attempt(settings))
    finally:
        problem.limits = o
    return found


def _better(candidate: "Solved", solved: "Solved") -> bool:
    """Lower and confirmed, or without limit."""
    if candidate.status is Status.UNBOUNDED:
        return True
    check = candidate.check
    if not candidate.optimal or check is None or not (check.feasible and check.stationary):
        return False
    return candidate.f < solved.f - 1e-6 * max(1.0, abs(solved.f))
