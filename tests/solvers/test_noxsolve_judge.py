"""What counts as solved: answers in their own sizes, bounds, limits, equations that repeat others."""

import math
import threading
import time

import numpy as np
import pyomo.environ as pyo
import pytest
from pyomo.common.collections import ComponentMap

from noxsolve.compiled import CompiledModel
from noxsolve.errors import ModelError
from noxsolve.judge import rounding
from noxsolve.lanes import Virtual, Wide
from noxsolve.many import solve_many
from noxsolve.newton import Newton
from noxsolve.sensitivity import sensitivities
from noxsolve.square import SquareSolver
from noxsolve.status import Status


def one(start, equation, **options):
    """A model of one unknown and one equation."""
    m = pyo.ConcreteModel()
    m.x = pyo.Var(initialize=start, **options)
    m.c = pyo.Constraint(expr=equation(m.x))
    return m


@pytest.mark.parametrize("start", [1e-12, 1e-6, 1.0, 1e6, 1e8, 1e12])
def test_no_root_is_taken_for_solved_because_the_start_is_huge_or_tiny(start):
    solver = SquareSolver(one(start, lambda x: x**2 == 4))
    outcome = solver.solve()
    assert outcome.solved, outcome.message
    assert solver.compiled.x[0] == pytest.approx(2.0, rel=1e-9)


@pytest.mark.parametrize("right", [1e-12, 1e-9, 1e-3, 1e9])
def test_small_and_large_answers_have_their_digits(right):
    solver = SquareSolver(one(1.0, lambda x: 1e3 * x == right))
    assert solver.solve().solved
    assert solver.compiled.x[0] == pytest.approx(right / 1e3, rel=1e-9)


def test_a_trace_among_large_members_has_its_digits():
    m = pyo.ConcreteModel()
    m.x = pyo.Var(["main", "trace"], initialize=1.0)
    m.main = pyo.Constraint(expr=m.x["main"] == 1)
    m.trace = pyo.Constraint(expr=m.x["trace"] ** 2 == 1e-30 * m.x["main"])
    solver = SquareSolver(m)
    outcome = solver.solve()
    assert outcome.solved, outcome.message
    solver.load()
    assert m.x["trace"].value == pytest.approx(1e-15, rel=1e-6)


def test_an_answer_that_holds_against_its_start_alone_is_not_solved():
    m = pyo.ConcreteModel()
    m.x, m.y = pyo.Var(initialize=1e12), pyo.Var(initialize=1e12)
    m.product = pyo.Constraint(expr=m.x * m.y == 6)
    m.sum = pyo.Constraint(expr=m.x + m.y == 5)
    solver = SquareSolver(m)
    solver.compiled.x[:] = 2.72  # against 1e12 both equations hold to 1e-11
    outcome = solver.check()
    assert not outcome.solved
    assert outcome.status is Status.NOT_CONVERGED
    assert "start nearer to the answer" in outcome.message
    solver.compiled.x[:] = 2.0, 3.0
    assert solver.check().solved


@pytest.mark.parametrize("right", [0.0, 1.0])
def test_unknowns_that_are_zero_are_zero_down_to_rounding(right):
    m = pyo.ConcreteModel()
    m.x, m.y, m.z = (pyo.Var(initialize=0.7) for _ in range(3))
    m.a = pyo.Constraint(expr=pyo.exp(m.x) * m.z == 1 + m.y)
    m.b = pyo.Constraint(expr=m.y + 3 * m.x * m.z == 0.1 * m.y**2)
    m.c = pyo.Constraint(expr=m.z**3 + m.x == 1 + right * m.y)
    outcome = SquareSolver(m).solve()
    assert outcome.solved, outcome.message


def test_double_roots_count_as_roots():
    for root in (0.0, 5.0):
        solver = SquareSolver(one(1.0, lambda x, root=root: (x - root) ** 2 == 0))
        outcome = solver.solve()
        assert outcome.solved, outcome.message
        assert solver.compiled.x[0] == pytest.approx(root, abs=1e-8)


def test_rounding_errors_by_hand():
    m = pyo.ConcreteModel()
    m.x = pyo.Var(["a", "b"], initialize={"a": 1.0 + 1e-9, "b": 1e-20})
    m.cancels = pyo.Constraint(expr=m.x["a"] - 1 == m.x["b"])
    m.tiny = pyo.Constraint(expr=m.x["b"] ** 2 == 1e-40)
    c = CompiledModel(m)
    found = dict(zip([e.name for e in c.equations], rounding(c, np.array([0, 1])), strict=True))
    eps = np.finfo(float).eps
    assert eps < found["cancels"] < 10 * eps  # terms of 1
    assert 1e-40 * eps < found["tiny"] < 1e-39 * eps  # terms of 1e-40


@pytest.mark.parametrize("start", [1.0, 1e9, 1e12])
def test_beyond_a_bound_is_beyond_it_wherever_the_start(start):
    outcome = SquareSolver(one(start, lambda x: x + 2 == 0, bounds=(0, None))).solve()
    assert not outcome.solved
    assert SquareSolver(one(start, lambda x: x == 2, bounds=(0, None))).solve().solved
    m = pyo.ConcreteModel()
    m.x, m.y = pyo.Var(initialize=start, bounds=(0, None)), pyo.Var(initialize=1.0)
    m.c, m.d = pyo.Constraint(expr=m.x == m.y - 3), pyo.Constraint(expr=m.y**2 == 1)
    outcome = SquareSolver(m).solve()
    assert not outcome.solved


def test_limits_count_in_the_size_of_what_they_limit():
    m = one(1e-9, lambda x: x == 1e-9)
    m.limit = pyo.Constraint(expr=m.x >= 2e-9)
    outcome = SquareSolver(m).solve()
    assert outcome.status is Status.INEQUALITY_VIOLATED
    assert "'limit' is 1e-09, not in [2e-09, inf]" in outcome.message
    m.limit.deactivate()
    m.other = pyo.Constraint(expr=m.x >= 1e-9)
    assert SquareSolver(m).solve().solved


@pytest.mark.parametrize("root", [1.0, 0.5])
def test_a_limit_without_a_finite_value_does_not_hold(root):
    m = one(1.0, lambda x: x == root)
    m.limit = pyo.Constraint(expr=pyo.log(m.x - 1) >= 2)  # -inf at 1, no number below
    for nominal in (None, ComponentMap()):
        outcome = SquareSolver(m, nominal=nominal).solve()
        assert outcome.status is Status.INEQUALITY_VIOLATED
        assert "'limit' is" in outcome.message


def ring(size, *, repeated):
    """Equations in a ring; the last one says what the others say, if asked for."""
    m = pyo.ConcreteModel()
    m.i = pyo.RangeSet(0, size - 1)
    m.x = pyo.Var(m.i, initialize=1.5)

    def row(k):
        return m.x[k] - 0.15 * m.x[(k + 1) % size] ** 2 - 0.2 - 0.001 * k

    @m.Constraint(m.i)
    def rows(m, k):
        if repeated and k == size - 1:
            return sum(0.001 * (j + 1) * row(j) for j in range(size - 1)) == 0
        return row(k) == 0

    return m


@pytest.mark.parametrize("size", [20, 100, 400])
def test_equations_that_repeat_others_are_no_solution(size):
    assert SquareSolver(ring(size, repeated=False)).solve().solved
    outcome = SquareSolver(ring(size, repeated=True)).solve()
    assert not outcome.solved
    assert outcome.status is Status.SINGULAR
    assert "x[" in outcome.message
    assert "Solved" not in outcome.message


@pytest.mark.parametrize("start", [1.0, 5.0])
def test_two_equations_that_say_the_same(start):
    m = pyo.ConcreteModel()
    m.x, m.y = pyo.Var(initialize=1.0), pyo.Var(initialize=start)
    m.a = pyo.Constraint(expr=m.x + m.y == 2)
    m.b = pyo.Constraint(expr=2 * m.x + 2 * m.y == 4)
    for nominal in (None, ComponentMap()):
        outcome = SquareSolver(m, nominal=nominal).solve()
        assert outcome.status is Status.SINGULAR
        assert "leave open x, y" in outcome.message


def test_contradictions_do_not_say_solved():
    m = pyo.ConcreteModel()
    m.x, m.y = pyo.Var(initialize=1.0), pyo.Var(initialize=1.0)
    m.a = pyo.Constraint(expr=m.x + m.y == 2)
    m.b = pyo.Constraint(expr=m.x + m.y == 2 + 1e-9)
    outcome = SquareSolver(m).solve()
    assert outcome.status is Status.SINGULAR
    assert "Solved" not in outcome.message


def test_bounds_and_right_sides_that_are_no_numbers_are_refused():
    with pytest.raises(ModelError, match="'x'.* non-finite upper bound .*None for no bound") as e:
        SquareSolver(one(1.0, lambda x: x == 1, bounds=(0, math.nan)))
    assert e.value.status is Status.NOT_A_NUMBER
    with pytest.raises(ModelError, match="constraint 'c': its right side is no number") as e:
        SquareSolver(one(1.0, lambda x: x == math.nan))
    assert e.value.status is Status.NOT_A_NUMBER


def square_and_inverse(start=2.0, p=4.0):
    m = pyo.ConcreteModel()
    m.p = pyo.Var(initialize=p)
    m.p.fix()
    m.x, m.y = pyo.Var(initialize=start, bounds=(0, None)), pyo.Var(initialize=1 / start)
    m.c = pyo.Constraint(expr=m.x**2 == m.p)
    m.d = pyo.Constraint(expr=m.x * m.y == 1)
    return m


@pytest.mark.parametrize("executor", ["casadi", "numpy"])
def test_a_scenario_that_has_no_solution_has_none(executor):
    # Without a size of its own, x = 3e-11 and y = 2e10 counted as a solution for p = 0.
    data = solve_many(square_and_inverse(), {"p": [9.0, 0.0]}, executor=executor)
    assert [s is Status.SOLVED for s in data.status] == [True, False]
    assert np.isnan(data["x"][1])


@pytest.mark.parametrize("executor", ["casadi", "numpy"])
@pytest.mark.parametrize("size", [1e-12, 1.0, 1e9])
def test_scenarios_of_a_model_have_their_digits_at_any_size(executor, size):
    m = square_and_inverse(size, size**2)
    data = solve_many(m, {"p": size**2 * np.array([1.0, 2.25, 4.0])}, executor=executor)
    assert data.solved.all()
    assert data["x"] == pytest.approx(size * np.array([1.0, 1.5, 2.0]), rel=1e-10)
    for k, p in enumerate(data["p"]):
        m.p.value = p
        single = SquareSolver(m)
        assert single.solve().solved
        single.load()
        assert m.x.value == pytest.approx(data["x"][k], rel=1e-10)


def test_sizes_of_a_base_case_do_not_depend_on_how_often_they_are_taken():
    solver = SquareSolver(square_and_inverse())
    solver.solve()
    solver.adopt_sizes()
    first = solver.nominal.copy()
    solver.adopt_sizes()
    assert (solver.nominal == first).all()


@pytest.mark.parametrize("values", [["a"], [1 + 2j], [object()]])
def test_inputs_that_are_no_real_numbers_are_refused_by_name(values):
    with pytest.raises(ModelError, match="values of 'p' are not all real numbers"):
        solve_many(square_and_inverse(), {"p": values})


@pytest.mark.parametrize("threads", [0, 1.5, "two", True])
def test_threads_are_a_whole_number(threads):
    with pytest.raises(ModelError, match=r"threads = .*: give a whole number of at least 1"):
        solve_many(square_and_inverse(), {"p": [4.0]}, threads=threads)


def test_a_study_that_cannot_be_written_is_refused(tmp_path):
    with pytest.raises(ModelError, match=r"study\.csv cannot be written: No such file"):
        solve_many(square_and_inverse(), {"p": [4.0]}, file=tmp_path / "none" / "study.csv")


def interrupting(monkeypatch, target, at):
    """Let a method be interrupted in its call number `at`."""
    owner, name = target
    plain, calls = getattr(owner, name), []

    def method(*args, **options):
        calls.append(1)
        if len(calls) == at:
            raise KeyboardInterrupt
        return plain(*args, **options)

    monkeypatch.setattr(owner, name, method)
    return calls


@pytest.mark.parametrize("place", ["lanes", "rescue"])
@pytest.mark.parametrize("raising", [False, True])
def test_an_interrupt_ends_all_scenarios_and_keeps_what_is_done(
    monkeypatch, tmp_path, place, raising
):
    p = np.concatenate([np.linspace(4.0, 9.0, 80), [-1.0, -2.0, -3.0]])
    solver = SquareSolver(square_and_inverse())
    assert solver.solve().solved
    before = solver.compiled.x.copy(), solver.compiled.p.copy()
    solver.raise_interrupts, path = raising, tmp_path / "study.csv"
    options = {"executor": "casadi", "threads": 1, "file": path}
    target = (Virtual, "run") if place == "lanes" else (Newton, "run")
    with monkeypatch.context() as patch:
        calls = interrupting(patch, target, 2)
        if raising:
            with pytest.raises(KeyboardInterrupt):
                solve_many(solver, {"p": p}, **options)
        else:
            data = solve_many(solver, {"p": p}, **options)
            done = 64 if place == "lanes" else 80
            assert [s is Status.SOLVED for s in data.status] == [True] * done + [False] * (
                83 - done
            )
            assert set(data.status[done:]) == {Status.INTERRUPTED}
        assert len(calls) == 2  # no further scenario was begun
    np.testing.assert_array_equal(solver.compiled.x, before[0])
    np.testing.assert_array_equal(solver.compiled.p, before[1])
    assert solver.raise_interrupts is raising
    assert "INTERRUPTED" not in path.read_text()
    assert solve_many(solver, {"p": p}, **options).solved.sum() == 80  # goes on


def test_a_file_of_the_same_inputs_but_another_model_is_refused(tmp_path):
    path, options = tmp_path / "study.csv", {"outputs": ["x"], "rescue": "continuation"}

    def model(q, upper=None):
        m = square_and_inverse()
        m.q = pyo.Var(initialize=q)
        m.q.fix()
        m.c.set_value(m.x**2 == m.p * m.q)
        m.x.setub(upper)
        return m

    first = solve_many(model(1.0), {"p": [4.0, 9.0]}, file=path, **options)
    again = solve_many(model(1.0), {"p": [4.0, 9.0]}, file=path, **options)
    np.testing.assert_array_equal(first["x"], again["x"])
    for other, more in ((model(4.0), {}), (model(1.0, 2.5), {}), (model(1.0), {"rescue": "none"})):
        with pytest.raises(
            ModelError, match="its row 0 was solved with other equations, other values"
        ):
            solve_many(other, {"p": [4.0, 9.0]}, file=path, **{**options, **more})


def test_targets_that_are_no_numbers_are_refused_and_change_nothing():
    m = square_and_inverse()
    solver = SquareSolver(m)
    assert solver.solve().solved
    for target in (math.nan, math.inf, None):
        with pytest.raises(ModelError, match="the target of 'p' is .*; give it a finite number"):
            solver.homotopy(ComponentMap([(m.p, target)]))
        assert solver.compiled.p.tolist() == [4.0]
    assert solver.homotopy(ComponentMap([(m.p, 9.0)])).solved


def test_a_way_to_a_double_root_at_zero():
    m = one(2.0, lambda x: x == 0)
    m.p = pyo.Var(initialize=4.0)
    m.p.fix()
    m.c.set_value(m.x**2 == m.p)
    solver = SquareSolver(m)
    outcome = solver.homotopy(ComponentMap([(m.p, 0.0)]))
    assert outcome.solved, outcome.message
    assert abs(solver.compiled.x[0]) < 1e-8


@pytest.mark.parametrize(
    ("options", "match"),
    [
        ({"tolerance": 0.0}, "tolerance = 0.0: give a number between 0 and 1"),
        ({"tolerance": math.nan}, "tolerance = nan: give a number between"),
        ({"max_iterations": 0}, "max_iterations = 0: give a number of at least 1"),
        ({"nominal": {"x": 1.0}}, "nominal of 'x': give the Pyomo variable itself"),
    ],
)
def test_arguments_that_make_no_sense_are_refused(options, match):
    with pytest.raises(ModelError, match=match):
        SquareSolver(one(1.0, lambda x: x == 1), **options)


def test_an_infinite_nominal_is_refused_and_an_infinite_step_cap_is_none():
    m = one(1.0, lambda x: x == 2)
    with pytest.raises(ModelError, match="nominal of 'x' is inf; it must be a positive number"):
        SquareSolver(m, nominal=ComponentMap([(m.x, math.inf)]))
    assert SquareSolver(m, step_cap=ComponentMap([(m.x, math.inf)])).solve().solved


@pytest.mark.parametrize("model", [None, 3, "model.py"])
def test_what_is_no_model_is_refused(model):
    with pytest.raises(ModelError, match="is no Pyomo model or block"):
        SquareSolver(model)


def test_an_abstract_model_is_told_to_be_made_concrete():
    with pytest.raises(ModelError, match=r"is abstract; call its create_instance\(\) first"):
        SquareSolver(pyo.AbstractModel())


@pytest.mark.parametrize(("p", "slope"), [(0.0, None), (0.3, 1.0), (-0.3, -1.0)])
@pytest.mark.parametrize("of", ["input", "unknown"])
def test_at_a_kink_there_are_no_derivatives(p, slope, of):
    m = pyo.ConcreteModel()
    m.p, m.y, m.x = pyo.Var(initialize=p), pyo.Var(initialize=1.0), pyo.Var(initialize=1.0)
    m.p.fix()
    m.same = pyo.Constraint(expr=m.y == m.p)
    m.size = pyo.Constraint(expr=m.x == abs(m.p if of == "input" else m.y))
    solver = SquareSolver(m)
    assert solver.solve().solved
    if slope is None:
        with pytest.raises(ModelError, match="one-sided at this point, .* in size") as e:
            sensitivities(solver, [m.x], [m.p])
        assert e.value.status is Status.DISCONTINUOUS
    else:
        assert sensitivities(solver, [m.x], [m.p]).item() == pytest.approx(slope)


def test_texts_in_place_of_variables_are_refused():
    m = square_and_inverse()
    solver = SquareSolver(m)
    assert solver.solve().solved
    with pytest.raises(ModelError, match="'x' is a text; give the variable"):
        sensitivities(solver, ["x"], [m.p])
    with pytest.raises(ModelError, match="'p' is no input of the model"):
        sensitivities(solver, [m.x], ["p"])


@pytest.mark.parametrize(
    ("damage", "match"),
    [
        (lambda row: row.replace(b"SOLVED", b"SOLVES", 1), "line 2 .* cannot be read: 'SOLVES'"),
        (lambda row: b"0,SOLVED\r\n", "line 2 .* cannot be read"),
        (lambda row: row.strip() + b",1.0\r\n", "cannot be read: it has 10 entries of 9"),
        (lambda row: b"\xff\xfe,,\r\n", "line 2 .* cannot be read"),
        (lambda row: b"-1" + row[1:], "holds another study: the inputs of its row -1"),
    ],
)
def test_a_damaged_file_is_refused_with_the_line(tmp_path, damage, match):
    path, options = tmp_path / "study.csv", {"outputs": ["x", "y"], "executor": "casadi"}
    solve_many(square_and_inverse(), {"p": [4.0, 9.0]}, file=path, **options)
    header, row, *rest = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join([header, damage(row), *rest]))
    with pytest.raises(ModelError, match=match):
        solve_many(square_and_inverse(), {"p": [4.0, 9.0]}, file=path, **options)


def test_a_single_output_may_be_a_text():
    m = square_and_inverse()
    m.longer = pyo.Var(initialize=1.0)
    m.e = pyo.Constraint(expr=m.longer == m.x + 1)
    data = solve_many(m, {"p": [9.0]}, outputs="longer", executor="casadi")
    assert data["longer"] == pytest.approx([4.0])


def drawn(seed):
    """A coupled system with a known root, unknowns and equations over 24 and 18 decades."""
    rng = np.random.default_rng(seed)
    n = int(rng.integers(2, 7))
    root, row = 10.0 ** rng.uniform(-12, 12, n), 10.0 ** rng.uniform(-9, 9, n)
    start = root * 10.0 ** rng.uniform(-4, 4, n)
    links = rng.uniform(0.1, 0.4, (n, n)) * (rng.random((n, n)) < 0.6)
    m = pyo.ConcreteModel()
    m.p = pyo.Var(initialize=1.0)
    m.p.fix()
    m.i = pyo.RangeSet(0, n - 1)
    m.x = pyo.Var(m.i, initialize=lambda m, k: float(start[k]))

    def left(z, k):
        t = z[k] / root[k]
        others = sum(links[k, j] * z[j] / root[j] for j in range(n) if j != k and links[k, j])
        return float(row[k]) * (2 * t + t**2 / 2 + others * (1 + 0.3 * t))

    right = [float(left(root, k)) for k in range(n)]
    m.c = pyo.Constraint(m.i, rule=lambda m, k: left(m.x, k) == right[k] * m.p)
    return m, left, right


@pytest.mark.parametrize("seed", range(60))
def test_any_scale_of_unknowns_and_equations(seed):
    m, left, right = drawn(seed)
    solver = SquareSolver(m)
    outcome = solver.solve()
    assert outcome.solved, outcome.message
    solver.load()
    x = np.array([v.value for v in m.x.values()])
    for k, value in enumerate(right):
        assert left(x, k) == pytest.approx(value, rel=1e-9)
    slopes = sensitivities(solver, list(m.x.values()), [m.p], scaled=True).ravel()
    m.p.value = 1.0 + 1e-4
    solver.refresh_inputs()
    assert solver.solve().solved
    moved = np.array([solver.compiled.x[solver.compiled.index(v)] for v in m.x.values()])
    assert (moved / x - 1) / 1e-4 == pytest.approx(slopes, rel=1e-3, abs=1e-3)


def test_an_interrupt_does_not_wait_for_the_scenarios_of_other_threads(monkeypatch):
    """The second chunk is in the middle of its steps when the first one is told of."""
    plain, begun, steps = Wide._step, threading.Event(), []

    def slow(self, inputs, *args):
        if inputs[0, 0] < 5.0:
            begun.wait(30)
        else:
            begun.set()
            until = time.monotonic() + 30
            while not self.stop and time.monotonic() < until:
                time.sleep(0.001)
            steps.append(time.monotonic() < until)
        return plain(self, inputs, *args)

    def interrupt(done, total):
        if done:
            raise KeyboardInterrupt

    solver = SquareSolver(square_and_inverse())
    p = np.concatenate([np.linspace(3.0, 4.9, 1024), np.linspace(5.1, 7.0, 1024)])
    options = {"executor": "numpy", "threads": 2}
    with monkeypatch.context() as patch:
        patch.setattr(Wide, "_step", slow)
        data = solve_many(solver, {"p": p}, progress=interrupt, **options)
    assert steps == [True]  # stopped after the step that it was in
    assert data.solved[:1024].all()
    assert set(data.status[1024:]) == {Status.INTERRUPTED}
    assert solve_many(solver, {"p": p}, **options).solved.all()  # nothing is left of it


@pytest.mark.parametrize("limit", ["relation", True, "x", None])
def test_a_limit_that_is_no_expression_of_numbers_is_refused(limit):
    # A relation counted as its truth value, 0 where it does not hold, which is not negative.
    m = square_and_inverse()
    given = m.x >= 2.5 if limit == "relation" else limit
    with pytest.raises(ModelError, match="limit 'far' is .*: give an expression that must not"):
        solve_many(m, {"p": [4.0]}, limits={"far": given}, executor="casadi")
    data = solve_many(m, {"p": [4.0, 9.0]}, limits={"far": m.x - 2.5}, executor="casadi")
    assert data.solved.tolist() == [False, True]


@pytest.mark.parametrize("key", [0, None, 1.5, "", "p[", "*", "no such name"])
def test_inputs_that_are_no_names_are_refused(key):
    with pytest.raises(
        ModelError, match="is neither a name nor a variable|is no input of the model"
    ):
        solve_many(square_and_inverse(), {key: [4.0]})
    with pytest.raises(
        ModelError, match="is neither a name nor a variable|is no unknown and no input"
    ):
        solve_many(square_and_inverse(), {"p": [4.0]}, outputs=[key])
