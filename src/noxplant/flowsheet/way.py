"""The way from a plant that is known to solve to one with other specifications.

A route as it is shipped solves. What a user asks of it differs in a few numbers, so the plant he asks
for lies at the end of a way along which all of these move at once. Where a cold start finds nothing,
this way either arrives or ends; where it ends, the limit that is met there is the reason.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from math import ceil, log10
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pyomo.environ as pyo

from noxplant.errors import NoxplantError, Refusal, SolveError
from noxplant.flowsheet.diagnosis import advice, blocked
from noxplant.flowsheet.screen import margins
from noxplant.thermo.used import extrapolating

if TYPE_CHECKING:
    from noxplant.flowsheet.graph import Exchange, Flowsheet

AT_BOUND = 1e-6
"""Distance from its bound, in nominals, at which an unknown counts as at it."""
NEAR = 0.01
"""The same for a quantity of a unit, as a part of what the distance was at the start of a way; the way ends
a little before."""
SHOWN = 4
"""Specifications that a message lists at most."""


@dataclass(frozen=True)
class End:
    """Where a way ends.

    Attributes:
        arrived: whether all specifications are met there.
        share: part of the way, 0 to 1.
        at: values of what moves, SI by path.
        limits: (unit and name, message) of the limits that are broken there.
        bound: an unknown that came to its bound on the way, in words; empty when none did.
        freed: whether that is a specification that is free, so that its bound is a limit.
        allowed: its range and what it is, in words; empty for what is no quantity.
        advice: what blocks there and what would give way, in lines.
    """

    arrived: bool
    share: float
    at: Mapping[str, float]
    limits: tuple[tuple[str, str], ...] = ()
    bound: str = ""
    freed: bool = False
    allowed: str = ""
    advice: tuple[str, ...] = ()


class _Start(NamedTuple):
    """Where a way starts: room of all unknowns in nominals, margins of all limits."""

    room: npt.NDArray[np.float64]
    margins: Mapping[str, float]


def changes(base: Flowsheet, plant: Flowsheet) -> dict[str, float]:
    """Specifications of a plant that differ from those of another of the same build, SI by path."""
    out = {}
    freed = {e.freed for e in plant.exchanges}
    for unit in plant.units.values():
        for key, value in unit.given.items():
            items = value.items() if isinstance(value, Mapping) else [(None, value)]
            for index, x in items:
                path = f"{unit.name}.{key}" + (f"[{index}]" if index is not None else "")
                if path not in freed and base.value(path) != x:
                    out[path] = x
    out |= {e.fixed: e.value for e in plant.exchanges if base.value(e.fixed) != e.value}
    return out


@contextmanager
def followed(
    base: Flowsheet, targets: Mapping[str, float], *, advised: bool = False
) -> Iterator[End]:
    """Take a solved plant to other specifications; it is there within the block, and back after it.

    Args:
        base: a solved flowsheet.
        targets: values of specifications by path, SI.
        advised: whether to say, where the way ends, what would give way.
    """
    from pyomo.common.collections import ComponentMap

    assert base.built is not None
    solver = base.built.solver
    c = solver.compiled
    kept, others, moved = (c.x.copy(), c.p.copy()), [], ComponentMap()
    start = _Start(_room(solver), _margins(base))
    for path, x in targets.items():
        variable = base.variable(path)
        if c.input_index(variable) is not None:
            moved[variable] = x
        else:  # in no equation, but perhaps in a limit or a report
            others.append((variable, variable.value))
            variable.set_value(x, skip_validation=True)
    try:
        share, outcome = _walk(solver, moved)
        solver.load()
        at = {path: float(base.variable(path).value) for path in targets}
        with extrapolating():
            if outcome.solved:
                yield End(True, 1.0, at)
            else:
                end = _end(base, share, at, start, targets if advised else {})
                yield end
    finally:
        c.x[:], c.p[:] = kept
        solver.load()
        c.evaluate()
        for variable, value in others:
            variable.set_value(value, skip_validation=True)


def _walk(solver: Any, targets: Any) -> tuple[float, Any]:
    """Share of the way that is reached, and the outcome there.

    A way on which a number changes by more than a decade has a stage for each, with equal factors.
    """
    from pyomo.common.collections import ComponentMap

    start = {id(v): float(solver.compiled.p[solver.compiled.input_index(v)]) for v in targets}
    factors = [x / start[id(v)] for v, x in targets.items() if start[id(v)] * x > 0]
    stages = max([1, *(ceil(abs(log10(f))) for f in factors)])
    for stage in range(1, stages + 1):
        at = ComponentMap()
        for v, x in targets.items():
            x0 = start[id(v)]
            part = stage / stages
            at[v] = x0 * (x / x0) ** part if x0 * x > 0 and stage < stages else x0 + part * (x - x0)
        outcome = solver.homotopy(at)
        if not outcome.solved:
            return (stage - 1 + outcome.fraction) / stages, outcome
    return 1.0, outcome


def _end(
    base: Flowsheet,
    share: float,
    at: Mapping[str, float],
    start: _Start,
    targets: Mapping[str, float],
) -> End:
    """Where a way ended: the model has the last solved point; `start` is what was at its start.

    With `targets` it says what would give way.
    """
    from noxplant.flowsheet.degrees import names
    from noxplant.flowsheet.failure import broken_limits, in_words

    assert base.built is not None
    solver = base.built.solver
    unknowns, now, room = solver.compiled.unknowns, _room(solver), start.room
    free, known = {id(base.variable(e.freed)) for e in base.exchanges}, names(base)
    part = np.array([id(v) in known for v in unknowns]) & np.isfinite(room)
    near = np.where(part, np.maximum(AT_BOUND, NEAR * room), AT_BOUND)
    new = [k for k in np.argsort(now) if now[k] < near[k] and room[k] >= AT_BOUND]
    # What is free says most, then what has a name and lost most of its room.
    new.sort(key=lambda k: (id(unknowns[k]) not in free, not part[k], now[k] / room[k]))
    bound = f"{in_words(unknowns[new[0]].name)} at its bound" if new else ""
    freed = bool(new) and id(unknowns[new[0]]) in free
    allowed = _allowed(base, unknowns[new[0]]) if new else ""
    limits = broken_limits(base) or ([] if freed else _nearly(base, start.margins))
    lines: list[str] = []
    if targets:
        here = blocked(base, unknowns[new[0]] if new else None, limits[0][0] if limits else "")
        lines = advice(base, targets, at, here)
    return End(False, share, at, tuple(limits), bound, freed, allowed, tuple(lines))


def _margins(base: Flowsheet) -> dict[str, float]:
    """Margins of all limits at the present values, by unit and name."""
    return {f"{u.name}: {x.name}": m for u, x, m, _ in margins(base.units.values())}


def _nearly(base: Flowsheet, before: Mapping[str, float]) -> list[tuple[str, str]]:
    """(unit and name, message) of the limit that lost nearly all its margin, if one did."""
    left = []
    for unit, limit, margin, text in margins(base.units.values()):
        name = f"{unit.name}: {limit.name}"
        if before.get(name, 0.0) > 0 and margin < NEAR * before[name]:
            left.append((margin / before[name], name, text))
    return [(name, text) for _, name, text in sorted(left)[:1]]


def _allowed(base: Flowsheet, variable: Any) -> str:
    """Range of a quantity and what it is, in words; empty for what is no quantity."""
    from noxplant.flowsheet.degrees import names

    known = names(base).get(id(variable))
    if known is None:
        return ""
    low, high = ("-" if b is None else f"{b:g}" for b in (variable.lb, variable.ub))
    return f"allowed is {low} to {high} (SI); it is the {known[1]}"


def _room(solver: Any) -> npt.NDArray[np.float64]:
    """Distance of every unknown from its nearer bound, in nominals."""
    c = solver.compiled
    distance: npt.NDArray[np.float64] = np.minimum(c.x - c.lower, c.upper - c.x) / solver.nominal
    return distance


def departs(plant: Flowsheet) -> bool:
    """Whether a plant has other specifications than the one that is known to solve."""
    return plant.known is not None and _apart(plant.known(), plant)


def _apart(base: Flowsheet, plant: Flowsheet) -> bool:
    return base.exchanges != plant.exchanges or bool(changes(base, plant))


def arrive(plant: Flowsheet, limit: int) -> bool:
    """Put into a built plant what the way from the plant that is known to solve leads to.

    False when there is no such way: the known plant is another one, or does not solve.

    Args:
        plant: a built flowsheet; its variables take the values of the solution.
        limit: iterations that the known plant may take, and those that the way may take.

    Raises:
        NoxplantError: the way ends before; a `Refusal` when a limit is broken where it does.
    """
    from noxsolve.budget import Budget

    assert plant.known is not None
    base = plant.known()
    made = {(e.fixed, e.freed) for e in base.exchanges}
    extra = [e for e in plant.exchanges if (e.fixed, e.freed) not in made]
    if len(made) + len(extra) != len(plant.exchanges):
        return False
    try:
        _start(base, extra, limit)
    except NoxplantError:
        return False
    assert base.built is not None
    base.built.solver.newton.budget = Budget(limit)
    targets = changes(base, plant)
    with followed(base, targets, advised=True) as end:
        if end.arrived:
            return _copied(base, plant)
    raise _reason(plant, end, targets)


def _start(base: Flowsheet, extra: list[Exchange], limit: int) -> None:
    """Solve the known plant with what is asked for at the values that it has by itself."""
    solution = base.solve(iteration_limit=limit)
    for e in extra:
        base.exchange(e.fixed, solution[e.fixed], e.freed)
    if extra:
        base.solve(iteration_limit=limit)


def _copied(base: Flowsheet, plant: Flowsheet) -> bool:
    """Values of all unknowns from one model to the other; False when they differ in build."""
    assert base.built is not None
    assert plant.built is not None
    found = {v.name: v for v in base.built.model.component_data_objects(pyo.Var)}
    free = [v for v in plant.built.model.component_data_objects(pyo.Var) if not v.fixed]
    if not all(v.name in found for v in free):
        return False
    for v in free:
        v.set_value(found[v.name].value, skip_validation=True)
    return True


def _reason(plant: Flowsheet, end: End, targets: Mapping[str, float]) -> NoxplantError:
    """Why the way ends, in words."""
    names = list(targets)[:SHOWN]
    what = ", ".join(f"{path} = {targets[path]:.6g}" for path in names)
    at = ", ".join(f"{end.at[p]:.6g}" for p in names)
    more = " and more" if len(targets) > SHOWN else ""
    text = (
        f"{plant.name}: no solution was found. From the plant as its basis has it, the way to {what}"
        f"{more} (SI) ends at {end.share:.1%} of it, at {at}{more}"
    )
    if end.bound and not end.limits:
        text += f", with {end.bound}" + (f": {end.allowed}" if end.allowed else "")
    if not end.limits and not end.freed:
        what_to_do = "Ask for less of a change, or change other numbers with it."
        return SolveError("\n  ".join([f"{text}.", *end.advice, what_to_do]))
    what_to_do = "Ask for less, or free another specification." if not end.limits else ""
    lines = [f"{text}.", *(t for _, t in end.limits), *end.advice, what_to_do]
    return Refusal("\n  ".join(lines).rstrip())
