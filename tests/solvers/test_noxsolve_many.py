"""Many scenarios: the written-out Newton step, its executors, and what `solve_many` answers."""

import decimal

import casadi as ca
import numerical_plant
import numpy as np
import pandas as pd
import pyomo.environ as pyo
import pytest
import scipy.sparse as sp
import scipy.sparse.linalg as sla
from many_models import closed_form, reactor_solver
from noxsolve_models import broyden_tridiagonal, water_gas_shift

from noxsolve import SquareSolver, Status, solve_many
from noxsolve.prepared import Prepared
from noxsolve.step import newton_step


# the step ---------------------------------------------------------------------------------------
def super_lu_step(c, x, p):
    c.x[:], c.p[:] = x, p
    c.evaluate()
    matrix = sp.csc_matrix((c.jacobian, c.row, c.column_start), shape=c.shape)
    return sla.splu(matrix).solve(-c.residual)


@pytest.mark.parametrize("executor", ["casadi", "numpy", "llvm"])
def test_step_is_that_of_superlu(executor):
    """A whole Newton step of the numerical plant, every executor against SuperLU."""
    _, solver = numerical_plant.solved()
    c = solver.compiled
    base, p0 = c.x.copy(), c.p.copy()
    ready = Prepared(solver, range(len(p0)), executor)
    rng = np.random.default_rng(5)
    inputs = p0 * (1 + 0.05 * rng.uniform(-1, 1, (9, len(p0))))
    core, rest = ready.step.core, ready.step.rest
    # From the base case for other inputs: explicit unknowns follow from the core first.
    x = np.tile(base, (9, 1))
    f = ready.step.casadi()
    for row, p in zip(x, inputs, strict=True):
        row[rest] = np.array(f(base[core], p)[1]).ravel()
    wanted = [super_lu_step(c, row, p) for row, p in zip(x, inputs, strict=True)]
    c.x[:], c.p[:] = base, p0
    found = one_step(ready, inputs, np.tile(base[core], (9, 1)))
    for row, dx in zip(found - base[core], wanted, strict=True):
        size = np.abs(dx / solver.nominal).max()
        assert np.abs((row - dx[core]) / solver.nominal[core]).max() <= 1e-10 * size
        assert size > 1e-3  # a step worth the name


def one_step(ready, inputs, start):
    """Core after one step by the executor's own arithmetic."""
    executor = ready.executor
    if executor.name == "casadi":
        rows = zip(start, inputs, strict=True)
        return np.array([np.array(executor.function(x, p)[0]).ravel() for x, p in rows])
    if executor.name == "numpy":
        tape, c = executor.tape, executor.core
        registers = np.empty((tape.rows, len(start)))
        registers[:c], registers[c : c + inputs.shape[1]] = start.T, inputs.T
        tape.bind(registers)()
        return np.array([tape.get(registers, 2 + executor.rest + k) for k in range(c)]).T
    found = np.empty_like(start)
    lanes, core = executor.lanes, executor.core
    arrays = executor._arrays()
    step = executor.function("step", 4)
    for a in range(0, len(start), lanes):
        rows = np.arange(a, a + lanes) % len(start)
        arrays["X"].reshape(-1, lanes)[:], arrays["P"].reshape(-1, lanes)[:] = (
            start[rows].T,
            inputs[rows].T,
        )
        step(*(arrays[k].ctypes.data for k in "XPOW"))
        new = arrays["O"].reshape(-1, lanes)[2 + executor.rest :][:core]
        found[rows] = new.T
    return found


def test_explicit_unknowns_do_not_move_and_pivots_are_all():
    _, solver = numerical_plant.solved()
    step = newton_step(solver, range(20))
    n = len(solver.compiled.x)
    assert sorted([*step.core, *step.rest]) == list(range(n))
    assert len(step.core) < n / 5
    rows, columns = zip(*step.elimination.pivots, strict=True)
    assert sorted(rows) == sorted(columns) == list(range(n))


def test_vector_functions_are_exact_to_two_units_in_the_last_place():
    """exp and log of the vector code against the correctly rounded ones of 50 digits."""
    exact = decimal.Context(prec=50, Emin=-2000, Emax=2000)
    exp, log = vector_functions()
    rng = np.random.default_rng(0)
    x = np.concatenate([rng.uniform(-708, 709.7, 300), rng.uniform(-1e-3, 1e-3, 100), [0.0]])
    wanted = np.array([float(exact.exp(decimal.Decimal(v))) for v in x.tolist()])
    assert np.abs((exp(x) - wanted) / np.spacing(wanted)).max() <= 2
    y = np.concatenate([10.0 ** rng.uniform(-320, 308, 300), 1 + rng.uniform(-0.3, 0.4, 200)])
    wanted = np.array([float(exact.ln(decimal.Decimal(v))) for v in y.tolist()])
    assert np.abs((log(y) - wanted) / np.spacing(np.abs(wanted))).max() <= 2
    with np.errstate(all="ignore"):
        edge = np.array([-np.inf, np.inf, np.nan, -1000.0, 1000.0, 0.0, -1.0])
        np.testing.assert_array_equal(exp(edge), np.where(edge == -1, exp(edge), np.exp(edge)))
        edge = np.array([-np.inf, np.inf, np.nan, 0.0, -1.0, 1.0])
        np.testing.assert_array_equal(log(edge), np.log(edge))


def vector_functions():
    """exp and log as functions of arrays, through a model with both."""
    pytest.importorskip("llvmlite")
    m = pyo.ConcreteModel()
    m.p, m.q = pyo.Var(initialize=0.5), pyo.Var(initialize=0.5)
    m.p.fix()
    m.q.fix()
    m.e, m.l = pyo.Var(initialize=1.0), pyo.Var(initialize=1.0)
    m.a = pyo.Constraint(expr=m.e == pyo.exp(m.p))
    m.b = pyo.Constraint(expr=m.l == pyo.log(m.q))
    solver = SquareSolver(m, nominal={})
    assert solver.solve().solved
    ready = Prepared(solver, [0, 1], "llvm")
    names = [v.name for v in solver.compiled.unknowns]

    def function(which, column):
        def evaluate(x):
            out = np.empty_like(x)
            at = ready.place[names.index(which)]
            order = [v.name for v in solver.compiled.inputs].index(column)
            for a in range(0, len(x), 100):
                part = np.full((len(x[a : a + 100]), 2), 0.5)
                part[:, order] = x[a : a + 100]
                ends = ready.executor.run(part, ready.executor.predict(part))
                out[a : a + 100] = ends.x[:, at]
            return out

        return evaluate

    return function("e", "p"), function("l", "q")


# solve_many -------------------------------------------------------------------------------------
@pytest.mark.parametrize("executor", ["casadi", "numpy", "llvm", "auto"])
def test_closed_form(executor):
    _, solver = reactor_solver()
    rng = np.random.default_rng(2)
    T, volume = rng.uniform(340, 360, 700), rng.uniform(2.5, 3.5, 700)
    data = solve_many(
        solver,
        {"T": T, "volume": volume},
        outputs=["n[2]", "T", "feed"],
        executor=executor,
        rescue="none",
    )
    n = closed_form(2.0, T, volume)
    heat = 1.2 * (2.0 - n)
    inside = (n >= 0.45) & (heat <= 1.87)
    assert 0.2 < inside.mean() < 0.95  # both ends occur
    assert (data.solved == inside).all()
    np.testing.assert_allclose(data["n[2]"][inside], n[inside], rtol=1e-12)
    assert np.isnan(data["n[2]"][~inside]).all()
    np.testing.assert_array_equal(data["T"], T)
    assert (data["feed"] == 2.0).all()
    assert {s for s in data.status if s is not Status.SOLVED} == {Status.OUT_OF_BOUNDS}


def test_what_has_no_solution_within_bounds_says_why():
    _, solver = reactor_solver()
    data = solve_many(solver, {"T": [350.0, 360.0, 340.0], "feed": [2.0, 2.0, 2.6]})
    assert data.status == (Status.SOLVED, Status.INFEASIBLE, Status.INFEASIBLE)
    # By the closed form n[2] falls to 0.45 before the heat rises to 1.87 in the second, not the third.
    for row, first in ((1, "n[2]"), (2, "heat")):
        assert "'heat' = " in data.message[row]
        assert "outside [-inf, 1.87]" in data.message[row]
        assert f"of the way can be solved, where {first!r} is at its bound" in data.message[row]
        assert "IPOPT finds no solution within the bounds" in data.message[row]


def test_the_solver_is_as_before():
    _, solver = reactor_solver()
    x, p, warm = solver.compiled.x.copy(), solver.compiled.p.copy(), solver.warm
    solve_many(solver, {"T": [300.0, 345.0]})
    np.testing.assert_array_equal(solver.compiled.x, x)
    np.testing.assert_array_equal(solver.compiled.p, p)
    assert solver.warm == warm


def test_forms_of_inputs_are_the_same():
    m, solver = reactor_solver()
    T = np.array([345.0, 350.0, 352.0])
    by_name = solve_many(solver, {"T": T, "feed": 2.0}, outputs=["k"])
    by_table = solve_many(solver, pd.DataFrame({"T": T, "feed": 2.0}), outputs=["k"])
    columns = {"T": T, "feed": np.full(3, 2.0), "volume": np.full(3, 3.0)}
    array = np.column_stack([columns[v.name] for v in solver.compiled.inputs])
    by_array = solve_many(solver, array, outputs=[m.k])
    np.testing.assert_allclose(by_name["k"], 1e3 * np.exp(-2800 / T), rtol=1e-13)
    np.testing.assert_array_equal(by_name["k"], by_table["k"])
    np.testing.assert_allclose(by_name["k"], by_array["k"], rtol=1e-13)


def test_order_and_threads_do_not_matter():
    """Bitwise the same, lanes and threads as they fall."""
    plant, solver = numerical_plant.solved()
    given = numerical_plant.draws(plant, 2300, 0.12)
    inputs = {plant.inputs[k].name: v for k, v in given.items()}
    outputs = ["T_made", "V_stack_EL", "F_off[NO2]", "F_acid[H2O]"]
    options = {"outputs": outputs, "executor": "llvm", "rescue": "none"}
    pytest.importorskip("llvmlite")
    one = solve_many(solver, inputs, threads=1, **options)
    again = solve_many(solver, inputs, threads=1, **options)
    three = solve_many(solver, inputs, threads=3, **options)
    order = np.random.default_rng(0).permutation(2300)
    other = solve_many(solver, {k: v[order] for k, v in inputs.items()}, threads=2, **options)
    assert len(one.counts()) > 1
    assert one.solved.mean() > 0.9
    for k in outputs:
        np.testing.assert_array_equal(one[k], again[k])
        np.testing.assert_array_equal(one[k], three[k])
        np.testing.assert_array_equal(one[k][order], other[k])
    assert one.status == again.status == three.status
    assert tuple(np.array(one.status, dtype=object)[order]) == other.status


def test_executors_agree():
    plant, solver = numerical_plant.solved()
    given = numerical_plant.draws(plant, 60, 0.05)
    inputs = {plant.inputs[k].name: v for k, v in given.items()}
    found = [solve_many(solver, inputs, executor=e) for e in ("casadi", "numpy", "llvm")]
    for other in found[1:]:
        assert other.status == found[0].status
        for k, v in found[0].outputs.items():
            size = np.abs(v).max() + 1e-3
            assert np.abs(other[k] - v).max() <= 1e-10 * size
    # and with a square solve of its own
    c = solver.compiled
    x, p = c.x.copy(), c.p.copy()
    for row in range(3):
        c.x[:] = x
        c.p[:] = [inputs[v.name][row] for v in c.inputs]
        assert solver.newton_only().solved
        away = [c.x[k] - found[0][v.name][row] for k, v in enumerate(c.unknowns)]
        assert np.abs(np.array(away) / solver.nominal).max() < 1e-9
    c.x[:], c.p[:] = x, p


def test_ipopt_finds_the_same():
    """IPOPT with bounds, default options, on scenarios of the numerical plant."""
    plant, solver = numerical_plant.solved()
    c, given = solver.compiled, numerical_plant.draws(plant, 4, 0.05, seed=9)
    inputs = {plant.inputs[k].name: v for k, v in given.items()}
    data = solve_many(solver, inputs)
    reference = numerical_plant.ipopt(c)
    for row in range(4):
        assert data.solved[row]
        p = [inputs[v.name][row] for v in c.inputs]
        answer = reference(x0=c.x, p=p, lbx=c.lower, ubx=c.upper, lbg=0, ubg=0)
        mine = np.array([data[v.name][row] for v in c.unknowns])
        kept = c.x.copy(), c.p.copy()
        c.x[:], c.p[:] = np.array(answer["x"]).ravel(), p
        assert np.abs((c.x - mine) / solver.nominal).max() < 1e-3  # IPOPT's own tolerance
        assert solver.newton_only().solved  # the last digits: the same root
        assert np.abs((c.x - mine) / solver.nominal).max() < 1e-9
        c.x[:], c.p[:] = kept


def fold_solver():
    """x^2 = p: two roots, none below zero; far from the base Newton needs continuation."""
    m = pyo.ConcreteModel()
    m.p = pyo.Var(initialize=4.0)
    m.p.fix()
    m.x = pyo.Var(initialize=2.0, bounds=(0, None))
    m.row = pyo.Constraint(expr=m.x**2 == m.p)
    solver = SquareSolver(m, nominal={})
    assert solver.solve().solved
    return solver


@pytest.mark.parametrize("executor", ["casadi", "numpy", "llvm"])
def test_no_solution_and_not_a_number(executor):
    data = solve_many(fold_solver(), {"p": [9.0, -1.0, np.nan, 1e-4, np.inf]}, executor=executor)
    assert data["x"][0] == pytest.approx(3.0, rel=1e-13)
    assert data["x"][3] == pytest.approx(0.01, rel=1e-12)
    assert data.status[0] is data.status[3] is Status.SOLVED
    assert data.status[1] in (Status.INFEASIBLE, Status.NOT_CONVERGED)
    assert "80.0% of the way" in data.message[1]  # from 4 to -1 the root ends at 0
    assert data.status[2] is data.status[4] is Status.NOT_A_NUMBER
    assert "input 'p' is nan" in data.message[2]
    assert np.isnan(data["x"][[1, 2, 4]]).all()


def test_a_lane_without_a_number_does_not_touch_the_others():
    """A lane whose logarithm has no value beside lanes that are fine, in every place."""
    m = pyo.ConcreteModel()
    m.p = pyo.Var(initialize=2.0)
    m.p.fix()
    m.x = pyo.Var(initialize=1.0)
    m.row = pyo.Constraint(expr=m.x + pyo.log(m.p) == 1.0)
    solver = SquareSolver(m, nominal={})
    assert solver.solve().solved
    p = np.linspace(1.5, 2.5, 40)
    p[::3] = -1.0
    for executor in ("casadi", "numpy", "llvm"):
        data = solve_many(solver, {"p": p}, executor=executor, rescue="none")
        assert (data.solved == (p > 0)).all()
        assert {s for s in data.status if s is not Status.SOLVED} == {Status.NOT_A_NUMBER}
        np.testing.assert_allclose(data["x"][p > 0], 1 - np.log(p[p > 0]), rtol=1e-13)


def test_inequalities_and_limits():
    m = pyo.ConcreteModel()
    m.p = pyo.Var(initialize=1.0)
    m.p.fix()
    m.x, m.y = pyo.Var(initialize=1.0), pyo.Var(initialize=2.0)
    m.a, m.b = pyo.Constraint(expr=m.x == m.p), pyo.Constraint(expr=m.y == 2 * m.x * m.x)
    m.cap = pyo.Constraint(expr=m.x + m.y <= 10)
    solver = SquareSolver(m, nominal={})
    assert solver.solve().solved
    p = np.array([1.0, 1.9, 2.1, 0.4])
    data = solve_many(solver, {"p": p}, limits={"enough": m.y - m.p})
    assert data.solved.tolist() == [True, True, False, False]
    assert data.status[2] is data.status[3] is Status.INFEASIBLE
    assert "'cap' = 10.92, not in [-inf, 10]" in data.message[2]
    # x + 2 x^2 = 10 at x = 2, so 1 of 1.1 of the way
    assert "90.9% of the way can be solved" in data.message[2]
    assert "'enough' = -0.08" in data.message[3]
    assert "continuation from the base case leads there too" in data.message[3]


@pytest.mark.parametrize("build", [broyden_tridiagonal, water_gas_shift])
def test_small_models(build):
    model, nominal, _ = build()
    fixed = [v for v in model.component_data_objects(pyo.Var) if v.fixed]
    if not fixed:
        model.p = pyo.Var(initialize=1.0)
        model.p.fix()
        first = next(model.component_data_objects(pyo.Constraint))
        first.set_value(first.body + model.p - 1.0 == first.lower)
        fixed = [model.p]
    solver = SquareSolver(model, nominal=nominal)
    assert solver.solve().solved
    values = fixed[0].value * np.linspace(0.9, 1.1, 11)
    for executor in ("casadi", "numpy", "llvm"):
        data = solve_many(solver, {fixed[0].name: values}, executor=executor)
        assert data.solved.all()
        for row in (0, 10):
            fixed[0].fix(values[row])
            solver.refresh_inputs()
            assert solver.solve().solved
            for k, v in enumerate(solver.compiled.unknowns):
                assert data[v.name][row] == pytest.approx(solver.compiled.x[k], rel=1e-9, abs=1e-12)
        fixed[0].fix(values[5])
        solver.refresh_inputs()
        assert solver.solve().solved


def test_every_operation_has_the_same_value_everywhere():
    """All operations of the translation against CasADi, NumPy and vector code, edges included."""
    x, p = ca.SX.sym("x", 2), ca.SX.sym("p", 2)
    a, b = p[0], p[1]
    expressions = [
        *(f(a) for f in (ca.sin, ca.cos, ca.tan, ca.sinh, ca.cosh, ca.tanh, ca.asinh, ca.exp)),
        *(f(a / 3) for f in (ca.asin, ca.acos, ca.atan, ca.atanh, ca.erf, ca.log1p, ca.expm1)),
        *(f(b) for f in (ca.log, ca.sqrt, ca.acosh, ca.floor, ca.ceil, ca.sign, ca.fabs)),
        *(f(a, b) for f in (ca.fmin, ca.fmax, ca.atan2, ca.copysign, ca.fmod)),
        *(a < b, a <= b, a == b, a != b, ca.logic_not(a > 0), ca.if_else(a < b, a, b)),
        *(ca.logic_and(a > 0, b > 2), ca.logic_or(a > 0, b > 2)),
        *(b**0.3, b**-2.5, a**3, a**-3, b**a, a / b, (a * 0 + 1) * b, a - a, 2 * a + b * b),
    ]
    function = ca.Function("f", [x, p], [ca.densify(ca.vertcat(*expressions))])
    rng = np.random.default_rng(1)
    points = np.column_stack([rng.uniform(-2.9, 2.9, 32), rng.uniform(1.01, 5.0, 32)])
    points[:4] = [[0.0, 2.0], [2.0, 2.0], [-1.0, 3.0], [1.0, 1.0]]
    wanted = np.array([np.array(function([0, 0], q)).ravel() for q in points])
    by_numpy, by_llvm, replayed = run_everywhere(function, points)
    for found in (by_numpy, by_llvm, replayed):
        np.testing.assert_allclose(found, wanted, rtol=1e-13, atol=1e-14)


def run_everywhere(function, points):
    from noxsolve.graph import Graph, P, X
    from noxsolve.lanes import Tape
    from noxsolve.vectorcode import program

    graph = Graph()
    inputs = [[graph.input(kind, k) for k in range(2)] for kind in (X, P)]
    (outputs,) = graph.read(function, inputs)
    tape = Tape(graph, outputs, (2, 2))
    registers = np.zeros((tape.rows, len(points)))
    registers[2:4] = points.T
    with np.errstate(all="ignore"):
        tape.bind(registers)()
    by_numpy = np.array([tape.get(registers, k) for k in range(len(outputs))]).T
    replay = graph.to_casadi("again", (2, 2), [outputs])
    replayed = np.array([np.array(replay([0, 0], q)).ravel() for q in points])
    run = program(graph, outputs, (2, 2))
    return by_numpy, run(np.zeros_like(points), points), replayed


@pytest.mark.parametrize("lanes", [1, 2, 4])
def test_narrower_vectors_give_the_same(lanes):
    """As on machines without AVX-512; only fused multiplications may differ, by rounding."""
    pytest.importorskip("llvmlite")
    from noxsolve.vectorcode import Compiled

    plant, solver = numerical_plant.solved()
    given = numerical_plant.draws(plant, 21, 0.05)
    values = np.column_stack(
        [given[next(k for k, w in plant.inputs.items() if w is v)] for v in solver.compiled.inputs]
    )
    wide = Prepared(solver, range(20), "llvm").executor
    bounds = wide.low, wide.high
    narrow = Compiled(wide.step, bounds, wide.by, lanes=lanes, effort=0)
    a = wide.run(values, wide.predict(values))
    b = narrow.run(values, narrow.predict(values))
    np.testing.assert_array_equal(a.code, b.code)
    size = np.abs(a.x).max(axis=0) + 1e-3
    assert (np.abs(a.x - b.x) / size).max() < 1e-10


@pytest.mark.parametrize("width", [0.05, 0.15])
def test_answers_meet_the_criterion_of_a_square_solve(width):
    """SquareSolver's own check, and a whole Newton step in nominals by SuperLU, at every answer."""
    plant, solver = numerical_plant.solved()
    c, given = solver.compiled, numerical_plant.draws(plant, 40, width, seed=3)
    inputs = {plant.inputs[k].name: v for k, v in given.items()}
    data = solve_many(solver, inputs, executor="llvm", rescue="none")
    assert data.solved.mean() > 0.6
    x0, p0 = c.x.copy(), c.p.copy()
    for row in np.flatnonzero(data.solved):
        x = np.array([data[v.name][row] for v in c.unknowns])
        p = np.array([inputs[v.name][row] for v in c.inputs])
        step = super_lu_step(c, x, p)
        assert solver.check().solved
        assert np.abs(step / solver.nominal).max() < solver.newton.tolerance
    c.x[:], c.p[:] = x0, p0
