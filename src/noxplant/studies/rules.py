"""What holds an optimum: constraints of the problem, limits of units, reach of utilities."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pyomo.environ as pyo
from pyomo.core.expr.visitor import identify_variables

from noxplant import measures, utilities
from noxplant.flowsheet.build import nominals
from noxplant.quantities import Heat
from noxplant.studies.expressions import expression, heat_ends, utility_now
from noxplant.studies.problem import Constraint, Problem

if TYPE_CHECKING:
    from noxplant.flowsheet.graph import Flowsheet

BACKOFF = 1e-6
"""Distance of a duty from the wrong sign, as a fraction of its nominal size."""
AGREEMENT = 1e-6
"""Largest relative difference between the optimum and the plant solved again; also the violation
of a constraint, over the largest number in it, that is not one."""


def rules_of(flowsheet: Flowsheet, problem: Problem) -> dict[str, Any]:
    """(body, low, high, unit) of every constraint: the problem's, the units', the utilities'."""
    rules: dict[str, Any] = {
        c.name: (expression(flowsheet, c.text), c.low, c.high, c.unit) for c in problem.constraints
    }
    for name, margin in _limits(flowsheet):
        rules[name] = (margin, 0.0, None, "")
    for name, body, least, unit in _reach(flowsheet):
        rules[name] = (body, least, None, unit)
    return rules


def unknown(body: Any) -> bool:
    """Whether an expression holds an unknown; what only fixed variables decide limits nothing."""
    if isinstance(body, float):
        return False
    return next(iter(identify_variables(body, include_fixed=False)), None) is not None


def violated(value: float, c: Constraint) -> bool:
    """Whether a value lies outside the bounds of a constraint, by more than rounding."""
    room = AGREEMENT * max(abs(x) for x in (value, c.low, c.high) if x is not None)
    low, high = c.low, c.high
    return not (low is None or value >= low - room) or not (high is None or value <= high + room)


def broken(c: Constraint, value: float) -> str:
    """Value and bounds of a violated constraint in words."""
    ends = (("at least", c.low), ("at most", c.high))
    bounds = [f"{word} {measures.words(x, c.unit)}" for word, x in ends if x is not None]
    return f"{measures.words(value, c.unit)}, but {' and '.join(bounds)} is asked for"


def _limits(flowsheet: Flowsheet) -> Iterator[tuple[str, Any]]:
    """Margins of all limits of units that depend on an unknown."""
    for unit in flowsheet.units.values():
        for limit in unit.limits():
            if pyo.is_potentially_variable(limit.margin):
                yield f"{unit.name}: {limit.name}", limit.margin


def _reach(flowsheet: Flowsheet) -> Iterator[tuple[str, Any, float, str]]:
    """(name, body, least value, unit) of what keeps each duty within the reach of its utility."""
    sizes = nominals(flowsheet)[0]
    for unit in flowsheet.units.values():
        for key in unit.nouns(Heat):
            path = f"{unit.name}.{key}"
            names = utilities.alternatives(unit.utilities[key])
            if len({utilities.UTILITIES[n].heats for n in names}) == 2:
                continue  # one of them serves a duty of either sign
            duty, item = flowsheet.variable(path), utilities.UTILITIES[utility_now(flowsheet, path)]
            sign = 1.0 if item.heats else -1.0
            # A duty of zero would have either sign once the plant is solved again.
            least = BACKOFF * sizes[duty]
            word = "take" if item.heats else "give"
            yield f"{path}: {item.name} cannot {word} heat", sign * duty, least, "W"
            if item.temperature is None:
                continue
            for word, end in zip(("start", "end"), heat_ends(flowsheet, path), strict=True):
                margin = sign * (item.temperature - end) - utilities.APPROACH
                if pyo.is_potentially_variable(margin):
                    yield f"{path}: temperature of {item.name} at the {word}", margin, 0.0, ""
