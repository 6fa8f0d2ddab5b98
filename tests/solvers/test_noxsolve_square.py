"""Square solves: known roots, watch, holding, homotopy, scale, refusals."""

import math

import noxsolve_models as models
import numpy as np
import pyomo.environ as pyo
import pytest
from pyomo.common.collections import ComponentMap
from scipy.optimize import brentq, fsolve

from noxsolve.compiled import CompiledModel
from noxsolve.errors import ModelError, StructureError
from noxsolve.square import SquareSolver, Watch
from noxsolve.status import Status


@pytest.mark.parametrize("build", models.KNOWN, ids=lambda f: f.__name__)
def test_known_roots(build):
    m, nominal, roots = build()
    solver = SquareSolver(m, nominal=nominal)
    outcome = solver.solve()
    assert outcome.solved, outcome.message
    assert outcome.status is Status.SOLVED
    assert outcome.worst_residual < 1e-10
    solver.load()
    for v, root in roots:
        tolerance = 1e-4 if build is models.combustion else 1e-9
        assert v.value == pytest.approx(root, rel=tolerance, abs=1e-9)


def test_broyden_against_scipy():
    m, nominal, _ = models.broyden_tridiagonal()
    solver = SquareSolver(m, nominal=nominal)
    assert solver.solve().solved

    def system(x):
        wide = np.concatenate([[0.0], x, [0.0]])
        return (3 - 2 * x) * x - wide[:-2] - 2 * wide[2:] + 1

    reference = fsolve(system, -np.ones(20), xtol=1e-13)
    solver.load()
    assert [v.value for v in m.x.values()] == pytest.approx(reference.tolist(), rel=1e-9)


def test_singular_root_is_found_to_the_accuracy_that_it_has():
    m, nominal, roots = models.powell_singular()
    solver = SquareSolver(m, nominal=nominal)
    outcome = solver.solve()
    assert outcome.solved, outcome.message
    solver.load()
    assert all(abs(v.value - root) < 1e-4 for v, root in roots)


@pytest.mark.parametrize("base", [0.0, 0.02, 0.0999, 0.1, 0.1001, 0.3])
@pytest.mark.parametrize("watched", [True, False])
def test_titration(base, watched):
    m, nominal = models.titration(base=base)
    watch = [Watch(m.ph, m.proton, -2.0, 17.0)] if watched else []
    cap = ComponentMap([(m.ph, 3.0)])
    solver = SquareSolver(m, nominal=nominal, step_cap=cap, watch=watch)
    outcome = solver.solve()
    assert outcome.solved, outcome.message
    if watched:
        assert outcome.ipopt_calls == 0
    solver.load()

    def charge(ph):
        h = 10**-ph
        sodium = base / (1 + 1e-3 * 10 ** (ph - 14))
        return h - 1e-14 / h + sodium - 0.1 * 10**-4.76 / (10**-4.76 + h)

    assert m.ph.value == pytest.approx(brentq(charge, -2, 17, xtol=1e-14), abs=1e-7)


def test_warm_solve_is_cheap_and_follows_the_inputs():
    m, nominal, _ = models.flash()
    solver = SquareSolver(m, nominal=nominal)
    assert solver.solve().solved
    m.feed.value = 1.1
    solver.refresh_inputs()
    outcome = solver.solve()
    assert outcome.solved
    assert outcome.newton_iterations <= 5
    solver.load()
    assert m.total["V"].value == pytest.approx(0.55, rel=1e-11)


@pytest.mark.parametrize("build", [models.water_gas_shift, models.flash])
def test_scale_invariance(build):
    iterations, answers = set(), []
    for scale in (1e-5, 1e-2, 1.0, 1e3):
        m, nominal, roots = build(scale)
        solver = SquareSolver(m, nominal=nominal)
        outcome = solver.solve()
        assert outcome.solved
        iterations.add(outcome.newton_iterations)
        solver.load()
        answers.append([v.value / scale for v, _ in roots])
    assert len(iterations) == 1
    assert np.ptp(answers, axis=0) == pytest.approx(0.0, abs=1e-12)


def test_exchange_of_fixed_and_free():
    m, nominal, _ = models.flash()
    m.feed.unfix()
    m.total["V"].fix(0.75)
    nominal[m.feed] = 1.0
    solver = SquareSolver(m, nominal=nominal)
    assert solver.solve().solved
    solver.load()
    assert m.feed.value == pytest.approx(1.5, rel=1e-11)


def test_changed_fixing_needs_a_new_compilation():
    m, nominal, _ = models.flash()
    solver = SquareSolver(m, nominal=nominal)
    m.feed.unfix()
    with pytest.raises(ModelError, match="freed since compilation: feed; compile anew"):
        solver.refresh_inputs()


def test_bad_input_value_on_refresh():
    m, nominal, _ = models.flash()
    solver = SquareSolver(m, nominal=nominal)
    m.feed.set_value(None)
    with pytest.raises(ModelError, match="'feed' has the value None"):
        solver.refresh_inputs()


def plant_of_flows():
    """Temperature t couples to flow a only through the energy row."""
    m = pyo.ConcreteModel()
    m.a, m.b, m.t = (pyo.Var(initialize=1.0) for _ in range(3))
    m.mass = pyo.Constraint(expr=m.a + m.b == 3)
    m.kinetics = pyo.Constraint(expr=m.b == m.a * m.t)
    m.energy = pyo.Constraint(expr=m.t == 2 + 0.1 * (m.a - 1))
    return m


def test_flows_first_drops_the_last_rows():
    m = plant_of_flows()
    solver = SquareSolver(m, nominal=ComponentMap())
    outcome = solver.solve_held([m.t], last=[m.energy])
    assert outcome.solved
    solver.load()
    assert (m.a.value, m.b.value, m.t.value) == pytest.approx((1.5, 1.5, 1.0), rel=1e-12)
    assert solver.solve().solved
    solver.load()
    assert (m.a.value, m.b.value, m.t.value) == pytest.approx((1.0, 2.0, 2.0), rel=1e-12)


def test_unknowns_without_equation_left_are_held_too():
    m = pyo.ConcreteModel()
    m.a, m.b, m.c = pyo.Var(initialize=5.0), pyo.Var(initialize=5.0), pyo.Var(initialize=5.0)
    m.one = pyo.Constraint(expr=m.a == 1)
    m.two = pyo.Constraint(expr=m.b == m.a + m.c)
    m.three = pyo.Constraint(expr=m.c == 2 * m.a)
    solver = SquareSolver(m, nominal=ComponentMap())
    outcome = solver.solve_held([m.a, m.b, m.c])
    assert outcome.solved
    assert solver.compiled.x == pytest.approx([5.0, 5.0, 5.0])
    assert solver.solve_held([m.c]).solved
    solver.load()
    assert (m.a.value, m.b.value, m.c.value) == pytest.approx((1.0, 6.0, 5.0))


def fold(a=0.5):
    m = pyo.ConcreteModel()
    m.x, m.a = pyo.Var(initialize=1.0), pyo.Var(initialize=a)
    m.a.fix()
    m.fold = pyo.Constraint(expr=m.x**2 == 1 - m.a)
    return m


def test_homotopy_reaches_its_target():
    m = fold()
    solver = SquareSolver(m, nominal=ComponentMap())
    outcome = solver.homotopy(ComponentMap([(m.a, -8.0)]))
    assert outcome.solved
    assert outcome.fraction == 1.0
    solver.load()
    assert (m.x.value, m.a.value) == pytest.approx((3.0, -8.0), rel=1e-12)


def test_homotopy_stops_at_the_fold_and_names_the_place():
    m = fold()
    solver = SquareSolver(m, nominal=ComponentMap())
    outcome = solver.homotopy(ComponentMap([(m.a, 2.0)]))
    assert not outcome.solved
    assert outcome.status is Status.STOPPED
    assert outcome.fraction == pytest.approx(1 / 3, abs=2e-4)
    assert outcome.message.startswith("solvable up to 33.3")
    assert "a = 0.999" in outcome.message
    assert solver.check().solved


def test_homotopy_that_cannot_begin():
    m = fold(a=3.0)
    solver = SquareSolver(m, nominal=ComponentMap())
    outcome = solver.homotopy(ComponentMap([(m.a, 0.0)]))
    assert outcome.fraction == 0.0
    assert outcome.message.startswith("not solved at the start of the way")


def test_homotopy_refuses_what_is_no_input():
    m = fold()
    with pytest.raises(ModelError, match="'x' is no input"):
        SquareSolver(m, nominal=ComponentMap()).homotopy(ComponentMap([(m.x, 0.0)]))


def test_failure_names_block_and_equation():
    outcome = SquareSolver(fold(a=2.0), nominal=ComponentMap()).solve()
    assert not outcome.solved
    assert outcome.status is Status.NOT_CONVERGED
    assert outcome.failed_blocks == ("x",)
    assert outcome.worst_equation == "fold"
    assert outcome.message.startswith("no solution found for x; equation 'fold': residual")


def test_root_beyond_a_bound_is_not_reported_as_solved():
    m = pyo.ConcreteModel()
    m.x = pyo.Var(bounds=(0, 1), initialize=0.5)
    m.c = pyo.Constraint(expr=m.x == 2)
    outcome = SquareSolver(m, nominal=ComponentMap()).solve()
    assert not outcome.solved


def test_check_reports_bounds_and_inequalities():
    m = fold()
    m.limit = pyo.Constraint(expr=m.x <= 0.5)
    solver = SquareSolver(m, nominal=ComponentMap())
    outcome = solver.solve()
    assert outcome.status is Status.INEQUALITY_VIOLATED
    assert outcome.message.startswith("'limit' is 0.707107, not in [-inf, 0.5]")
    m = fold()
    m.x.setub(0.8)
    solver = SquareSolver(m, nominal=ComponentMap())
    assert solver.solve().solved
    solver.compiled.upper[0] = 0.7
    outcome = solver.check()
    assert outcome.status is Status.OUT_OF_BOUNDS
    assert outcome.message == "'x' is 0.707107, outside [-inf, 0.7]"


def test_newton_from_a_singular_start():
    m = pyo.ConcreteModel()
    m.x, m.y = pyo.Var(initialize=0.0), pyo.Var(initialize=0.0)
    m.a = pyo.Constraint(expr=m.x**2 + m.y**2 + m.x == 6)
    m.b = pyo.Constraint(expr=m.x * m.y + m.y == 2)
    solver = SquareSolver(m, nominal=ComponentMap())
    assert solver.solve().solved


def test_root_of_square_root_from_zero():
    m = pyo.ConcreteModel()
    m.x = pyo.Var(bounds=(0, 10), initialize=0.0)
    m.c = pyo.Constraint(expr=pyo.sqrt(m.x) + m.x == 6)
    solver = SquareSolver(m, nominal=ComponentMap())
    assert solver.solve().solved
    assert solver.compiled.x[0] == pytest.approx(4.0, rel=1e-11)


def test_set_point_and_load():
    m, nominal, _ = models.freudenstein_roth()
    solver = SquareSolver(m, nominal=nominal)
    solver.set_point(ComponentMap([(m.x, 5.0), (m.y, 4.0)]))
    assert solver.check().solved
    solver.load()
    assert (m.x.value, m.y.value) == (5.0, 4.0)


def test_too_few_and_too_many_equations_are_named():
    m = pyo.ConcreteModel()
    m.x, m.y, m.z, m.f = (pyo.Var(initialize=1.0) for _ in range(4))
    m.f.fix()
    m.one = pyo.Constraint(expr=m.x == 1)
    m.two = pyo.Constraint(expr=m.x == m.f)
    m.three = pyo.Constraint(expr=m.y + m.z == 1)
    with pytest.raises(StructureError, match="1 too few equations for the unknowns y, z") as error:
        SquareSolver(m, nominal=ComponentMap())
    text = str(error.value)
    assert "1 too many equations among one, two (fixed variables in them: f)" in text


@pytest.mark.parametrize("bad", [0.0, -1.0, math.nan])
def test_bad_nominal(bad):
    m, _, _ = models.flash()
    nominal = ComponentMap([(m.total["V"], bad)])
    with pytest.raises(ModelError, match=r"nominal of 'total\[V\]' is .*positive"):
        SquareSolver(m, nominal=nominal)


def test_bad_watch():
    m, nominal = models.titration()
    with pytest.raises(ModelError, match="bracket of 'ph': 17 is not below -2"):
        SquareSolver(m, nominal=nominal, watch=[Watch(m.ph, m.proton, 17, -2)])
    m.spare = pyo.Constraint(expr=m.ph == 7)
    m.spare.deactivate()
    with pytest.raises(ModelError, match="watched equation 'spare' is not active"):
        SquareSolver(m, nominal=nominal, watch=[Watch(m.ph, m.spare, -2, 17)])


def test_watch_of_a_fixed_unknown_is_ignored():
    m, nominal = models.titration()
    m.ph.fix(7.0)
    m.base.unfix()
    solver = SquareSolver(m, nominal=nominal, watch=[Watch(m.ph, m.proton, -2, 17)])
    assert solver.solve().solved


def test_no_unknowns():
    m = pyo.ConcreteModel()
    m.x = pyo.Var(initialize=1.0)
    with pytest.raises(ModelError, match="no unknowns"):
        SquareSolver(m, nominal=ComponentMap())


def test_a_compiled_model_is_taken_as_it_is():
    m, nominal, _ = models.flash()
    compiled = CompiledModel(m)
    assert SquareSolver(compiled, nominal=nominal).compiled is compiled


def test_long_chain_of_single_equations_and_a_large_block():
    """Chains are solved generation by generation; a recycle makes one large block."""
    m, n = pyo.ConcreteModel(), 300
    m.x = pyo.Var(range(n), initialize=1.0, bounds=(0, None))
    m.y = pyo.Var(range(n), initialize=1.0)
    m.recycle = pyo.Constraint(
        range(n), rule=lambda m, k: m.x[k] == 0.9 * m.x[(k - 1) % n] + 0.1 / (1 + m.x[k])
    )
    m.read = pyo.Constraint(range(n), rule=lambda m, k: m.y[k] == m.x[k] ** 2)
    solver = SquareSolver(m, nominal=ComponentMap())
    outcome = solver.solve()
    assert outcome.solved
    assert [t.size for t in outcome.trace] == [n]
    solver.load()
    golden = (math.sqrt(5) - 1) / 2
    assert m.y[7].value == pytest.approx(golden**2, rel=1e-11)


def test_a_wrong_root_upstream_is_repaired_by_solving_at_once():
    """By itself x goes to a negative root of its own equation, from which z has no value."""
    m = pyo.ConcreteModel()
    m.x = pyo.Var(initialize=1.55, bounds=(-50, 50))
    m.z = pyo.Var(initialize=1.0, bounds=(0.1, 10))
    m.wave = pyo.Constraint(expr=pyo.sin(m.x) == 0.5)
    m.root = pyo.Constraint(expr=m.z**2 == m.x)
    solver = SquareSolver(m, nominal=ComponentMap())
    outcome = solver.solve()
    assert outcome.solved, outcome.message
    assert [(t.name, t.method) for t in outcome.trace] == [
        ("z", "failed"),
        ("all equations", "ipopt"),
    ]
    solver.load()
    assert math.sin(m.x.value) == pytest.approx(0.5, abs=1e-12)
    assert m.z.value == pytest.approx(math.sqrt(m.x.value), rel=1e-12)


def test_failures_are_silent(capfd):
    m = fold(a=2.0)
    m.y = pyo.Var(initialize=1.0, bounds=(-1, 10))
    m.d = pyo.Constraint(expr=pyo.log(m.y - 3) + pyo.sqrt(m.y - 4) == m.x)
    SquareSolver(m, nominal=ComponentMap()).solve()
    captured = capfd.readouterr()
    assert captured.out + captured.err == ""


def test_not_a_number_is_said():
    m = pyo.ConcreteModel()
    m.x = pyo.Var(initialize=-2.0)
    m.c = pyo.Constraint(expr=pyo.log(m.x) == 1)
    solver = SquareSolver(m, nominal=ComponentMap())
    outcome = solver.check()
    assert outcome.status is Status.NOT_A_NUMBER
    assert outcome.message == "equation 'c' has no value at this point (its residual is nan)"


def test_step_cap_limits_a_step():
    """Without a cap the first Newton step from 3 leaves the basin of the root at 0."""
    m = pyo.ConcreteModel()
    m.x = pyo.Var(initialize=3.0)
    m.c = pyo.Constraint(expr=pyo.atan(m.x) == 0)
    cap = ComponentMap([(m.x, 0.5)])
    solver = SquareSolver(m, nominal=ComponentMap(), step_cap=cap)
    outcome = solver.solve()
    assert outcome.solved
    assert outcome.newton_iterations > 6
    with pytest.raises(ModelError, match="step cap of 'x' is 0; it must be a positive number"):
        SquareSolver(m, nominal=ComponentMap(), step_cap=ComponentMap([(m.x, 0)]))


def test_held_failure_is_reported_and_the_rest_is_solved():
    m = plant_of_flows()
    m.x, m.a2 = pyo.Var(initialize=1.0), pyo.Var(initialize=2.0)
    m.a2.fix()
    m.fold = pyo.Constraint(expr=m.x**2 == 1 - m.a2)
    solver = SquareSolver(m, nominal=ComponentMap())
    outcome = solver.solve_held([m.t], last=[m.energy])
    assert outcome.status is Status.NOT_CONVERGED
    assert outcome.failed_blocks == ("x",)
    assert outcome.message == "no solution found for x"
    solver.load()
    assert m.a.value == pytest.approx(1.5)
