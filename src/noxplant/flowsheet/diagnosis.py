"""Where a way ends: what blocks it there, and which specifications would have to give way.

Everything is read off the last solvable place of a way to other specifications: what came to its
bound or lost its margin, by how much it falls short of what is asked for (to first order along the
rest of the way), and what each other specification would have to be to make that good.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from pyomo.core.expr.visitor import identify_variables

from noxplant.errors import NoxplantError, Refusal
from noxplant.flowsheet.degrees import names
from noxplant.flowsheet.movable import movable
from noxplant.flowsheet.screen import margins
from noxplant.measures import shown as in_units
from noxplant.measures import words

if TYPE_CHECKING:
    from noxplant.flowsheet.graph import Exchange, Flowsheet

SHOWN = 4
"""Ways out that a message lists at most."""
NEAR = 1e-3
"""Distance of a quantity from its bound, in nominals, at which it counts as at it where a way ends."""
WORTH = 0.1
"""Part of what is lacking that a specification has to bring at the end of its range to be listed."""
FUTILE = 1e-10
"""Change of a quantity, in its size, that a doubling of a specification without influence makes."""
ATTEMPT = 4000
"""Iterations that a plant may take which is solved only to see what has influence."""
NEGLIGIBLE = 1e-9
"""Relative change that is none."""


@dataclass(frozen=True)
class Blocked:
    """What blocks: a margin (unknown, or expression of the limit of a unit) that must not be negative.

    Attributes:
        margin: Pyomo expression.
        name: what it belongs to, in words.
        own: id of the unknown that came to a bound; None for the limit of a unit.
    """

    margin: Any
    name: str
    own: int | None = None


def blocked(flowsheet: Flowsheet, unknown: Any = None, limit: str = "") -> Blocked | None:
    """What blocks at the present place, the limit of a unit or an unknown at its bound.

    Args:
        flowsheet: a plant whose solver stands at the last solvable place of a way.
        unknown: variable that is known to be at its bound; searched for if not given.
        limit: "UNIT: name" of the limit that is known to be broken or reached.
    """
    if limit:
        for unit, found, _, _ in margins(flowsheet.units.values()):
            if f"{unit.name}: {found.name}" == limit and _moves(found.margin):
                return Blocked(found.margin, limit)
    if unknown is None:
        unknown = _at_bound(flowsheet)
    if unknown is None:
        return None
    known = names(flowsheet).get(id(unknown))
    name = known[0] if known else str(unknown.name)
    low = unknown.lb is not None and (
        unknown.ub is None or unknown.value - unknown.lb <= unknown.ub - unknown.value
    )
    margin = unknown - unknown.lb if low else unknown.ub - unknown
    return Blocked(margin, name, id(unknown))


def _moves(margin: Any) -> bool:
    if isinstance(margin, (int, float)):
        return False
    return any(True for _ in identify_variables(margin, include_fixed=False))


def _at_bound(flowsheet: Flowsheet) -> Any:
    """The unknown that most likely blocks: a freed specification first, then any quantity."""
    from noxsolve.diagnosis import at_bounds

    assert flowsheet.built is not None
    found = at_bounds(flowsheet.built.solver, NEAR)
    free = {id(flowsheet.variable(e.freed)) for e in flowsheet.exchanges}
    known = names(flowsheet)
    for some in (free, known):
        for b in found:
            if id(b.unknown) in some:
                return b.unknown
    return None


def require_influence(flowsheet: Flowsheet, solver: Any, exchanges: Sequence[Exchange]) -> None:
    """Refuse what is asked for and hangs on nothing that is free, naming what it hangs on instead.

    Args:
        flowsheet: a plant.
        solver: its solver at a solved point without these exchanges: what they free is given.
        exchanges: design specifications that are to be met from there.
    """
    futile = _without_influence(flowsheet, solver, exchanges)
    if futile:
        raise Refusal("\n  ".join([f"{flowsheet.name}: no solution was found.", *futile]))


def _without_influence(
    flowsheet: Flowsheet, solver: Any, exchanges: Sequence[Exchange]
) -> list[str]:
    from noxsolve.errors import ModelError
    from noxsolve.sensitivity import sensitivities

    c = solver.compiled
    paths = [p for p in movable(flowsheet) if p not in {e.fixed for e in exchanges}]
    paths = [*(e.freed for e in exchanges), *paths]
    paths = [p for p in paths if c.input_index(flowsheet.variable(p)) is not None]
    wanted = [flowsheet.variable(e.fixed) for e in exchanges]
    inputs = [flowsheet.variable(p) for p in paths]
    try:
        slopes = sensitivities(solver, wanted, inputs)
    except ModelError:
        return []
    reach = np.array([max(abs(float(v.value)), 1e-6) for v in inputs])
    freed = [paths.index(e.freed) for e in exchanges if e.freed in paths]
    lines = []
    for e, v, row in zip(exchanges, wanted, np.abs(slopes) * reach, strict=True):
        k = c.index(v)
        size = max(abs(float(c.x[k])), float(solver.nominal[k])) if k is not None else 1.0
        others = [j for j in np.argsort(-row, kind="stable") if row[j] > FUTILE * size]
        if any(j in freed for j in others):
            continue
        names_ = ", ".join(paths[j] for j in others[:SHOWN]) or "nothing that is given"
        lines.append(
            f"{e.fixed} hangs on nothing that is free: {e.freed}, freed for it, has no influence on"
            f" it. It hangs on {names_}; free one of those instead."
        )
    return lines


def no_influence(flowsheet: Flowsheet, exchange: Exchange, paths: Sequence[str]) -> list[str]:
    """Specifications that do not move what an exchange fixes, where the plant without it is solved.

    Empty where that plant is not known or does not solve.
    """
    from noxsolve.errors import ModelError
    from noxsolve.sensitivity import sensitivities

    if flowsheet.known is None:
        return []
    base = flowsheet.known()
    base.exchanges = [e for e in base.exchanges if e.fixed != exchange.fixed]
    try:
        base.solve(iteration_limit=ATTEMPT)
        assert base.built is not None
        solver = base.built.solver
        c = solver.compiled
        inside = [p for p in paths if c.input_index(base.variable(p)) is not None]
        wanted, inputs = base.variable(exchange.fixed), [base.variable(p) for p in inside]
        slopes = np.abs(sensitivities(solver, [wanted], inputs)[0])
    except (NoxplantError, ModelError):
        return []
    reach = np.array([max(abs(float(v.value)), 1e-6) for v in inputs])
    size = max(abs(float(wanted.value)), float(solver.nominal[c.index(wanted)]))
    return [p for p, x in zip(inside, slopes * reach, strict=True) if x <= FUTILE * size]


def at_its_bound(flowsheet: Flowsheet, found: Blocked) -> str:
    """What came to which bound, in words; empty for the limit of a unit."""
    if found.own is None:
        return ""
    known = names(flowsheet).get(found.own)
    (variable,) = identify_variables(found.margin, include_fixed=False)
    if known is None:
        return f"{found.name} is at its bound"
    path, text, _ = known
    unit = _unit(flowsheet, path)
    low, high = ("any" if b is None else words(float(b), unit) for b in (variable.lb, variable.ub))
    doc = text.rpartition(" [")[0]
    return (
        f"{path} ({doc}) has come to {words(float(variable.value), unit)}, the end of its range"
        f" ({low} to {high})"
    )


def ways_out(flowsheet: Flowsheet, found: Blocked, targets: Mapping[str, float]) -> list[str]:
    """Specifications that would clear what blocks, one line each, the least part of its range first.

    Args:
        flowsheet: a plant whose solver stands at the last solvable place of a way.
        found: what blocks there.
        targets: specifications that the way leads to, SI by path.
    """
    from noxsolve.diagnosis import moves
    from noxsolve.errors import ModelError

    assert flowsheet.built is not None
    solver = flowsheet.built.solver
    try:
        short = _shortfall(flowsheet, found, targets)
        if not short > 0:
            return []
        paths = {p: r for p, r in movable(flowsheet).items() if p not in targets}
        variables = {id(flowsheet.variable(p)): p for p in paths}
        from pyomo.common.collections import ComponentMap

        ranges = ComponentMap((flowsheet.variable(p), r) for p, r in paths.items())
        every = moves(solver, found.margin, short, ranges)
    except ModelError:
        return []  # a turning point: there are no derivatives
    enough = [m for m in every if m.share <= 1.0]
    chosen = enough[:SHOWN] or [m for m in every if m.share <= 1.0 / WORTH][:SHOWN]
    return [_line(flowsheet, variables[id(m.input)], m) for m in chosen]


def _shortfall(flowsheet: Flowsheet, found: Blocked, targets: Mapping[str, float]) -> float:
    """By how much the margin would be negative at the end of the way, to first order."""
    import pyomo.environ as pyo

    from noxsolve.sensitivity import sensitivities

    assert flowsheet.built is not None
    solver = flowsheet.built.solver
    c = solver.compiled
    variables = [(flowsheet.variable(p), x) for p, x in targets.items()]
    inside = [(v, x) for v, x in variables if c.input_index(v) is not None]
    if not inside:
        return 0.0
    slopes = sensitivities(solver, [found.margin], [v for v, _ in inside])[0]
    rest = np.array([x - float(c.p[c.input_index(v)]) for v, x in inside])
    return -float(pyo.value(found.margin)) - float(slopes @ rest)


def _line(flowsheet: Flowsheet, path: str, move: Any) -> str:
    """One way out: direction, from and to, the range."""
    unit = _unit(flowsheet, path)
    word = "raise" if move.wanted > move.value else "lower"
    now, end = words(move.value, unit), words(move.limit, unit)
    if move.share <= 1.0:
        return f"{word} {path} from {now} to about {words(move.wanted, unit)} (its range ends at {end})"
    return (
        f"{word} {path} from {now} towards {end}: at that end of its range it brings about"
        f" {1.0 / move.share:.0%} of what is lacking"
    )


def _unit(flowsheet: Flowsheet, path: str) -> str:
    unit, key, _ = flowsheet.find(path)
    return str(unit.declared[key].units)  # type: ignore[attr-defined]


def reached(flowsheet: Flowsheet, targets: Mapping[str, float], at: Mapping[str, float]) -> str:
    """The last values that were solved, of the first few targets, in words."""
    shown = [p for p in targets if abs(targets[p] - at[p]) > NEGLIGIBLE * abs(targets[p])][:SHOWN]
    numbers = [(p, *in_units(at[p], _unit(flowsheet, p))) for p in shown]
    return ", ".join(f"{p} = {x:.6g}" + (f" {u}" if u != "1" else "") for p, x, u in numbers)


def advice(
    flowsheet: Flowsheet,
    targets: Mapping[str, float],
    at: Mapping[str, float],
    found: Blocked | None,
) -> list[str]:
    """Lines of a message: what blocks, what would give way, how far it goes without that."""
    lines = []
    if found is not None:
        blocking = at_its_bound(flowsheet, found)
        if blocking:
            lines.append(f"What blocks: {blocking}.")
        out = ways_out(flowsheet, found, targets)
        if out:
            lines.append("What would give way, each alone, to first order, the nearest first:")
            lines += [f"  {line}" for line in out]
    possible = reached(flowsheet, targets, at)
    if possible:
        lines.append(f"Or ask for no more than was solved: {possible}.")
    return lines
