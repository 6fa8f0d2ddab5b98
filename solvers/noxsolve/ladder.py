"""Several attempts at one problem: IPOPT's defaults first, then other options, then other starts."""

from dataclasses import replace
from time import perf_counter

from noxsolve.call import Settings
from noxsolve.elsewhere import Until, solve_elsewhere, solve_from_root, solve_surplus
from noxsolve.nlp import Problem, Solved
from noxsolve.status import Status

RUNGS: tuple[dict[str, object], ...] = (
    {},
    {"mu_strategy": "adaptive"},
    {"nlp_scaling_method": "none", "bound_push": 1e-6, "bound_frac": 1e-6},
    {"mu_init": 1e-4},
    {"mu_strategy": "adaptive", "mu_oracle": "probing"},
)
"""Options of the attempts; those of the user win over them."""

_WORTHWHILE = (
    *(Status.INFEASIBLE, Status.ITERATION_LIMIT, Status.FAILED),
    *(Status.SHORT_STEP, Status.NOT_CONFIRMED, Status.NOT_A_NUMBER),
)
_SURPLUS = (Status.TOO_MANY_EQUATIONS,)


def solve_in_attempts(problem: Problem, settings: Settings, attempts: int) -> tuple[Solved, int]:
    """Solve, with other options and starts when an attempt fails; returns the end and the attempts.

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
        if made == 1 and attempts > 1:
            root = solve_from_root(problem, settings, Until(until))
            if root is not None:
                return root, made + 1
    assert first is not None
    if attempts < 2 or not (first.status in _WORTHWHILE or first.status in _SURPLUS):
        return first, made
    solve = solve_surplus if first.status in _SURPLUS else solve_elsewhere
    solved, more = solve(problem, settings, first, Until(until))
    return solved, made + more
