"""Scenarios that vector Newton left: continuation from the base case, IPOPT with bounds, or why not."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from pyomo.common.collections import ComponentMap

from noxsolve import lanes
from noxsolve.budget import Budget, Spent
from noxsolve.dataset import Row
from noxsolve.limits import Limits
from noxsolve.outcome import Outcome
from noxsolve.scenarios import Scenarios
from noxsolve.square import SquareSolver
from noxsolve.status import Status

Vector = npt.NDArray[np.float64]

RESCUES = ("full", "continuation", "none")
BUDGET = 2000
"""Iterations that the rescue of one scenario may take, so that it ends, always in the same way."""
KINDS = {
    lanes.OUTSIDE: Status.OUT_OF_BOUNDS,
    lanes.VIOLATED: Status.INEQUALITY_VIOLATED,
    lanes.NOT_A_NUMBER: Status.NOT_A_NUMBER,
    lanes.LIMIT: Status.ITERATION_LIMIT,
}
NEAR = 0.01
"""Part of its distance from a bound at the base case at which an unknown counts as at it; a way ends a
little before."""


class Left(NamedTuple):
    """A scenario that vector Newton left.

    Attributes:
        row: its number.
        code: how it ended, a code of `noxsolve.lanes`.
        worst, value: what is beyond its bounds, and its value there; see `Answers`.
    """

    row: int
    code: int
    worst: int
    value: float

    def words(self, solver: SquareSolver, limits: Limits | None) -> str:
        """What came out, in words."""
        c = solver.compiled
        if self.code == lanes.OUTSIDE:
            low, high = c.lower[self.worst], c.upper[self.worst]
            name = c.unknowns[self.worst].name
            return f"the equations are solved at {name!r} = {self.value:.6g}, outside [{low:.6g}, {high:.6g}]"
        if self.code == lanes.VIOLATED:
            assert limits is not None
            low, high = limits.low[self.worst], limits.high[self.worst]
            name = limits.names[self.worst]
            return f"the equations are solved at {name!r} = {self.value:.6g}, not in [{low:.6g}, {high:.6g}]"
        if self.code == lanes.NOT_A_NUMBER:
            return "Newton's steps lead to where an equation has no value"
        return f"Newton is still moving after {lanes.STEPS} steps"


@contextmanager
def _base(solver: SquareSolver) -> Iterator[None]:
    """The solver as it was, afterwards; an interrupt goes on, as all scenarios have to end."""
    c = solver.compiled
    kept = c.x.copy(), c.p.copy(), solver.warm, solver.newton.budget, solver.raise_interrupts
    solver.raise_interrupts = True
    try:
        yield
    finally:
        c.x[:], c.p[:], solver.warm, solver.newton.budget, solver.raise_interrupts = kept
        c.evaluate()


class Rescue:
    """Solves scenarios one by one from the solver's base case, or says why that is not possible.

    Every scenario begins at the same state, so its end does not depend on those before it.
    """

    def __init__(
        self, solver: SquareSolver, scenarios: Scenarios, limits: Limits | None, mode: str
    ) -> None:
        self.solver, self.scenarios, self.limits, self.mode = solver, scenarios, limits, mode

    def run(self, left: Left) -> Row:
        """Solve a scenario that vector Newton left."""
        solver, mode = self.solver, self.mode
        words, status = left.words(solver, self.limits), KINDS[left.code]
        nothing = self.scenarios.nothing(left.row)
        if mode == "none":
            return Row(status, "none", 0, f"{words}; nothing else was tried", nothing)
        c, values = solver.compiled, self.scenarios.values[left.row]
        with _base(solver):
            solver.newton.budget = Budget(BUDGET)
            start = _room(solver)
            outcome, method = _homotopy(solver, self.scenarios, values), "continuation"
            steps, end = outcome.newton_iterations, _end(solver, outcome, start)
            arrived, tried = outcome.solved, ""
            good = arrived and self._holds(values)
            if arrived and not good:
                tried = "; continuation from the base case leads there too"
            elif not good and mode == "full":
                tried = "; IPOPT finds no solution within the bounds"
                c.p[self.scenarios.varied] = values
                outcome, method = _ipopt(solver), "ipopt"
                steps += outcome.newton_iterations
                good = outcome.solved and self._holds(values)
            if good:
                return self._solved(left.row, method, steps)
        if mode == "full":
            shown = left.code in (lanes.OUTSIDE, lanes.VIOLATED) or "at its bound" in end
            status = Status.INFEASIBLE if shown else Status.NOT_CONVERGED
        return Row(status, "none", steps, f"{words}{end}{tried}", nothing)

    def _holds(self, values: Vector) -> bool:
        """Whether the limits hold at the present point."""
        if self.limits is None:
            return True
        return bool(self.limits.check(self.solver.compiled.x[None], values[None])[2][0])

    def _solved(self, row: int, method: str, steps: int) -> Row:
        s, x = self.scenarios, self.solver.compiled.x
        found = s.spread(np.array([row]), x[s.unknown_outputs][None])[0]
        return Row(Status.SOLVED, method, steps, Status.SOLVED.value, found.tolist())


def _homotopy(solver: SquareSolver, scenarios: Scenarios, values: Vector) -> Outcome:
    c = solver.compiled
    solver.newton.iterations = 0
    pairs = zip(scenarios.varied, values.tolist(), strict=True)
    return solver.homotopy(ComponentMap((c.inputs[k], value) for k, value in pairs))


def _room(solver: SquareSolver) -> Vector:
    """Distance of every unknown from its nearer bound, in nominals."""
    c = solver.compiled
    found: Vector = np.minimum(c.x - c.lower, c.upper - c.x) / solver.nominal
    return found


def _end(solver: SquareSolver, outcome: Outcome, start: Vector) -> str:
    """Where the way from the base case ends, and what comes to its bound there."""
    if outcome.solved:
        return ""
    text = f"; from the base case {outcome.fraction:.1%} of the way can be solved"
    now = _room(solver)
    part = np.isfinite(start) & (start > 0)
    share = np.full(len(now), np.inf)
    share[part] = now[part] / start[part]
    k = int(np.argmin(share))
    if share[k] < NEAR:
        text += f", where {solver.compiled.unknowns[k].name!r} is at its bound"
    return text


def _ipopt(solver: SquareSolver) -> Outcome:
    """IPOPT with bounds from the present point, then Newton to the last digit."""
    solver.newton.iterations = 0
    try:
        solver._by_ipopt(solver.whole)
        solver._polish()
    except Spent:
        pass
    return solver.check()
