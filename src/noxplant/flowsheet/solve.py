"""Initialise and solve: flows first at held temperature, then everything; then prove it.

The ladder: warm from the last solution; what the balances alone forbid is refused; cold start with
far-reaching design specifications met last, by continuation; the way from the route as it is shipped
where the plant is a route with other numbers; cold start as it is; continuation of all design
specifications; refusal with a reason. An iteration budget ends it, so that the same
inputs have the same end. Only a solution whose residuals, bounds and audits hold is returned.
"""

from __future__ import annotations

import dataclasses
import time
from typing import TYPE_CHECKING, Any

import pyomo.environ as pyo

from noxplant.errors import NoxplantError, Refusal, SolveError, SpecError
from noxplant.flowsheet import degrees
from noxplant.flowsheet.audit import audit, picture, require
from noxplant.flowsheet.build import nominals
from noxplant.flowsheet.collect import collect
from noxplant.flowsheet.diagnosis import require_influence
from noxplant.flowsheet.failure import bound_violation, check_limits, failure, in_words
from noxplant.flowsheet.probe import boiling
from noxplant.flowsheet.screen import screen
from noxplant.flowsheet.start import cold_start, given_start, watched
from noxplant.flowsheet.way import arrive, departs
from noxplant.streams.speciation import P_H_BOUNDS

if TYPE_CHECKING:
    import numpy as np

    from noxplant.flowsheet.build import Built
    from noxplant.flowsheet.graph import Exchange, Flowsheet
    from noxplant.flowsheet.solution import Solution

FAR = 4
"""Number of units between a design specification and what it frees, above which it is far."""
ITERATIONS = 20_000
"""Iterations that a solve may take. The shipped plants take 700 to 1500 from cold and mostly 1500 to 6000
from scattered starts; a plant of 1200 equations does some 500 a second."""
AT_ONCE = 1e-3
"""Part of a way below which it ended where it began."""
WARM = 4
"""Part of them that the way from the last solution may take, as a divisor."""
TRIED = 8
"""Part of them that a plant with other numbers than the shipped ones may take before the way from
the shipped one is tried."""


def solve(
    flowsheet: Flowsheet,
    *,
    rng: np.random.Generator | None = None,
    cold: bool = False,
    iteration_limit: int = ITERATIONS,
) -> Solution:
    """Solve a flowsheet and prove the answer.

    Args:
        flowsheet: the flowsheet; it is built if it is not.
        rng: scatters start values and nominals, to test that the answer does not depend on them.
        cold: do not start from the last solution.
        iteration_limit: Newton and IPOPT iterations after which the search is given up.

    Returns:
        A frozen `Solution`.

    Raises:
        SpecError: specifications are missing or surplus.
        Refusal: the specifications ask for what physics forbids.
        SolveError: no solution was found.
        AuditError: a balance does not close.
    """
    from noxsolve.budget import Budget

    if isinstance(iteration_limit, (bool, str)) or not iteration_limit >= 1:
        raise SpecError(f"iteration_limit = {iteration_limit!r}: give a number of at least 1.")
    degrees.require_given(flowsheet)
    began = time.process_time()
    built = flowsheet.build()
    built.reason, built.budget = None, Budget(max(iteration_limit // WARM, 1))
    before = [(v, v.value) for v in built.model.component_data_objects(pyo.Var) if not v.fixed]
    outcome, way = None, ""
    try:
        if built.solved and not cold and rng is None:
            outcome, way = _warm(flowsheet)
        if outcome is None or not outcome.solved:
            built.budget = Budget(iteration_limit)
            outcome = _ladder(flowsheet, rng)
    except KeyboardInterrupt:
        _forget(built, before)
        raise
    except NoxplantError as error:
        _forget(built, before)
        if not way:
            raise
        raise type(error)(f"{error}\n  From the last solution it is {way}.") from None
    finally:
        for one in (built.solver, (built.spare or (None, None))[1]):
            if one is not None:
                one.newton.budget = Budget()  # what others do with it is their own budget's matter
        built.spare = None
    built.solver.load()
    built.solved, built.inputs = True, _inputs(built.solver)
    return _proved(flowsheet, outcome, began)


def _proved(flowsheet: Flowsheet, outcome: Any, began: float) -> Solution:
    """The solution in the model, once limits and audits hold; `began` in seconds of CPU time."""
    built = flowsheet.built
    assert built is not None
    check_limits(flowsheet)
    pictures = {name: picture(s) for name, s in built.streams.items()}
    audits = audit(flowsheet, pictures)
    require(flowsheet, audits)
    report = {
        "equations": len(built.solver.compiled.equations),
        "newton_iterations": outcome.newton_iterations,
        "ipopt_calls": outcome.ipopt_calls,
        "worst_residual": outcome.worst_residual,
        "bound_violation": bound_violation(flowsheet),
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
    """Balances alone; from the plant before its units were replaced; with part of the iterations,
    the first step of what then follows, and the way from the plant that is known to solve; design specifications that reach far last; cold; all of
    them last.

    Raises the reason when all of that fails, or when the iteration budget is used up.
    """
    built = flowsheet.built
    assert built is not None
    far = far_exchanges(flowsheet)
    if rng is None:
        screen(flowsheet, _solver(flowsheet, None))
        boiling(flowsheet, lambda: _either_way(flowsheet, far))
        outcome = _from_like(flowsheet) or _from_known(flowsheet, far)
        if outcome is not None:
            return outcome
    outcome = _by_continuation(flowsheet, far, rng)
    if outcome is not None and outcome.solved:
        return outcome
    reasons = [built.reason or _on_the_way(flowsheet, outcome)]
    if not built.budget.over:
        outcome = cold_start(flowsheet, _solver(flowsheet, rng), rng, number=1 if far else None)
        if outcome.solved:
            return outcome
        built.solver.load()
        reasons.append(failure(flowsheet, outcome))
    if flowsheet.exchanges != far and not built.budget.over:
        outcome = _by_continuation(flowsheet, flowsheet.exchanges, rng, 1)
        if outcome is not None and outcome.solved:
            return outcome
        reasons.append(_on_the_way(flowsheet, outcome))
    found = [r for r in reasons if r is not None]
    # The plant as it is asked for says more than one whose design specifications are left out.
    found = [*found[1:2], *found[:1], *found[2:]]
    raise next((r for r in found if isinstance(r, Refusal)), found[0])


def _from_like(flowsheet: Flowsheet) -> Any:
    """The way from the plant before its units were replaced; None when there is none or it fails."""
    built = flowsheet.built
    assert built is not None
    if flowsheet.like is None:
        return None
    from noxplant.flowsheet.like import near_start

    outcome = near_start(flowsheet, _solver(flowsheet, None), built.budget.limit)
    return outcome if outcome is not None and outcome.solved else None


def _from_known(flowsheet: Flowsheet, far: list[Exchange]) -> Any:
    """A first attempt, then the way from the plant that is known to solve; None when both fail.

    Raises a Refusal when the way ends where a limit is broken.
    """
    from noxsolve.budget import Budget

    built = flowsheet.built
    assert built is not None
    if not departs(flowsheet):
        return None
    whole, built.budget = built.budget, Budget(max(built.budget.limit // TRIED, 1))
    try:
        outcome = _either_way(flowsheet, far)
        if outcome is not None and outcome.solved:
            return outcome
        whole.spent += built.budget.spent
        built.reason, built.budget = None, whole
        if not arrive(flowsheet, max(whole.limit - whole.spent, 1)):
            return None
        solver = _solver(flowsheet, None)
        outcome = solver.newton_only()
        return outcome if outcome.solved else None
    except SolveError:  # the way ends at no limit: something else may find a solution
        return None
    finally:
        built.budget = whole


def _either_way(flowsheet: Flowsheet, far: list[Exchange]) -> Any:
    """The first step of the ladder that applies: by continuation, or cold as it is."""
    if far:
        return _by_continuation(flowsheet, far, None)
    return cold_start(flowsheet, _solver(flowsheet, None), None)


def _on_the_way(flowsheet: Flowsheet, outcome: Any) -> NoxplantError | None:
    """Why a continuation ended before its targets; None when there was none."""
    if outcome is None:
        return None
    assert flowsheet.built is not None
    flowsheet.built.solver.load()
    return failure(flowsheet, outcome)


def _warm(flowsheet: Flowsheet) -> tuple[Any, str]:
    """Newton from the last solution; then along the way from its specifications to the new ones.

    Returns the outcome and, in words, how far the way goes if it ends before.
    """
    from pyomo.common.collections import ComponentMap

    from noxsolve.budget import Spent

    built = flowsheet.built
    assert built is not None
    solver = _solver(flowsheet, None)
    c = solver.compiled
    solver.ipopt.calls = 0
    last = c.x.copy()
    try:
        outcome = solver.newton_only()
    except Spent:
        return None, ""
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


def with_headline(flowsheet: Flowsheet, solution: Solution) -> Solution:
    """The same solution with the route's headline figures."""
    if flowsheet.headline is None:
        return solution
    return dataclasses.replace(solution, headline=flowsheet.headline(solution))


def _known_solver(built: Built, pattern: Any) -> Any:
    """The present solver, or the spare one with the present values, if it fits; else None."""
    if built.solver is not None and built.solver_pattern == pattern:
        return built.solver
    if built.spare is None or built.spare[0] != pattern:
        return None
    before = (built.solver_pattern, built.solver)
    (built.solver_pattern, built.solver), built.spare = built.spare, before
    c = built.solver.compiled
    c.x[:] = [v.value for v in c.unknowns]
    return built.solver


def _solver(flowsheet: Flowsheet, rng: Any) -> Any:
    """Solver for the variables that are fixed now; the one before it is kept as a spare."""
    from noxsolve.square import SquareSolver, Watch

    built = flowsheet.built
    assert built is not None
    pattern = tuple(v.fixed for v in built.model.component_data_objects(pyo.Var))
    known = _known_solver(built, pattern) if rng is None else None
    if known is not None:
        known.compiled.refresh_inputs()
        known.newton.budget = built.budget
        return known
    before = (built.solver_pattern, built.solver)
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
    solver.newton.budget, solver.raise_interrupts = built.budget, True
    built.spare = before if before[1] is not None else None
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
            built.reason = _left_out(exchanges, failure(flowsheet, first))
    finally:
        for fixed, e, freed in pairs:
            freed.unfix()
            fixed.fix(fixed.value if solved else e.value)
    if not solved:
        return None
    solver = _solver(flowsheet, rng)
    try:
        outcome = solver.homotopy(ComponentMap((fixed, e.value) for fixed, e, _ in pairs))
    finally:
        for fixed, e, _ in pairs:
            fixed.fix(e.value)
    if not outcome.solved and outcome.fraction < AT_ONCE:
        require_influence(flowsheet, base, exchanges)
    steps = first.newton_iterations + outcome.newton_iterations
    calls = first.ipopt_calls + outcome.ipopt_calls
    return dataclasses.replace(outcome, newton_iterations=steps, ipopt_calls=calls)


def _left_out(exchanges: list[Exchange], reason: NoxplantError) -> NoxplantError:
    """A reason that was found with some design specifications left out, saying so."""
    freed, fixed = (", ".join(getattr(e, k) for e in exchanges) for k in ("freed", "fixed"))
    return type(reason)(f"{reason}\n  (Found with {freed} as given, before {fixed} was asked for.)")
