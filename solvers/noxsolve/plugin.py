"""IPOPT of the CasADi wheel as the Pyomo solver "noxsolve_ipopt"."""

import datetime
import time
from collections.abc import Mapping, Sequence
from typing import Any

import casadi as ca
import numpy as np
import pyomo.contrib.solver.common.solution_loader as loaders
import pyomo.environ as pyo
from pyomo.common.collections import ComponentMap
from pyomo.contrib.solver.common.base import Availability, SolverBase
from pyomo.contrib.solver.common.config import SolverConfig
from pyomo.contrib.solver.common.factory import SolverFactory
from pyomo.contrib.solver.common.results import Results, SolutionStatus, TerminationCondition
from pyomo.contrib.solver.common.util import NoFeasibleSolutionError, NoOptimalSolutionError
from pyomo.core.base.block import BlockData as Block
from pyomo.core.base.constraint import ConstraintData
from pyomo.core.base.var import VarData
from pyomo.core.staleflag import StaleFlagManager

from noxsolve.errors import ModelError
from noxsolve.translate import Translated, active_objectives, translate

NAME = "noxsolve_ipopt"

_NONE = SolutionStatus.noSolution
_ENDS = {
    "Infeasible_Problem_Detected": (
        TerminationCondition.locallyInfeasible,
        SolutionStatus.infeasible,
    ),
    "Maximum_Iterations_Exceeded": (TerminationCondition.iterationLimit, _NONE),
    "Maximum_WallTime_Exceeded": (TerminationCondition.maxTimeLimit, _NONE),
    "Maximum_CpuTime_Exceeded": (TerminationCondition.maxTimeLimit, _NONE),
    "Diverging_Iterates": (TerminationCondition.unbounded, _NONE),
}

_Base: Any = getattr(loaders, "SolutionLoader", None) or loaders.SolutionLoaderBase


class Answer(_Base):
    """Values, duals and reduced costs of one solve, in Pyomo's signs."""

    def __init__(
        self,
        model: Block,
        values: Mapping[VarData, float],
        duals: Mapping[ConstraintData, float],
        reduced_costs: Mapping[VarData, float],
    ) -> None:
        self._pyomo_model = model
        self._values, self._duals, self._reduced = values, duals, reduced_costs

    def get_number_of_solutions(self) -> int:
        """One, always."""
        return 1

    def get_vars(self, vars_to_load: Sequence[VarData] | None = None) -> Mapping[VarData, float]:
        """Values of the given variables, of all without an argument."""
        return _chosen(self._values, vars_to_load)

    def get_primals(self, vars_to_load: Sequence[VarData] | None = None) -> Mapping[VarData, float]:
        """Name of `get_vars` in older Pyomo."""
        return _chosen(self._values, vars_to_load)

    def load_vars(self, vars_to_load: Sequence[VarData] | None = None) -> None:
        """Write values into the variables."""
        for v, value in _chosen(self._values, vars_to_load).items():
            v.set_value(value, skip_validation=True)
        StaleFlagManager.mark_all_as_stale(delayed=True)

    def get_duals(
        self, cons_to_load: Sequence[ConstraintData] | None = None
    ) -> Mapping[ConstraintData, float]:
        """Change of the objective per unit of each right side."""
        return _chosen(self._duals, cons_to_load)

    def get_reduced_costs(
        self, vars_to_load: Sequence[VarData] | None = None
    ) -> Mapping[VarData, float]:
        """Change of the objective per unit of the active bound of each variable."""
        return _chosen(self._reduced, vars_to_load)


def _chosen(values: Mapping[Any, float], keys: Sequence[Any] | None) -> Mapping[Any, float]:
    return values if keys is None else ComponentMap((k, values[k]) for k in keys)


class NoxsolveIpopt(SolverBase):
    """IPOPT in process, with exact first and second derivatives; continuous variables only."""

    CONFIG = SolverConfig()

    def available(self) -> Availability:
        """Always: CasADi brings IPOPT along."""
        return Availability.FullLicense

    def version(self) -> tuple[int, ...]:
        """Version of CasADi."""
        return tuple(int(k) for k in ca.CasadiMeta.version().split("+")[0].split(".")[:3])

    def solve(self, model: Block, **options: Any) -> Results:
        """Solve a model; options as for any Pyomo solver (`solver_options`: those of IPOPT).

        Raises ModelError for integer variables and what noxsolve does not support,
        NoOptimalSolutionError or NoFeasibleSolutionError as the configuration asks.
        """
        began, config = time.perf_counter(), self.config(value=options, preserve_implicit=True)
        StaleFlagManager.mark_all_as_stale()
        t = translate(model)
        sense = [o.sense for o in active_objectives(model)]
        sign = -1.0 if sense and sense[0] != pyo.minimize else 1.0
        answer, stats, free = _run(t, config)
        results = Results()
        results.solver_name, results.solver_version = NAME, self.version()
        results.solver_config, results.solver_log = config, ""
        ok, status = bool(stats["success"]), str(stats["return_status"])
        done = TerminationCondition.convergenceCriteriaSatisfied, SolutionStatus.optimal
        condition = done if ok else _ENDS.get(status, (TerminationCondition.error, _NONE))
        results.termination_condition, results.solution_status = condition
        results.extra_info.iteration_count = stats.get("iter_count")
        results.extra_info.return_status = status
        results.timing_info.start_timestamp = datetime.datetime.now(datetime.UTC)
        results.solution_loader = _answer(model, t, answer, free, sign)
        results.incumbent_objective = sign * float(answer["f"]) if ok else None
        results.timing_info.wall_time = time.perf_counter() - began
        if config.raise_exception_on_nonoptimal_result and not ok:
            raise NoOptimalSolutionError(f"IPOPT ended with {status}")
        if config.load_solutions and not ok:
            raise NoFeasibleSolutionError
        if config.load_solutions:
            results.solution_loader.load_vars()
        return results


def _run(t: Translated, config: Any) -> tuple[Any, Any, list[int]]:
    """Call IPOPT on the unfixed variables; returns answer, statistics and their positions."""
    free = [k for k, v in enumerate(t.variables) if not v.fixed]
    for k in free:
        if not t.variables[k].is_continuous():
            raise ModelError(f"variable {t.variables[k].name!r} takes whole numbers only; fix it")
    x = ca.SX.sym("x", len(free))
    z = ca.SX([0.0 if v.value is None else float(v.value) for v in t.variables])
    start = np.array(ca.DM(z)[free], dtype=float).ravel()
    z[free] = x
    f, g = ca.Function("model", [t.symbols], [t.objective, t.body]).call([z])
    variables = [t.variables[k] for k in free]
    options: dict[str, Any] = {
        "print_time": False,
        "error_on_fail": False,
        "show_eval_warnings": False,
        "ipopt.print_level": 5 if config.tee else 0,
        "ipopt.sb": "yes",
    }
    if config.time_limit is not None:
        options["ipopt.max_wall_time"] = float(config.time_limit)
    for name, value in config.solver_options.items():
        options[f"ipopt.{name}"] = value
    solver = ca.nlpsol("model", "ipopt", {"x": x, "f": f, "g": ca.densify(g)}, options)
    answer = solver(
        x0=start,
        lbx=[-np.inf if v.lb is None else v.lb for v in variables],
        ubx=[np.inf if v.ub is None else v.ub for v in variables],
        lbg=t.lower,
        ubg=t.upper,
    )
    return answer, solver.stats(), free


def _answer(model: Block, t: Translated, answer: Any, free: list[int], sign: float) -> Answer:
    """Pyomo's signs: d objective / d right side = minus CasADi's multiplier."""
    variables = [t.variables[k] for k in free]
    values = np.array(answer["x"], dtype=float).ravel().tolist()
    reduced = (-sign * np.array(answer["lam_x"], dtype=float).ravel()).tolist()
    duals = (-sign * np.array(answer["lam_g"], dtype=float).ravel()).tolist()
    return Answer(
        model,
        ComponentMap(zip(variables, values, strict=True)),
        ComponentMap(zip(t.constraints, duals, strict=True)),
        ComponentMap(zip(variables, reduced, strict=True)),
    )


def register() -> None:
    """Register "noxsolve_ipopt" with Pyomo's new and old SolverFactory; twice is harmless."""
    if NAME not in set(SolverFactory):
        SolverFactory.register(NAME, doc="IPOPT of the CasADi wheel, in process")(NoxsolveIpopt)
