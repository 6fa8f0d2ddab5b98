"""Optimum of a model under its equations, bounds and inequalities."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import casadi as ca
import numpy as np
import numpy.typing as npt
import pyomo.environ as pyo
import scipy.sparse as sp
import scipy.sparse.linalg as sla
from pyomo.common.modeling import unique_component_name
from pyomo.core.base.block import BlockData as Block
from pyomo.core.base.constraint import ConstraintData
from pyomo.core.base.objective import ObjectiveData
from pyomo.core.base.var import VarData

from noxsolve.blockipopt import QUIET
from noxsolve.compiled import CompiledModel, without_gc
from noxsolve.diagnosis import has_steps, jumps_in
from noxsolve.errors import ModelError
from noxsolve.guard import heed
from noxsolve.square import SquareSolver
from noxsolve.status import Status
from noxsolve.structure import analyse

Vector = npt.NDArray[np.float64]
Active = tuple[VarData | ConstraintData, str, float]

STATUSES = {
    "Infeasible_Problem_Detected": Status.INFEASIBLE,
    "Restoration_Failed": Status.INFEASIBLE,
    "Maximum_Iterations_Exceeded": Status.ITERATION_LIMIT,
    "Diverging_Iterates": Status.UNBOUNDED,
    "Invalid_Number_Detected": Status.NOT_A_NUMBER,
}
LEAST_TRACE = 1e-12
"""Least size of a non-negative unknown over its nominal; smaller ones count as this large."""
DECIDED = 1e-6
"""Violation of an inequality on decided unknowns, in its scale, that counts as broken."""
REDUNDANT = 1e-12
"""Regularisation by which active rows that say the same do not make the last steps singular."""
ATTEMPTS: tuple[dict[str, Any], ...] = (
    {"ipopt.bound_push": 1e-6, "ipopt.bound_frac": 1e-6},
    {},
    {"ipopt.mu_strategy": "adaptive"},
)


@dataclass(frozen=True)
class Optimum:
    """End of an optimisation.

    Attributes:
        solved, status, message: how it ended.
        objective: value in the sense of the objective given (also for a maximum).
        iterations: of IPOPT, all attempts.
        active: (variable or constraint, "lower" or "upper", multiplier) for each bound and
            inequality that holds the optimum back; the multiplier is the derivative of the
            objective with respect to that bound, in the model's own units.
    """

    solved: bool
    status: Status
    objective: float
    iterations: int
    active: tuple[Active, ...]
    message: str


def minimise(
    model: Block,
    *,
    objective: Any,
    nominal: Mapping[VarData, float],
    start: SquareSolver | None = None,
    tolerance: float = 1e-9,
    max_iterations: int = 500,
) -> Optimum:
    """Minimise an expression (or meet an Objective's sense) over the unfixed variables.

    The start is the present values of the variables, or of `start` when given. Unknowns are
    scaled by `nominal`, equations by their row scales; IPOPT with exact second derivatives, then
    the nearest point on which equations and active limits hold to rounding. The answer is
    loaded into the model on success only; fixed variables stay fixed.
    Raises ModelError as CompiledModel does, and for equations that are too many.
    """
    if start is not None:
        start.load()
    with _alone(model, objective) as chosen, without_gc():
        problem = _Problem(CompiledModel(model), nominal)
        _refuse_jumps(problem.compiled, chosen)
        sign = 1.0 if chosen.sense == pyo.minimize else -1.0
    found = analyse(problem.compiled)
    if found.surplus:
        raise ModelError(found.message())
    broken = problem.leave_out(found.underdetermined_variables)
    if broken:
        message = f"{Status.INFEASIBLE.value} {broken}, whatever the free variables are."
        return Optimum(False, Status.INFEASIBLE, sign * problem.value(), 0, (), message)
    try:
        status, iterations = problem.run(tolerance, max_iterations)
    except KeyboardInterrupt:
        return Optimum(False, Status.INTERRUPTED, np.nan, 0, (), Status.INTERRUPTED.value)
    if status is Status.OPTIMAL:
        status = problem.polish()
    solved = status is Status.OPTIMAL
    if solved:
        problem.compiled.load()
    active = tuple((v, side, sign * m) for v, side, m in problem.active()) if solved else ()
    message = status.value if solved else f"{status.value} {problem.worst()}"
    return Optimum(solved, status, sign * problem.value(), iterations, active, message)


def _refuse_jumps(compiled: CompiledModel, objective: ObjectiveData) -> None:
    """Refuse functions that may jump: their slope is zero nearly everywhere, which says nothing."""
    if not has_steps(compiled):
        return
    rows = [*compiled.equations, *compiled.inequalities, objective]
    for row in rows:
        for found in jumps_in(row.name, row.expr):
            if found.function in ("floor", "ceil"):
                raise ModelError(found.words, Status.DISCONTINUOUS)


@contextmanager
def _alone(model: Block, objective: Any) -> Iterator[ObjectiveData]:
    """Make the given objective the only active one for a while."""
    others = list(model.component_data_objects(pyo.Objective, active=True))
    given = getattr(objective, "ctype", None) is pyo.Objective
    name = ""
    if not given:
        name = unique_component_name(model, "noxsolve_objective")
        model.add_component(name, pyo.Objective(expr=objective))
    chosen = objective if given else model.component(name)
    was_active = given and chosen.active
    try:
        for o in others:
            o.deactivate()
        chosen.activate()
        yield chosen
    finally:
        if not given:
            model.del_component(name)
        elif not was_active:
            chosen.deactivate()
        for o in others:
            o.activate()


class _Problem:
    """The scaled nonlinear program of one model."""

    def __init__(self, compiled: CompiledModel, nominal: Mapping[VarData, float]) -> None:
        c = self.compiled = compiled
        if not c.unknowns:
            raise ModelError("nothing to optimise: no unfixed variable occurs in the model")
        self.w = np.ones(len(c.x))
        for v, value in nominal.items():
            if not value > 0:
                raise ModelError(f"nominal of {v.name!r} is {value}; it must be a positive number")
            k = c.index(v)
            if k is not None:
                self.w[k] = value
        np.clip(c.x, c.lower, c.upper, out=c.x)
        self.size = self.w.copy()
        # A trace counts in its own size: in the plant's, it would seem to lie on its bound at zero.
        trace = (c.lower == 0) & (c.x > 0)
        self.w[trace] = np.clip(c.x, LEAST_TRACE * self.w, self.w)[trace]
        self.rows = ca.vertcat(c.sx_equations, c.sx_inequalities)
        self.low = np.concatenate([np.zeros(len(c.equations)), c.inequality_lower])
        self.high = np.concatenate([np.zeros(len(c.equations)), c.inequality_upper])
        arguments = [c.sx_x, c.sx_p]
        self.first = ca.Function("first", arguments, [self.rows, ca.jacobian(self.rows, c.sx_x)])
        self.objective = ca.Function(
            "objective", arguments, [c.sx_objective, ca.gradient(c.sx_objective, c.sx_x)]
        )
        self.scale = self._scale()
        gradient = np.abs(np.array(self.objective(c.x, c.p)[1], dtype=float).ravel()) * self.w
        largest = np.nan_to_num(gradient, posinf=0.0).max()
        self.f_scale = float(largest) if largest > 0 else 1.0
        self.lam_x, self.lam_g = np.zeros(len(c.x)), np.zeros(len(self.low))

    def leave_out(self, movable: Iterable[VarData]) -> str:
        """Leave out inequalities on what the equations decide alone; says which one is broken.

        They hold or not wherever the optimum is, and one that just holds would be active without
        holding anything back.
        """
        c, (g, matrix) = self.compiled, self._evaluate()
        moves = np.zeros(len(c.x), dtype=bool)
        moves[[k for v in movable if (k := c.index(v)) is not None]] = True
        matrix.data[:] = 1.0  # what occurs in a row, also where its derivative is zero now
        decided = np.asarray(matrix @ moves.astype(float)) == 0
        decided[: len(c.equations)] = False
        beyond = np.maximum(self.low - g, g - self.high) / self.scale
        self.low[decided], self.high[decided] = -np.inf, np.inf
        broken = np.flatnonzero(decided & ~(beyond <= DECIDED)).tolist()
        return f"{c.inequalities[broken[0] - len(c.equations)].name!r} is broken" if broken else ""

    def _scale(self, w: Vector | None = None) -> Vector:
        """max_j |J_ij| nominal_j of every row at the present point."""
        w = self.w if w is None else w
        _, matrix = self._evaluate()
        largest = np.zeros(len(self.low))
        entries = matrix.tocoo()
        size = np.abs(entries.data) * w[entries.col]
        np.maximum.at(largest, entries.row, np.where(np.isfinite(size), size, 0.0))
        return np.where(largest > 0, largest, 1.0)

    def _evaluate(self) -> tuple[Vector, sp.csc_matrix]:
        g, matrix = self.first(self.compiled.x, self.compiled.p)
        return np.array(g, dtype=float).ravel(), matrix.sparse()

    def value(self) -> float:
        """Objective in the sense of minimisation at the present point."""
        return float(self.objective(self.compiled.x, self.compiled.p)[0])

    def run(self, tolerance: float, limit: int) -> tuple[Status, int]:
        """IPOPT from the start, with other options when it fails; iterations are added up."""
        c, start, total, status = self.compiled, self.compiled.x.copy(), 0, Status.FAILED
        v = ca.SX.sym("v", len(c.x))
        f, g = ca.Function("fg", [c.sx_x, c.sx_p], [c.sx_objective, self.rows]).call(
            [v * ca.DM(self.w), ca.DM(c.p)]
        )
        problem = {"x": v, "f": f / self.f_scale, "g": ca.densify(g / ca.DM(self.scale))}
        for options in ATTEMPTS:
            every = QUIET | {
                "ipopt.nlp_scaling_method": "none",
                "ipopt.tol": tolerance,
                "ipopt.max_iter": limit,
            }
            solver = ca.nlpsol("optimum", "ipopt", problem, every | options)
            answer = solver(
                x0=start / self.w,
                lbx=c.lower / self.w,
                ubx=c.upper / self.w,
                lbg=self.low / self.scale,
                ubg=self.high / self.scale,
            )
            stats = solver.stats()
            heed(stats)
            total += int(stats["iter_count"])
            c.x[:] = np.array(answer["x"], dtype=float).ravel() * self.w
            self.lam_x = np.array(answer["lam_x"], dtype=float).ravel()
            self.lam_g = np.array(answer["lam_g"], dtype=float).ravel()
            if stats["success"]:
                return Status.OPTIMAL, total
            status = STATUSES.get(stats["return_status"], Status.FAILED)
        return status, total

    def _held(self) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
        """Which bounds and which inequality rows are active (by multiplier and distance)."""
        c, (g, _) = self.compiled, self._evaluate()
        near = np.minimum(c.x - c.lower, c.upper - c.x) < 1e-5 * self.w
        tight = np.minimum(g - self.low, self.high - g) < 1e-5 * self.scale
        tight[: len(c.equations)] = False
        return near & (np.abs(self.lam_x) > 1e-6), tight & (np.abs(self.lam_g) > 1e-6)

    def active(self) -> list[Active]:
        """Active bounds and inequalities with multipliers in the model's units."""
        c, (bounds, rows) = self.compiled, self._held()
        found: list[Active] = []
        for k in np.flatnonzero(bounds):
            m = -float(self.lam_x[k]) * self.f_scale / float(self.w[k])
            found.append((c.unknowns[k], "lower" if m > 0 else "upper", m))
        for k in np.flatnonzero(rows):
            m = -float(self.lam_g[k]) * self.f_scale / float(self.scale[k])
            found.append((c.inequalities[k - len(c.equations)], "lower" if m > 0 else "upper", m))
        return found

    def polish(self) -> Status:
        """Move to the nearest point on which equations and active limits hold to rounding."""
        c = self.compiled
        bounds, rows = self._held()
        bounds &= ~((c.lower == 0) & (c.x > 0))  # a trace is small, not at its bound
        c.x[:] = np.where(bounds, np.where(self.lam_x < 0, c.lower, c.upper), c.x)
        np.clip(c.x, c.lower, c.upper, out=c.x)
        free = np.flatnonzero(~bounds)
        if not self._project(free, rows):
            self._project(np.arange(len(c.x)), rows)
        g, _ = self._evaluate()
        beyond = np.maximum(self.low - g, g - self.high) / self._scale(self.size)
        outside = np.maximum(c.lower - c.x, c.x - c.upper) / self.size
        good = (beyond <= 1e-8).all() and (outside <= 1e-7).all()
        return Status.OPTIMAL if good else Status.NOT_CONVERGED

    def _project(self, free: npt.NDArray[np.int64], active: npt.NDArray[np.bool_]) -> bool:
        """Newton of least norm (in nominals) on equations and active rows; True if it converged."""
        c, saved = self.compiled, self.compiled.x.copy()
        rows = np.flatnonzero(active | (np.arange(len(active)) < len(c.equations)))
        target = np.where(self.lam_g[rows] < 0, self.low[rows], self.high[rows])
        for _ in range(8):
            g, matrix = self._evaluate()
            weight = 1 / self._scale()[rows]
            a = sp.diags(weight) @ matrix.tocsr()[rows][:, free] @ sp.diags(self.w[free])
            soft = -REDUNDANT * sp.identity(len(rows))
            system = sp.bmat([[sp.identity(len(free)), a.T], [a, soft]]).tocsc()
            right = np.concatenate([np.zeros(len(free)), (target - g[rows]) * weight])
            try:
                d = sla.splu(system).solve(right)[: len(free)]
            except RuntimeError:
                d = np.array([np.nan])
            if not np.abs(d).max(initial=0.0) < 1e-2:
                c.x[:] = saved
                return False
            c.x[free] += d * self.w[free]
            if np.abs(d).max(initial=0.0) < 1e-12:
                break
        return True

    def worst(self) -> str:
        """The row that is violated most, for messages."""
        g, _ = self._evaluate()
        if not len(g):
            return ""
        beyond = np.maximum(self.low - g, g - self.high) / self.scale
        k = int(np.argmax(np.where(np.isnan(beyond), np.inf, beyond)))
        name = [*self.compiled.equations, *self.compiled.inequalities][k].name
        return f"Worst: {name!r}, {beyond[k]:.1e} of its scale."
