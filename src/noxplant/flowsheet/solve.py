"""Initialise and solve: flows first at held temperature, then everything; then prove it.

The ladder: warm from the last solution; cold start with far-reaching design specifications met last,
by continuation; cold start as it is; continuation of all design specifications; refusal with a
reason. Only a solution whose residuals, bounds and audits hold is returned.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pyomo.environ as pyo

from noxplant.errors import Refusal, SolveError
from noxplant.flowsheet import degrees
from noxplant.flowsheet.audit import audit, picture, require
from noxplant.flowsheet.build import nominals
from noxplant.flowsheet.collect import collect
from noxplant.flowsheet.start import (
    energy_rows,
    held_at_first,
    start,
    watched,
)
from noxplant.streams.speciation import P_H_BOUNDS

if TYPE_CHECKING:
    import numpy as np

    from noxplant.flowsheet.graph import Exchange, Flowsheet
    from noxplant.flowsheet.solution import Solution

FAR = 4
"""Number of units between a design specification and what it frees, above which it is far."""
STARTS = ((320.0, 1e-4), (300.0, 1e-4), (345.0, 1e-2), (320.0, 1e-6))
"""Starts that are tried in turn: temperature of cold streams in K, and what no feed brings as a
fraction of the plant scale."""


def solve(
    flowsheet: Flowsheet, *, rng: np.random.Generator | None = None, cold: bool = False
) -> Solution:
    """Solve a flowsheet and prove the answer.

    Args:
        flowsheet: the flowsheet; it is built if it is not.
        rng: scatters start values and nominals, to test that the answer does not depend on them.
        cold: do not start from the last solution.

    Returns:
        A frozen `Solution`.

    Raises:
        SpecError: specifications are missing or surplus.
        Refusal: the specifications ask for what physics forbids.
        SolveError: no solution was found.
        AuditError: a balance does not close.
    """
    degrees.require_given(flowsheet)
    began = time.process_time()
    built = flowsheet.build()
    outcome = _ladder(flowsheet, rng, warm=built.solved and not cold and rng is None)
    solver = built.solver
    solver.load()
    built.solved = outcome.solved
    if not outcome.solved:
        raise _failure(flowsheet, outcome)
    check_limits(flowsheet)
    pictures = {name: picture(s) for name, s in built.streams.items()}
    audits = audit(flowsheet, pictures)
    require(flowsheet, audits)
    report = {
        "equations": len(solver.compiled.equations),
        "newton_iterations": outcome.newton_iterations,
        "ipopt_calls": outcome.ipopt_calls,
        "worst_residual": outcome.worst_residual,
        "cpu_seconds": round(time.process_time() - began, 3),
    }
    solution = collect(flowsheet, pictures, audits, report)
    return with_headline(flowsheet, solution)


def _ladder(flowsheet: Flowsheet, rng: Any, *, warm: bool) -> Any:
    """Warm; design specifications that reach far last; cold; all design specifications last."""
    outcome = None
    if warm:
        outcome = _solver(flowsheet, rng).solve()
    if outcome is None or not outcome.solved:
        outcome = _by_continuation(flowsheet, far_exchanges(flowsheet), rng)
    if outcome is None or not outcome.solved:
        outcome = _cold(flowsheet, _solver(flowsheet, rng), rng)
    if not outcome.solved:
        direct, at = outcome, flowsheet.built.solver  # type: ignore[union-attr]
        outcome = _by_continuation(flowsheet, flowsheet.exchanges, rng)
        if outcome is None or not outcome.solved:
            outcome = direct
            flowsheet.built.solver = at  # type: ignore[union-attr]
            _solver_pattern(flowsheet)
    return outcome


def _solver_pattern(flowsheet: Flowsheet) -> None:
    built = flowsheet.built
    assert built is not None
    built.solver_pattern = tuple(v.fixed for v in built.model.component_data_objects(pyo.Var))


def with_headline(flowsheet: Flowsheet, solution: Solution) -> Solution:
    """The same solution with the route's headline figures."""
    if flowsheet.headline is None:
        return solution
    import dataclasses

    return dataclasses.replace(solution, headline=flowsheet.headline(solution))


def _solver(flowsheet: Flowsheet, rng: Any) -> Any:
    from noxsolve.square import SquareSolver, Watch

    built = flowsheet.built
    assert built is not None
    pattern = tuple(v.fixed for v in built.model.component_data_objects(pyo.Var))
    if built.solver is not None and rng is None and built.solver_pattern == pattern:
        built.solver.compiled.refresh_inputs()
        return built.solver
    nominal, cap = nominals(flowsheet)
    if rng is not None:
        for v in nominal:
            nominal[v] = nominal[v] * 10.0 ** rng.uniform(-1.0, 1.0)
    low, high = P_H_BOUNDS
    watches = [Watch(v, row, low - 0.5, high + 0.5) for v, row in watched(flowsheet)]
    from noxsolve.compiled import CompiledModel

    compiled = CompiledModel(built.model)
    degrees.require_square(flowsheet, compiled)
    solver = SquareSolver(compiled, nominal=nominal, step_cap=cap, watch=watches)
    built.solver, built.solver_pattern = solver, pattern
    return solver


def _cold(flowsheet: Flowsheet, solver: Any, rng: Any) -> Any:
    """Start from nothing: block by block, flows first at held temperatures, then everything."""
    from noxsolve.cold import ColdStart

    compiled = solver.compiled
    starts = []
    for kelvin, trace in STARTS:
        start(flowsheet, compiled, rng, kelvin, trace)
        starts.append(compiled.x.copy())
    return ColdStart(solver, held_at_first(flowsheet), energy_rows(flowsheet), starts).run()


def far_exchanges(flowsheet: Flowsheet) -> list[Exchange]:
    """Design specifications that decide something more than `FAR` units away.

    Each makes one block of all that lies between, so they are met last, by continuation.
    """
    import networkx as nx

    graph = nx.Graph(flowsheet.graph)
    out = []
    for e in flowsheet.exchanges:
        ends = (flowsheet.find(e.fixed)[0].name, flowsheet.find(e.freed)[0].name)
        if nx.shortest_path_length(graph, *ends) > FAR and given_start(flowsheet, e.freed):
            out.append(e)
    return out


def _by_continuation(flowsheet: Flowsheet, exchanges: list[Exchange], rng: Any) -> Any:
    """Solve with some freed specifications at their start values, then move to the design ones."""
    from pyomo.common.collections import ComponentMap

    starts = [given_start(flowsheet, e.freed) for e in exchanges]
    if not exchanges or any(value is None for value in starts):
        return None
    pairs = [(flowsheet.variable(e.fixed), e, flowsheet.variable(e.freed)) for e in exchanges]
    solved = False
    try:
        for (fixed, _, freed), value in zip(pairs, starts, strict=True):
            fixed.unfix()
            freed.fix(value)
        base = _solver(flowsheet, rng)
        solved = _cold(flowsheet, base, rng).solved
        base.load()
    finally:
        for fixed, e, freed in pairs:
            freed.unfix()
            fixed.fix(fixed.value if solved else e.value)
    if not solved:
        return None
    solver = _solver(flowsheet, rng)
    outcome = solver.homotopy(ComponentMap((fixed, e.value) for fixed, e, _ in pairs))
    for fixed, e, _ in pairs:
        fixed.fix(e.value)
    return outcome


def given_start(flowsheet: Flowsheet, path: str) -> float | None:
    """Value that a freed specification was given before it was freed; None if it had none."""
    unit, key, index = flowsheet.find(path)
    given = unit.given.get(key)
    value = given if index is None or given is None else given.get(index)
    return None if value is None else float(value)


def check_limits(flowsheet: Flowsheet) -> None:
    """Refuse a state in which something is exhausted or beyond its limit."""
    broken = broken_limits(flowsheet)
    if broken:
        raise Refusal("\n".join(broken))


def broken_limits(flowsheet: Flowsheet) -> list[str]:
    """Messages of all limits that the present values break."""
    out = []
    for unit in flowsheet.units.values():
        for limit in unit.limits():
            try:
                margin = float(pyo.value(limit.margin))
            except (ValueError, ZeroDivisionError, OverflowError):
                continue
            if not margin >= 0:
                out.append(f"{unit.name}: {limit.message.format(margin=margin)}")
    return out


def _failure(flowsheet: Flowsheet, outcome: Any) -> Exception:
    broken = broken_limits(flowsheet)
    where = outcome.worst_equation
    text = f"{flowsheet.name}: no solution was found ({outcome.message})."
    if where:
        text += f"\n  Largest residual: {where}, {outcome.worst_residual:.2e} of its size."
    if broken:
        return Refusal(text + "\n  At the last point: " + "\n  ".join(broken))
    stuck = _at_zero(flowsheet)
    if stuck:
        text += f"\n  Flows that are used up at the last point: {', '.join(stuck[:6])}."
    return SolveError(
        text + "\n  Try: less demanding specifications, or values nearer a solved case."
    )


def _at_zero(flowsheet: Flowsheet) -> list[str]:
    built = flowsheet.built
    assert built is not None
    return [
        f"{key} in {s.name!r}"
        for s in built.states(flowsheet)
        for key, v in s.flow.items()
        if float(v.value or 0.0) < -1e-9 * built.scale
    ]
