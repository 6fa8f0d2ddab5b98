"""Whether the present point of a square solver is a solution: equations, bounds, inequalities.

Where nobody says how large the unknowns are, their sizes follow from the start values, and a start
that is too large by orders of magnitude makes anything look small. So there the answer has to hold
in its own numbers too: against the sizes that the unknowns have at it, or down to rounding.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

import casadi as ca
import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

from noxsolve.diagnosis import dependent, suspects
from noxsolve.newton import SLACK
from noxsolve.nominals import SMALLEST, actual, measured, members
from noxsolve.outcome import Outcome
from noxsolve.status import Status

if TYPE_CHECKING:
    from noxsolve.compiled import CompiledModel
    from noxsolve.newton import Newton, Part
    from noxsolve.square import SquareSolver

Vector = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int64]
Apply = Callable[[int, list[float]], float]

RESIDUAL = 1e-8
"""Largest residual, against the scale of its equation, of a solved model; the same for limits."""
DOUBT = 1e-6
"""Residual against the sizes that the unknowns have at the answer from which on it is none."""
PART = 1e-5
"""Part of its size at the start below which no unknown is when bounds are judged."""
ROUNDING = 100.0
"""Factor on the rounding error of an equation below which its residual is rounding."""
FINE = 1e-10
"""The same from which on Newton is run once more in those sizes."""
AGAIN = 4
"""Runs of Newton that may bring an answer to its own sizes."""
GROWTH = 1e12
"""Growth of a right side in the scaled equations from which on they may be singular."""
EPS = float(np.finfo(float).eps)
TINY = 1e-300
_SLOPES: WeakKeyDictionary[CompiledModel, ca.Function] = WeakKeyDictionary()


def sizes(solver: SquareSolver) -> Vector:
    """Sizes in which bounds and inequalities are judged: nominals, or what the answer says."""
    if not solver.automatic:
        return solver.nominal
    c = solver.compiled
    return np.maximum(members(c, np.abs(c.x)), PART * solver.nominal)


def inside(solver: SquareSolver) -> bool:
    """Whether all unknowns are within their bounds at the present point."""
    c = solver.compiled
    return bool((_beyond(c) <= 1.01 * SLACK * sizes(solver)).all())


def _beyond(c: CompiledModel) -> Vector:
    found: Vector = np.maximum(c.lower - c.x, c.x - c.upper)
    return found


def worst(solver: SquareSolver, rows: Indices) -> tuple[str, float]:
    """Equation with the largest residual against its scale, at the evaluated point."""
    if not len(rows):
        return "", 0.0
    c = solver.compiled
    scale = np.ones(len(c.equations))
    scale[solver.whole.rows] = solver.newton.row_scale(solver.whole)
    if solver.automatic:
        scale = np.maximum(scale, row_scales(c, np.abs(c.x)))
    size = np.abs(c.residual[rows]) / scale[rows]
    k = int(np.argmax(np.where(np.isnan(size), np.inf, size)))
    return c.equations[rows[k]].name, float(size[k])


def check(solver: SquareSolver) -> Outcome:
    """Residuals against the scales of their equations, bounds and inequalities, as they are."""
    c = solver.compiled
    c.evaluate()
    found = worst(solver, solver.whole.rows)
    if not np.isfinite(found[1]):
        text = f"equation {found[0]!r} has no value at this point (its residual is {found[1]})"
        return solver._outcome(False, Status.NOT_A_NUMBER, text, found)
    if not found[1] <= RESIDUAL:
        text = f"equation {found[0]!r}: residual {found[1]:.1e} of its scale"
        return solver._outcome(False, Status.NOT_CONVERGED, text, found)
    if doubts := doubtful(solver):
        name, ratio = doubts[0]
        text = (
            f"equation {name!r}: residual {ratio:.1e} of its scale at this point, which is far smaller"
            " than at the start; start nearer to the answer"
        )
        return solver._outcome(False, Status.NOT_CONVERGED, text, (name, ratio))
    if not inside(solver):
        k = int(np.argmax(_beyond(c) / sizes(solver)))
        v = c.unknowns[k]
        text = f"{v.name!r} is {c.x[k]:.6g}, outside [{c.lower[k]:.6g}, {c.upper[k]:.6g}]"
        return solver._outcome(False, Status.OUT_OF_BOUNDS, text, found)
    if text := _broken(solver):
        return solver._outcome(False, Status.INEQUALITY_VIOLATED, text, found)
    return solver._outcome(True, Status.SOLVED, Status.SOLVED.value, found)


def _broken(solver: SquareSolver) -> str:
    """The first inequality that does not hold, in words; empty when all do."""
    c = solver.compiled
    if not c.inequalities:
        return ""
    h, low, high = c.inequality_values(), c.inequality_lower, c.inequality_upper
    if c not in _SLOPES:
        _SLOPES[c] = slopes(c, c.sx_inequalities)
    excess = beyond_limits(h, low, high, limit_scale(_SLOPES[c], c, low, high, sizes(solver)))
    for i in np.flatnonzero(~(excess <= 0)):
        return f"{c.inequalities[i].name!r} is {h[i]:.6g}, not in [{low[i]:.6g}, {high[i]:.6g}]"
    return ""


def beyond_limits(h: Vector, low: Vector, high: Vector, scale: Vector) -> Vector:
    """How far limited values are beyond what is allowed; inf for what is no finite number.

    Args:
        h: values, any shape that the others broadcast with.
        low: lower limits, -inf for none.
        high: upper limits.
        scale: change of each when the unknowns change by their sizes.
    """
    with np.errstate(invalid="ignore", over="ignore"):
        beyond = np.maximum(low - h, h - high)
        excess = beyond - RESIDUAL * np.maximum(scale, np.abs(h))
    found: Vector = np.where(np.isfinite(h), excess, np.inf)
    return found


def slopes(c: CompiledModel, body: ca.SX) -> ca.Function:
    """Derivatives of expressions by the unknowns, as a function of unknowns and inputs."""
    return ca.Function("slopes", [c.sx_x, c.sx_p], [ca.jacobian(body, c.sx_x)])


def limit_scale(
    function: ca.Function, c: CompiledModel, low: Vector, high: Vector, size: Vector
) -> Vector:
    """Change of limited expressions when the unknowns change by their sizes, to first order.

    At the present point. Where nothing changes one, or its slopes are no numbers, its limits say
    how large it is, else 1.

    Args:
        function: the derivatives of the expressions, see `slopes`.
        c: the model.
        low: lower limits, -inf for none.
        high: upper limits.
        size: size of each unknown.
    """
    found = abs(function(c.x, c.p).sparse()) @ sp.diags(size)
    largest = np.asarray(found.max(axis=1).todense(), dtype=float).ravel()
    sides = np.stack([low, high])
    limit = np.abs(np.where(np.isfinite(sides), sides, 0.0)).max(axis=0)
    usable = np.isfinite(largest) & (largest > 0)
    return np.where(usable, largest, np.where(limit > 0, limit, 1.0))


def row_scales(c: CompiledModel, size: Vector) -> Vector:
    """Largest of |J_ij| size_j of each equation at the evaluated point."""
    found = np.zeros(len(c.equations))
    with np.errstate(invalid="ignore", over="ignore"):
        entries = np.abs(c.jacobian) * size[c.column]
    np.maximum.at(found, c.row, np.where(np.isfinite(entries), entries, 0.0))
    return found


def doubtful(solver: SquareSolver, limit: float = DOUBT) -> list[tuple[str, float]]:
    """Equations that hold against the start values alone, worst first: name, residual.

    The residual is above `limit`, relative to the terms that the equation has at the present point.
    """
    if not solver.automatic:
        return []
    c = solver.compiled
    least = np.minimum(solver.first_scale, row_scales(c, solver.own))
    scale = np.maximum(row_scales(c, np.abs(c.x)), SMALLEST * least)
    ratio = np.abs(c.residual) / np.maximum(scale, TINY)
    rows = np.flatnonzero(ratio > limit)
    if not len(rows):
        return []
    rows = rows[np.abs(c.residual[rows]) > ROUNDING * rounding(c, rows)]
    rows = rows[np.argsort(-ratio[rows], kind="stable")]
    return [(c.equations[k].name, float(ratio[k])) for k in rows]


def sharpen(solver: SquareSolver) -> None:
    """Newton in the sizes that the unknowns have at the present point, where equations ask for it."""
    c = solver.compiled
    for _ in range(AGAIN if solver.automatic else 0):
        c.evaluate()
        if not doubtful(solver, FINE):
            return
        with measured(solver, actual(c.x, solver.own)):
            solver.newton.run(solver.whole, solver.max_iterations)


def undetermined(solver: SquareSolver) -> list[str]:
    """Unknowns that the equations leave open at a point at which they hold; mostly none.

    Equations that repeat one another hold along a whole line, and Newton ends anywhere on it. A
    root that is singular by itself (a turning point, a double root) does not count.
    """
    whole, newton = solver.whole, solver.newton
    if whole.size < 2 or not _suspicious(newton, whole):
        return []
    for part in (p for group in solver._blocks for p in group if not p.diagonal):
        if _suspicious(newton, part) and dependent(solver, part.rows, part.columns):
            return [v.name for v in suspects(solver.compiled, part.rows, part.columns)]
    return []


def open_line(outcome: Outcome, names: list[str]) -> Outcome:
    """The outcome of a solve whose equations hold along a line, with the unknowns that it leaves open."""
    text = (
        f"the equations hold, but they depend on one another and leave open {', '.join(names)}: one of"
        " them says what others say already; replace it, or fix one of these unknowns instead"
    )
    return replace(outcome, solved=False, status=Status.SINGULAR, message=text)


def _suspicious(newton: Newton, part: Part) -> bool:
    """Whether a block may be singular at the evaluated point: some right side grows in it."""
    solve, exact = newton._factorise(part, 1.0 / newton.row_scale(part))
    if not exact:
        return True
    found = solve(np.random.default_rng(0).standard_normal(part.size))
    return found is None or bool(np.abs(found).max() > GROWTH)


def rounding(c: CompiledModel, rows: Indices) -> Vector:
    """Rounding error of some equations at the present point, by linear error analysis."""
    from noxsolve.graph import ARITY, CONST, Graph, P, X
    from noxsolve.lanes import apply

    pattern = c.pattern()[rows]
    columns, inputs = np.unique(pattern.indices), np.arange(len(c.p))
    f = ca.Function("rows", [c.sx_x[columns.tolist()], c.sx_p], [c.sx_equations[rows.tolist()]])
    graph = Graph()
    x, p = (
        [graph.input(kind, k) for k in range(len(at))] for kind, at in ((X, columns), (P, inputs))
    )
    (outputs,) = graph.read(f, [x, p])
    at, error = dict[int, float](), dict[int, float]()
    start = {X: c.x[columns], P: c.p}
    for k in graph.live(outputs):
        code, number = graph.code[k], graph.number[k]
        if code in (X, P):
            at[k] = float(start[code][graph.left[k]])
        elif code == CONST:
            at[k] = float(number or 0.0)
        else:
            arguments = [graph.left[k], graph.right[k]][: ARITY[code]]
            values = [at[a] for a in arguments]
            at[k] = apply(code, values)
            slopes = _slopes(apply, code, values, at[k])
            error[k] = sum(s * error[a] for s, a in zip(slopes, arguments, strict=True))
        error[k] = error.get(k, 0.0) + EPS * abs(at[k])
    return np.array([error[k] for k in outputs])


def _slopes(apply: Apply, code: int, values: list[float], here: float) -> list[float]:
    """Sizes of the derivatives of one operation by its arguments, by differences."""
    found = []
    for k, v in enumerate(values):
        step = 1e-6 * abs(v) or 1e-9
        size = 0.0
        for move in (-step, step):
            there = apply(code, [*values[:k], v + move, *values[k + 1 :]])
            if np.isfinite(there):
                size = max(size, abs(there - here) / step)
        found.append(size)
    return found
