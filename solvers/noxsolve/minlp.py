"""Whole numbers: bonmin in process, and Pyomo's decomposition methods over in-process solvers.

GDPopt and MindtPy decompose a model into an NLP, solved by "noxsolve_ipopt", and a MIP, solved by
"noxsolve_highs" (HiGHS; the extra `mip`).
"""

import contextlib
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pyomo.environ as pyo
from pyomo.contrib.solver.common.base import Availability
from pyomo.contrib.solver.common.results import Results, SolutionStatus
from pyomo.contrib.solver.solvers.highs import Highs

from noxsolve.call import Settings, run
from noxsolve.errors import MissingPackage
from noxsolve.nlp import Problem, Solved
from noxsolve.status import Status

WHOLE = 1e-5
"""Distance from a whole number that bonmin's answers may have before they are rounded."""


def solve_bonmin(problem: Problem, settings: Settings) -> Solved:
    """Branch and bound by bonmin; its whole numbers are then held and IPOPT sharpens the rest.

    The multipliers are those of the problem with the whole numbers held. Bonmin is exact for
    convex models; for others its answer is a local one, and so is "infeasible".
    """
    if not problem.variables:
        return problem.solve(settings)
    o, whole = problem.limits, problem.integer
    call = run(
        "bonmin",
        {"x": problem.x, "f": problem.f, "g": problem.g},
        settings,
        {"x0": o.start, "lbx": o.x_low, "ubx": o.x_high, "lbg": o.g_low, "ubg": o.g_high},
        {"discrete": whole.tolist()},
    )
    solved = problem.judged(replace(call, lam_g=0 * call.lam_g, lam_x=0 * call.lam_x))
    if not np.isfinite(call.x).all() or call.interrupted or call.raw != "SUCCESS":
        status = Status.FAILED if solved.status is Status.OPTIMAL else solved.status
        return replace(solved, status=status, message=_words(status, call.raw))
    rounded = np.round(call.x)
    if np.max(np.abs(call.x - rounded)[whole], initial=0.0) > WHOLE:
        message = f"{Status.NOT_CONFIRMED.value} Bonmin's whole numbers are none."
        return replace(solved, status=Status.NOT_CONFIRMED, message=message)
    held = Problem(problem.translated)
    held.limits = replace(
        o,
        x_low=np.where(whole, rounded, o.x_low),
        x_high=np.where(whole, rounded, o.x_high),
        start=np.where(whole, rounded, np.clip(call.x, o.x_low, o.x_high)),
    )
    final = held.solve(Settings(tee=settings.tee))
    return replace(final, log=call.log + final.log, iterations=call.iterations + final.iterations)


def _words(status: Status, raw: str) -> str:
    return f"{status.value} Bonmin ended with {raw}."


class PatientHighs(Highs):
    """HiGHS that reports an infeasible MIP, which GDPopt and MindtPy expect, and does not raise."""

    def available(self) -> Availability:
        """Whether highspy can be imported."""
        return super().available()

    def solve(self, model: Any, **options: Any) -> Results:
        """Solve; values are loaded only when there are any.

        Raises MissingPackage when highspy is not installed.
        """
        if not self.available():
            raise MissingPackage("highspy", "mip", "noxsolve_highs")
        load = options.pop("load_solutions", self.config.load_solutions)
        options["raise_exception_on_nonoptimal_result"] = False
        results = super().solve(model, load_solutions=False, **options)
        if load and results.solution_status in (SolutionStatus.optimal, SolutionStatus.feasible):
            results.solution_loader.load_vars()
        return results


@contextlib.contextmanager
def in_place_of_ipopt() -> Iterator[None]:
    """While open, `SolverFactory("ipopt")` gives "noxsolve_ipopt".

    For methods that take solvers from a fixed list of names, like MindtPy. What the name meant
    before returns at the end.
    """
    table, documents = pyo.SolverFactory._cls, pyo.SolverFactory._doc
    before = table.get("ipopt"), documents.get("ipopt")
    table["ipopt"], documents["ipopt"] = table["noxsolve_ipopt"], documents["noxsolve_ipopt"]
    try:
        yield
    finally:
        for place, old in zip((table, documents), before, strict=True):
            if old is None:
                del place["ipopt"]
            else:
                place["ipopt"] = old
