"""Several attempts at one problem: IPOPT's defaults first, then what helps where they fail."""

from dataclasses import replace
from time import perf_counter

import numpy as np

from noxsolve.call import Settings
from noxsolve.nlp import Problem, Solved
from noxsolve.status import Status

RUNGS: tuple[dict[str, object], ...] = (
    {},
    {"mu_strategy": "adaptive"},
    {"nlp_scaling_method": "none", "bound_push": 1e-6, "bound_frac": 1e-6},
    {"mu_init": 1e-4},
)
"""Options of the attempts; those of the user win over them."""

_WORTHWHILE = (
    *(Status.INFEASIBLE, Status.ITERATION_LIMIT, Status.FAILED),
    *(Status.SHORT_STEP, Status.NOT_CONFIRMED, Status.NOT_A_NUMBER),
)

_ROOM = 1e-8
"""Room on either side of equations when they are more than the unknowns, relative."""


def solve_in_attempts(problem: Problem, settings: Settings, attempts: int) -> tuple[Solved, int]:
    """Solve, with other options when an attempt fails; returns the end and the attempts made.

    An end that is not optimal is the first attempt's, because its options are the plain ones.
    The time limit is for all attempts together.
    """
    until = None if settings.time_limit is None else perf_counter() + settings.time_limit
    first: Solved | None = None
    made = 0
    for rung in RUNGS[: max(1, attempts)]:
        left = None if until is None else until - perf_counter()
        if first is not None and left is not None and left <= 0:
            break
        made += 1
        given = replace(settings, options={**rung, **settings.options}, time_limit=left)
        solved = problem.solve(given)
        if solved.optimal:
            return solved, made
        first = first or solved
        if solved.status not in _WORTHWHILE:
            break
    assert first is not None
    if first.status is Status.TOO_MANY_EQUATIONS and attempts > 1:
        wide = _with_room(problem, settings)
        return (wide if wide.optimal else replace(first, x=wide.x, check=wide.check)), made + 1
    return first, made


def _with_room(problem: Problem, settings: Settings) -> Solved:
    """Solve with equations as narrow ranges; the answer is judged by the equations."""
    o = problem.limits
    size = _ROOM * np.maximum(1.0, np.abs(o.g_low))
    same = o.g_low == o.g_high
    try:
        problem.limits = replace(
            o,
            g_low=np.where(same, o.g_low - size, o.g_low),
            g_high=np.where(same, o.g_high + size, o.g_high),
        )
        return problem.attempt(settings)
    finally:
        problem.limits = o
