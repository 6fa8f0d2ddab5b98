"""Derivatives against closed forms, central differences with an error estimate, and Pyomo's own."""

import math
import time

import numpy as np
import pyomo.environ as pyo
import pytest
from noxsolve_models import KNOWN
from pyomo.common.collections import ComponentMap
from pyomo.core.expr.calculus import diff_with_pyomo as dwp

from noxsolve.compiled import CompiledModel
from noxsolve.errors import ModelError
from noxsolve.optimise import minimise
from noxsolve.optimum_sensitivity import optimum_sensitivities
from noxsolve.sensitivity import Linearisation, linearise, sensitivities
from noxsolve.square import SquareSolver
from noxsolve.status import Status


def reactor():
    """First-order reactor with recycle; closed form c = f / (q + k v (1 - r))."""
    m = pyo.ConcreteModel()
    m.f, m.q, m.k, m.v, m.r = (pyo.Var(initialize=x) for x in (2.0, 0.5, 0.3, 4.0, 0.25))
    for v in (m.f, m.q, m.k, m.v, m.r):
        v.fix()
    m.c, m.rate, m.made = (pyo.Var(initialize=1.0) for _ in range(3))
    m.kinetics = pyo.Constraint(expr=m.rate == m.k * m.c * m.v * (1 - m.r))
    m.balance = pyo.Constraint(expr=m.f == m.q * m.c + m.rate)
    m.product = pyo.Constraint(expr=m.made == pyo.exp(m.rate / m.f))
    return m, [m.c, m.rate, m.made], [m.f, m.q, m.k, m.v, m.r]


def closed_form(f, q, k, v, r):
    d = q + k * v * (1 - r)
    c, s = f / d, k * v * (1 - r)
    rate, share = s * c, s / d
    dc = [1 / d, -f / d**2, -f / d**2 * v * (1 - r), -f / d**2 * k * (1 - r), f / d**2 * k * v]
    ds = [0, 0, v * (1 - r), k * (1 - r), -k * v]
    drate = [s * a + c * b for a, b in zip(dc, ds, strict=True)]
    # share = s / (q + s) does not hang on f
    dshare = [0.0, -s / d**2, *(b * q / d**2 for b in ds[2:])]
    return np.array([dc, drate, [math.exp(share) * a for a in dshare]]), (c, rate)


def solved_reactor():
    m, outputs, inputs = reactor()
    solver = SquareSolver(m, nominal=ComponentMap())
    assert solver.solve().solved
    return solver, m, outputs, inputs


@pytest.mark.parametrize("mode", ["forward", "adjoint", "auto"])
def test_closed_form(mode):
    solver, _, outputs, inputs = solved_reactor()
    exact, _ = closed_form(*(v.value for v in inputs))
    found = sensitivities(solver, outputs, inputs, mode=mode)
    np.testing.assert_allclose(found, exact, rtol=1e-12, atol=1e-14)


def test_relative_derivatives_and_expressions():
    solver, m, _, inputs = solved_reactor()
    exact, (c, rate) = closed_form(*(v.value for v in inputs))
    values = np.array([v.value for v in inputs])
    found = sensitivities(solver, [m.c, m.rate / m.f, m.f], inputs, scaled=True)
    np.testing.assert_allclose(found[0], exact[0] * values / c, rtol=1e-12, atol=1e-14)
    share = exact[1] * values / rate - np.array([1, 0, 0, 0, 0])
    np.testing.assert_allclose(found[1], share, rtol=1e-12, atol=1e-13)
    np.testing.assert_allclose(found[2], [1, 0, 0, 0, 0], atol=1e-15)


def test_nominals_do_not_change_the_derivatives():
    plain, _, outputs, inputs = solved_reactor()
    m, others, fixed = reactor()
    sizes = ComponentMap(zip(others, (1e-6, 1e5, 1e-2), strict=True))
    solver = SquareSolver(m, nominal=sizes)
    assert solver.solve().solved
    found = sensitivities(solver, others, fixed)
    np.testing.assert_allclose(found, sensitivities(plain, outputs, inputs), rtol=1e-12, atol=1e-14)


def test_one_factorisation_serves_all_calls_at_a_point_and_no_other_point():
    solver, m, outputs, inputs = solved_reactor()
    first = linearise(solver)
    sensitivities(solver, outputs, inputs)
    sensitivities(solver, outputs[:1], inputs)
    assert linearise(solver) is first
    solver.compiled.p[solver.compiled.input_index(m.k)] = 0.4
    assert solver.solve().solved
    assert linearise(solver) is not first
    exact, _ = closed_form(2.0, 0.5, 0.4, 4.0, 0.25)
    np.testing.assert_allclose(
        sensitivities(solver, outputs, inputs), exact, rtol=1e-12, atol=1e-14
    )


def test_what_is_refused():
    solver, m, _, inputs = solved_reactor()
    with pytest.raises(ModelError, match="'c' is no input of the model"):
        sensitivities(solver, [m.c], [m.c])
    with pytest.raises(ModelError, match="'sideways' is not one of auto, forward, adjoint"):
        sensitivities(solver, [m.c], inputs, mode="sideways")
    m.lost = pyo.Var(initialize=1.0)
    with pytest.raises(ModelError, match="'lost' is neither unknown nor input"):
        sensitivities(solver, [m.lost], inputs)
    solver.compiled.x[0] += 1.0
    with pytest.raises(ModelError, match="need a solved point.*residual") as caught:
        sensitivities(solver, [m.c], inputs)
    assert caught.value.status is Status.NOT_CONVERGED


def test_a_turning_point_has_no_derivatives_and_names_what_is_loose():
    m = pyo.ConcreteModel()
    m.a = pyo.Var(initialize=0.0)
    m.a.fix()
    m.x, m.y = pyo.Var(initialize=0.0), pyo.Var(initialize=3.0)
    m.fold = pyo.Constraint(expr=m.x**2 == m.a)
    m.line = pyo.Constraint(expr=m.y == 3)
    solver = SquareSolver(m, nominal=ComponentMap())
    with pytest.raises(ModelError, match=r"singular at this point.*not determined here: x\)") as e:
        sensitivities(solver, [m.y], [m.a])
    assert e.value.status is Status.SINGULAR


# optimum ----------------------------------------------------------------------------------------
def allocation(budget=6.0, price=1.5, cap=10.0):
    """max a ln x + b ln y with p x + y = B: x = a B / ((a + b) p), y = b B / (a + b)."""
    m = pyo.ConcreteModel()
    m.a, m.b = pyo.Var(initialize=2.0), pyo.Var(initialize=1.0)
    m.p, m.budget = pyo.Var(initialize=price), pyo.Var(initialize=budget)
    for v in (m.a, m.b, m.p, m.budget):
        v.fix()
    m.x, m.y = (pyo.Var(bounds=(0.1, high), initialize=1.0) for high in (cap, 10.0))
    m.spent = pyo.Constraint(expr=m.p * m.x + m.y == m.budget)
    m.utility = pyo.Objective(expr=m.a * pyo.log(m.x) + m.b * pyo.log(m.y), sense=pyo.maximize)
    return m


def of_optimum(m, parameters, objective=None):
    objective = m.utility if objective is None else objective
    found = minimise(m, objective=objective, nominal=ComponentMap())
    assert found.solved
    return optimum_sensitivities(
        m, found, objective=objective, parameters=parameters, nominal=ComponentMap()
    )


def test_an_interior_optimum_against_its_closed_form():
    m = allocation()
    a, b, p, total = 2.0, 1.0, 1.5, 6.0
    s = of_optimum(m, [m.a, m.b, m.p, m.budget])
    n = a + b
    x = [b * total / (n**2 * p), -a * total / (n**2 * p), -a * total / (n * p**2), a / (n * p)]
    y = [-b * total / n**2, a * total / n**2, 0.0, b / n]
    np.testing.assert_allclose(s.of(m.x), x, rtol=1e-9, atol=1e-11)
    np.testing.assert_allclose(s.of(m.y), y, rtol=1e-9, atol=1e-11)
    envelope = [math.log(a * total / (n * p)), math.log(b * total / n), -a / p, n / total]
    np.testing.assert_allclose(s.objective, envelope, rtol=1e-9)
    # the multiplier is d f* / d right side = (a + b) / B, up to the sign of the body
    value, slopes = s.multiplier(m.spent)
    assert abs(value) == pytest.approx(n / total, rel=1e-9)
    expected = np.array([1 / total, 1 / total, 0.0, -n / total**2])
    np.testing.assert_allclose(slopes * np.sign(value), expected, rtol=1e-9, atol=1e-11)


def test_at_an_active_bound_the_unknown_stays_and_its_multiplier_moves():
    m = allocation(cap=2.0)  # without it x = 8/3
    s = of_optimum(m, [m.a, m.p, m.budget])
    np.testing.assert_allclose(s.of(m.x), 0.0, atol=1e-14)
    np.testing.assert_allclose(s.of(m.y), [0.0, -2.0, 1.0], rtol=1e-10, atol=1e-12)
    # d f* / d cap = a / x - b p / y with y = B - p x = 3
    value, slopes = s.multiplier(m.x)
    assert value == pytest.approx(2 / 2 - 1.5 / 3, rel=1e-9)
    y = 3.0
    expected = [1 / 2, -1 / y + 1.5 / y**2 * (-2.0), 1.5 / y**2]
    np.testing.assert_allclose(slopes, expected, rtol=1e-9)


def plan(w=(3.0, 2.0, 1.0), limit=2.0):
    """Nonlinear program with active inequality and equation, no closed form."""
    m = pyo.ConcreteModel()
    m.w = pyo.Var(range(3), initialize=dict(enumerate(w)))
    m.limit = pyo.Var(initialize=limit)
    m.w.fix()
    m.limit.fix()
    m.x = pyo.Var(range(3), bounds=(0, 5), initialize=0.8)
    x, w = m.x, m.w
    m.ball = pyo.Constraint(expr=x[0] ** 2 + 2 * x[1] ** 2 + x[2] ** 2 <= m.limit)
    m.tie = pyo.Constraint(expr=x[0] * x[1] == 0.3 * w[1] / w[0])
    m.cost = pyo.Objective(expr=-w[0] * x[0] - w[1] * x[1] ** 2 - w[2] * pyo.sqrt(x[2] + 0.1))
    return m


def test_against_re_solves():
    m = plan()
    parameters = [*m.w.values(), m.limit]
    s = of_optimum(m, parameters, m.cost)
    rows = [m.ball, m.tie]

    def at(k, h):
        values = [3.0, 2.0, 1.0, 2.0]
        values[k] += h
        other = plan(values[:3], values[3])
        found = minimise(other, objective=other.cost, nominal=ComponentMap(), tolerance=1e-11)
        again = optimum_sensitivities(
            other, found, objective=other.cost, parameters=[], nominal=ComponentMap()
        )
        lam = [again.multiplier(r)[0] for r in (other.ball, other.tie)]
        return np.array([pyo.value(other.cost), *(v.value for v in other.x.values()), *lam])

    for k in range(4):
        slope, error = central(lambda h, k=k: at(k, h), 1e-3)
        mine = [s.objective[k], *(s.of(v)[k] for v in m.x.values())]
        mine += [s.multiplier(r)[1][k] for r in rows]
        assert (np.abs(np.array(mine) - slope) <= 1e-7 + 3 * error).all(), k


def central(f, h):
    """Central difference, Richardson-extrapolated, and an estimate of its error."""
    wide, narrow = ((f(s) - f(-s)) / (2 * s) for s in (h, h / 2))
    return narrow + (narrow - wide) / 3, np.abs(narrow - wide) / 3


def weak(shift=0.0):
    """min (x - p)^2 with x >= 0: at p = 0 the bound holds without a force."""
    m = pyo.ConcreteModel()
    m.p = pyo.Var(initialize=shift)
    m.p.fix()
    m.x, m.z = pyo.Var(bounds=(0, None), initialize=1.0), pyo.Var(initialize=1.0)
    m.same = pyo.Constraint(expr=m.z == 2 * m.x)
    m.far = pyo.Objective(expr=(m.x - m.p) ** 2)
    return m


def test_a_bound_without_a_force_is_refused():
    m = weak()
    with pytest.raises(ModelError, match="No strict complementarity.*: x") as caught:
        of_optimum(m, [m.p], m.far)
    assert caught.value.status is Status.DEGENERATE
    beside = weak(0.5)
    assert of_optimum(beside, [beside.p], beside.far).of(beside.z) == pytest.approx([2.0])


def test_dependent_limits_are_refused_by_name():
    m = pyo.ConcreteModel()
    m.p = pyo.Var(initialize=1.0)
    m.p.fix()
    m.x, m.y = pyo.Var(initialize=0.5), pyo.Var(initialize=0.5)
    m.one = pyo.Constraint(expr=m.x + m.y == m.p)
    m.twice = pyo.Constraint(expr=2 * m.x + 2 * m.y == 2 * m.p)
    m.f = pyo.Objective(expr=m.x**2 + m.y**2)
    from noxsolve.optimise import Optimum

    given = Optimum(True, Status.OPTIMAL, 0.5, 0, (), "")
    with pytest.raises(ModelError, match=r"depend on one another.*one.*twice|twice.*one") as e:
        optimum_sensitivities(m, given, objective=m.f, parameters=[m.p], nominal=ComponentMap())
    assert e.value.status is Status.DEGENERATE


def test_a_flat_objective_is_refused():
    m = pyo.ConcreteModel()
    m.p = pyo.Var(initialize=1.0)
    m.p.fix()
    m.x, m.y = (pyo.Var(bounds=(0, 4), initialize=1.0) for _ in range(2))
    m.line = pyo.Constraint(expr=m.x + m.y == m.p + 1)
    m.f = pyo.Objective(expr=m.x + m.y)
    with pytest.raises(ModelError, match="does not curve") as caught:
        of_optimum(m, [m.p], m.f)
    assert caught.value.status is Status.DEGENERATE


def test_no_optimum_no_derivatives():
    m = pyo.ConcreteModel()
    m.x = pyo.Var(bounds=(0, 1), initialize=0.5)
    m.high = pyo.Constraint(expr=m.x**2 >= 2)
    m.f = pyo.Objective(expr=m.x)
    found = minimise(m, objective=m.f, nominal=ComponentMap())
    with pytest.raises(ModelError, match="need an optimum") as caught:
        optimum_sensitivities(m, found, objective=m.f, parameters=[], nominal=ComponentMap())
    assert caught.value.status is found.status


# against Pyomo's own ------------------------------------------------------------------------------
def pyomo_gradient(expression):
    """Pyomo's derivatives, and the sum of the absolute values of their terms, by id of the variable.

    The terms are those of Pyomo's reverse sweep, one for each way from a variable to the root.
    """
    values, nodes = ComponentMap(), []
    leaves = dwp._LeafToRootVisitor(values, ComponentMap(), nodes, numeric=True)
    leaves.dfs_postorder_stack(expression)
    size = ComponentMap([(expression, 1.0)])
    for node in reversed(nodes):
        local = ComponentMap([(node, 1.0)])
        for child in node.args:
            local[child] = 0.0
        diff = dwp._diff_map.get(node.__class__, dwp._diff_GeneralExpression)
        diff(node, values, local)
        for child in ComponentMap((child, 0) for child in node.args):
            size[child] = size.get(child, 0.0) + abs(local[child]) * size[node]
    return dwp.reverse_ad(expression), size


def largest_difference(compiled):
    """max |a - b| / (|a| + sum of absolute terms) over all derivatives of the compiled equations."""
    compiled.load()
    compiled.evaluate()
    mine = {
        (r, k): x for r, k, x in zip(compiled.row, compiled.column, compiled.jacobian, strict=True)
    }
    worst, count = 0.0, 0
    for r, row in enumerate(compiled.equations):
        own, size = pyomo_gradient(row.body)
        for v in own:
            k = compiled.index(v) if getattr(v, "is_variable_type", lambda: False)() else None
            if k is None:
                continue
            a, b = mine.pop((r, k), 0.0), own[v]
            count += 1
            if a != b:
                worst = max(worst, abs(a - b) / (abs(a) + size[v]))
    assert not mine  # nothing that Pyomo does not have
    return worst, count


@pytest.mark.parametrize("model", KNOWN)
@pytest.mark.parametrize("route", ["nl", "walker"])
def test_derivatives_are_those_of_pyomo(model, route):
    compiled = CompiledModel(model()[0], route=route)
    worst, count = largest_difference(compiled)
    assert count >= len(compiled.unknowns)
    assert worst <= 1e-12


def test_a_wrong_derivative_would_be_seen():
    compiled = CompiledModel(KNOWN[0]()[0])
    evaluate = compiled.evaluate

    def wrong():
        evaluate()
        compiled.jacobian[0] *= 1 + 1e-11

    compiled.evaluate = wrong
    assert largest_difference(compiled)[0] > 1e-12


@pytest.mark.route
def test_derivatives_of_the_main_plant_are_those_of_pyomo(main_plant):
    compiled = main_plant.built.solver.compiled
    worst, count = largest_difference(compiled)
    assert count > 4 * len(compiled.unknowns)
    assert worst <= 1e-12


@pytest.fixture(scope="module")
def main_plant():
    from noxplant import routes

    plant = routes.load("nitrate-to-hydrazine")
    plant.solve()
    return plant


@pytest.mark.route
def test_main_plant_against_central_differences(main_plant):
    """All unknowns with respect to 20 specifications; the error of the differences is estimated."""
    solver = main_plant.built.solver
    c = solver.compiled
    at = [k for k, p in enumerate(c.p) if p != 0.0][:: max(1, len(c.p) // 20)][:20]
    inputs = [c.inputs[k] for k in at]
    assert len(inputs) == 20
    exact = linearise(solver).forward(inputs)
    # the adjoint gives the same numbers
    rows = np.linspace(0, len(c.x) - 1, 9).astype(int)
    weights = np.zeros((len(c.x), 9))
    weights[rows, np.arange(9)] = 1.0
    other = linearise(solver).adjoint(weights)[:, at]
    size = np.abs(exact[rows]).max(axis=1, keepdims=True)
    assert (np.abs(other - exact[rows]) <= 1e-9 * size + 1e-300).all()
    x0, p0 = c.x.copy(), c.p.copy()

    def re_solved(k, move):
        c.x[:], c.p[:] = x0, p0
        c.p[k] += move
        assert solver.newton_only().solved
        return c.x / solver.nominal

    try:
        moved = 0
        for j, k in enumerate(at):
            h = 2e-4 * abs(p0[k])
            slope, error = central(lambda s, k=k: re_solved(k, s), h)
            mine = exact[:, j] / solver.nominal
            largest = np.abs(mine).max()
            rounding = 1e-11 / h  # of the re-solves, over the step
            assert (np.abs(mine - slope) <= 3 * error + 1e-7 * largest + rounding).all()
            assert error.max() <= 1e-3 * largest  # the differences do say something
            moved += int((np.abs(mine) > 1e-3 * largest).sum())
        assert moved > 20 * 10
    finally:
        c.x[:], c.p[:] = x0, p0
        c.evaluate()


@pytest.mark.route
def test_the_equations_are_factorised_once(main_plant, monkeypatch):
    import scipy.sparse.linalg as sla

    solver = main_plant.built.solver
    c = solver.compiled
    linearise(solver)  # finds the order of the unknowns
    calls = []
    splu = sla.splu
    monkeypatch.setattr(sla, "splu", lambda a, **o: calls.append(a.shape) or splu(a, **o))
    c.x[0] += 0.0
    kept = c.p[0]
    c.p[0] = kept * (1 + 1e-12)
    for _ in range(5):
        sensitivities(solver, c.unknowns[:3], c.inputs[:20])
        sensitivities(solver, c.unknowns, c.inputs[:2])
    c.p[0] = kept
    assert len(calls) == 1


@pytest.mark.route
def test_all_unknowns_by_20_inputs_cost_less_than_five_newton_steps(main_plant):
    """CPU seconds of one run; the benchmark `engine_derivatives.py` writes the table of the docs."""
    solver = main_plant.built.solver
    newton, part, c = solver.newton, solver.whole, solver.compiled
    inputs = c.inputs[:20]

    def five_steps():
        for _ in range(5):
            c.evaluate()
            weight = 1.0 / newton.row_scale(part)
            newton._factorise(part, weight)[0](-c.residual[part.rows] * weight)

    def median(call):
        call()
        found = []
        for _ in range(15):
            began = time.process_time()
            call()
            found.append(time.process_time() - began)
        return sorted(found)[7]

    assert median(lambda: Linearisation(solver).forward(inputs)) <= median(five_steps)
