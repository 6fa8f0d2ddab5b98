"""Initialise and solve: flows first at held temperature, then everything; then prove it.

The ladder: warm from the last solution; cold start with far-reaching design specifications met last,
by continuation; cold start as it is; continuation of all design specifications; refusal with a
reason. Only a solution whose residuals, bounds and audits hold is returned.
"""

from __future__ import annotations

import dataclasses
import time
from typing import TYPE_CHECKING, Any

import pyomo.environ as pyo

from noxplant.flowsheet import degrees
from noxplant.flowsheet.audit import audit, picture, require
from noxplant.flowsheet.build import nominals
from noxplant.flowsheet.collect import collect
from noxplant.flowsheet.failure import check_limits, failure, in_words, most_negative
from noxplant.flowsheet.start import cold_start, watched
from noxplant.streams.speciation import P_H_BOUNDS

if TYPE_CHECKING:
    import numpy as np

    from noxplant.flowsheet.build import Built
    from noxplant.flowsheet.graph import Exchange, Flowsheet
    from noxplant.flowsheet.solution import Solution

FAR = 4
"""Number of units between a design specification and what it frees, above which it is far."""


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
    built.reason = None
    before = [(v, v.value) for v in built.model.component_data_objects(pyo.Var) if not v.fixed]
    outcome, way = _warm(flowsheet) if built.solved and not cold and rng is None else (None, "")
    if outcome is None or not outcome.solved:
        outcome = _ladder(flowsheet, rng)
    solver = built.solver
    solver.load()
    if not outcome.solved:
        error = built.reason or failure(flowsheet, outcome)
        if way:
            error = type(error)(f"{error}\n  From the last solution it is {way}.")
        _forget(built, before)
        raise error
    built.solved, built.inputs = True, _inputs(solver)
    check_limits(flowsheet)
    pictures = {name: picture(s) for name, s in built.streams.items()}
    audits = audit(flowsheet, pictures)
    require(flowsheet, audits)
    report = {
        "equations": len(solver.compiled.equations),
        "newton_iterations": outcome.newton_iterations,
        "ipopt_calls": outcome.ipopt_calls,
        "worst_residual": outcome.worst_residual,
        "bound_violation": most_negative(flowsheet)[0],
        "cpu_seconds": round(time.process_time() - began, 3),
    }
    solution = collect(flowsheet, pictures, audits, report)
    return with_headline(flowsheet, solution)


def _forget(built: Built, before: list[tuple[Any, float]]) -> None:
    """Put back the values from before a failed solve, so that the next one is not misled."""
    for v, value in before:
        v.set_value(value, skip_validation=True)
    built.solver = built.solver_pattern = None


def _inputs(solver: Any) -> dict[int, float]:
    c = solver.compiled
    return {id(v): x for v, x in zip(c.inputs, c.p.tolist(), strict=True)}


def _ladder(flowsheet: Flowsheet, rng: Any) -> Any:
    """Design specifications that reach far last; cold; all design specifications last."""
    far = far_exchanges(flowsheet)
    outcome = _by_continuation(flowsheet, far, rng)
    if outcome is None or not outcome.solved:
        outcome = cold_start(flowsheet, _solver(flowsheet, rng), rng, number=1 if far else None)
    if not outcome.solved and flowsheet.exchanges != far:
        direct, at = outcome, flowsheet.built.solver  # type: ignore[union-attr]
        outcome = _by_continuation(flowsheet, flowsheet.exchanges, rng, 1)
        if outcome is None or not outcome.solved:
            outcome = direct
            flowsheet.built.solver = at  # type: ignore[union-attr]
            _solver_pattern(flowsheet)
    return outcome


def _warm(flowsheet: Flowsheet) -> tuple[Any, str]:
    """Newton from the last solution; then along the way from its specifications to the new ones.

    Returns the outcome and, in words, how far the way goes if it ends before.
    """
    from pyomo.common.collections import ComponentMap

    built = flowsheet.built
    assert built is not None
    solver = _solver(flowsheet, None)
    c = solver.compiled
    solver.ipopt.calls = 0
    last = c.x.copy()
    outcome = solver.newton_only()
    if outcome.solved:
        return outcome, ""
    c.x[:] = last
    now = [(v, x, built.inputs.get(id(v), x)) for v, x in zip(c.inputs, c.p.tolist(), strict=True)]
    targets = ComponentMap((v, x) for v, x, old in now if old != x)
    for v, _, old in now:
        c.p[c.input_index(v)] = old
    outcome = solver.homotopy(targets)
    for v, x, _ in now:
        c.p[c.input_index(v)] = x
    return outcome, "" if outcome.solved else in_words(outcome.message)


def _solver_pattern(flowsheet: Flowsheet) -> None:
    built = flowsheet.built
    assert built is not None
    built.solver_pattern = tuple(v.fixed for v in built.model.component_data_objects(pyo.Var))


def with_headline(flowsheet: Flowsheet, solution: Solution) -> Solution:
    """The same solution with the route's headline figures."""
    if flowsheet.headline is None:
        return solution
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


def _by_continuation(
    flowsheet: Flowsheet, exchanges: list[Exchange], rng: Any, number: int | None = None
) -> Any:
    """Solve with some freed specifications at their start values, then move to the design ones."""
    from pyomo.common.collections import ComponentMap

    starts = [given_start(flowsheet, e.freed) for e in exchanges]
    if not exchanges or any(value is None for value in starts):
        return None
    built = flowsheet.built
    assert built is not None
    pairs = [(flowsheet.variable(e.fixed), e, flowsheet.variable(e.freed)) for e in exchanges]
    solved = False
    try:
        for (fixed, _, freed), value in zip(pairs, starts, strict=True):
            fixed.unfix()
            freed.fix(value)
        base = _solver(flowsheet, rng)
        first = cold_start(flowsheet, base, rng, ipopt=False, number=number)
        solved = first.solved
        base.load()
        if not solved and built.reason is None:
            built.reason = failure(flowsheet, first)
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
    steps = first.newton_iterations + outcome.newton_iterations
    calls = first.ipopt_calls + outcome.ipopt_calls
    return dataclasses.replace(outcome, newton_iterations=steps, ipopt_calls=calls)


def given_start(flowsheet: Flowsheet, path: str) -> float | None:
    """Value that a freed specification was given before it was freed; None if it had none."""
    unit, key, index = flowsheet.find(path)
    given = unit.given.get(key)
    value = given if index is None or given is None else given.get(index)
    return None if value is None else float(value)
