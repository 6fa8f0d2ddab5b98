"""What makes a cold solve cheap and sure: block functions, sizes of unknowns, interrupts."""

import signal
from contextlib import suppress

import hydrodealkylation as hda
import numerical_plant
import numpy as np
import pyomo.environ as pyo
import pytest
from pyomo.common.collections import ComponentMap

from noxsolve import CompiledModel, ModelError, SquareSolver, Status
from noxsolve import local as local_module
from noxsolve.cold import ColdStart
from noxsolve.nominals import alternatives, automatic, measured
from noxsolve.structure import block_triangular


def test_a_block_by_itself_is_bitwise_what_the_whole_model_gives():
    c = CompiledModel(numerical_plant.build().model)
    solver = SquareSolver(c)
    parts = [p for group in solver._blocks for p in group]
    assert len(parts) > 20
    for part in parts:
        c.evaluate()
        residual, jacobian = c.residual.copy(), c.jacobian.copy()
        c.residual[:], c.jacobian[:] = np.nan, np.nan
        local_module.Local(c, part.rows, part.wide)()
        assert np.array_equal(c.residual[part.rows], residual[part.rows])
        assert np.array_equal(c.jacobian[part.wide], jacobian[part.wide])
        others = np.setdiff1d(np.arange(len(residual)), part.rows)
        assert np.isnan(c.residual[others]).all()


def test_blocks_by_themselves_lead_to_the_same_digits(monkeypatch):
    """Whether a block has a function of its own decides about time only."""
    found = []
    for spent, large in ((10**12, 10**12), (0, 0)):
        monkeypatch.setattr(local_module, "SPENT", spent)
        monkeypatch.setattr(local_module, "LARGE", large)
        c = CompiledModel(hda.build())
        outcome = SquareSolver(c).solve()
        assert outcome.solved
        found.append((outcome.newton_iterations, c.x.copy()))
    assert found[0][0] == found[1][0]
    assert np.array_equal(found[0][1], found[1][1])


def chain(n):
    """A train of single equations and pairs, each of which needs the one before it."""
    m = pyo.ConcreteModel()
    m.x, m.y = pyo.Var(range(n), initialize=1.0), pyo.Var(range(n), initialize=1.0)

    def first(m, k):
        return m.x[k] + 0.1 * m.y[k] ** 2 == (1.0 if k == 0 else m.y[k - 1])

    m.a = pyo.Constraint(range(n), rule=first)
    m.b = pyo.Constraint(range(n), rule=lambda m, k: m.y[k] == pyo.sqrt(1 + m.x[k] ** 2) - 0.3)
    return m


def test_cost_of_a_long_train_is_that_of_its_blocks(monkeypatch):
    """The whole model is evaluated a few times, however many blocks there are."""
    monkeypatch.setattr(local_module, "LARGE", 1000)
    whole = []
    for n in (100, 400):
        c = CompiledModel(chain(n))
        solver = SquareSolver(c)
        assert len(block_triangular(c.pattern())) == n
        evaluate, calls = c.evaluate, []
        monkeypatch.setattr(c, "evaluate", lambda f=evaluate, n=calls: (n.append(1), f())[1])
        assert solver.solve().solved
        whole.append(len(calls))
    assert whole[1] <= whole[0] + 2 < 30


def test_sizes_follow_from_the_starts_of_an_indexed_variable():
    m = pyo.ConcreteModel()
    m.flow = pyo.Var(range(3), initialize={0: 20.0, 1: 1e-4, 2: -5.0})
    m.zero, m.kelvin = pyo.Var(initialize=0.0), pyo.Var(initialize=300.0)
    m.c = pyo.Constraint(expr=sum(m.flow.values()) + m.zero + m.kelvin == 0)
    c = CompiledModel(m)
    sizes = dict(zip((v.name for v in c.unknowns), automatic(c), strict=True))
    expected = {"flow[0]": 20.0, "flow[1]": 2.0, "flow[2]": 5.0, "zero": 1.0, "kelvin": 300.0}
    assert sizes == pytest.approx(expected)
    sizes = dict(zip((v.name for v in c.unknowns), automatic(c, share=1.0), strict=True))
    assert sizes["flow[1]"] == 20.0


def test_other_sizes_are_tried_once_each_and_put_back():
    c = CompiledModel(hda.build())
    solver = SquareSolver(c, nominal=ComponentMap())
    low, nominal = solver.newton.low.copy(), solver.nominal
    tried = list(alternatives(solver))
    assert len(tried) == 3  # all one is what it had
    with suppress(RuntimeError), measured(solver, tried[0]):
        assert solver.newton.nominal is tried[0]
        raise RuntimeError
    assert solver.newton.nominal is solver.ipopt.nominal is nominal
    assert np.array_equal(solver.newton.low, low)


def test_a_start_that_fails_in_its_own_sizes_is_solved_in_others():
    """With traces measured as traces all that is tried on the loop by itself fails."""
    c = CompiledModel(hda.build())
    sizes = ComponentMap((v, max(abs(v.value), 0.1)) for v in c.unknowns)
    solver = SquareSolver(c, nominal=sizes)
    solver._otherwise = lambda start: False
    assert not solver.solve().solved
    del solver._otherwise
    c.x[:] = c.start
    outcome = solver.solve()
    assert outcome.solved, outcome.message


def test_bad_size_is_named():
    c = CompiledModel(hda.build())
    with pytest.raises(ModelError, match=r"nominal of 'mixed_flow\[H2\]' is -1.*positive"):
        SquareSolver(c, nominal=ComponentMap([(c.model.mixed_flow["H2"], -1.0)]))


@pytest.mark.parametrize("at", [1, 7, 20, 30])
def test_interrupt_during_a_cold_solve_leaves_everything_as_it_was(at):
    m = hda.build()
    before = {v.name: v.value for v in m.component_data_objects(pyo.Var)}
    solver = SquareSolver(CompiledModel(m), nominal=ComponentMap())
    c, factorise, count = solver.compiled, solver.newton._factorise, [0]
    start, nominal = c.x.copy(), solver.newton.nominal

    def interrupting(*arguments):
        count[0] += 1
        if count[0] == at:
            signal.raise_signal(signal.SIGINT)
        return factorise(*arguments)

    solver.newton._factorise = interrupting
    outcome = solver.solve()
    if count[0] < at:
        pytest.skip("solved before")
    assert outcome.status is Status.INTERRUPTED
    assert np.array_equal(c.x, start)
    assert solver.newton.nominal is nominal
    assert {v.name: v.value for v in m.component_data_objects(pyo.Var)} == before
    solver.newton._factorise = factorise
    assert solver.solve().solved


def ring():
    """Fourteen unknowns, each of which needs the next: one block."""
    m = pyo.ConcreteModel()
    m.x = pyo.Var(range(14), initialize=1.0, bounds=(0, 100))
    m.c = pyo.Constraint(
        range(14), rule=lambda m, k: m.x[k] == 0.5 * m.x[(k + 1) % 14] + 1 / (1 + m.x[k])
    )
    return m


def test_scattered_attempt_depends_on_nothing_but_the_block():
    ends = []
    for _ in range(2):
        solver = SquareSolver(CompiledModel(ring()))
        c = solver.compiled
        cold = ColdStart(solver, [c.unknowns[0]], [], [c.x.copy()])
        seen = []
        cold._swept = lambda part, c=c, s=solver, seen=seen: (
            seen.append((c.x.copy(), s.newton.nominal.copy())),
            s.newton.run(part, 50).solved,
        )[1]
        assert cold._scattered(solver.whole)
        assert solver.newton.nominal is solver.nominal
        x, nominal = seen[0]
        assert ((x >= c.lower) & (x <= c.upper)).all()
        assert 0.1 <= (nominal / solver.nominal).min() < (nominal / solver.nominal).max() <= 10.0
        ends.append((x, nominal))
    assert np.array_equal(ends[0][0], ends[1][0])
    assert np.array_equal(ends[0][1], ends[1][1])
