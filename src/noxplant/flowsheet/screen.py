"""What is refused before any solve: what linear balances and given numbers alone forbid.

What an equation gives by itself counts as known (a feed, its pH, a conversion that follows from
given numbers); limits of units that hang on nothing else are judged at once. The equations that are
linear in the unknowns (component balances, splits and conversions that are given, Faraday's law,
ratios that are asked for), the bounds of all quantities and the linear limits of the units make a
linear program. If it has no solution, the plant has none. The smallest violation that would be
needed says what is short, and where.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyomo.environ as pyo
from pyomo.core.expr.visitor import identify_variables

from noxplant.errors import Refusal
from noxplant.flowsheet.build import nominals
from noxplant.flowsheet.degrees import names
from noxplant.flowsheet.liquids import messages

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Set

    from noxplant.flowsheet.graph import Flowsheet
    from noxplant.unit import Limit, Unit

USED_UP = 1e-7
"""Negative flow, as a fraction of the plant scale, at which a component counts as exhausted."""
ROUNDING = 1e-4
"""Part of what arrives by which more must be asked for to count as exhausted."""
LINES = 4
"""Shortfalls that a message lists at most."""


def screen(flowsheet: Flowsheet, solver: Any) -> None:
    """Refuse specifications that the linear balances alone cannot meet.

    Args:
        flowsheet: a built flowsheet.
        solver: its `noxsolve.square.SquareSolver`.

    Raises:
        Refusal: naming unit, component, what is asked for and what arrives.
    """
    from noxsolve.linear import LinearPart

    built = flowsheet.built
    assert built is not None
    c = solver.compiled
    kept = c.x.copy()
    sizes = nominals(flowsheet)[0]
    try:
        part = LinearPart(solver, np.array([sizes.get(v, 1.0) for v in c.unknowns]))
        c.load()
        known = {id(v) for v, given in zip(c.unknowns, part.known, strict=True) if given}
        lines = facts(flowsheet, known) or messages(flowsheet, known) or _short(flowsheet, part)
    finally:
        c.x[:] = kept
        c.load()
    if lines:
        raise Refusal(
            f"{flowsheet.name}: the specifications cannot be met. By given numbers and balances"
            " alone, before any solve:\n  " + "\n  ".join(lines[:LINES])
        )


def facts(flowsheet: Flowsheet, known: Set[int]) -> list[str]:
    """Messages of the limits that the present values break and that hang on known unknowns alone.

    Args:
        flowsheet: a built flowsheet; its variables hold the values.
        known: ids of the unknowns whose values are solved.
    """
    out = []
    for _, limit, _, text in broken(flowsheet.units.values()):
        if isinstance(limit.margin, (int, float)):
            continue  # a number that was computed from values that need not be known
        unknowns = {id(v) for v in identify_variables(limit.margin, include_fixed=False)}
        if unknowns <= known:
            out.append(text)
    return out


def broken(units: Iterable[Unit]) -> Iterator[tuple[Unit, Limit, float, str]]:
    """(unit, limit, margin, message) of the limits that the present values break."""
    return (found for found in margins(units) if not found[2] >= 0)


def margins(units: Iterable[Unit]) -> Iterator[tuple[Unit, Limit, float, str]]:
    """(unit, limit, margin, message) of all limits that have a margin at the present values."""
    for unit in units:
        try:
            limits = list(unit.limits())
        except (ValueError, ZeroDivisionError, OverflowError):
            continue  # a message that needs values which the present point does not have
        for limit in limits:
            try:
                margin = float(pyo.value(limit.margin))
            except (ValueError, ZeroDivisionError, OverflowError):
                continue
            yield unit, limit, margin, f"{unit.name}: {limit.message.format(margin=margin)}"


def _short(flowsheet: Flowsheet, part: Any) -> list[str]:
    """What the linear program lacks, in words; empty when it has a solution."""
    built = flowsheet.built
    assert built is not None
    c = part.compiled
    every = (v for s in built.states(flowsheet) for v in s.flow.values())
    flows = np.array([k for v in every if (k := c.index(v)) is not None], dtype=np.int64)
    found = _linear_limits(flowsheet, c)
    margins = [margin for _, _, margin in found]
    short = part.shortfall(flows, margins, _implied(flowsheet, c))
    if short is None:
        return []
    c.x[:] = short.x
    c.load()
    lines = _messages(flowsheet, [found[i][:2] for i in short.margins])
    lines += [t for t in used_up(flowsheet) if not any(_same_unit(t, line) for line in lines)]
    return lines or _beyond(flowsheet, c, short.unknowns)


def _same_unit(a: str, b: str) -> bool:
    return a.partition(":")[0] == b.partition(":")[0]


def _linear_limits(flowsheet: Flowsheet, compiled: Any) -> list[tuple[str, str, Any]]:
    """(unit, name, margin) of the limits of units that are linear in the unknowns."""
    out = []
    for unit in flowsheet.units.values():
        try:
            limits = list(unit.limits())
        except (ValueError, ZeroDivisionError, OverflowError):
            continue  # a message that needs values which the start does not have
        for limit in limits:
            margin = _linear(_body(limit), compiled)
            if margin is not None:
                out.append((unit.name, limit.name, margin))
    return out


def _implied(flowsheet: Flowsheet, compiled: Any) -> list[Any]:
    """Balances that follow from the equations of units, as linear expressions that are zero."""
    relations = [r for u in flowsheet.units.values() for _, r in u.implied()]
    found = [_linear(r.args[0] - r.args[1], compiled) for r in relations]
    return [x for x in found if x is not None]


def _body(limit: Limit) -> Any:
    return limit.margin if limit.bound is None else limit.bound


def _linear(body: Any, compiled: Any) -> Any:
    """An expression as a `noxsolve.linear.Margin`; None if it is not linear in the unknowns."""
    from pyomo.repn import generate_standard_repn

    from noxsolve.linear import Margin

    if isinstance(body, (int, float)):
        return None  # a number of the start values
    try:
        found = generate_standard_repn(body, compute_values=True, quadratic=False)
        if not found.is_linear():
            return None
        at = [compiled.index(v) for v in found.linear_vars]
        if None in at:
            return None
        terms = dict(zip(at, map(float, found.linear_coefs), strict=True))
        return Margin(float(pyo.value(found.constant)), terms)
    except (ValueError, ZeroDivisionError, OverflowError):
        return None


def _messages(flowsheet: Flowsheet, wanted: list[tuple[str, str]]) -> list[str]:
    """Messages of some limits, by unit and name, at the present values."""
    out = []
    for unit_name, name in wanted:
        try:
            limits = [x for x in flowsheet.units[unit_name].limits() if x.name == name]
        except (ValueError, ZeroDivisionError, OverflowError):
            out.append(f"{unit_name}: {name} falls short.")
            continue
        for limit in limits:
            margin = float(pyo.value(_body(limit)))
            if margin < 0:
                out.append(f"{unit_name}: {limit.message.format(margin=margin)}")
    return list(dict.fromkeys(out))


def used_up(flowsheet: Flowsheet) -> list[str]:
    """Units that receive a component and give off less than nothing of it, at the present values."""
    built = flowsheet.built
    assert built is not None
    out = []
    for unit in flowsheet.units.values():
        streams = [p.stream for p in unit.outlets if p.stream is not None]
        for component in dict.fromkeys(c for s in streams for c in s.components):
            arrives = sum(_content(p.stream, component) for p in unit.inlets)
            left = {s.name: _content(s, component) for s in streams}
            name = min(left, key=lambda k: left[k])
            if left[name] < -USED_UP * built.scale and -left[name] > ROUNDING * arrives >= 0.0:
                asked = arrives - left[name]
                out.append(
                    f"{unit.name}: {component} is exhausted in {name!r}: the specifications ask for"
                    f" {asked:.4g} mol/s, {max(arrives, 0.0):.4g} mol/s arrive."
                )
    return out[:LINES]


def _content(stream: Any, component: str) -> float:
    return float(pyo.value(stream.content(component)))


def _beyond(flowsheet: Flowsheet, compiled: Any, unknowns: Any) -> list[str]:
    """Quantities that the balances drive out of their bounds, the farthest first."""
    known, out = names(flowsheet), []
    for k in sorted(unknowns, key=lambda k: -unknowns[k]):
        v = compiled.unknowns[k]
        if id(v) in known:
            path, text, _ = known[id(v)]
            low, high = compiled.lower[k], compiled.upper[k]
            out.append(
                f"{path} would have to be {compiled.x[k]:.6g}; allowed is {low:g} to {high:g}"
                f" ({text}). Change what it follows from."
            )
    return out
