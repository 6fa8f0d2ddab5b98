"""IPOPT and bonmin of the CasADi wheel as Pyomo solvers, in Pyomo's new and old interface."""

import contextlib
import datetime
import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import casadi as ca
import numpy as np
import pyomo.contrib.solver.common.solution_loader as loaders
import pyomo.environ as pyo
from pyomo.common.collections import ComponentMap
from pyomo.common.timing import HierarchicalTimer
from pyomo.contrib.solver.common.base import Availability, SolverBase
from pyomo.contrib.solver.common.config import SolverConfig
from pyomo.contrib.solver.common.factory import SolverFactory
from pyomo.contrib.solver.common.results import Results, SolutionStatus, TerminationCondition
from pyomo.contrib.solver.common.util import NoFeasibleSolutionError, NoOptimalSolutionError
from pyomo.core.base.block import BlockData as Block
from pyomo.core.base.constraint import ConstraintData
from pyomo.core.base.var import VarData
from pyomo.core.staleflag import StaleFlagManager

from noxsolve.call import Settings
from noxsolve.errors import ModelError
from noxsolve.minlp import PatientHighs, solve_bonmin
from noxsolve.nlp import Problem, Solved
from noxsolve.status import Status
from noxsolve.translate import active_objectives, translate

NAME = "noxsolve_ipopt"
"""Name under which Pyomo knows the solver for continuous variables."""

ENDS = {
    Status.OPTIMAL: TerminationCondition.convergenceCriteriaSatisfied,
    Status.INFEASIBLE: TerminationCondition.locallyInfeasible,
    Status.ITERATION_LIMIT: TerminationCondition.iterationLimit,
    Status.TIME_LIMIT: TerminationCondition.maxTimeLimit,
    Status.UNBOUNDED: TerminationCondition.unbounded,
    Status.INTERRUPTED: TerminationCondition.interrupted,
    Status.SHORT_STEP: TerminationCondition.minStepLength,
}
"""Status in Pyomo's words; every other status is `TerminationCondition.error`."""

_LOADED = (
    Status.INFEASIBLE,
    Status.ITERATION_LIMIT,
    Status.TIME_LIMIT,
    Status.SHORT_STEP,
    Status.NOT_CONFIRMED,
)

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
        """One, or none when the solver brought back no point."""
        return 1 if self._values else 0

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
        """Always: CasADi brings the solver along."""
        return Availability.FullLicense

    def version(self) -> tuple[int, ...]:
        """Version of CasADi."""
        return tuple(int(k) for k in ca.CasadiMeta.version().split("+")[0].split(".")[:3])

    def solve(self, model: Block, **options: Any) -> Results:
        """Solve a model; options as for any Pyomo solver (`solver_options`: those of IPOPT).

        Where the solver stops without an optimum, the last point is loaded if it has one, never
        under the name of an optimum; without a point (unbounded, Ctrl-C) nothing is loaded.

        Raises ModelError for what noxsolve does not support, by name, and for unknown options;
        NoOptimalSolutionError or NoFeasibleSolutionError as the configuration asks.
        """
        began, config = time.perf_counter(), self.config(value=options, preserve_implicit=True)
        StaleFlagManager.mark_all_as_stale()
        results = Results()
        results.solver_name, results.solver_version = self.name, self.version()
        results.solver_config, results.solver_log = config, ""
        results.timing_info.start_timestamp = datetime.datetime.now(datetime.UTC)
        timer = config.timer if config.timer is not None else HierarchicalTimer()
        results.timing_info.timer = timer
        try:
            message = self._fill(results, model, config, timer)
        except ModelError as error:
            if error.status is not Status.INFEASIBLE:
                raise
            message = str(error)
            results.solution_loader = Answer(model, {}, {}, {})
            results.termination_condition = TerminationCondition.provenInfeasible
            results.solution_status = SolutionStatus.noSolution
        results.extra_info.message = message
        results.timing_info.wall_time = time.perf_counter() - began
        _deliver(results, config, message)
        return results

    def _fill(self, results: Results, model: Block, config: Any, timer: HierarchicalTimer) -> str:
        """Translate, solve, and write the end into the results; returns the message."""
        with timing(timer, "translate"):
            problem = Problem(translate(model))
        settings = Settings(config.solver_options.value(), config.time_limit, tuple(config.tee))
        with timing(timer, "solve"):
            solved = self._run(problem, settings)
        sense = [o.sense for o in active_objectives(model)]
        sign = -1.0 if sense and sense[0] != pyo.minimize else 1.0
        results.solver_log = solved.log
        results.termination_condition = ENDS.get(solved.status, TerminationCondition.error)
        results.solution_status = _solution(solved)
        results.extra_info.iteration_count = solved.iterations
        results.extra_info.return_status = solved.raw
        results.extra_info.route = problem.translated.route
        if results.solution_status is SolutionStatus.noSolution:
            results.solution_loader = Answer(model, {}, {}, {})
        else:
            results.solution_loader = _answer(model, problem, solved, sign)
            results.incumbent_objective = sign * solved.f
        return solved.message

    def _run(self, problem: Problem, settings: Settings) -> Solved:
        problem.refuse_integers()
        return problem.solve(settings)


class NoxsolveBonmin(NoxsolveIpopt):
    """Bonmin in process: continuous and whole-number variables, exact for convex models."""

    CONFIG = SolverConfig()

    def _run(self, problem: Problem, settings: Settings) -> Solved:
        return solve_bonmin(problem, settings)


@contextlib.contextmanager
def timing(timer: HierarchicalTimer, name: str) -> Iterator[None]:
    """Count what is done within, also when it fails."""
    timer.start(name)
    try:
        yield
    finally:
        timer.stop(name)


def _deliver(results: Results, config: Any, message: str) -> None:
    """Raise or load, as the configuration asks."""
    status, end = results.solution_status, results.termination_condition
    if config.raise_exception_on_nonoptimal_result and status is not SolutionStatus.optimal:
        raise NoOptimalSolutionError(message)
    if not config.load_solutions:
        return
    if status is not SolutionStatus.noSolution:
        results.solution_loader.load_vars()
    elif end is TerminationCondition.error:
        error = NoFeasibleSolutionError()
        error.args = (message,)
        raise error


def _solution(solved: Solved) -> SolutionStatus:
    """What the point is worth: optimal only when solved and checked."""
    if solved.optimal:
        return SolutionStatus.optimal
    if solved.check is None or solved.status not in _LOADED:
        return SolutionStatus.noSolution
    return SolutionStatus.feasible if solved.check.feasible else SolutionStatus.infeasible


def _answer(model: Block, problem: Problem, solved: Solved, sign: float) -> Answer:
    """Pyomo's signs: d objective / d right side = minus CasADi's multiplier."""
    rows = problem.translated.constraints
    reduced, duals = (np.asarray(-sign * k).tolist() for k in (solved.lam_x, solved.lam_g))
    return Answer(
        model,
        ComponentMap(zip(problem.variables, solved.x.tolist(), strict=True)),
        ComponentMap(zip(rows, duals, strict=True)),
        ComponentMap(zip(problem.variables, reduced, strict=True)),
    )


_SOLVERS = {
    NAME: (NoxsolveIpopt, "IPOPT of the CasADi wheel, in process"),
    "noxsolve_bonmin": (NoxsolveBonmin, "bonmin of the CasADi wheel, in process"),
    "noxsolve_highs": (PatientHighs, "HiGHS that reports an infeasible MIP and does not raise"),
}


def register() -> None:
    """Register noxsolve's solvers with Pyomo's new and old SolverFactory; twice is harmless."""
    known = set(SolverFactory)
    for name, (solver, doc) in _SOLVERS.items():
        if name not in known:
            SolverFactory.register(name, doc=doc)(solver)
