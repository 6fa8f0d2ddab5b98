"""Answers that look right and are not, and problems that one attempt from the start does not solve."""

import math
from itertools import product

import numpy as np
import pyomo.environ as pyo
import pytest

from noxsolve.call import Settings
from noxsolve.ladder import solve_in_attempts
from noxsolve.large import DENSE, entries
from noxsolve.nlp import Problem
from noxsolve.status import Status
from noxsolve.translate import translate
from noxsolve.verify import Point


def problem(m):
    return Problem(translate(m))


def alone(m):
    """One solve, as `noxsolve_ipopt` makes it."""
    return problem(m).solve(Settings())


def ladder(m):
    """All attempts, as `python -m noxsolve` makes them."""
    return solve_in_attempts(problem(m), Settings(), 5)


def test_rounding_at_a_limit_that_does_not_exist_is_no_reason_to_doubt():
    """y >= 3 has no upper limit: what pushes there is rounding, or a point that is no optimum."""
    p = {}
    for sense in (1, -1):
        m = pyo.ConcreteModel()
        m.x, m.y = pyo.Var(initialize=1), pyo.Var(initialize=1, bounds=(None, 9))
        m.o = pyo.Objective(expr=m.x**2 + sense * m.y)
        m.c = pyo.Constraint(expr=m.y >= 3)
        m.d = pyo.Constraint(expr=1e6 * m.x + m.y >= -7e8)
        p[sense] = problem(m)
        assert p[sense].solve(Settings()).optimal

    def at_three(sense, push):
        """Stationary at x = 0, y = 3 with multipliers that balance the gradients exactly."""
        names = [c.name for c in p[sense].translated.constraints]
        lam = {"c": -sense * 1.0 - push, "d": push}
        x = [{"x": 0.0, "y": 3.0}[v.name] for v in p[sense].variables]
        point = Point(np.array(x), np.array([lam[n] for n in names]), np.zeros(2))
        return p[sense]._checker.check(point).stationary

    assert at_three(1, 0.0)
    assert at_three(1, 3e-16)
    assert not at_three(-1, 0.0)  # here y wants to be 9


def test_a_steep_start_does_not_blunt_the_answer():
    """Slope 3e14 at the start: IPOPT scales by it, and stops while the slope is still 0.5."""
    m = pyo.ConcreteModel()
    m.x, m.y = pyo.Var(initialize=0), pyo.Var(initialize=1)
    m.o = pyo.Objective(expr=1e-2 * (m.x - 2) ** 2 + pyo.exp(30 * m.y) - m.y)
    solved = alone(m)
    assert solved.optimal
    assert solved.f == pytest.approx((1 + math.log(30)) / 30, rel=1e-8)


def test_a_root_at_infinity_is_none():
    m = pyo.ConcreteModel()
    m.x, m.z = pyo.Var(initialize=1), pyo.Var(initialize=0)
    m.c = pyo.Constraint(expr=1 / m.x == 0)
    m.o = pyo.Objective(expr=m.z**2)
    assert problem(m).attempt(Settings()).raw == "Solve_Succeeded"
    solved, _ = ladder(m)
    assert not solved.optimal
    assert "'c', violated by 1 of its scale" in solved.message


def test_far_unknowns_may_solve_a_row():
    """The same far values, but in a row whose terms stay: x (1 + 1/x) = 1e8."""
    m = pyo.ConcreteModel()
    m.x, m.z = pyo.Var(initialize=1), pyo.Var(initialize=0)
    m.c = pyo.Constraint(expr=m.x * (1 + 1 / m.x) == 1e8)
    m.o = pyo.Objective(expr=m.z**2)
    solved = alone(m)
    assert solved.optimal
    assert max(solved.x) == pytest.approx(1e8 - 1, rel=1e-8)


def test_waves_on_a_slope_are_unbounded():
    """IPOPT stops at -1e17 because its steps become too small for the numbers."""
    n = 40
    m = pyo.ConcreteModel()
    m.x = pyo.Var(range(n), initialize=lambda m, i: i / (n + 1))
    waves = sum(pyo.sin(3 * m.x[i] - m.x[0] - m.x[n - 1]) for i in range(1, n - 1))
    m.o = pyo.Objective(expr=sum(m.x.values()) + waves)
    solved, made = ladder(m)
    assert solved.raw != "Diverging_Iterates"
    assert (solved.status, made) == (Status.UNBOUNDED, 1)


def test_many_small_slacks_do_not_add_up():
    n, size = 500, 1e-9
    m = pyo.ConcreteModel()
    m.x = pyo.Var(range(n), initialize=1, bounds=(0, 10))
    m.o = pyo.Objective(expr=size * sum((m.x[i] - (i % 5 - 2)) ** 2 for i in m.x))
    exact = size * sum(min(0, i % 5 - 2) ** 2 for i in range(n))
    p = problem(m)
    assert p.attempt(Settings()).f > 2 * exact
    assert p.solve(Settings()).f == pytest.approx(exact, rel=1e-5)


def rows(n, row, residual):
    m = pyo.ConcreteModel()
    m.x = pyo.Var(range(n), initialize=1.0)
    m.c = pyo.Constraint(range(n), rule=lambda m, i: row(m.x, i) == residual)
    return m


def waves(x, i):
    """Each unknown with many roots, and with its neighbours."""
    wave = pyo.atan(pyo.sin((1 + i % 60) * x[i]))
    return wave - 0.07 * (x[i - 1] if i else 0) - 0.05 * x[(i + 1) % 200]


def stairs(x, i):
    """One after the other."""
    return pyo.sin(3 * x[i]) + x[i] - 0.2 * (x[i - 1] if i else 0)


@pytest.mark.parametrize(("n", "row", "residual"), [(200, waves, 0.02), (60, stairs, 0.0)])
def test_square_systems_that_ipopt_calls_infeasible(n, row, residual):
    m = rows(n, row, residual)
    p = problem(m)
    assert p.attempt(Settings()).status is Status.INFEASIBLE
    solved, made = ladder(m)
    assert solved.optimal
    for v, x in zip(p.variables, solved.x, strict=True):
        v.value = x
    assert max(abs(pyo.value(c.body) - residual) for c in m.c.values()) < 1e-8
    if row is stairs:
        assert made == 2  # the block solver comes before other options


def lattice(weights):
    """Unknowns of -2, 0 or 2 with two sums: more equations than unknowns."""
    m = pyo.ConcreteModel()
    m.a = pyo.Var(range(4), initialize=1.0, bounds=(-5, 5))
    m.c = pyo.Constraint(range(4), rule=lambda m, j: m.a[j] * (m.a[j] ** 2 - 4) / 50 == 0)
    m.s = pyo.Constraint(expr=sum((j + 1) * m.a[j] for j in m.a) == weights[0])
    m.q = pyo.Constraint(expr=sum((j + 1) ** 2 * m.a[j] for j in m.a) == weights[1])
    m.o = pyo.Objective(expr=sum((m.a[j] - j) ** 2 for j in m.a))
    return m


def test_too_many_equations_that_agree():
    every = product((-2, 0, 2), repeat=4)
    sums = [(1, 2, 3, 4), (1, 4, 9, 16)]
    found = [a for a in every if [np.dot(a, s) for s in sums] == [-4, -20]]
    assert len(found) == 1
    solved, _ = ladder(lattice((-4, -20)))
    assert solved.optimal
    assert solved.x == pytest.approx(found[0], abs=1e-6)
    assert solved.f == pytest.approx(sum((a - j) ** 2 for j, a in enumerate(found[0])), rel=1e-6)


def test_too_many_equations_that_contradict_each_other_say_where():
    m = pyo.ConcreteModel()
    m.x, m.y = pyo.Var(initialize=2), pyo.Var(initialize=1)
    m.c = pyo.Constraint([1, 2, 3], rule=lambda m, k: m.x + k * m.y == k * k)
    solved, made = ladder(m)
    assert solved.status is Status.INFEASIBLE
    assert "3 equations for 2 unknowns. Where they fit best: Worst row 'c[" in solved.message
    assert made <= 4  # linear: another start fits no better


def test_other_starts_end_with_the_time():
    m = pyo.ConcreteModel()
    m.x = pyo.Var(range(8), initialize=1.0)
    m.c = pyo.Constraint(
        range(12), rule=lambda m, k: sum(pyo.sin(k + v) for v in m.x.values()) == k
    )
    m.o = pyo.Objective(expr=m.x[0])
    solved, made = solve_in_attempts(problem(m), Settings(time_limit=0.3), 5)
    assert solved.status is Status.INFEASIBLE
    assert made < 200


def test_a_large_dense_hessian_is_not_formed():
    """The square of a sum over all unknowns: 9e6 entries; the optimum is known in closed form."""
    n = 3000
    m = pyo.ConcreteModel()
    m.x = pyo.Var(range(n), initialize=1.0)
    total = sum(m.x.values())
    m.o = pyo.Objective(expr=sum((m.x[i] - 1) ** 2 for i in m.x) + total**2 / n)
    p = problem(m)
    assert entries(p.x, p.f, p.g) == pytest.approx(n * n)
    assert n * n > DENSE
    solved = p.solve(Settings(time_limit=30))
    assert solved.optimal
    assert solved.x == pytest.approx(np.full(n, 0.5), abs=1e-6)
    assert p.hessian is None


def test_a_large_sparse_hessian_is_formed():
    n = 3000
    m = pyo.ConcreteModel()
    m.x = pyo.Var(range(n), initialize=1.0)
    m.o = pyo.Objective(expr=sum((m.x[i] - m.x[0] ** 2) ** 4 + m.x[i] ** 2 for i in m.x))
    p = problem(m)
    assert entries(p.x, p.f, p.g) <= 3 * n
    assert p.solve(Settings()).iterations < 60
    assert p.hessian is not None


def test_an_optimum_is_one_whatever_word_the_solver_ends_with():
    """No step can meet this tolerance; the point is the optimum long before IPOPT gives up."""
    m = pyo.ConcreteModel()
    m.x, m.y = pyo.Var(initialize=-1.2), pyo.Var(initialize=1)
    m.o = pyo.Objective(expr=(1 - m.x) ** 2 + 100 * (m.y - m.x**2) ** 2 + pyo.exp(0.1 * m.y))
    hard = {"tol": 1e-30, "acceptable_iter": 0, "max_iter": 60}
    p = problem(m)
    raw = p.attempt(Settings(hard))
    assert not raw.optimal
    solved = p.solve(Settings(hard))
    assert solved.optimal
    assert solved.message.endswith(f"IPOPT itself ended with {raw.raw}.")
    assert solved.x == pytest.approx(alone(m).x, rel=1e-6)
    assert not p.solve(Settings({"max_iter": 12})).optimal
