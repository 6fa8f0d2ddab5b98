"""Bad input and failures: each ends with a status of the one enum, and names what is at fault."""

import math
import subprocess
import sys

import numpy as np
import pyomo.environ as pyo
import pytest
from noxsolve_models import combustion, flash, rosenbrock, water_gas_shift
from pyomo.common.collections import ComponentMap

from noxsolve.compiled import CompiledModel
from noxsolve.diagnosis import at_bounds, jumps, largest_residuals, moves, suspects
from noxsolve.errors import MissingPackage, ModelError, StructureError
from noxsolve.optimise import minimise
from noxsolve.square import SquareSolver
from noxsolve.status import Status


def model(*values, bounds=(None, None)):
    m = pyo.ConcreteModel()
    m.x = pyo.Var(range(len(values)), initialize=dict(enumerate(values)), bounds=bounds)
    m.c = pyo.ConstraintList()
    return m


def solver(m, **options):
    return SquareSolver(m, nominal=ComponentMap(), **options)


# refused before a solve ---------------------------------------------------------------------------
def test_every_status_is_a_sentence_of_its_own():
    values = [s.value for s in Status]
    assert len(set(values)) == len(values)
    assert all(v.endswith(".") and ":" in v and v[0].isupper() for v in values)


@pytest.mark.parametrize("count", [1, 3])
def test_not_square(count):
    m = model(1.0, 2.0)
    for k in range(count):
        m.c.add(m.x[0] + (k + 1) * m.x[1] == 1)
    with pytest.raises(StructureError, match="too (few|many) equations") as caught:
        solver(m)
    assert caught.value.status is Status.NOT_SQUARE


def test_square_in_number_only():
    m = model(1.0, 2.0, 3.0)
    m.c.add(m.x[0] == 1)
    m.c.add(2 * m.x[0] == 2)
    m.c.add(m.x[0] + m.x[1] + m.x[2] == 2)
    words = (
        r"1 too few equations for the unknowns x\[1\], x\[2\]; 1 too many equations among c\[1\]"
    )
    with pytest.raises(StructureError, match=words) as caught:
        solver(m)
    assert caught.value.status is Status.STRUCTURALLY_SINGULAR


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, None])
@pytest.mark.parametrize("fixed", [False, True])
def test_a_start_that_is_no_number_is_refused_by_name(value, fixed):
    m = model(1.0, 2.0)
    m.c.add(m.x[0] * m.x[1] == 4)
    m.x[1].set_value(value, skip_validation=True)
    if fixed:
        m.x[1].fixed = True
    else:
        m.c.add(m.x[0] == m.x[1])
    with pytest.raises(ModelError, match=r"'x\[1\]' has the value .*give it a number") as caught:
        solver(m)
    assert caught.value.status is Status.NO_START


@pytest.mark.parametrize("value", [math.nan, math.inf])
@pytest.mark.parametrize("where", ["x", "p"])
def test_a_point_that_is_no_number_ends_with_a_status_and_stays(value, where):
    m, nominal, _ = water_gas_shift()
    s = SquareSolver(m, nominal=nominal)
    getattr(s.compiled, where)[0] = value
    name = (s.compiled.unknowns if where == "x" else s.compiled.inputs)[0].name
    found = s.solve()
    assert found.status is Status.NO_START
    assert not found.solved
    assert f"{name!r} is {value}" in found.message
    np.testing.assert_equal(getattr(s.compiled, where)[0], value)


def test_crossed_bounds_of_a_variable_and_of_a_constraint():
    m = model(1.0)
    m.c.add(m.x[0] == 1)
    m.x[0].setlb(2.0)
    m.x[0].setub(0.5)
    with pytest.raises(ModelError, match=r"'x\[0\]': its lower bound 2 is above 0.5") as caught:
        solver(m)
    assert caught.value.status is Status.CROSSED_BOUNDS
    m = model(1.0, 1.0)
    m.c.add(m.x[0] == 1)
    m.c.add(m.x[1] == 1)
    m.low, m.high = pyo.Param(initialize=3, mutable=True), pyo.Param(initialize=1, mutable=True)
    m.band = pyo.Constraint(expr=(m.low, m.x[0] ** 2 + m.x[1], m.high))
    with pytest.raises(ModelError, match=r"'band': 3 <= ... <= 1 leaves no room") as caught:
        solver(m)
    assert caught.value.status is Status.CROSSED_BOUNDS


def test_what_is_no_algebra():
    m = model(1.0)
    m.c.add(m.x[0] == 1)
    m.sos = pyo.SOSConstraint(var=m.x, sos=1)
    with pytest.raises(ModelError, match="SOSConstraint 'sos' is not supported") as caught:
        solver(m)
    assert caught.value.status is Status.UNSUPPORTED


def test_a_missing_package_is_named_with_its_extra():
    error = MissingPackage("llvmlite", "fast", "vector code")
    assert isinstance(error, ImportError)
    assert error.status is Status.MISSING_PACKAGE
    with pytest.raises(
        ModelError, match=r"'llvmlite', which is not.*pip install 'noxplant\[fast\]'"
    ):
        raise error


# ends of a solve ------------------------------------------------------------------------------------
def test_equations_that_say_the_same_and_contradict_are_singular():
    m = model(1.0, 2.0, 1.0)
    m.c.add(m.x[0] + m.x[1] == 2)
    m.c.add(2 * m.x[0] + 2 * m.x[1] == 5)
    m.c.add(m.x[2] == 7)
    found = solver(m).solve()
    assert found.status is Status.SINGULAR
    assert "x[0]" in found.message.split("singular")[-1]
    assert "x[2]" not in found.message.split("singular")[-1]


def test_a_product_asked_for_twice_is_singular_everywhere():
    m = model(1.0, 2.0)
    m.c.add(m.x[0] * m.x[1] == 1)
    m.c.add(m.x[0] * m.x[1] == 2)
    assert solver(m).solve().status is Status.SINGULAR


def test_a_turning_point_is_not_called_singular():
    m = model(1.0, 0.3)
    m.c.add(m.x[0] ** 2 + m.x[1] == -1)
    m.c.add(m.x[1] ** 2 == m.x[0] ** 2 * m.x[1])
    assert solver(m).solve().status is Status.NOT_CONVERGED


def test_suspects_are_those_that_are_loose():
    m = model(1.0, 2.0, 3.0, 4.0)
    m.c.add(m.x[0] == 1)
    m.c.add(m.x[1] - m.x[2] == 3)
    m.c.add(2 * m.x[1] - 2 * m.x[2] == 6)
    m.c.add(m.x[3] + m.x[0] == 2)
    assert {v.name for v in suspects(CompiledModel(m))} == {"x[1]", "x[2]"}


@pytest.mark.parametrize(
    ("body", "function", "step"),
    [
        (lambda x: x + pyo.floor(x) - 1.5, "floor", True),
        (lambda x: x + pyo.ceil(x) - 0.5, "ceil", True),
        (lambda x: pyo.Expr_if(x > 1, x + 1, x - 1) - 1.0, "Expr_if", True),
        (lambda x: abs(x - 1) + 0.1, "abs", False),
    ],
)
def test_a_jump_where_the_solution_would_be(body, function, step):
    m = model(0.2, 1.0)
    m.c.add(body(m.x[0]) == 0)
    m.c.add(m.x[1] == m.x[0])
    found = solver(m).solve()
    assert found.status is Status.DISCONTINUOUS
    assert f"'c[1]' holds {function!r} of unknowns" in found.message
    assert ("jumps" in found.message) is step


def test_a_jump_that_is_not_in_the_way_is_solved():
    m = model(0.2)
    m.c.add(m.x[0] + pyo.floor(m.x[0]) == 0.5)
    s = solver(m)
    assert s.solve().solved
    assert s.compiled.x[0] == pytest.approx(0.5)


def test_jumps_of_inputs_do_not_count():
    m = model(0.2, 3.0)
    m.x[1].fix()
    m.c.add(m.x[0] * pyo.floor(m.x[1]) == abs(m.x[1]))
    c = CompiledModel(m)
    assert jumps(c, range(1)) == []
    m.x[1].unfix()
    m.c.add(m.x[1] == 3)
    names = [j.function for j in jumps(CompiledModel(m), range(2))]
    assert names == ["floor", "abs"]  # what may jump comes first


def test_an_optimum_over_a_step_is_refused():
    """The slope of a step is zero almost everywhere: any point would pass for an optimum."""
    m = model(0.2, bounds=(0, 10))
    m.f = pyo.Objective(expr=(pyo.floor(m.x[0]) - 3) ** 2)
    with pytest.raises(ModelError, match=r"'f' holds 'floor' of unknowns, which jumps") as caught:
        minimise(m, objective=m.f, nominal=ComponentMap())
    assert caught.value.status is Status.DISCONTINUOUS


def test_where_equations_have_no_value():
    m = model(-1.0, bounds=(-2, -0.5))
    m.c.add(pyo.log(m.x[0]) == 1)
    found = solver(m).solve()
    assert found.status is Status.NOT_A_NUMBER
    assert "c[1]" in found.message


# interrupts ------------------------------------------------------------------------------------------
@pytest.mark.parametrize("method", ["solve", "newton_only", "homotopy", "solve_held"])
def test_an_interrupt_restores_the_point(method, monkeypatch):
    m, nominal, _ = water_gas_shift()
    s = SquareSolver(m, nominal=nominal)
    if method == "homotopy":
        assert s.solve().solved
    x, p = s.compiled.x.copy(), s.compiled.p.copy()
    evaluate, count = s.compiled.evaluate, []

    def interrupted():
        evaluate()
        count.append(1)
        if len(count) == 3:
            raise KeyboardInterrupt

    monkeypatch.setattr(s.compiled, "evaluate", interrupted)
    arguments = {"homotopy": [{}], "solve_held": [[]]}.get(method, [])
    if method == "homotopy":
        arguments = [ComponentMap([(m.start, 50.0)])]
    found = getattr(s, method)(*arguments)
    assert found.status is Status.INTERRUPTED
    assert not found.solved
    assert "stopped by the user" in found.message
    np.testing.assert_array_equal(s.compiled.x, x)
    np.testing.assert_array_equal(s.compiled.p, p)
    monkeypatch.setattr(s.compiled, "evaluate", evaluate)
    assert s.solve().solved


def test_an_interrupt_goes_on_where_that_is_asked_for(monkeypatch):
    m, nominal, _ = water_gas_shift()
    s = SquareSolver(m, nominal=nominal)
    s.raise_interrupts = True
    x = s.compiled.x.copy()

    def interrupted(*_, **__):
        s.compiled.x[:] = 7.0
        raise KeyboardInterrupt

    monkeypatch.setattr(s.newton, "run", interrupted)
    with pytest.raises(KeyboardInterrupt):
        s.solve()
    np.testing.assert_array_equal(s.compiled.x, x)


LONG = """
import os, signal, sys, threading, time
import pyomo.environ as pyo
from pyomo.common.collections import ComponentMap
from noxsolve.square import SquareSolver
m = pyo.ConcreteModel()
n = 400
m.x = pyo.Var(range(n), initialize=1.0)
m.c = pyo.Constraint(range(n), rule=lambda m, k: m.x[k] * m.x[(k + 1) % n] + m.x[k] ** 2 == -1 - k)
s = SquareSolver(m, nominal=ComponentMap())
x = s.compiled.x.copy()
threading.Timer(0.5, lambda: os.kill(os.getpid(), signal.SIGINT)).start()
began = time.perf_counter()
while True:
    s.compiled.x[:] = x
    found = s.solve()
    if found.status.name == "INTERRUPTED":
        break
    if time.perf_counter() - began > 30:
        sys.exit("never interrupted")
assert (s.compiled.x == x).all()
print(found.status.name, found.message)
"""


def test_a_real_signal_ends_a_solve_cleanly():
    done = subprocess.run(
        [sys.executable, "-c", LONG], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("INTERRUPTED Interrupted: stopped by the user")
    assert "Traceback" not in done.stderr


def test_an_optimisation_that_is_interrupted_leaves_the_model(monkeypatch):
    import casadi as ca

    m = model(0.2, bounds=(0, 10))
    m.f = pyo.Objective(expr=(m.x[0] - 3) ** 2)

    def interrupted(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(ca, "nlpsol", interrupted)
    found = minimise(m, objective=m.f, nominal=ComponentMap())
    assert found.status is Status.INTERRUPTED
    assert m.x[0].value == 0.2
    assert m.f.active


# after a failure --------------------------------------------------------------------------------------
def mixing(target=0.95):
    """Purity y of a product washed with share w of clean water, w in [0, 1]: y = 1 - a (1 - w) - b."""
    m = pyo.ConcreteModel()
    m.a, m.b, m.y = (pyo.Var(initialize=x) for x in (0.2, 0.04, 0.9))
    m.w = pyo.Var(bounds=(0, 1), initialize=0.5)
    m.unused = pyo.Var(initialize=1.0)
    m.half = pyo.Var(initialize=0.0)
    for v in (m.a, m.b, m.y, m.unused):
        v.fix()
    m.purity = pyo.Constraint(expr=m.y == 1 - m.a * (1 - m.w) - m.b)
    m.other = pyo.Constraint(expr=m.half == m.w / 2 + m.unused)
    return m


def stopped(target=0.98):
    m = mixing()
    s = solver(m)
    assert s.solve().solved
    found = s.homotopy(ComponentMap([(m.y, target)]))
    assert found.status is Status.STOPPED
    return m, s, found


def test_the_unknown_at_its_bound_is_found_where_a_way_ends():
    _, s, found = stopped()
    # 1 - b = 0.96 is the purest, three quarters of the way from 0.9 to 0.98
    assert found.fraction == pytest.approx(0.75, abs=1e-3)
    at = at_bounds(s, 1e-3)
    assert [(a.unknown.name, a.side, a.bound) for a in at] == [("w", "upper", 1.0)]


def test_what_must_move_and_by_how_much():
    m, s, _ = stopped()
    here = float(s.compiled.p[s.compiled.input_index(m.y)])
    # y = 1 - a (1 - w) - b, so 1 - w falls by (0.98 - y)/a on the rest of the way
    short = (0.98 - here) / 0.2 - (1 - float(s.compiled.x[s.compiled.index(m.w)]))
    ranges = ComponentMap([(m.a, (0.0, 0.5)), (m.b, (0.01, 0.1)), (m.unused, (0.0, 9.0))])
    found = moves(s, 1 - m.w, short, ranges)
    assert found[0].input is m.b
    assert found[0].wanted == pytest.approx(0.02, abs=1e-6)  # 1 - b = 0.98
    assert found[0].slope == pytest.approx(-1 / 0.2)
    assert found[0].share == pytest.approx(2 / 3, abs=1e-4)  # of 0.04 down to 0.01
    assert all(f.input is not m.unused for f in found)


def test_the_largest_residuals_come_first():
    m = mixing()
    m.half.set_value(5.0)
    s = solver(m)
    rows = largest_residuals(s, 2)
    assert [r.name for r, _ in rows] == ["other", "purity"]
    assert rows[0][1] == pytest.approx(5.0 - 0.25 - 1.0)


# determinism -------------------------------------------------------------------------------------------
@pytest.mark.parametrize("make", [rosenbrock, water_gas_shift, combustion, flash])
def test_the_same_input_gives_the_same_bits(make):
    ends = []
    for _ in range(2):
        m, nominal, _ = make()
        s = SquareSolver(m, nominal=nominal)
        found = s.solve()
        ends.append((s.compiled.x.tobytes(), found.newton_iterations, found.trace))
    assert ends[0] == ends[1]


@pytest.mark.route
def test_the_same_plant_gives_the_same_bits():
    from noxplant import routes

    ends = []
    for _ in range(2):
        plant = routes.load("air-to-ammonium-sulfate")
        solution = plant.solve()
        ends.append((plant.built.solver.compiled.x.tobytes(), solution.solver["newton_iterations"]))
    assert ends[0] == ends[1]


@pytest.mark.parametrize(("where", "words"), [("objective", "the objective"), ("row", r"'c\[1\]'")])
def test_no_solver_calls_a_rounded_function_optimal(where, words):
    import noxsolve

    noxsolve.register()
    m = model(0.2, bounds=(0, 10))
    rounded = pyo.floor(m.x[0])
    m.f = pyo.Objective(expr=(rounded - 3) ** 2 if where == "objective" else m.x[0] ** 2)
    if where == "row":
        m.c.add(rounded >= 3)
    with pytest.raises(ModelError, match=f"{words} rounds an unknown") as caught:
        pyo.SolverFactory("noxsolve_ipopt").solve(m)
    assert caught.value.status is Status.DISCONTINUOUS


def test_rounding_of_what_is_fixed_is_a_number():
    import noxsolve

    noxsolve.register()
    m = model(0.2, 3.7, bounds=(0, 10))
    m.x[1].fix()
    m.f = pyo.Objective(expr=(m.x[0] - pyo.floor(m.x[1])) ** 2)
    pyo.SolverFactory("noxsolve_ipopt").solve(m)
    assert m.x[0].value == pytest.approx(3.0, abs=1e-5)
