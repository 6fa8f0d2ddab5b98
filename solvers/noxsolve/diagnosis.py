"""Why a model has no solution, or none from here: what blocks, and which inputs would give way.

Everything here looks at the present point of a solver, mostly the last solvable place of a
continuation (`SquareSolver.homotopy`), and names components; nothing is solved anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import casadi as ca
import numpy as np
import numpy.typing as npt
import scipy.sparse as sp
import scipy.sparse.linalg as sla
from pyomo.core.base.constraint import ConstraintData
from pyomo.core.base.var import VarData
from pyomo.core.expr.visitor import identify_variables

from noxsolve.compiled import CompiledModel
from noxsolve.errors import ModelError
from noxsolve.status import Status

if TYPE_CHECKING:
    from noxsolve.square import SquareSolver

Vector = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int64]

AT_BOUND = 1e-6
"""Distance from its bound, in nominals, at which an unknown counts as at it."""
KINKS = {"AbsExpression": "abs", "MinExpression": "min", "MaxExpression": "max"}
STEPS = {"Expr_ifExpression": "Expr_if", "floor": "floor", "ceil": "ceil"}
DEPENDENT = 1e-12
"""Smallest over largest singular value of equations that depend on one another."""
DENSE = 300
"""Largest block whose singular values are computed; those of larger ones are estimated."""
ROUGH = frozenset(
    [
        *(ca.OP_FLOOR, ca.OP_CEIL, ca.OP_SIGN, ca.OP_FABS, ca.OP_FMIN, ca.OP_FMAX, ca.OP_FMOD),
        *(ca.OP_LT, ca.OP_LE, ca.OP_EQ, ca.OP_NE, ca.OP_NOT, ca.OP_AND, ca.OP_OR),
        ca.OP_IF_ELSE_ZERO,
    ]
)
"""Operations of compiled functions that jump or have a kink."""
_SMOOTH: WeakKeyDictionary[CompiledModel, bool] = WeakKeyDictionary()
WIDE_DROP = 1e-3
"""Part of the largest entry below which an unknown does not count as moving with others."""


@dataclass(frozen=True)
class Jump:
    """A function in an equation that jumps or has a kink: abs, min, max, floor, ceil, Expr_if.

    `step` says whether it may jump; a kink is continuous, its slope is not.
    """

    equation: str
    function: str
    step: bool

    @property
    def words(self) -> str:
        """The finding and what to do, in a sentence."""
        what = "jumps" if self.step else "has a kink"
        return (
            f"{self.equation!r} holds {self.function!r} of unknowns, which {what}: write it smoothly"
            " or choose the branch by a fixed variable"
        )


def has_steps(compiled: CompiledModel) -> bool:
    """Whether any function of a compiled model, its objective included, rounds (floor, ceil)."""
    every = [compiled.sx_equations, compiled.sx_inequalities, compiled.sx_objective]
    return not _codes(compiled, every).isdisjoint({ca.OP_FLOOR, ca.OP_CEIL})


def _codes(compiled: CompiledModel, expressions: list[ca.SX]) -> set[int]:
    """Operations that some expressions of a compiled model are made of."""
    f = ca.Function("all", [compiled.sx_x, compiled.sx_p], expressions)
    return {f.instruction_id(k) for k in range(f.n_instructions())}


def refuse_rounding(
    x: ca.SX, objective: ca.SX, body: ca.SX, rows: Sequence[ConstraintData]
) -> None:
    """Refuse floor and ceil of the unknowns of an optimisation, naming the constraint.

    Their slope is zero nearly everywhere, so that any point could pass for an optimum.

    Args:
        x: the unknowns; what hangs on none of them is a number here.
        objective: the objective.
        body: the constraints, one row each.
        rows: the constraints, in that order.
    """
    rounding = {ca.OP_FLOOR, ca.OP_CEIL}
    f = ca.Function("all", [x], [objective, body])
    if rounding.isdisjoint(f.instruction_id(k) for k in range(f.n_instructions())):
        return
    where = "the objective"
    for k, row in enumerate(rows):
        f = ca.Function("row", [x], [body[k]])
        if not rounding.isdisjoint(f.instruction_id(i) for i in range(f.n_instructions())):
            where = repr(row.name)
            break
    raise ModelError(
        f"{where} rounds an unknown (floor or ceil), which jumps: write it smoothly, or with whole"
        " numbers as variables",
        Status.DISCONTINUOUS,
    )


def smooth(compiled: CompiledModel, row: int | None = None) -> bool:
    """Whether all equations (found once for a model), or one, have no functions with jump or kink."""
    if row is not None:
        return _codes(compiled, [compiled.sx_equations[row]]).isdisjoint(ROUGH)
    if compiled not in _SMOOTH:
        _SMOOTH[compiled] = _codes(compiled, [compiled.sx_equations]).isdisjoint(ROUGH)
    return _SMOOTH[compiled]


def jumps(compiled: CompiledModel, rows: Iterable[int], *, kinks: bool = True) -> list[Jump]:
    """Functions of unknowns in some equations that jump, those first, or have a kink."""
    if smooth(compiled):
        return []
    bodies = ((compiled.equations[r].name, compiled.equations[r].expr) for r in rows)
    found = [j for name, body in bodies for j in jumps_in(name, body)]
    return sorted((j for j in found if j.step or kinks), key=lambda j: not j.step)


def jumps_in(name: str, expression: Any) -> Iterator[Jump]:
    """Jumps and kinks of one expression, each function once."""
    seen = set()
    stack = [expression]
    while stack:
        e = stack.pop()
        if not getattr(e, "is_expression_type", lambda: False)():
            continue
        kind = e.__class__.__name__.removeprefix("NPV_")
        if kind == "UnaryFunctionExpression":
            kind = e.getname()
        function = KINKS.get(kind) or STEPS.get(kind)
        if function and function not in seen and _moves(e):
            seen.add(function)
            yield Jump(name, function, kind in STEPS)
        stack.extend(e.args)


def _moves(expression: Any) -> bool:
    return any(True for _ in identify_variables(expression, include_fixed=False))


def suspects(
    c: CompiledModel,
    rows: Indices | None = None,
    columns: Indices | None = None,
    *,
    most: int = 4,
) -> list[VarData]:
    """Unknowns that move together with no effect on the equations at the present point.

    They are the largest parts of the direction that the scaled equations shrink most; empty when
    the equations cannot be evaluated here. All equations and unknowns unless some are given.
    """
    c.evaluate()
    matrix = sp.csc_matrix((c.jacobian, c.row, c.column_start), shape=c.shape)
    every = np.arange(len(c.unknowns))
    columns = every if columns is None else columns
    matrix = (matrix if rows is None else matrix.tocsr()[rows]).tocsc()[:, columns]
    if not np.isfinite(matrix.data).all():
        return []
    a = matrix @ sp.diags(1.0 / _largest(matrix, 0))
    a = (sp.diags(1.0 / _largest(a, 1)) @ a).tocsc()
    normal = (a.T @ a + 1e-12 * sp.identity(a.shape[1])).tocsc()
    try:
        factors = sla.splu(normal)
    except RuntimeError:
        return []
    v = np.random.default_rng(0).standard_normal(a.shape[1])
    for _ in range(5):
        v = factors.solve(v)
        v /= np.linalg.norm(v)
    order = np.argsort(-np.abs(v), kind="stable")[:most]
    return [c.unknowns[columns[k]] for k in order if abs(v[k]) > WIDE_DROP * abs(v[order[0]])]


def dependent(solver: SquareSolver, rows: Indices, columns: Indices) -> bool:
    """Whether the equations of a block depend on one another at every point near the present one.

    They do when the scaled block is singular here and at two points around; a turning point, where
    it is singular here alone, does not count.
    """
    c, rng = solver.compiled, np.random.default_rng(0)
    kept = c.x.copy()
    try:
        for size in (0.0, 0.03, 0.1):
            c.x[columns] = kept[columns]
            c.x[columns] += size * solver.nominal[columns] * rng.uniform(-1, 1, len(columns))
            c.evaluate()
            matrix = sp.csc_matrix((c.jacobian, c.row, c.column_start), shape=c.shape)
            block = (matrix.tocsr()[rows][:, columns] @ sp.diags(solver.nominal[columns])).tocsc()
            if not np.isfinite(block.data).all():
                return False
            block = (sp.diags(1.0 / _largest(block, 1)) @ block).tocsc()
            if _smallest_share(block) > DEPENDENT:
                return False
        return True
    finally:
        c.x[:] = kept
        c.evaluate()


def _smallest_share(block: sp.csc_matrix) -> float:
    """Smallest over largest singular value of a block; an estimate where it is large."""
    size = block.shape[0]
    if size <= DENSE:
        values = np.linalg.svd(block.toarray(), compute_uv=False)
        return float(values[-1] / max(values[0], 1e-300))
    try:
        factors = sla.splu(block)
    except RuntimeError:
        return 0.0
    v = np.random.default_rng(0).standard_normal(size)
    smallest = np.inf
    for _ in range(4):
        w = factors.solve(factors.solve(v / np.linalg.norm(v)), trans="T")
        smallest = min(smallest, 1.0 / np.sqrt(np.linalg.norm(w)))
        v = w
    return float(smallest / max(np.sqrt(abs(block).sum(axis=0).max()), 1.0))


def _largest(matrix: Any, axis: int) -> Vector:
    size = np.asarray(abs(matrix).max(axis=axis).todense(), dtype=float).ravel()
    return np.where(size > 1e-300, size, 1.0)  # the inverse of less is no number


@dataclass(frozen=True)
class AtBound:
    """An unknown at a bound: `side` is "lower" or "upper", values in its own unit."""

    unknown: VarData
    side: str
    value: float
    bound: float


def at_bounds(solver: SquareSolver, tolerance: float = AT_BOUND) -> list[AtBound]:
    """Unknowns at their bounds at the present point, the nearest (or farthest beyond) first."""
    c = solver.compiled
    room = np.minimum(c.x - c.lower, c.upper - c.x) / solver.nominal
    found = []
    for k in np.argsort(room, kind="stable"):
        if not room[k] < tolerance:
            break
        low = c.x[k] - c.lower[k] <= c.upper[k] - c.x[k]
        bound = float(c.lower[k] if low else c.upper[k])
        found.append(AtBound(c.unknowns[k], "lower" if low else "upper", float(c.x[k]), bound))
    return found


def largest_residuals(solver: SquareSolver, most: int = 5) -> list[tuple[ConstraintData, float]]:
    """Equations that hold least at the present point, with residual over the equation's scale."""
    c = solver.compiled
    c.evaluate()
    scale = np.ones(len(c.equations))
    scale[solver.whole.rows] = solver.newton.row_scale(solver.whole)
    size = np.abs(c.residual) / scale
    size[np.isnan(size)] = np.inf
    order = np.argsort(-size, kind="stable")[:most]
    return [(c.equations[k], float(size[k])) for k in order]


@dataclass(frozen=True)
class Move:
    """What one input alone would have to do to clear a shortfall, to first order.

    Attributes:
        input: the fixed variable.
        slope: change of the margin per unit of the input.
        value, wanted: present value, and the value that would do, own unit.
        limit: end of its range in that direction, own unit.
        share: part of its room in that direction that this takes; above 1 it does not suffice.
    """

    input: VarData
    slope: float
    value: float
    wanted: float
    limit: float
    share: float


def moves(
    solver: SquareSolver,
    margin: Any,
    shortfall: float,
    ranges: Mapping[VarData, tuple[float, float]],
) -> list[Move]:
    """Inputs whose change would give a margin what it lacks, the least part of its range first.

    Args:
        solver: a solver at a solved point.
        margin: unknown or Pyomo expression that must not be negative.
        shortfall: by how much it has to grow, > 0, in its own unit.
        ranges: inputs that may move, each with its lowest and highest value.

    Raises ModelError as `sensitivities` does, so at a turning point, where the equations are
    singular.
    """
    from noxsolve.sensitivity import sensitivities

    c = solver.compiled
    inputs = [v for v in ranges if c.input_index(v) is not None]
    slopes = sensitivities(solver, [margin], inputs)[0] if inputs else np.zeros(0)
    found = []
    for v, slope in zip(inputs, slopes.tolist(), strict=True):
        if slope == 0.0 or not np.isfinite(slope):
            continue
        value = float(c.p[c.input_index(v)])
        limit = ranges[v][1] if slope > 0 else ranges[v][0]
        room = abs(limit - value)
        change = shortfall / slope
        share = abs(change) / room if room > 0 else np.inf
        if np.isfinite(share):
            found.append(Move(v, slope, value, value + change, limit, share))
    return sorted(found, key=lambda m: m.share)
