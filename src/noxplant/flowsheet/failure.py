"""Why a flowsheet was not solved, in its own words: limits, exhausted components, where it stopped."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import numpy as np
import pyomo.environ as pyo

from noxplant.errors import NoxplantError, Refusal, SolveError
from noxplant.flowsheet.start import cold_start

if TYPE_CHECKING:
    from collections.abc import Iterable

    from noxplant.flowsheet.graph import Flowsheet
    from noxplant.unit import Unit

USED_UP = 1e-7
"""Negative flow, as a fraction of the plant scale, at which a component counts as exhausted."""
ROUNDING = 1e-4
"""Part of what arrives by which more must be asked for to count as exhausted."""
BEYOND = 1e-9
"""Largest flow below zero, as a fraction of the plant scale, of a solution (design, section 9)."""


_WORDS = (
    (r"unit\[([^\]]+)\]\.equation\[([^\]]*(?:\[\d+\])?[^\]]*)\]", r"\1: \2"),
    (r"stream\[([^\]]+)\]\.flow\[([^\]]+)\]", r"flow of \2 in '\1'"),
    (r"stream\[([^\]]+)\]\.p_h\b", r"pH of '\1'"),
    (r"stream\[([^\]]+)\]\.proton\b", r"protons of '\1'"),
    (r"stream\[([^\]]+)\]\.(\w+)", r"\2 of '\1'"),
    (r"unit\[([^\]]+)\]\.(\w+?)_(\d+)\.flow\[([^\]]+)\]", r"flow of \4 in \1.\2[\3]"),
    (r"unit\[([^\]]+)\]\.(\w+?)_(\d+)\.(\w+)", r"\4 of \1.\2[\3]"),
    (r"unit\[([^\]]+)\]\.", r"\1."),
)
"""Names of the model and the words for them."""


def check_limits(flowsheet: Flowsheet) -> None:
    """Refuse a state in which something is exhausted or beyond its limit."""
    broken = broken_limits(flowsheet)
    if broken:
        raise Refusal("\n".join(text for _, text in broken))
    worst, place = most_negative(flowsheet)
    if worst > BEYOND:
        raise Refusal(
            f"{flowsheet.name}: {place} is used up: its flow is {-worst:.1e} of the plant scale.\n"
            "  The specifications ask for more of it than arrives there."
        )


def most_negative(flowsheet: Flowsheet) -> tuple[float, str]:
    """Largest flow below zero over the plant scale, and where it is; (0, "") when none is."""
    built = flowsheet.built
    assert built is not None
    worst, place = 0.0, ""
    for s in built.states(flowsheet):
        for key, v in s.flow.items():
            below = -float(v.value or 0.0) / built.scale
            if below > worst:
                worst, place = below, f"{key} in {s.name!r}"
    return worst, place


def broken_limits(
    flowsheet: Flowsheet, units: Iterable[Unit] | None = None
) -> list[tuple[str, str]]:
    """(unit and name, message) of all limits that the present values break, of some units or all."""
    out = []
    for unit in flowsheet.units.values() if units is None else units:
        try:
            limits = list(unit.limits())
        except (ValueError, ZeroDivisionError, OverflowError):
            continue  # a message that needs values which the last point does not have
        for limit in limits:
            try:
                margin = float(pyo.value(limit.margin))
            except (ValueError, ZeroDivisionError, OverflowError):
                continue
            if not margin >= 0:
                text = f"{unit.name}: {limit.message.format(margin=margin)}"
                out.append((f"{unit.name}: {limit.name}", text))
    return out


def in_words(text: str) -> str:
    """A solver's message with the names of the flowsheet in the place of those of the model."""
    text = re.sub(r"\[\'([^\]]*)\'\]", r"[\1]", text)
    for pattern, words in _WORDS:
        text = re.sub(pattern, words, text)
    return text


def failure(flowsheet: Flowsheet, outcome: Any) -> NoxplantError:
    """The error for an outcome without solution, with the reason that can be shown."""
    text = f"{flowsheet.name}: no solution was found ({in_words(outcome.message)})."
    if outcome.worst_equation:
        place = in_words(outcome.worst_equation)
        text += f"\n  Largest residual: {place}, {outcome.worst_residual:.2e} of its size."
    broken = dict(broken_limits(flowsheet, _where(flowsheet)))
    used_up, beyond = exhausted(flowsheet)
    if used_up or beyond:
        text += "\n  By the balances alone: " + "\n  ".join([*used_up, *beyond.values()])
    rest = [message for name, message in broken.items() if name not in beyond]
    if rest:
        text += "\n  At the last point: " + "\n  ".join(rest)
    if used_up or beyond or rest:
        return Refusal(text)
    return SolveError(
        text + "\n  Try: less demanding specifications, or values nearer a solved case."
    )


def _where(flowsheet: Flowsheet) -> list[Unit]:
    """Units whose unknowns are in the block that has no solution; all when that is unknown."""
    built = flowsheet.built
    assert built is not None
    units = [
        u
        for u in flowsheet.units.values()
        if any(id(v) in built.failed for v in u.block.component_data_objects(pyo.Var))
    ]
    return units or list(flowsheet.units.values())


def exhausted(flowsheet: Flowsheet) -> tuple[list[str], dict[str, str]]:
    """Components that the balances alone leave less than nothing of, nearest to their source.

    The flows are solved without their lower bounds; where a unit receives a component but would
    have to give off a negative flow of it, the specifications ask for more than arrives.

    Returns:
        Messages of what is used up, and those of the units' limits that are broken there.
    """
    built = flowsheet.built
    assert built is not None
    assert built.solver is not None
    solver = built.solver
    c, newton = solver.compiled, solver.newton
    every = (v for s in built.states(flowsheet) for v in s.flow.values())
    flows = [k for v in every if (k := c.index(v)) is not None]
    kept = c.x.copy(), c.lower[flows].copy(), newton.low[flows].copy()
    try:
        c.lower[flows], newton.low[flows] = -np.inf, -np.inf
        solved = cold_start(flowsheet, solver, None, ipopt=False, follow=True, number=1).solved
        solver.load()
        return (_used_up(flowsheet), dict(broken_limits(flowsheet))) if solved else ([], {})
    finally:
        c.lower[flows], newton.low[flows] = kept[1:]
        c.x[:] = kept[0]
        solver.load()


def _used_up(flowsheet: Flowsheet) -> list[str]:
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
    return out[:4]


def _content(stream: Any, component: str) -> float:
    return float(pyo.value(stream.content(component)))
