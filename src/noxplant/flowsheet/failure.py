"""Why a flowsheet was not solved, in its own words: limits, exhausted components, where it stopped."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import numpy as np
import pyomo.environ as pyo
from pyomo.core.expr.visitor import identify_variables

from noxplant.errors import NoxplantError, Refusal, SolveError
from noxplant.flowsheet.build import nominals
from noxplant.flowsheet.degrees import names
from noxplant.flowsheet.diagnosis import advice, blocked
from noxplant.flowsheet.liquids import check_liquids
from noxplant.flowsheet.screen import broken, used_up
from noxplant.flowsheet.start import cold_start
from noxplant.measures import words as in_units
from noxplant.thermo.used import extrapolating

if TYPE_CHECKING:
    from collections.abc import Iterable

    from noxplant.flowsheet.graph import Flowsheet
    from noxplant.unit import Unit

BEYOND = 1e-9
"""Largest flow below zero, as a fraction of the plant scale, of a solution (design, section 9)."""
DIAGNOSIS = 2000
"""Iterations that the search for what is exhausted may take, besides those of the solve; not more
than those."""
NOISE = 1e-6
"""Negative margin, over the nominal size of its unknowns, that a clipped iterate may leave."""
ABSURD = 1e3
"""Negative margin, over the same, that only a search gone astray has."""
HINTS, SPECS = 3, 8
"""Hints, and specifications of the block, that a message lists at most."""

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


@extrapolating()
def check_limits(flowsheet: Flowsheet) -> None:
    """Refuse a state in which something is exhausted, beyond its limit, or a liquid that is none."""
    broken = broken_limits(flowsheet)
    if broken:
        raise Refusal("\n".join(text for _, text in broken))
    worst, place = most_negative(flowsheet)
    if worst > BEYOND:
        raise Refusal(
            f"{flowsheet.name}: {place} is used up: its flow is {-worst:.1e} of the plant scale.\n"
            "  The specifications ask for more of it than arrives there."
        )
    check_liquids(flowsheet)


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


@extrapolating()
def bound_violation(flowsheet: Flowsheet) -> float:
    """Largest excess of a variable over its own bounds, in nominals; flows in the plant scale."""
    built = flowsheet.built
    assert built is not None
    sizes = nominals(flowsheet)[0]
    worst = most_negative(flowsheet)[0]
    for v in built.model.component_data_objects(pyo.Var):
        if v.value is not None:
            low = -np.inf if v.lb is None else float(v.lb)
            high = np.inf if v.ub is None else float(v.ub)
            excess = max(low - v.value, v.value - high, 0.0)
            worst = max(worst, excess / sizes.get(v, 1.0))
    return float(worst)


def broken_limits(
    flowsheet: Flowsheet, units: Iterable[Unit] | None = None
) -> list[tuple[str, str]]:
    """(unit and name, message) of all limits that the present values break, of some units or all."""
    return [
        (f"{u.name}: {x.name}", text)
        for u, x, _, text in broken(flowsheet.units.values() if units is None else units)
    ]


def in_words(text: str) -> str:
    """A solver's message with the names of the flowsheet in the place of those of the model."""
    text = re.sub(r"\[\'([^\]]*)\'\]", r"[\1]", text)
    for pattern, words in _WORDS:
        text = re.sub(pattern, words, text)
    return text


def failure(flowsheet: Flowsheet, outcome: Any) -> NoxplantError:
    """The error for an outcome without solution, with the reason that can be shown.

    A `Refusal` only when something is shown: components exhausted by the balances alone, or limits
    whose unknowns were all solved. What an unsolved point breaks is a hint, and labelled as one.
    """
    text = f"{flowsheet.name}: no solution was found ({_end(flowsheet, outcome)})."
    stopped = outcome.status.name == "STOPPED"  # on the way, at a place that is solved
    if not stopped:
        text += _residual(flowsheet, outcome)
    shown, hints = _limits(flowsheet, solved=stopped)
    exhausted_here, beyond = exhausted(flowsheet)
    if exhausted_here or beyond:
        text += "\n  By the balances alone: " + "\n  ".join([*exhausted_here, *beyond.values()])
    lines, at_end = _way_out(flowsheet, shown) if stopped else ([], False)
    facts = [message for name, message in shown if name not in beyond]
    if facts:
        text += "\n  Where all was solved that it depends on: " + "\n  ".join(facts)
    text += "".join(f"\n  {line}" for line in lines)
    if exhausted_here or beyond or facts or at_end:
        return Refusal(text)
    if hints:
        text += (
            "\n  At the last point of the search, which is no solution, so this may be its"
            " consequence and not the cause: " + "\n  ".join(hints)
        )
    return SolveError(text + _specs(flowsheet) + _advice(flowsheet))


def _way_out(flowsheet: Flowsheet, shown: list[tuple[str, str]]) -> tuple[list[str], bool]:
    """Where a continuation stopped: lines of advice, and whether a freed specification is at an end.

    Args:
        flowsheet: its solver stands at the last place that was solved, and so do its variables.
        shown: limits that are broken there.
    """
    built = flowsheet.built
    assert built is not None
    at = {e.fixed: float(flowsheet.variable(e.fixed).value) for e in flowsheet.exchanges}
    targets = {e.fixed: e.value for e in flowsheet.exchanges if e.value != at[e.fixed]}
    if not targets:
        return [], False
    found = blocked(flowsheet, limit=shown[0][0] if shown else "")
    freed = {id(flowsheet.variable(e.freed)) for e in flowsheet.exchanges}
    lines = advice(flowsheet, targets, at, found)
    return lines, found is not None and found.own in freed


def _end(flowsheet: Flowsheet, outcome: Any) -> str:
    """Where the work ended, in flowsheet words."""
    built = flowsheet.built
    assert built is not None
    over = f"the limit of {built.budget.limit} iterations is reached; " if built.budget.over else ""
    if not built.failed or outcome.status.name == "STOPPED":
        return over + in_words(outcome.message)
    units = [u.name for u in _where(flowsheet)]
    inner = ", ".join(units) or in_words(outcome.message)
    return f"{over}unsolved is the block of {inner}, {len(built.failed)} unknowns"


def _residual(flowsheet: Flowsheet, outcome: Any) -> str:
    """The equation of the unsolved block that is farthest from holding."""
    built = flowsheet.built
    assert built is not None
    worst = outcome.worst_equation, outcome.worst_residual
    if built.stuck:
        built.solver.compiled.evaluate()
        worst = built.solver.worst(np.array(built.stuck, dtype=np.int64))
    if not worst[0]:
        return ""
    size = f"{worst[1]:.2e} of its size" if np.isfinite(worst[1]) else "not a number"
    return f"\n  Largest residual there: {in_words(worst[0])}, {size}.{_at_bounds(flowsheet)}"


def _at_bounds(flowsheet: Flowsheet) -> str:
    """Unknowns of the unsolved block that came to a bound, with value and unit, the first few."""
    from noxsolve.diagnosis import at_bounds

    built = flowsheet.built
    assert built is not None
    known, found = names(flowsheet), []
    for b in at_bounds(built.solver):
        if id(b.unknown) not in built.failed:
            continue
        path, text, _ = known.get(id(b.unknown), (in_words(b.unknown.name), "", False))
        unit = text.rpartition(" [")[2].removesuffix("]") or _unit_of(b.unknown.name)
        found.append(f"{path} at its {b.side} bound, {in_units(b.bound, unit)}")
    # Of many flows at zero none says anything: what is absent in a part of the plant is at zero.
    shown = [f for f in found if not f.startswith("flow of ")] or found
    if not shown:
        return ""
    rest = f" and {len(shown) - HINTS} more" if len(shown) > HINTS else ""
    return "\n  At a bound there: " + "; ".join(shown[:HINTS]) + rest + "."


def _unit_of(name: str) -> str:
    """SI unit of an unknown of a stream, from its name in the model."""
    if ".flow[" in name:
        return "mol/s"
    return {"temperature": "K", "pressure": "Pa"}.get(name.rpartition(".")[2], "1")


def _advice(flowsheet: Flowsheet) -> str:
    built = flowsheet.built
    assert built is not None
    more = ", or a higher limit of iterations" if built.budget.over else ""
    return f"\n  Try: less demanding specifications, or values nearer a solved case{more}."


def _specs(flowsheet: Flowsheet) -> str:
    """Specifications that enter the equations of the unsolved block, those set anew first."""
    built = flowsheet.built
    assert built is not None
    if not built.failed or built.solver is None:
        return ""
    c = built.solver.compiled
    pattern = c.input_sparsity()
    starts, at = pattern.colind(), pattern.row()
    rows = set(built.stuck)
    known = names(flowsheet)
    found = []
    for k, v in enumerate(c.inputs):
        if id(v) in known and rows & set(at[starts[k] : starts[k + 1]]):
            found.append(f"{known[id(v)][0]} = {float(c.p[k]):.6g}")
    own = _changed(flowsheet)
    designed = {e.fixed for e in flowsheet.exchanges}
    found.sort(
        key=lambda t: (t.partition(" = ")[0] not in own, t.partition(" = ")[0] not in designed)
    )
    if not found:
        return ""
    rest = f" and {len(found) - SPECS} more" if len(found) > SPECS else ""
    return "\n  Given to it (SI): " + ", ".join(found[:SPECS]) + rest + "."


def _changed(flowsheet: Flowsheet) -> set[str]:
    """Specifications that were set anew, or whose number of the basis the user gave."""
    given = [n for n, e in flowsheet.basis.items() if e.get("source") == "given by the user"]
    return {*flowsheet.changed, *given, *(n.partition(".")[2] for n in given)}


def _limits(flowsheet: Flowsheet, *, solved: bool) -> tuple[list[tuple[str, str]], list[str]]:
    """Broken limits whose unknowns are all solved, as (name, message), and hints of the block.

    Args:
        flowsheet: a flowsheet whose search failed; its variables hold the last point.
        solved: whether the last point solves all equations (for other inputs, on the way).
    """
    built = flowsheet.built
    assert built is not None
    if solved:
        return broken_limits(flowsheet), []
    sizes, inside = nominals(flowsheet)[0], {u.name for u in _where(flowsheet)}
    shown: list[tuple[str, str]] = []
    hints: dict[str, str] = {}
    for unit, limit, margin, text in broken(flowsheet.units.values()):
        if isinstance(limit.margin, (int, float)):
            continue  # a number that was computed from values of this point
        unknowns = list(identify_variables(limit.margin, include_fixed=False))
        ids = {id(v) for v in unknowns}
        if ids <= built.done:
            shown.append((f"{unit.name}: {limit.name}", text))
        elif unit.name in inside and ids <= built.done | built.failed | built.followed:
            size = max(sizes.get(v, 1.0) for v in unknowns)
            if NOISE * size < -margin < ABSURD * size:
                hints.setdefault(unit.name, text)
    return shown, list(hints.values())[:HINTS]


def _where(flowsheet: Flowsheet) -> list[Unit]:
    """Units whose unknowns, or those of whose outlets, are in the block that has no solution."""
    built = flowsheet.built
    assert built is not None

    def inside(unit: Unit) -> bool:
        blocks = [unit.block, *(p.stream.block for p in unit.outlets if p.stream is not None)]
        return any(id(v) in built.failed for b in blocks for v in b.component_data_objects(pyo.Var))

    return [u for u in flowsheet.units.values() if inside(u)]


def exhausted(flowsheet: Flowsheet) -> tuple[list[str], dict[str, str]]:
    """Components that the balances alone leave less than nothing of, nearest to their source.

    The flows are solved without their lower bounds; where a unit receives a component but would
    have to give off a negative flow of it, the specifications ask for more than arrives.

    Returns:
        Messages of what is used up, and those of the units' limits that are broken there.
    """
    from noxsolve.budget import Budget

    built = flowsheet.built
    assert built is not None
    assert built.solver is not None
    solver = built.solver
    c, newton = solver.compiled, solver.newton
    every = (v for s in built.states(flowsheet) for v in s.flow.values())
    flows = [k for v in every if (k := c.index(v)) is not None]
    kept = c.x.copy(), c.lower[flows].copy(), newton.low[flows].copy()
    place = built.failed, built.done, built.stuck, built.followed
    budget, newton.budget = newton.budget, Budget(min(DIAGNOSIS, built.budget.limit))
    try:
        c.lower[flows], newton.low[flows] = -np.inf, -np.inf
        solved = cold_start(flowsheet, solver, None, ipopt=False, follow=True, number=1).solved
        solver.load()
        return (used_up(flowsheet), dict(broken_limits(flowsheet))) if solved else ([], {})
    finally:
        c.lower[flows], newton.low[flows] = kept[1:]
        c.x[:], newton.budget = kept[0], budget
        built.failed, built.done, built.stuck, built.followed = place
        solver.load()
