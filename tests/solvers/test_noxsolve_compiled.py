"""Translation: both routes agree with Pyomo, fixed state returns, refusals by name."""

import math
import subprocess
import sys

import numpy as np
import pyomo.environ as pyo
import pytest
from pyomo.core.expr.numeric_expr import MaxExpression, MinExpression
from pyomo.gdp import Disjunct, Disjunction
from pyomo.mpec import Complementarity, complements

from noxsolve.compiled import CompiledModel
from noxsolve.errors import ModelError
from noxsolve.translate import translate


def many_operators():
    m = pyo.ConcreteModel()
    m.x = pyo.Var(range(4), initialize={0: 0.3, 1: 1.7, 2: -0.6, 3: 2.4})
    m.p = pyo.Var(initialize=1.3)
    m.p.fix()
    m.q = pyo.Param(initialize=0.7, mutable=True)
    m.shared = pyo.Expression(expr=m.x[0] * m.x[1] + m.q)
    x, m.c = m.x, pyo.ConstraintList()
    m.c.add(pyo.exp(x[0]) + pyo.log(x[1]) - pyo.log10(x[3]) * m.p == m.shared)
    m.c.add(pyo.sin(x[0]) * pyo.cos(x[1]) + pyo.tan(x[2]) / x[3] == m.q)
    m.c.add(pyo.sinh(x[0]) + pyo.cosh(x[2]) - pyo.tanh(x[1]) == abs(x[2]) + m.shared**2)
    m.c.add(pyo.asin(x[0]) + pyo.acos(x[2]) + pyo.atan(x[1]) == pyo.sqrt(x[3]) - x[3] ** 0.5)
    m.c.add(x[1] ** x[3] + x[1] ** -2 + 2 ** x[0] + m.p ** x[1] + x[3] ** m.p == 5)
    m.c.add((-1, 3 * x[0] - x[1] + m.q * x[2], 4))
    m.c.add(x[3] >= x[2] + m.p)
    return m


def test_walker_and_file_agree_with_pyomo():
    m = many_operators()
    rng = np.random.default_rng(0)
    routes = [CompiledModel(m, route=r) for r in ("nl", "walker")]
    assert [c.route for c in routes] == ["nl", "walker"]
    for _ in range(5):
        values = np.array([0.3, 1.7, -0.6, 2.4]) * rng.uniform(0.7, 1.3, 4)
        p = rng.uniform(0.5, 2)
        found = []
        for c in routes:
            for v, value in zip(m.x.values(), values, strict=True):
                c.x[c.index(v)] = value
                v.value = value
            c.p[:] = p
            m.p.value = p
            c.evaluate()
            residual = {e.name: r for e, r in zip(c.equations, c.residual, strict=True)}
            for e in c.equations:
                truth = pyo.value(e.body) - pyo.value(e.upper)
                assert residual[e.name] == pytest.approx(truth, rel=1e-12, abs=1e-12)
            jacobian = {
                (c.equations[i].name, c.unknowns[j].name): value
                for i, j, value in zip(c.row, c.column, c.jacobian, strict=True)
                if value != 0
            }
            found.append(jacobian)
        assert found[0].keys() == found[1].keys()
        for key, value in found[0].items():
            assert found[1][key] == pytest.approx(value, rel=1e-12, abs=1e-12)


@pytest.mark.parametrize("route", ["nl", "walker"])
def test_inequalities_keep_their_limits(route):
    c = CompiledModel(many_operators(), route=route)
    assert len(c.inequalities) == 2
    h = c.inequality_values()
    truth = [e.slack() >= 0 for e in c.inequalities]
    inside = (c.inequality_lower <= h) & (h <= c.inequality_upper)
    assert inside.tolist() == truth


@pytest.mark.parametrize(
    "function",
    [
        pyo.asinh,
        lambda x: pyo.acosh(x + 1),
        lambda x: pyo.atanh(x / 3),
        lambda x: pyo.Expr_if(IF=x > 1, THEN=x**2, ELSE=2 * x),
        lambda x: MinExpression((x, 1.2)),
        lambda x: MaxExpression((x, 1.2)),
    ],
    ids=["asinh", "acosh", "atanh", "if", "min", "max"],
)
def test_walker_steps_in(function):
    m = pyo.ConcreteModel()
    m.x = pyo.Var(initialize=1.5)
    m.c = pyo.Constraint(expr=function(m.x) == 0.25)
    c = CompiledModel(m)
    assert c.route == "walker"
    c.evaluate()
    assert c.residual[0] == pytest.approx(pyo.value(m.c.body) - 0.25, rel=1e-14)


def test_constants_in_bounds_and_sides():
    m = pyo.ConcreteModel()
    m.x, m.p = pyo.Var(initialize=5.0), pyo.Var(initialize=2.0)
    m.p.fix()
    m.c = pyo.Constraint(expr=m.x + 3 == m.p + 7)
    for route in ("nl", "walker"):
        c = CompiledModel(m, route=route)
        c.evaluate()
        assert abs(c.residual[0]) == pytest.approx(1.0)
        c.p[0] = 1.0
        c.evaluate()
        assert c.residual[0] == pytest.approx(0.0)


def test_inputs_and_unknowns():
    m = pyo.ConcreteModel()
    m.x, m.y, m.p, m.unused = (pyo.Var(initialize=1.0) for _ in range(4))
    m.spare = pyo.Var()
    m.p.fix()
    m.unused.fix()
    m.spare.fix()
    m.c = pyo.Constraint(expr=m.x == m.p)
    c = CompiledModel(m)
    assert [v.name for v in c.unknowns] == ["x"]
    assert [v.name for v in c.inputs] == ["p"]
    assert c.index(m.x) == 0
    assert c.index(m.p) is None
    assert c.input_index(m.p) == 0
    assert all(v.fixed for v in (m.p, m.unused, m.spare))
    assert not m.x.fixed


def test_inputs_outside_a_block_are_inputs():
    m = pyo.ConcreteModel()
    m.p = pyo.Var(initialize=4.0)
    m.p.fix()
    m.b = pyo.Block()
    m.b.x = pyo.Var(initialize=1.0)
    m.b.c = pyo.Constraint(expr=m.b.x == m.p)
    c = CompiledModel(m.b)
    assert [v.name for v in c.inputs] == ["p"]


def test_fixed_state_returns_after_an_error():
    m = pyo.ConcreteModel()
    m.x, m.p = pyo.Var(initialize=1.0), pyo.Var(initialize=1.0)
    m.p.fix()
    m.f = pyo.ExternalFunction(function=lambda a: a)
    m.bad = pyo.Constraint(expr=m.f(m.x) == m.p)
    with pytest.raises(ModelError, match="ExternalFunction 'f' in 'bad' has no algebra"):
        CompiledModel(m)
    assert m.p.fixed


def test_two_objectives():
    m = many_operators()
    m.o, m.oo = pyo.Objective(expr=m.x[0]), pyo.Objective(expr=m.x[1])
    with pytest.raises(ModelError, match=r"2 objectives are active \(o, oo\)"):
        CompiledModel(m)


@pytest.mark.parametrize("bad", [None, math.nan])
@pytest.mark.parametrize("fixed", [True, False])
def test_values_that_are_no_numbers(bad, fixed):
    m = many_operators()
    m.x[2].set_value(bad, skip_validation=True)
    m.x[2].fixed = fixed
    with pytest.raises(ModelError, match=rf"'x\[2\]' has the value {bad}"):
        CompiledModel(m)
    assert m.x[2].fixed is fixed


def test_whole_numbers():
    m = pyo.ConcreteModel()
    m.n = pyo.Var(domain=pyo.Integers, initialize=1)
    m.c = pyo.Constraint(expr=2 * m.n == 2)
    with pytest.raises(ModelError, match="'n' takes whole numbers only"):
        CompiledModel(m)


def test_false_constant_equation_without_variables():
    m = pyo.ConcreteModel()
    m.q = pyo.Param(initialize=1.0, mutable=True)
    m.x = pyo.Var(initialize=1.0)
    m.false = pyo.Constraint(expr=m.q + 0 * m.q == 2)
    m.c = pyo.Constraint(expr=m.x == 1)
    with pytest.raises(ModelError, match="an equation without variables is false.*'false'"):
        CompiledModel(m)


def base_model():
    m = pyo.ConcreteModel()
    m.x, m.y = pyo.Var(initialize=1.0), pyo.Var(initialize=1.0)
    m.c = pyo.Constraint(expr=m.x == m.y)
    return m


def test_disjunction_is_refused():
    m = base_model()
    m.left, m.right = Disjunct(), Disjunct()
    m.left.c, m.right.c = pyo.Constraint(expr=m.x >= 1), pyo.Constraint(expr=m.x <= 0)
    m.either = Disjunction(expr=[m.left, m.right])
    with pytest.raises(ModelError, match=r"Disjunct.* is not supported: transform disjunctions"):
        CompiledModel(m)


def test_logic_is_refused():
    m = base_model()
    m.b = pyo.BooleanVar([1, 2])
    m.logic = pyo.LogicalConstraint(expr=m.b[1].implies(m.b[2]))
    with pytest.raises(ModelError, match="LogicalConstraint 'logic' is not supported"):
        CompiledModel(m)


def test_complementarity_is_refused():
    m = base_model()
    m.either = Complementarity(expr=complements(m.x >= 0, m.y >= 0))
    with pytest.raises(ModelError, match="Complementarity 'either' is not supported"):
        CompiledModel(m)


def test_sos_is_refused():
    m = base_model()
    m.z = pyo.Var([1, 2], initialize=1.0)
    m.sos = pyo.SOSConstraint(var=m.z, sos=1)
    with pytest.raises(ModelError, match="SOSConstraint 'sos' is not supported"):
        CompiledModel(m)


def test_unknown_route():
    with pytest.raises(ValueError, match="'fast' is not one of auto, nl, walker"):
        translate(base_model(), "fast")


def test_scaling_suffix_changes_nothing():
    m = base_model()
    m.scaling_factor = pyo.Suffix(direction=pyo.Suffix.EXPORT)
    m.scaling_factor[m.x] = 1e3
    m.x.value = 3.0
    c = CompiledModel(m)
    c.evaluate()
    assert abs(c.residual[0]) == pytest.approx(2.0)


def test_load_writes_unknowns_and_inputs():
    m = many_operators()
    c = CompiledModel(m)
    c.x[:] = np.arange(4.0)
    c.p[:] = 9.0
    c.load()
    assert [c.unknowns[k].value for k in range(4)] == [0.0, 1.0, 2.0, 3.0]
    assert m.p.value == 9.0


def test_import_is_light():
    code = (
        "import sys, noxsolve; heavy = {'pyomo', 'casadi', 'numpy', 'scipy'} & set(sys.modules); "
        "sys.exit(str(heavy) if heavy else 0)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, env={"PYTHONPATH": _solvers()})


def test_public_names():
    import noxsolve

    for name in dir(noxsolve):
        assert getattr(noxsolve, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = noxsolve.nothing


def _solvers():
    import pathlib

    import noxsolve

    return str(pathlib.Path(noxsolve.__file__).parents[1])
