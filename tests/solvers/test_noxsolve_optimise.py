"""Optima of Hock and Schittkowski, multipliers, plugin, sensitivities."""

import math

import noxsolve_models as models
import numpy as np
import pyomo.environ as pyo
import pytest
from pyomo.common.collections import ComponentMap

from noxsolve.errors import ModelError
from noxsolve.optimise import minimise
from noxsolve.plugin import register
from noxsolve.sensitivity import sensitivities
from noxsolve.square import SquareSolver
from noxsolve.status import Status


def model(*start, bounds=(None, None)):
    m = pyo.ConcreteModel()
    m.x = pyo.Var(range(1, len(start) + 1), initialize=dict(enumerate(start, 1)), bounds=bounds)
    return m, m.x


def hs6():
    m, x = model(-1.2, 1.0)
    m.c = pyo.Constraint(expr=10 * (x[2] - x[1] ** 2) == 0)
    return m, (1 - x[1]) ** 2, 0.0, (1.0, 1.0), {}


def hs7():
    m, x = model(2.0, 2.0)
    m.c = pyo.Constraint(expr=(1 + x[1] ** 2) ** 2 + x[2] ** 2 == 4)
    return m, pyo.log(1 + x[1] ** 2) - x[2], -math.sqrt(3), (0.0, math.sqrt(3)), {}


def hs39():
    m, x = model(2.0, 2.0, 2.0, 2.0)
    m.c = pyo.Constraint(expr=x[2] - x[1] ** 3 - x[3] ** 2 == 0)
    m.d = pyo.Constraint(expr=x[1] ** 2 - x[2] - x[4] ** 2 == 0)
    return m, -x[1], -1.0, (1.0, 1.0, 0.0, 0.0), {}


def hs40():
    m, x = model(0.8, 0.8, 0.8, 0.8)
    m.c = pyo.Constraint(expr=x[1] ** 3 + x[2] ** 2 == 1)
    m.d = pyo.Constraint(expr=x[1] ** 2 * x[4] - x[3] == 0)
    m.e = pyo.Constraint(expr=x[4] ** 2 - x[2] == 0)
    return m, -x[1] * x[2] * x[3] * x[4], -0.25, (2 ** (-1 / 3), 2**-0.5), {}


def hs71():
    m, x = model(1.0, 5.0, 5.0, 1.0, bounds=(1, 5))
    m.sum = pyo.Constraint(expr=sum(v**2 for v in x.values()) == 40)
    m.product = pyo.Constraint(expr=x[1] * x[2] * x[3] * x[4] >= 25)
    f = x[1] * x[4] * (x[1] + x[2] + x[3]) + x[3]
    published = (1.0, 4.7429994, 3.8211503, 1.3794082)
    return (
        m,
        f,
        17.0140173,
        published,
        {("x[1]", "lower"): 1.0878712, ("product", "lower"): 0.5522937},
    )


@pytest.mark.parametrize("problem", [hs6, hs7, hs39, hs40, hs71], ids=lambda f: f.__name__)
def test_hock_schittkowski(problem):
    m, f, best, where, active = problem()
    found = minimise(m, objective=f, nominal=ComponentMap())
    assert found.solved, found.message
    assert found.status is Status.OPTIMAL
    assert found.objective == pytest.approx(best, rel=1e-7, abs=1e-7)
    for v, value in zip(m.x.values(), where, strict=False):
        assert v.value == pytest.approx(value, rel=1e-6, abs=1e-4)
    got = {(c.name, side): multiplier for c, side, multiplier in found.active}
    assert got == pytest.approx(active, rel=1e-5)
    for c in m.component_data_objects(pyo.Constraint):
        if c.equality:
            assert pyo.value(c.body) - pyo.value(c.upper) == pytest.approx(0.0, abs=1e-11)
    assert list(m.component_objects(pyo.Objective)) == []


def test_multiplier_is_the_slope_of_the_optimum():
    def best(limit):
        m, f, *_ = hs71()
        m.x[1].setlb(limit)
        found = minimise(m, objective=f, nominal=ComponentMap())
        return found.objective, {c.name: multiplier for c, _, multiplier in found.active}["x[1]"]

    slope = (best(1.001)[0] - best(0.999)[0]) / 0.002
    assert best(1.0)[1] == pytest.approx(slope, rel=1e-3)


def test_maximum_with_an_objective_of_the_model():
    m, x = model(0.5, 0.5, bounds=(0, None))
    m.sum = pyo.Constraint(expr=x[1] + x[2] <= 4)
    m.other = pyo.Objective(expr=x[1])
    m.area = pyo.Objective(expr=x[1] * x[2], sense=pyo.maximize)
    m.area.deactivate()
    found = minimise(m, objective=m.area, nominal=ComponentMap())
    assert found.objective == pytest.approx(4.0, rel=1e-8)
    ((limit, side, multiplier),) = found.active
    assert (limit.name, side) == ("sum", "upper")
    assert multiplier == pytest.approx(2.0, rel=1e-6)
    assert m.other.active
    assert not m.area.active


def test_scale_of_the_plant_does_not_matter():
    results = []
    for scale in (1e-5, 1.0, 1e4):
        m = pyo.ConcreteModel()
        m.area, m.flow = pyo.Var(initialize=scale), pyo.Var(initialize=0.5 * scale)
        m.yield_ = pyo.Constraint(expr=m.flow == m.area * (1 - pyo.exp(-m.area / scale)))
        nominal = ComponentMap([(m.area, scale), (m.flow, scale)])
        m.limit = pyo.Constraint(expr=m.area <= 5 * scale)
        found = minimise(m, objective=(m.area - 2 * m.flow) / scale, nominal=nominal)
        assert found.solved
        results.append((found.iterations, m.area.value / scale, found.active[0][2] * scale))
    assert len({r[0] for r in results}) == 1
    assert np.ptp([r[1:] for r in results], axis=0) == pytest.approx(0.0, abs=1e-7)


def test_design_from_a_solved_plant():
    m, nominal, _ = models.flash()
    solver = SquareSolver(m, nominal=nominal)
    assert solver.solve().solved
    m.feed.unfix()
    m.feed.setlb(0.2)
    m.feed.setub(5.0)
    found = minimise(m, objective=(m.total["V"] - 1) ** 2, nominal=nominal, start=solver)
    assert found.solved
    assert m.feed.value == pytest.approx(2.0, rel=1e-4)
    assert found.active == ()


def test_infeasible_problem_leaves_the_model_alone():
    m, x = model(1.0, 1.0, bounds=(0, 1))
    m.c = pyo.Constraint(expr=x[1] + x[2] == 5)
    found = minimise(m, objective=x[1], nominal=ComponentMap())
    assert not found.solved
    assert found.status is Status.INFEASIBLE
    assert "Worst: 'c'" in found.message
    assert (x[1].value, x[2].value) == (1.0, 1.0)


def test_optimise_refusals():
    m, x = model(1.0)
    m.c, m.d = pyo.Constraint(expr=x[1] == 1), pyo.Constraint(expr=2 * x[1] == 2)
    with pytest.raises(ModelError, match="1 too many equations among c, d"):
        minimise(m, objective=x[1], nominal=ComponentMap())
    with pytest.raises(ModelError, match=r"nominal of 'x\[1\]' is 0"):
        minimise(m, objective=x[1], nominal=ComponentMap([(x[1], 0)]))
    x[1].fix()
    with pytest.raises(ModelError, match="nothing to optimise"):
        minimise(m, objective=x[1], nominal=ComponentMap())


def closed_form():
    m = pyo.ConcreteModel()
    m.a, m.b = pyo.Var(initialize=2.0), pyo.Var(initialize=3.0)
    m.a.fix()
    m.b.fix()
    m.u, m.v = pyo.Var(initialize=2.0), pyo.Var(initialize=5.0)
    m.first = pyo.Constraint(expr=m.u**2 == m.a * m.b)
    m.second = pyo.Constraint(expr=pyo.log(m.v) == m.u * m.b)
    solver = SquareSolver(m, nominal=ComponentMap())
    assert solver.solve().solved
    u, v = math.sqrt(6.0), math.exp(3 * math.sqrt(6.0))
    du = (3 / (2 * u), 2 / (2 * u))
    return m, solver, {"u": du, "v": (v * 3 * du[0], v * (3 * du[1] + u)), "a": (1.0, 0.0)}


@pytest.mark.parametrize("outputs", [["u"], ["u", "v", "a"], ["v", "u"]])
@pytest.mark.parametrize("inputs", [["a"], ["b", "a"]])
def test_sensitivities_in_closed_form(outputs, inputs):
    m, solver, truth = closed_form()
    found = sensitivities(solver, [getattr(m, k) for k in outputs], [getattr(m, k) for k in inputs])
    expected = [[truth[k]["ab".index(j)] for j in inputs] for k in outputs]
    assert found.tolist() == [pytest.approx(row, rel=1e-11) for row in expected]


def test_sensitivity_refusals():
    m, solver, _ = closed_form()
    m.w = pyo.Var(initialize=1.0)
    with pytest.raises(ModelError, match="'u' is no input"):
        sensitivities(solver, [m.v], [m.u])
    with pytest.raises(ModelError, match="'w' is neither unknown nor input"):
        sensitivities(solver, [m.w], [m.a])
    solver.set_point(ComponentMap([(m.u, 9.0)]))
    with pytest.raises(ModelError, match="sensitivities need a solved point"):
        sensitivities(solver, [m.u], [m.a])


@pytest.mark.parametrize("sense", [pyo.minimize, pyo.maximize])
def test_plugin_duals_and_reduced_costs(sense):
    register()
    register()
    m, f, best, _, _ = hs71()
    sign = 1 if sense == pyo.minimize else -1
    m.o = pyo.Objective(expr=sign * f, sense=sense)
    m.dual, m.rc = (pyo.Suffix(direction=pyo.Suffix.IMPORT) for _ in range(2))
    results = pyo.SolverFactory("noxsolve_ipopt").solve(m)
    pyo.assert_optimal_termination(results)
    assert pyo.value(m.o) == pytest.approx(sign * best, rel=1e-7)
    assert m.dual[m.product] == pytest.approx(sign * 0.5522937, rel=1e-5)
    assert m.rc[m.x[1]] == pytest.approx(sign * 1.0878712, rel=1e-5)


def test_plugin_new_interface_and_fixed_variables():
    from pyomo.contrib.solver.common.factory import SolverFactory
    from pyomo.contrib.solver.common.results import TerminationCondition
    from pyomo.contrib.solver.common.util import NoOptimalSolutionError

    register()
    m, x = model(1.0, 3.0, bounds=(0, 2))
    x[2].fix(3.0)
    m.o = pyo.Objective(expr=(x[1] * x[2] - 3.3) ** 2)
    results = SolverFactory("noxsolve_ipopt").solve(m)
    assert results.termination_condition is TerminationCondition.convergenceCriteriaSatisfied
    assert x[1].value == pytest.approx(1.1, rel=1e-6)
    assert x[2].fixed
    m.c = pyo.Constraint(expr=x[1] == 7)
    with pytest.raises(NoOptimalSolutionError, match="IPOPT ended with"):
        SolverFactory("noxsolve_ipopt").solve(m)
    x[1].domain = pyo.Integers
    with pytest.raises(ModelError, match=r"'x\[1\]' takes whole numbers only"):
        SolverFactory("noxsolve_ipopt").solve(m)


def test_a_trace_is_not_on_its_bound():
    # A trace of 1e-8 of x in a model whose sizes are 100: not zero, so it holds nothing back.
    m = pyo.ConcreteModel()
    m.x = pyo.Var(initialize=2.0, bounds=(0, 10))
    m.y = pyo.Var(initialize=2e-8, bounds=(0, None))
    m.c = pyo.Constraint(expr=m.y == 1e-8 * m.x)
    nominal = ComponentMap(((m.x, 100.0), (m.y, 100.0)))
    found = minimise(m, objective=(m.x - 3) ** 2, nominal=nominal)
    assert found.solved
    assert found.active == ()
    assert pyo.value(m.y) == pytest.approx(3e-8, rel=1e-6)


def test_an_inequality_that_the_equations_decide_is_left_out():
    """x is 2 whatever y is: that x <= 2 just holds, and must not count as active."""
    m, x = model(2.0, 5.0)
    m.fixed = pyo.Constraint(expr=3 * x[1] == 6)
    m.just = pyo.Constraint(expr=x[1] <= 2)
    m.twice = pyo.Constraint(expr=2 * x[1] <= 4)
    m.low = pyo.Constraint(expr=x[2] >= 4)
    found = minimise(m, objective=(x[2] - 1) ** 2, nominal={})
    assert found.solved, found.message
    assert pyo.value(x[2]) == pytest.approx(4.0, abs=1e-7)
    assert [(c.name, side) for c, side, _ in found.active] == [("low", "lower")]


def test_an_inequality_that_the_equations_break_is_named():
    m, x = model(2.0, 5.0)
    m.fixed = pyo.Constraint(expr=3 * x[1] == 6)
    m.never = pyo.Constraint(expr=x[1] <= 1)
    found = minimise(m, objective=(x[2] - 1) ** 2, nominal={})
    assert not found.solved
    assert found.status is Status.INFEASIBLE
    assert "'never' is broken, whatever the free variables are" in found.message
