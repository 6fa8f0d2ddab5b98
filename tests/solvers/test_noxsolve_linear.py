"""Linear part of a model, and iteration budgets."""

import numpy as np
import pyomo.environ as pyo
import pytest
from pyomo.common.collections import ComponentMap

from noxsolve.budget import Budget, Spent
from noxsolve.linear import LinearPart, Margin
from noxsolve.square import SquareSolver


def split(asked: float) -> pyo.ConcreteModel:
    """A feed of 1, a part of it that follows from a given number, and a curved equation beside."""
    m = pyo.ConcreteModel()
    m.given = pyo.Var(initialize=asked)
    m.given.fix()
    m.part, m.taken = pyo.Var(initialize=0.3), pyo.Var(initialize=0.3, bounds=(0, None))
    m.feed = pyo.Var(initialize=0.7, bounds=(0, None))
    m.left, m.warm = pyo.Var(initialize=0.4, bounds=(0, None)), pyo.Var(initialize=1.0)
    m.e1 = pyo.Constraint(expr=m.part == 2 * m.given)
    m.e2 = pyo.Constraint(expr=m.feed + m.taken + m.left == 2)
    m.e3 = pyo.Constraint(expr=m.taken == m.part * m.feed)  # linear once `part` is known
    m.e4 = pyo.Constraint(expr=m.left == m.feed - m.taken)
    m.e5 = pyo.Constraint(expr=pyo.exp(m.warm) * m.left == 1)
    return m


def linear(asked: float) -> tuple[pyo.ConcreteModel, SquareSolver, LinearPart]:
    m = split(asked)
    solver = SquareSolver(m, nominal={})
    return m, solver, LinearPart(solver, np.ones(len(solver.compiled.unknowns)))


def at(solver: SquareSolver, variable: object) -> int:
    k = solver.compiled.index(variable)  # type: ignore[arg-type]
    assert k is not None
    return k


def test_what_can_be_met_has_no_shortfall() -> None:
    m, solver, part = linear(0.4)
    assert part.known[at(solver, m.part)]
    assert not part.known[at(solver, m.feed)]
    flows = np.array([at(solver, v) for v in (m.feed, m.taken, m.left)])
    assert part.shortfall(flows) is None


def test_the_smallest_violation_is_found_and_named() -> None:
    # taken = 3 feed; feed + taken + left = 2 and left = feed - taken: feed = 1, taken = 3, left = -2.
    m, solver, part = linear(1.5)
    flows = np.array([at(solver, v) for v in (m.feed, m.taken, m.left)])
    short = part.shortfall(flows)
    assert short is not None
    assert set(short.unknowns) == {at(solver, m.left)}
    assert short.unknowns[at(solver, m.left)] == pytest.approx(2.0)
    assert short.x[at(solver, m.taken)] == pytest.approx(3.0)


def test_margins_and_further_zeros() -> None:
    m, solver, part = linear(0.4)  # feed = 1, taken = 0.8, left = 0.2
    flows = np.array([at(solver, m.left)])
    enough = Margin(-0.1, {at(solver, m.left): 1.0})
    too_much = Margin(-0.5, {at(solver, m.left): 1.0})
    assert part.shortfall(flows, [enough]) is None
    short = part.shortfall(flows, [enough, too_much])
    assert short is not None
    assert short.margins == (1,)
    # An equation that contradicts the others is left to the solve.
    assert part.shortfall(flows, [], [Margin(-7.0, {at(solver, m.feed): 1.0})]) is None


def test_a_budget_ends_the_runs_that_share_it() -> None:
    _, solver, _ = linear(0.4)
    solver.newton.budget = Budget(2)
    with pytest.raises(Spent, match="2 iterations"):
        solver.newton.run(solver.whole, 50)
    assert solver.newton.budget.over
    solver.newton.budget = Budget()
    assert solver.solve().solved
    assert not solver.newton.budget.over


def test_a_way_stops_where_the_budget_ends() -> None:
    m, solver, _ = linear(0.4)
    assert solver.solve().solved
    solver.newton.budget = Budget(8)
    outcome = solver.homotopy(ComponentMap([(m.given, 0.1)]))
    full = outcome.solved
    solver.newton.budget = Budget(1)
    outcome = solver.homotopy(ComponentMap([(m.given, 0.45)]))
    assert full
    assert not outcome.solved
    assert "solvable up to 0.0000% of the way" in outcome.message
