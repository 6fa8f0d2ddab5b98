"""What a solved model looks like, in plain text."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from noxsolve.nlp import Problem, Solved
from noxsolve.runner import Record, Run
from noxsolve.translate import show

NEAR = 1e-6
"""Distance to a bound, relative to max(1, bound), at which a variable counts as being at it."""


def describe(run: Run, *, duals: bool = False, values: bool = False) -> str:
    """Report on one model: size, end, objective, residuals, bounds reached; more on request."""
    r = run.record
    rows = [("model", f"{r.name}, by the {r.route} route" if r.route else r.name)]
    if run.problem is not None:
        rows.append(("size", _size(run.problem)))
    rows.append(("status", r.message))
    if r.objective is not None:
        rows.append(("objective", f"{r.objective:.10g}"))
    if r.solver:
        tries = "" if r.attempts < 2 else f", {r.attempts} attempts"
        rows.append(
            ("work", f"{r.solver}, {r.iterations} iterations, {r.cpu_seconds:.2f} CPU s{tries}")
        )
    problem, solved = run.problem, run.solved
    if problem is not None and solved is not None and solved.check is not None:
        rows += _quality(problem, solved)
        if duals:
            rows += _duals(problem, solved)
        if values:
            rows += _values(problem, solved)
    return "\n".join(f"{label:<10} {text}" for label, text in rows)


def _size(problem: Problem) -> str:
    o = problem.limits
    equations = int(np.sum(o.g_low == o.g_high))
    whole = int(np.sum(problem.integer))
    text = f"{len(problem.variables)} variables" + (f" ({whole} whole numbers)" if whole else "")
    return f"{text}, {equations} equations, {len(o.g_low) - equations} inequalities"


def _quality(problem: Problem, solved: Solved) -> list[tuple[str, str]]:
    check = solved.check
    assert check is not None
    low, high = at_bounds(problem, solved)
    names = [f"{problem.variables[k].name} = {solved.x[k]:.6g}" for k in sorted({*low, *high})]
    return [
        ("residuals", f"{problem.place(check)} At most {check.absolute:.3g} in the model's units."),
        ("optimality", f"gradient {check.stationarity:.3g}, slack {check.complementarity:.3g}"),
        ("at bounds", show(names, 10) if names else "none"),
    ]


def at_bounds(problem: Problem, solved: Solved) -> tuple[list[int], list[int]]:
    """Positions of the variables at their lower and at their upper bounds."""
    o, x = problem.limits, solved.x
    low = np.isfinite(o.x_low) & (x - o.x_low <= NEAR * np.maximum(1, np.abs(o.x_low)))
    high = np.isfinite(o.x_high) & (o.x_high - x <= NEAR * np.maximum(1, np.abs(o.x_high)))
    return np.flatnonzero(low).tolist(), np.flatnonzero(high).tolist()


def active_inequalities(problem: Problem, solved: Solved) -> list[tuple[str, float]]:
    """Names and multipliers (d f / d limit, f as minimised) of the inequalities that push."""
    o = problem.limits
    slopes = -solved.lam_g
    check = solved.check
    size = max(1e-8, 1e-8 * float(np.max(np.abs(slopes), initial=0.0)))
    pushing = np.flatnonzero((o.g_low != o.g_high) & (np.abs(slopes) > size))
    names = [c.name for c in problem.translated.constraints]
    return [] if check is None else [(names[k], float(slopes[k])) for k in pushing]


def _duals(problem: Problem, solved: Solved) -> list[tuple[str, str]]:
    found = active_inequalities(problem, solved)
    lines = [("dual", f"{name}: {value:.6g}") for name, value in found]
    return lines or [("dual", "no inequality is active")]


def _values(problem: Problem, solved: Solved) -> list[tuple[str, str]]:
    pairs = zip(problem.variables, solved.x, strict=True)
    return [("value", f"{v.name} = {x:.10g}") for v, x in pairs]


COLUMNS: Sequence[tuple[str, str, int]] = (
    ("name", "model", 24),
    ("variables", "variables", 9),
    ("constraints", "rows", 8),
    ("route", "route", 7),
    ("status", "status", 18),
    ("objective", "objective", 16),
    ("iterations", "iterations", 10),
    ("cpu_seconds", "CPU s", 8),
)


def header() -> str:
    """First line of the table over many models."""
    return "  ".join(f"{title:<{width}}" for _, title, width in COLUMNS)


def line(record: Record) -> str:
    """One model in the table."""
    return "  ".join(f"{_cell(getattr(record, key)):<{width}}" for key, _, width in COLUMNS)


def _cell(value: Any) -> str:
    if value is None:
        return "-"
    return f"{value:.8g}" if isinstance(value, float) else str(value)
