"""What may change after compilation, and derivatives of optima whose limits are special."""

import numpy as np
import pyomo.environ as pyo
import pytest
from pyomo.common.collections import ComponentMap

from noxsolve.compiled import CompiledModel
from noxsolve.errors import ModelError
from noxsolve.many import solve_many
from noxsolve.optimise import minimise
from noxsolve.optimum_sensitivity import optimum_sensitivities
from noxsolve.square import SquareSolver
from noxsolve.status import Status


def with_parameters():
    m = pyo.ConcreteModel()
    m.p = pyo.Param(initialize=4.0, mutable=True)
    m.q = pyo.Param([1, 2], initialize={1: 3.0, 2: 0.5}, mutable=True)
    m.unused = pyo.Param(initialize=1.0, mutable=True)
    m.a = pyo.Var(initialize=5.0)
    m.a.fix()
    m.x, m.y = pyo.Var(initialize=1.0), pyo.Var(initialize=1.0)
    m.c = pyo.Constraint(expr=m.x**2 == m.p)
    m.d = pyo.Constraint(expr=m.y == m.x * m.a + m.q[2])
    m.limit = pyo.Constraint(expr=m.x <= m.q[1])
    return m


@pytest.mark.parametrize(("name", "row"), [("p", "c"), ("q[1]", "limit"), ("q[2]", "d")])
def test_another_value_of_a_parameter_is_not_passed_over(name, row):
    m = with_parameters()
    solver = SquareSolver(m)
    assert solver.solve().solved
    m.unused.value = 7.0
    solver.refresh_inputs()
    m.find_component(name).value = 2.5
    text = rf"parameter '{name}' of '{row}' was .* at compilation and is 2.5 now: compile anew"
    with pytest.raises(ModelError, match=text.replace("[", r"\[").replace("]", r"\]")):
        solver.refresh_inputs()
    solver = SquareSolver(CompiledModel(m, parameters=True))
    m.find_component(name).value = 2.25
    solver.refresh_inputs()
    assert solver.solve().solved
    solver.load()
    assert m.x.value**2 == pytest.approx(m.p.value)
    assert m.y.value == pytest.approx(m.x.value * 5 + m.q[2].value)


@pytest.mark.parametrize("executor", ["casadi", "numpy"])
def test_scenarios_of_mutable_parameters(executor):
    m = with_parameters()
    given = {"p": [4.0, 6.25, 16.0], "a": [1.0, 2.0, 3.0], "q[2]": 1.0}
    data = solve_many(m, given, executor=executor)
    np.testing.assert_allclose(data["y"][:2], [2.0 * 1 + 1, 2.5 * 2 + 1], rtol=1e-12)
    assert data.status[2] is Status.INFEASIBLE  # 4 is above the limit of 3
    assert "limit" in data.message[2]
    assert m.p.value == 4.0


def test_a_range_with_a_variable_as_limit_is_refused():
    m = with_parameters()
    m.band = pyo.Constraint(expr=pyo.inequality(1, m.x, m.a))
    with pytest.raises(ModelError, match="range 'band' has the variable 'a' as a limit; write it"):
        CompiledModel(m)


def optimum(build, a=2.0):
    """(model, its optimum's derivatives by `a`)."""
    m = pyo.ConcreteModel()
    m.a = pyo.Var(initialize=a)
    m.a.fix()
    objective = build(m)
    sizes = ComponentMap((v, 1.0) for v in m.component_data_objects(pyo.Var))
    found = minimise(m, objective=objective, nominal=sizes)
    assert found.solved, found.message
    options = {"objective": objective, "parameters": [m.a], "nominal": sizes}
    return m, optimum_sensitivities(m, found, **options)


@pytest.mark.parametrize(("lower", "upper"), [(0.0, 2.0), (0.5, 2.0), (2.0, 5.0)])
def test_a_bound_that_the_optimum_only_touches_is_refused_on_either_side(lower, upper):
    def touching(m):
        # Without bounds x = (3 + a^2) / (1 + a), which is 2 at a = 1, as far as the bound allows.
        m.x = pyo.Var(initialize=(lower + upper) / 2, bounds=(lower, upper))
        m.y = pyo.Var(initialize=0.5)
        m.c = pyo.Constraint(expr=m.x + m.y == m.a)
        return (m.x - 3) ** 2 + m.y**2 * m.a

    with pytest.raises(ModelError, match="No strict complementarity: .*: x") as e:
        optimum(touching, a=1.0)
    assert e.value.status is Status.DEGENERATE


def test_an_optimum_with_every_unknown_at_a_bound():
    def corner(m):
        m.x, m.y = (pyo.Var(initialize=0.5, bounds=(0, 1)) for _ in range(2))
        return m.a * (3 * m.y - m.x)

    m, s = optimum(corner)
    assert s.of(m.x).tolist() == s.of(m.y).tolist() == [0.0]
    assert s.objective == pytest.approx([-1.0])
    assert s.multiplier(m.x)[0] == pytest.approx(-2.0)
    assert s.multiplier(m.y)[0] == pytest.approx(6.0)
    assert s.multiplier(m.y)[1] == pytest.approx([3.0])


@pytest.mark.parametrize("size", [1.0, 1e9])
def test_the_vertex_of_a_linear_program_moves_with_its_limits(size):
    def linear(m):
        m.x, m.y = (pyo.Var(initialize=0.5, bounds=(0, None)) for _ in range(2))
        m.c = pyo.Constraint(expr=m.x + 2 * m.y <= m.a)
        m.d = pyo.Constraint(expr=3 * m.x + m.y <= m.a**2)
        return -size * (m.x + m.y)

    m, s = optimum(linear)  # x = (2 a^2 - a) / 5, y = (3 a - a^2) / 5
    assert s.of(m.x) == pytest.approx([1.4])
    assert s.of(m.y) == pytest.approx([-0.2])
    assert s.objective == pytest.approx([-1.2 * size])
