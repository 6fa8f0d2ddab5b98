"""Other places to begin when every attempt from the model's own start has failed.

A square system whose objective is constant goes to the block solver. Then come zero, the point at
which the equations fit best, and a few draws, always the same ones. From each IPOPT starts anew, and
its answer is judged like any other.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from time import perf_counter

import casadi as ca
import numpy as np
import numpy.typing as npt

from noxsolve.call import Call, Settings, run
from noxsolve.errors import ModelError
from noxsolve.large import WIDE
from noxsolve.nlp import Problem, Solved
from noxsolve.square import SquareSolver
from noxsolve.status import Status
from noxsolve.verify import Limits

Vector = npt.NDArray[np.float64]

LARGEST = 20_000
"""Equations up to which the block solver is asked."""

DRAWS = 4
"""Random starts of a small problem."""

FITS = {10: 400, 100: 40}
"""Random starts, by unknowns at most, in search of a point at which too many equations hold."""

FEW = 100
"""Unknowns up to which a problem counts as small; larger ones have no draws."""

ROOM = 1e-8
"""Room on either side of equations when they are more than the unknowns, of their scale."""

NEAR = {"bound_push": 1e-8, "bound_frac": 1e-8, "mu_init": 1e-6}
"""Options of IPOPT for a start that is nearly the answer."""


@dataclass(frozen=True)
class Until:
    """A moment on the clock of `perf_counter`; None for no limit."""

    moment: float | None

    @property
    def left(self) -> float | None:
        """Seconds that are left, at least a little, for a solver."""
        return None if self.moment is None else max(0.1, self.moment - perf_counter())

    @property
    def over(self) -> bool:
        """Whether it has passed."""
        return self.moment is not None and perf_counter() >= self.moment


def solve_from_root(problem: Problem, settings: Settings, until: Until) -> Solved | None:
    """Let the block solver find the answer of a square system; None when there is none.

    The objective has to be a constant, so that any solution of the equations is the answer.
    """
    root, o = _root(problem), problem.limits
    if root is None or until.over:
        return None
    try:
        problem.limits = replace(o, start=root)
        options = {**NEAR, **settings.options}
        solved = problem.solve(replace(settings, options=options, time_limit=until.left))
    finally:
        problem.limits = o
    return solved if _confirmed(solved) else None


def solve_elsewhere(
    problem: Problem, settings: Settings, first: Solved, until: Until
) -> tuple[Solved, int]:
    """Solve from other starts; returns the first optimum, else `first`, and the starts tried."""
    o, tried = problem.limits, 0
    for start in _starts(problem, until):
        if until.over:
            break
        tried += 1
        try:
            problem.limits = replace(o, start=start)
            solved = problem.solve(replace(settings, time_limit=until.left))
        finally:
            problem.limits = o
        if _confirmed(solved):
            return solved, tried
        if solved.status is Status.INTERRUPTED:
            break
    return first, tried


def solve_surplus(
    problem: Problem, settings: Settings, first: Solved, until: Until
) -> tuple[Solved, int]:
    """Solve with more equations than unknowns, which IPOPT refuses; returns the end and the tries.

    The equations become narrow ranges, and the answer is judged by the equations. When they hold
    nowhere, the end says where they fit best.
    """
    best, tried = problem.limits.start, 1
    solved = _in_ranges(problem, settings, best, until)
    if _confirmed(solved):
        return solved, tried
    n, linear = len(best), ca.is_linear(problem.g, problem.x)
    draws = 0 if linear else next((d for most, d in FITS.items() if n <= most), 0)
    for place in _places(problem, draws):
        point = _fitted(problem, place, until)
        if until.over:
            break
        if point is None:
            continue
        tried += 1
        if problem.check(point).row_violation < problem.check(best).row_violation:
            best = point
        if not problem.check(point).feasible:
            continue
        for end in (_held(problem, solved, point), _in_ranges(problem, settings, point, until)):
            if _confirmed(end):
                return end, tried
        break
    return _contradiction(problem, first, best), tried


def _confirmed(solved: Solved) -> bool:
    check = solved.check
    return solved.optimal and check is not None and check.feasible and check.stationary


def _starts(problem: Problem, until: Until) -> Iterator[Vector]:
    """Points at which the equations hold, and the places from which they were found."""
    for place in _places(problem, DRAWS):
        fitted = None if until.over else _fitted(problem, place, until)
        if fitted is not None and problem.check(fitted).feasible:
            yield fitted
        if place is not problem.limits.start:
            yield place


def _root(problem: Problem) -> Vector | None:
    """Solution of a square system by the block solver; None without one, or without such a system."""
    o = problem.limits
    square = len(o.start) == len(o.g_low) <= LARGEST and bool((o.g_low == o.g_high).all())
    if not square or not problem.f.is_constant():
        return None
    try:
        solver = SquareSolver(problem.variables[0].model())
        solved = solver.solve().solved
    except (ModelError, ArithmeticError, RuntimeError, ValueError):
        return None
    c = solver.compiled
    values = {id(v): x for v, x in zip(c.unknowns, c.x.tolist(), strict=True)}
    if not solved or any(id(v) not in values for v in problem.variables):
        return None
    return np.array([values[id(v)] for v in problem.variables])


def _places(problem: Problem, draws: int) -> list[Vector]:
    """The start, zero, and draws about the start, near and far in turn, within the bounds."""
    o = problem.limits
    places = [o.start, np.clip(np.zeros(len(o.start)), o.x_low, o.x_high)]
    if draws and len(o.start) <= FEW:
        draw, size = np.random.default_rng(20), np.maximum(1.0, np.abs(o.start))
        for k in range(draws):
            reach = size * (1.0, 10.0)[k % 2]
            low, high = np.maximum(o.x_low, o.start - reach), np.minimum(o.x_high, o.start + reach)
            places.append(low + (high - low) * draw.random(len(low)))
    return places


def _fitted(problem: Problem, place: Vector, until: Until) -> Vector | None:
    """Point of least squares of the equations, in their own scales; inequalities hold."""
    o, sizes = problem.limits, _sizes(problem)
    same, others = np.flatnonzero(o.g_low == o.g_high), np.flatnonzero(o.g_low != o.g_high)
    if not len(same) or len(place) > WIDE:
        return None
    rest = (problem.g[same.tolist()] - ca.DM(o.g_low[same])) / ca.DM(sizes[same])
    found = run(
        "ipopt",
        {"x": problem.x, "f": ca.sumsqr(rest), "g": ca.densify(problem.g[others.tolist()])},
        Settings({"max_iter": 300, "tol": 1e-12}, until.left),
        _arguments(replace(o, g_low=o.g_low[others], g_high=o.g_high[others]), place),
    )
    return found.x if np.isfinite(found.x).all() and not found.interrupted else None


def _sizes(problem: Problem) -> Vector:
    """Scales of the rows as the check takes them, 1 for a row that has none."""
    scale = problem.check(problem.limits.start).row_scale
    return np.where(np.isfinite(scale) & (scale > 0), scale, 1.0)


def _arguments(o: Limits, start: Vector) -> dict[str, Vector]:
    bounds = {"lbx": o.x_low, "ubx": o.x_high, "lbg": o.g_low, "ubg": o.g_high}
    return {"x0": np.clip(start, o.x_low, o.x_high), **bounds}


def _in_ranges(problem: Problem, settings: Settings, start: Vector, until: Until) -> Solved:
    """IPOPT with equations as narrow ranges; the answer is judged by the equations."""
    o, sizes = problem.limits, _sizes(problem)
    room = np.where(o.g_low == o.g_high, ROOM, 0.0)
    wide = replace(o, g_low=o.g_low / sizes - room, g_high=o.g_high / sizes + room)
    scaled = {"x": problem.x, "f": problem.f, "g": problem.g / ca.DM(sizes)}
    call = run("ipopt", scaled, replace(settings, time_limit=until.left), _arguments(wide, start))
    return problem.judged(replace(call, lam_g=call.lam_g / sizes))


def _held(problem: Problem, last: Solved, point: Vector) -> Solved:
    """A point at which the equations leave no freedom, with multipliers of least squares."""
    lam, x_free = problem.multipliers(point), np.zeros(len(point))
    function, raw = ca.Function("f", [problem.x], [problem.f]), "Feasible_Point_Found"
    f = float(function(point))
    return problem.judged(
        Call(function, point, f, lam, x_free, raw, last.iterations, last.log, False)
    )


def _contradiction(problem: Problem, first: Solved, best: Vector) -> Solved:
    """More equations than unknowns that hold nowhere: where they fit best, in words."""
    check, o = problem.check(best), problem.limits
    if check.feasible:
        return replace(first, x=best, check=check)
    count = f"{int(np.sum(o.g_low == o.g_high))} equations for {len(o.start)} unknowns"
    text = f"{Status.INFEASIBLE.value} {count}. Where they fit best: {problem.place(check)}"
    return replace(first, status=Status.INFEASIBLE, message=text, x=best, check=check)
