"""What prepares the compiled Newton step: order of elimination, symbolic solution, derivatives, cost."""

import time

import casadi as ca
import numerical_plant
import numpy as np
import pytest
import scipy.sparse as sp

from noxsolve import prepared
from noxsolve.blocksolve import solve
from noxsolve.derivativecode import CompiledDerivatives
from noxsolve.errors import ModelError
from noxsolve.gradients import gradients
from noxsolve.graph import ARITY, Graph, P, X
from noxsolve.lanes import Tape
from noxsolve.markowitz import THRESHOLD, elimination
from noxsolve.sensitivity import Linearisation
from noxsolve.step import newton_step


def chain(stages, width, rng):
    """A cascade: each stage is a full block that also holds the unknowns of the stage before it."""
    rows, columns = [], []
    for s in range(stages):
        for i in range(width):
            for j in range(max(s - 1, 0) * width, (s + 1) * width):
                rows.append(s * width + i)
                columns.append(j)
    size = stages * width
    # Neither equations nor unknowns are in an order that helps.
    p, q = rng.permutation(size), rng.permutation(size)
    return size, p[rows].tolist(), q[columns].tolist()


def with_recycles(size, extra, rng):
    """A sparse matrix with one value at least in each row and column, in no order."""
    p = rng.permutation(size)
    rows = [*range(size), *rng.integers(0, size, extra).tolist()]
    columns = [*p.tolist(), *rng.integers(0, size, extra).tolist()]
    return size, *map(list, zip(*dict.fromkeys(zip(rows, columns, strict=True)), strict=True))


def replay(size, rows, columns, values, order):
    """The elimination on numbers: smallest pivot against its row within the block, fill, LU flops."""
    a = np.zeros((size, size))
    a[rows, columns] = values
    held = np.zeros((size, size), dtype=bool)
    held[rows, columns] = True
    worst, fill, flops = 1.0, 0, 0
    for block in order.blocks:
        inside = np.zeros(size, dtype=bool)
        inside[[j for _, j in block]] = True
        left = {i for i, _ in block}
        for i, j in block:
            left.discard(i)
            own = np.flatnonzero(held[i] & inside)
            worst = min(worst, abs(a[i, j]) / np.abs(a[i, own]).max())
            inside[j] = False
            others = own[own != j]
            for r in left:
                if held[r, j]:
                    fill += int((~held[r, others]).sum())
                    flops += 1 + 2 * len(others)
                    a[r, others] -= a[r, j] / a[i, j] * a[i, others]
                    held[r, others] = True
    return worst, fill, flops


@pytest.mark.parametrize("seed", range(4))
def test_order_is_block_triangular_and_its_pivots_are_safe(seed):
    rng = np.random.default_rng(seed)
    size, rows, columns = with_recycles(60, 90, rng)
    samples = rng.uniform(0.5, 2.0, (3, len(rows))) * rng.choice([-1, 1], len(rows))
    samples *= 10.0 ** rng.uniform(-3, 0, len(rows))
    order = elimination(size, rows, columns, samples)
    assert sorted(i for i, _ in order.pivots) == list(range(size))
    assert sorted(j for _, j in order.pivots) == list(range(size))
    when = {j: at for at, block in enumerate(order.blocks) for _, j in block}
    block_of = {i: at for at, block in enumerate(order.blocks) for i, _ in block}
    assert all(when[j] <= block_of[i] for i, j in zip(rows, columns, strict=True))
    for values in samples:
        worst, fill, flops = replay(size, rows, columns, values, order)
        assert worst >= THRESHOLD * (1 - 1e-9)
        assert (fill, flops) == (order.fill, order.flops)


def test_a_cascade_fills_nothing_outside_its_stages():
    """Full stages of 6: the whole cost is that of factorising each stage by itself."""
    rng = np.random.default_rng(3)
    size, rows, columns = chain(12, 6, rng)
    samples = rng.uniform(0.5, 1.5, (2, len(rows)))
    order = elimination(size, rows, columns, samples)
    assert [len(block) for block in order.blocks] == [6] * 12
    assert order.fill == 0
    assert order.flops == 12 * sum(k * (1 + 2 * k) for k in range(6))


def test_no_safe_pivot_is_told():
    """Each row is large in another column at each sample, and small in both otherwise."""
    rows, columns = [0, 0, 1, 1], [0, 1, 0, 1]
    samples = np.array([[1.0, 1e-6, 1.0, 2e-6], [1e-6, 1.0, 2e-6, 1.0]])
    with pytest.raises(ModelError, match="singular at the base case: no safe pivot"):
        elimination(2, rows, columns, samples)
    with pytest.raises(ModelError, match="singular at the base case: structurally singular"):
        elimination(2, [0, 1], [0, 0], np.ones((1, 2)))


@pytest.mark.parametrize("right_sides", [1, 3])
def test_symbolic_solution_is_that_of_linear_algebra(right_sides):
    rng = np.random.default_rng(7)
    size, rows, columns = with_recycles(40, 70, rng)
    values = rng.uniform(0.5, 2.0, len(rows)) * rng.choice([-1, 1], len(rows))
    order = elimination(size, rows, columns, values[None, :])
    b = rng.normal(size=(size, right_sides)) * (rng.random((size, right_sides)) < 0.2)
    graph = Graph()
    matrix = [{} for _ in range(size)]
    for k, (i, j) in enumerate(zip(rows, columns, strict=True)):
        matrix[i][j] = graph.input(X, k)
    right = [{q: graph.constant(v) for q, v in enumerate(row)} for row in b.tolist()]
    found = solve(graph, order, matrix, right)
    places = [(k, q) for k, row in found.items() for q in row]
    tape = Tape(graph, [found[k][q] for k, q in places], (len(rows), 0))
    registers = np.zeros((tape.rows, 1))
    registers[: len(rows), 0] = values
    tape.bind(registers)()
    x = np.zeros((size, right_sides))
    for at, (k, q) in enumerate(places):
        x[k, q] = tape.get(registers, at)[0]
    wanted = np.linalg.solve(sp.csr_matrix((values, (rows, columns))).toarray(), b)
    np.testing.assert_allclose(x, wanted, rtol=1e-9, atol=1e-11)


def smooth(x, p):
    """Equations of all operations that have a rule of differentiation; the first three share a part."""
    shared = ca.exp(x[0] * p[0]) / (1 + x[1] ** 2)
    return ca.vertcat(
        shared + x[2] ** 3 - x[0],
        shared * x[2] - ca.log(x[1]),
        ca.sqrt(shared) - x[3] ** 1.5 * x[3],
        x[0] ** x[1] - p[0] ** x[2] + 2 ** x[3],
        -(x[3] ** 0.3) - 1 / (x[0] - x[1]) + ca.sumsqr(x) ** 2,
    )


def with_sine(x, p):
    return ca.vertcat(smooth(x, p), ca.sin(x[0]) * x[1])


@pytest.mark.parametrize("equations", [smooth, with_sine])
def test_gradients_are_those_of_casadi_or_left_to_it(equations):
    x, p = ca.SX.sym("x", 4), ca.SX.sym("p", 1)
    expressions = equations(x, p)
    function = ca.Function("f", [x, p], [expressions])
    jacobian = ca.Function("j", [x, p], [ca.densify(ca.jacobian(expressions, x))])
    graph = Graph()
    inputs = [graph.input(X, k) for k in range(4)], [graph.input(P, 0)]
    (roots,) = graph.read(function, inputs)
    found = gradients(graph, roots)
    if equations is with_sine:
        assert found is None
        return
    places = [(i, k) for i, row in enumerate(found) for k in row]
    again = graph.to_casadi("again", (4, 1), [[found[i][k] for i, k in places]])
    rng = np.random.default_rng(5)
    for _ in range(5):
        at = rng.uniform(0.5, 2.0, 4), rng.uniform(0.5, 2.0, 1)
        values = np.zeros((len(found), 4))
        values[tuple(zip(*places, strict=True))] = np.array(again(*at)).ravel()
        np.testing.assert_allclose(values, np.array(jacobian(*at)), rtol=1e-12, atol=1e-12)


def test_preparation_meets_its_bar():
    """At most 10 CPU seconds per 10,000 equations; few operations, which is what makes it so."""
    pytest.importorskip("llvmlite")
    _, solver = numerical_plant.solved()
    times = []
    for _ in range(3):
        began = time.process_time()
        ready = prepared.Prepared(solver, range(20), "llvm")
        times.append(time.process_time() - began)
    assert min(times) / len(solver.compiled.equations) * 1e4 <= 10
    assert ready.step.elimination.flops <= 6000
    assert ready.executor.operations <= 20000


def test_code_that_is_made_with_more_effort_gives_the_same():
    """Only fused multiplications differ, by rounding."""
    pytest.importorskip("llvmlite")
    from noxsolve.vectorcode import Compiled

    plant, solver = numerical_plant.solved()
    given = numerical_plant.draws(plant, 21, 0.05)
    values = np.column_stack(
        [given[next(k for k, w in plant.inputs.items() if w is v)] for v in solver.compiled.inputs]
    )
    quick = prepared.Prepared(solver, range(20), "llvm").executor
    thorough = Compiled(quick.step, (quick.low, quick.high), quick.by, effort=1)
    a, b = (e.run(values, e.predict(values)) for e in (quick, thorough))
    np.testing.assert_array_equal(a.code, b.code)
    size = np.abs(a.x).max(axis=0) + 1e-3
    assert (np.abs(a.x - b.x) / size).max() < 1e-10


@pytest.mark.parametrize("executor", ["casadi", "llvm"])
def test_compiled_derivatives_are_those_of_the_implicit_function_theorem(executor):
    if executor == "llvm":
        pytest.importorskip("llvmlite")
    plant, solver = numerical_plant.solved()
    c = solver.compiled
    made = CompiledDerivatives(solver, range(20), executor)
    given = numerical_plant.draws(plant, 3, 0.05)
    x, p, wanted = [], [], []
    for row in range(3):
        for k, v in enumerate(c.inputs):
            name = next(name for name, w in plant.inputs.items() if w is v)
            c.p[k] = given[name][row]
        assert solver.solve().solved
        x.append(c.x.copy())
        p.append(c.p[:20].copy())
        wanted.append(Linearisation(solver).forward(c.inputs[:20]))
    found = made(np.array(x), np.array(p))
    scale = np.array(p)[:, None, :] / solver.nominal[:, None]
    np.testing.assert_allclose(found * scale, np.array(wanted) * scale, rtol=1e-9, atol=1e-10)
    assert np.count_nonzero(found) > 10_000


def test_compiled_derivatives_by_20_inputs_need_less_than_five_compiled_steps():
    """Operations in the same machine; `engine_derivatives.py` writes the times into the docs."""
    _, solver = numerical_plant.solved()
    step = newton_step(solver, range(20))
    graph = step.graph
    operations = sum(ARITY[graph.code[k]] > 0 for k in graph.live(step.outputs))
    made = CompiledDerivatives(solver, range(20))
    assert made.operations <= 5 * operations


def test_an_executor_of_derivatives_that_is_not_there_is_told():
    _, solver = numerical_plant.solved()
    with pytest.raises(ModelError, match="no executor 'numba'; choose one of casadi, llvm"):
        CompiledDerivatives(solver, [0], "numba")
