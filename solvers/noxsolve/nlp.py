"""One nonlinear problem for IPOPT in process, checked afterwards: see `noxsolve.verify`."""

from dataclasses import dataclass, replace
from time import perf_counter
from typing import Any

import casadi as ca
import numpy as np
import numpy.typing as npt
from pyomo.core.base.var import VarData
from scipy.sparse.linalg import lsqr

from noxsolve.call import Call, Settings, run
from noxsolve.curvature import left_saddles
from noxsolve.diagnosis import refuse_rounding
from noxsolve.errors import ModelError
from noxsolve.large import large_options
from noxsolve.status import Status
from noxsolve.translate import Translated, show
from noxsolve.verify import SHARP, SMALL, Check, Checker, Limits, Point

Vector = npt.NDArray[np.float64]

RAW = {
    "Solve_Succeeded": Status.OPTIMAL,
    "Solved_To_Acceptable_Level": Status.OPTIMAL,
    "Feasible_Point_Found": Status.OPTIMAL,
    "Infeasible_Problem_Detected": Status.INFEASIBLE,
    "Maximum_Iterations_Exceeded": Status.ITERATION_LIMIT,
    "Maximum_WallTime_Exceeded": Status.TIME_LIMIT,
    "Maximum_CpuTime_Exceeded": Status.TIME_LIMIT,
    "Diverging_Iterates": Status.UNBOUNDED,
    "User_Requested_Stop": Status.INTERRUPTED,
    "Not_Enough_Degrees_Of_Freedom": Status.TOO_MANY_EQUATIONS,
    "Invalid_Number_Detected": Status.NOT_A_NUMBER,
    "Search_Direction_Becomes_Too_Small": Status.SHORT_STEP,
    "SUCCESS": Status.OPTIMAL,
    "INFEASIBLE": Status.INFEASIBLE,
    "CONTINUOUS_UNBOUNDED": Status.UNBOUNDED,
    "LIMIT_EXCEEDED": Status.TIME_LIMIT,
    "USER_INTERRUPT": Status.INTERRUPTED,
}
"""What IPOPT and bonmin say, in the one list of ends; everything else is `Status.FAILED`."""

DEEP = 1e15
"""How far below its start a feasible objective lies, relative to it, that has no limit."""

WARM: dict[str, Any] = {"warm_start_init_point": "yes", "mu_init": 1e-7} | {
    f"warm_start_{k}": 1e-9
    for k in (
        *("bound_push", "bound_frac", "slack_bound_push", "slack_bound_frac"),
        "mult_bound_push",
    )
}
"""Options of IPOPT for a start with multipliers at the answer."""

_WANTING = (Status.TIME_LIMIT, Status.ITERATION_LIMIT, Status.SHORT_STEP, Status.FAILED)
_BOTTOMLESS = (Status.SHORT_STEP, Status.ITERATION_LIMIT, Status.FAILED, Status.NOT_A_NUMBER)

ABSOLUTE = 1e-6
"""Violation in the model's own numbers from which an answer is sharpened (IPOPT widens bounds in
proportion to their value: 1e-4 on a bound of 1e4)."""


@dataclass(frozen=True)
class Solved:
    """End of a solve of a `Problem`.

    Attributes:
        status, message: how it ended; the message names components.
        raw, iterations, log: the solver's own word, count and log.
        x, f: last point, and objective there in the sense of minimisation.
        lam_g, lam_x: multipliers in CasADi's signs (f + lam_g g + lam_x x is stationary).
        check: what was found at the point; None when there is no point of numbers.
    """

    status: Status
    message: str
    raw: str
    iterations: int
    log: str
    x: Vector
    f: float
    lam_g: Vector
    lam_x: Vector
    check: Check | None

    @property
    def optimal(self) -> bool:
        """Solved and passed the check."""
        return self.status is Status.OPTIMAL


class Problem:
    """Free variables of a translated model: start, bounds, objective and rows of them alone.

    Raises ModelError, naming the variable, for values and bounds that are no numbers and for
    crossed bounds. A variable without a value starts from zero, moved into its bounds.
    """

    def __init__(self, t: Translated) -> None:
        self.translated = t
        free = [k for k, v in enumerate(t.variables) if not v.fixed]
        self.variables = [t.variables[k] for k in free]
        low, high = np.array([_bounds(v) for v in self.variables]).reshape(-1, 2).T
        start = np.clip([_value(v) for v in self.variables], low, high)
        for k in np.flatnonzero(t.lower > t.upper):
            text = f"constraint {t.constraints[k].name!r} leaves no room between"
            raise ModelError(f"{text} {t.lower[k]:g} and {t.upper[k]:g}", Status.CROSSED_BOUNDS)
        self.limits = Limits(low, high, t.lower, t.upper, start)
        self.integer = np.array([not v.is_continuous() for v in self.variables], dtype=bool)
        values = [_fixed_value(v) if v.fixed else 0.0 for v in t.variables]
        self.x = ca.SX.sym("x", len(free))
        z = ca.SX(ca.DM(values)) if values else ca.SX(0, 1)
        if free:
            z[free] = self.x
        f, g = ca.Function("model", [t.symbols], [t.objective, t.body]).call([z])
        self.f, self.g = ca.densify(f), ca.densify(g)
        refuse_rounding(self.x, self.f, self.g, t.constraints)
        self._large = large_options(self.x, self.f, self.g)
        self._checker: Checker | None = None
        self.jacobian: ca.Function | None = None
        self.hessian: ca.Function | None = None

    def refuse_integers(self) -> None:
        """Raise ModelError, naming them, when variables must be whole numbers."""
        names = [repr(v.name) for v, k in zip(self.variables, self.integer, strict=True) if k]
        if names:
            subject = f"variable {names[0]} takes" if len(names) == 1 else f"{show(names)} take"
            raise ModelError(
                f"{subject} whole numbers only; fix, relax (core.relax_integer_vars), or solve"
                " with noxsolve_bonmin",
                Status.UNSUPPORTED,
            )

    def solve(self, settings: Settings) -> Solved:
        """IPOPT from the start; an answer that fails the check is sharpened once, or refused.

        A confirmed answer that is a saddle is left for a lower one.
        """
        if not self.variables:
            return self._constant()
        began = perf_counter()
        solved = self._confirmed(settings)
        if settings.time_limit is not None:
            settings = replace(settings, time_limit=settings.time_limit - perf_counter() + began)
        late = settings.time_limit is not None and settings.time_limit <= 0
        return solved if late or not solved.optimal else left_saddles(self, settings, solved)

    def _confirmed(self, settings: Settings) -> Solved:
        first = self.attempt(settings)
        if first.check is None:
            return first
        if not first.optimal:
            return self._reached(first, first.check)
        good = first.check.feasible and first.check.stationary
        if good and first.check.sharp and first.check.absolute <= ABSOLUTE:
            return first
        for warm in (True, False) if good else (False,):
            second = self._sharpened(settings, first, first.check, warm)
            after = second.check if second.optimal else None
            if after is None or not after.feasible:
                continue
            if after.stationary or not first.check.feasible:
                return second if after.stationary else self._refused(second)
        return first if good else self._refused(first)

    def _reached(self, solved: Solved, check: Check) -> Solved:
        """An end for want of time or of smaller steps, but at a point at which everything holds."""
        holds = check.feasible and check.absolute <= ABSOLUTE and check.exact
        if solved.status not in _WANTING or not holds:
            return solved
        message = f"{Status.OPTIMAL.value} IPOPT itself ended with {solved.raw}."
        return replace(solved, status=Status.OPTIMAL, message=message)

    def attempt(self, settings: Settings) -> Solved:
        """One call of IPOPT on the problem as it is, with the check at its end."""
        o = self.limits
        problem = {"x": self.x, "f": self.f, "g": self.g}
        bounds = {"lbx": o.x_low, "ubx": o.x_high, "lbg": o.g_low, "ubg": o.g_high}
        settings = replace(settings, options={**self._large, **settings.options})
        call = run("ipopt", problem, settings, {"x0": o.start, **bounds})
        if self._checker is None and not call.interrupted:
            known = call.solver.get_function
            self.jacobian = known("nlp_jac_g")
            self._checker = Checker(known("nlp_grad_f"), self.jacobian, o)
            if call.solver.has_function("nlp_hess_l"):
                self.hessian = known("nlp_hess_l")
        return self.judged(call)

    def _sharpened(self, settings: Settings, first: Solved, check: Check, warm: bool) -> Solved:
        """Solve again from the answer: bounds as given, tiny rows and objectives enlarged.

        A warm solve takes the multipliers along, and ends after a few steps.
        """
        o = self.limits
        rows = np.clip(check.row_scale, 1e-12, 1.0)
        slope = float(np.clip(check.slope, 1e-12, 1.0))
        problem = {"x": self.x, "f": self.f / slope, "g": self.g / ca.DM(rows)}
        options: dict[str, Any] = {"bound_relax_factor": 0.0}
        options |= {"bound_push": 1e-8, "bound_frac": 1e-8}
        options["compl_inf_tol"] = 1e-6 * max(1.0, abs(first.f)) / slope
        if check.blurred:
            options["tol"] = 1e-8 * max(1e-4, max(SMALL, SHARP * check.size) / check.slack)
        arguments = {
            "x0": np.clip(first.x, o.x_low, o.x_high),
            "lbx": o.x_low,
            "ubx": o.x_high,
            "lbg": o.g_low / rows,
            "ubg": o.g_high / rows,
        }
        if warm:
            options |= WARM
            arguments |= {"lam_x0": first.lam_x / slope, "lam_g0": first.lam_g * rows / slope}
        settings = replace(settings, options={**self._large, **options, **settings.options})
        call = run("ipopt", problem, settings, arguments)
        call = replace(
            call,
            f=call.f * slope,
            lam_g=call.lam_g * slope / rows,
            lam_x=call.lam_x * slope,
            iterations=first.iterations + call.iterations,
            log=first.log + call.log,
        )
        return self.judged(call)

    def check(self, x: Vector) -> Check:
        """What holds at a point without multipliers; after a first attempt."""
        if self._checker is None:
            raise RuntimeError("a point can be checked only after a first attempt")
        return self._checker.check(Point(x, np.zeros(len(self.limits.g_low)), np.zeros(len(x))))

    def multipliers(self, x: Vector) -> Vector:
        """Multipliers of the equations that balance the objective's gradient best at a point."""
        lam = np.zeros(len(self.limits.g_low))
        if self.jacobian is None:
            return lam
        same = self.limits.g_low == self.limits.g_high
        matrix = self.jacobian(x, [])[1].sparse().tocsr()[same]
        slope = ca.Function("slope", [self.x], [ca.gradient(self.f, self.x)])(x)
        right = -np.array(ca.densify(slope), dtype=float).ravel()
        lam[same] = lsqr(matrix.T, right, atol=1e-14, btol=1e-14)[0]
        return lam

    def judged(self, call: Call) -> Solved:
        """Add the status and the check to what a solver brought back."""
        status = Status.INTERRUPTED if call.interrupted else RAW.get(call.raw, Status.FAILED)
        check = None
        if np.isfinite(call.x).all() and self._checker is not None:
            check = self._checker.check(Point(call.x, call.lam_g, call.lam_x))
            if status in _BOTTOMLESS and check.feasible and self._deep(call.f):
                status = Status.UNBOUNDED
        elif status is Status.OPTIMAL:
            status = Status.FAILED
        return Solved(
            status=status,
            message=self._words(status, call.raw, check),
            raw=call.raw,
            iterations=call.iterations,
            log=call.log,
            x=call.x,
            f=call.f,
            lam_g=call.lam_g,
            lam_x=call.lam_x,
            check=check,
        )

    def _deep(self, f: float) -> bool:
        """Whether the objective is so far below its start that nothing holds it."""
        start = float(ca.Function("f", [self.x], [self.f])(self.limits.start))
        return bool(f < -DEEP * max(1.0, abs(start) if np.isfinite(start) else 1.0))

    def _words(self, status: Status, raw: str, check: Check | None) -> str:
        """Sentence for the end of a solve, with the place where there is one."""
        if status is Status.OPTIMAL:
            return status.value
        text = f"{status.value} IPOPT ended with {raw}."
        if status is Status.TOO_MANY_EQUATIONS:
            o = self.limits
            equations = int(np.sum(o.g_low == o.g_high))
            return f"{text} {equations} equations for {int(np.sum(o.x_low < o.x_high))} unknowns."
        if status is Status.NOT_A_NUMBER:
            return f"{text} {self._not_numbers()}"
        if status is Status.UNBOUNDED or check is None:
            return text
        return f"{text} {self.place(check)}"

    def place(self, check: Check) -> str:
        """Worst row or bound of a check, in words."""
        if check.row >= 0 and check.row_violation >= check.bound_violation:
            name = self.translated.constraints[check.row].name
            return f"Worst row {name!r}, violated by {check.row_violation:.3g} of its scale."
        if check.column >= 0 and check.bound_violation > 0:
            v, size = self.variables[check.column], check.bound_violation
            return f"Worst bound: of {v.name!r}, violated by {size:.3g} of its value."
        return "All rows and bounds hold."

    def _not_numbers(self) -> str:
        """Rows that cannot be evaluated at the start, by name."""
        function = ca.Function("start", [self.x], [self.f, self.g])
        f, g = function(self.limits.start)
        bad = np.flatnonzero(~np.isfinite(np.array(g, dtype=float).ravel()))
        names = [self.translated.constraints[k].name for k in bad]
        names += [] if np.isfinite(float(f)) else ["the objective"]
        if not names:
            return "A derivative is not a number at the start, or a row on the way."
        return f"At the start these are no numbers: {show(names)}; change the start values."

    def _refused(self, solved: Solved) -> Solved:
        """An answer that IPOPT calls solved and the check does not."""
        check = solved.check
        if check is not None and check.feasible:
            place = (
                f"The rows hold, but the first-order conditions are off: gradient by"
                f" {check.stationarity:.3g}, multipliers away from their limits by"
                f" {check.complementarity:.3g}."
            )
        else:
            place = "" if check is None else self.place(check)
        message = f"{Status.NOT_CONFIRMED.value} IPOPT ended with {solved.raw}. {place}"
        return replace(solved, status=Status.NOT_CONFIRMED, message=message)

    def _constant(self) -> Solved:
        """All variables are fixed: nothing to solve, only to check."""
        empty, one = np.zeros(0), ca.SX(0, 1)
        functions = (
            ca.Function("f", [self.x, one], [self.f, ca.SX(0, 1)]),
            ca.Function("g", [self.x, one], [self.g, ca.SX(self.g.numel(), 0)]),
        )
        f = float(functions[0](empty, [])[0])
        self._checker = Checker(functions[0], functions[1], self.limits)
        check = self._checker.check(Point(empty, np.zeros(self.g.numel()), empty))
        ok = check.feasible and np.isfinite(f)
        status = Status.OPTIMAL if ok else Status.INFEASIBLE
        message = status.value if ok else f"{status.value} All variables are fixed."
        return Solved(
            status=status,
            message=message if ok else f"{message} {self.place(check)}",
            raw="nothing to solve",
            iterations=0,
            log="",
            x=empty,
            f=f,
            lam_g=np.zeros(self.g.numel()),
            lam_x=empty,
            check=check,
        )


def _bounds(v: VarData) -> tuple[float, float]:
    """Bounds of a variable, its domain included; infinite where there is none."""
    low, high = v.bounds
    low = -np.inf if low is None else float(low)
    high = np.inf if high is None else float(high)
    if np.isnan(low) or np.isnan(high) or low == np.inf or high == -np.inf:
        raise ModelError(f"variable {v.name!r} has the bounds {low}, {high}; give numbers")
    if low > high:
        raise ModelError(
            f"variable {v.name!r} has the lower bound {low} above its upper bound {high}",
            Status.CROSSED_BOUNDS,
        )
    return low, high


def _value(v: VarData) -> float:
    """Start of a free variable; zero when it has none."""
    if v.value is None:
        return 0.0
    return _finite(v)


def _fixed_value(v: VarData) -> float:
    if v.value is None:
        raise ModelError(f"variable {v.name!r} is fixed without a value", Status.NO_START)
    return _finite(v)


def _finite(v: VarData) -> float:
    value: Any = v.value
    if not np.isfinite(value):
        raise ModelError(
            f"variable {v.name!r} has the value {value}; give it a finite number", Status.NO_START
        )
    return float(value)
