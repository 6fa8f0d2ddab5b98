"""Continuation: move the inputs of a solved model to targets in adaptive steps."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from pyomo.core.base.var import VarData

from noxsolve.budget import Spent
from noxsolve.errors import ModelError
from noxsolve.judge import sharpen
from noxsolve.newton import Newton, Part
from noxsolve.outcome import Outcome
from noxsolve.status import Status

if TYPE_CHECKING:
    from noxsolve.square import SquareSolver

Vector = npt.NDArray[np.float64]

SMALLEST = 1e-4
"""Share of the way below which a failing step is given up."""
STEPS = 30
"""Newton steps allowed at each place on the way."""
FINE = 1e-3
"""Share of the way below which a failing step of `relax` is given up."""
PLACES = 60
"""Places at most that `relax` tries."""


def walk(solver: "SquareSolver", targets: Mapping[VarData, float]) -> Outcome:
    """Move inputs to `targets` (own units); see SquareSolver.homotopy."""
    c = solver.compiled
    p0, p1 = c.p.copy(), c.p.copy()
    for v, value in targets.items():
        k = c.input_index(v)
        if k is None:
            raise ModelError(f"{v.name!r} is no input of the model (not fixed, or in no equation)")
        if value is None or not np.isfinite(value):
            raise ModelError(f"the target of {v.name!r} is {value}; give it a finite number")
        p1[k] = value
    first = solver.check()
    if not first.solved:
        with suppress(Spent):
            first = solver.solve()
        if not first.solved:
            message = f"not solved at the start of the way: {first.message}"
            return replace(first, message=message, fraction=0.0)
    reached = _go(solver, p0, p1)
    work = solver.newton.iterations
    outcome = solver.check()
    if reached == 1.0:
        solver.warm = outcome.solved
        return replace(outcome, newton_iterations=work)
    places = [f"{v.name} = {c.p[c.input_index(v)]:.6g} of {t:.6g}" for v, t in targets.items()]
    message = f"solvable up to {reached:.4%} of the way: {', '.join(places)}"
    return replace(outcome, solved=False, status=Status.STOPPED, message=message, fraction=reached)


def _go(solver: "SquareSolver", p0: Vector, p1: Vector) -> float:
    """Share of the way reached; point and inputs are left there."""
    c, reached, step = solver.compiled, 0.0, 1.0
    solved, before = c.x.copy(), None
    while reached < 1.0:
        trial = min(1.0, reached + step)
        c.p[:] = p0 + trial * (p1 - p0)
        c.x[:] = solved
        if before is not None:
            c.x[:] += (solved - before[1]) * (trial - reached) / (reached - before[0])
            np.clip(c.x, c.lower, c.upper, out=c.x)
        if _reached(solver, solved):
            before, solved, reached = (reached, solved), c.x.copy(), trial
            step *= 2
            continue
        step = (trial - reached) / 2
        if step < SMALLEST or solver.newton.budget.over:
            c.p[:] = p0 + reached * (p1 - p0)
            c.x[:] = solved
            c.evaluate()
            return reached
    return 1.0


def _reached(solver: "SquareSolver", solved: Vector) -> bool:
    """Whether Newton solves the present place; not when the iteration budget is used up."""
    try:
        return _newton(solver, solved)
    except Spent:
        return False


def _newton(solver: "SquareSolver", solved: Vector) -> bool:
    """Newton from the predicted point, then from the last solved one."""
    c = solver.compiled
    for start in (None, solved):
        if start is not None:
            c.x[:] = start
        if solver.newton.run(solver.whole, STEPS).solved:
            sharpen(solver)
            if solver.check().solved:
                return True
    return False


def relax(newton: Newton, part: Part) -> bool:
    """Take the residuals of a block at the present point to zero bit by bit.

    Where all equations hold but a few, this moves the few to their targets along a way on which
    the others hold. False when the way ends before; the point is then the last one on it.
    """
    c, k = newton.compiled, part.columns
    newton.keep(part.kept)
    c.evaluate()
    first = c.residual[part.rows].copy()
    if not np.isfinite(first).all():
        return False
    solved, before, reached, step = c.x[k].copy(), None, 0.0, 0.25
    try:
        for _ in range(PLACES):
            trial = min(1.0, reached + step)
            newton.offset[part.rows] = (1.0 - trial) * first
            c.x[k] = solved
            if before is not None:
                ahead = solved + (solved - before[1]) * (trial - reached) / (reached - before[0])
                c.x[k] = np.clip(ahead, c.lower[k], c.upper[k])
            if newton.run(part, STEPS).solved:
                before, solved, reached = (reached, solved), c.x[k].copy(), trial
                step *= 2.5
                if reached == 1.0:
                    return True
                continue
            step = (trial - reached) / 3
            if step < FINE:
                break
    finally:
        newton.offset[part.rows] = 0.0
    c.x[k] = solved
    c.evaluate()
    return False
