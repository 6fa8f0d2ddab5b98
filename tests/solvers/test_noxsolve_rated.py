"""Design specifications left out at first, and starts of groups, on models with known answers."""

from __future__ import annotations

import pyomo.environ as pyo
import pytest

from noxsolve.rated import Freed, Rated
from noxsolve.square import SquareSolver
from noxsolve.sweep import Group, Sweep


def cubic(asked: float) -> pyo.ConcreteModel:
    """y = u^3 + w, w = y/10; y is asked for, so that u = (0.9 y)^(1/3)."""
    m = pyo.ConcreteModel()
    m.u, m.w = pyo.Var(initialize=50.0), pyo.Var(initialize=50.0)
    m.y, m.z = pyo.Var(initialize=50.0), pyo.Var(initialize=asked)
    m.z.fix()
    m.sum = pyo.Constraint(expr=m.y == m.u**3 + m.w)
    m.part = pyo.Constraint(expr=m.w == m.y / 10)
    m.ask = pyo.Constraint(expr=m.z == m.y)
    return m


def test_a_specification_left_out_is_met_in_the_end() -> None:
    m = cubic(8.0)
    solver = SquareSolver(m, nominal={})
    seen: list[float] = []

    def solve(part: object) -> bool:
        seen.append(float(solver.compiled.x[solver.compiled.index(m.u)]))
        return solver.newton.run(part, 50).solved  # type: ignore[arg-type]

    def either(part: object) -> bool:
        return solver.newton.run(part, 50).solved  # type: ignore[arg-type]

    rated = Rated(solver, [Freed(m.z, m.u, 1.0)])
    assert rated.run(solver.whole, solve, either)
    assert seen
    assert set(seen) == {1.0}  # the freed one stays at its given value while the rest is solved
    solver.load()
    assert m.u.value == pytest.approx((0.9 * 8.0) ** (1 / 3), rel=1e-10)


def test_nothing_to_leave_out_is_said() -> None:
    m = cubic(8.0)
    solver = SquareSolver(m, nominal={})
    assert not Rated(solver, []).run(solver.whole, lambda _: True, lambda _: True)


def test_a_group_begins_at_its_start_in_the_first_sweep_alone() -> None:
    m = pyo.ConcreteModel()
    m.x = pyo.Var(initialize=-40.0)
    m.square = pyo.Constraint(expr=m.x**2 == 4)
    solver = SquareSolver(m, nominal={})
    taken: list[float] = []

    def start() -> list[tuple[object, float]]:
        taken.append(3.0)
        return [(m.x, 3.0)]

    sweep = Sweep(solver, [Group([m.x], [m.square], start=start)], [])  # type: ignore[list-item]
    assert sweep.run(solver.whole, 3, lambda _: []) == 0
    solver.load()
    assert m.x.value == pytest.approx(2.0, rel=1e-10)  # from -40 it would be -2
    assert taken == [3.0]


def test_what_a_group_lacks_is_used_up_and_the_rest_is_what_it_should_be() -> None:
    m = pyo.ConcreteModel()
    m.brought = pyo.Var(initialize=2.0)
    m.left, m.passed = (pyo.Var(initialize=1.0, bounds=(0, None)) for _ in range(2))
    m.rest = pyo.Constraint(expr=m.left == m.brought - 2 * m.passed)
    m.take = pyo.Constraint(expr=m.passed == 5 - 0.5 * m.left)
    m.loop = pyo.Constraint(expr=m.brought == 3 * m.passed)
    solver = SquareSolver(m, nominal={})
    sweep = Sweep(solver, [Group([m.left, m.passed], [m.rest, m.take])], [])
    # left = 2 - 10 + left has no solution, whatever its sign
    assert sweep.run(solver.whole, 1, lambda _: []) == 1
    solver.load()
    assert (m.left.value, m.passed.value) == (1.0, 1.0)  # no solution at all: as before
    m.take.set_value(m.passed == 3)
    solver = SquareSolver(m, nominal={})
    sweep = Sweep(solver, [Group([m.left, m.passed], [m.rest, m.take])], [])
    assert sweep.run(solver.whole, 1, lambda _: []) == 1
    solver.load()
    assert m.passed.value == pytest.approx(3.0, rel=1e-10)
    assert m.left.value == pytest.approx(0.01 * 4.0, rel=1e-10)  # 2 - 6 would be negative
