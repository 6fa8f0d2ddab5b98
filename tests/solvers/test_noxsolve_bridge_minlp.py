"""Whole numbers: bonmin, GDPopt and MindtPy against published optima and full enumeration."""

import itertools

import pyomo.environ as pyo
import pytest
from pyomo.contrib.solver.common.factory import SolverFactory
from pyomo.contrib.solver.common.results import SolutionStatus, TerminationCondition
from pyomo.gdp import Disjunction
from pyomo.opt import TerminationCondition as Old

from noxsolve.errors import ModelError
from noxsolve.pyomo import in_place_of_ipopt

DURAN_GROSSMANN = 6.00976
"""M. A. Duran, I. E. Grossmann, Math. Programming 36 (1986) 307, example 1."""


def duran_grossmann():
    m = pyo.ConcreteModel()
    m.x = pyo.Var([1, 2, 6], bounds=lambda m, i: (0, 1 if i == 6 else 2), initialize=0.5)
    m.y = pyo.Var([1, 2, 3], domain=pyo.Binary, initialize=0)
    x, y, m.c = m.x, m.y, pyo.ConstraintList()
    first, second = pyo.log(x[2] + 1), pyo.log(x[1] - x[2] + 1)
    cost = 5 * y[1] + 6 * y[2] + 8 * y[3] + 10 * x[1] - 7 * x[6]
    m.o = pyo.Objective(expr=cost - 18 * first - 19.2 * second + 10)
    m.c.add(0.8 * first + 0.96 * second - 0.8 * x[6] >= 0)
    m.c.add(first + 1.2 * second - x[6] - 2 * y[3] >= -2)
    m.c.add(x[2] - x[1] <= 0)
    m.c.add(x[2] - 2 * y[1] <= 0)
    m.c.add(x[1] - x[2] - 2 * y[2] <= 0)
    m.c.add(y[1] + y[2] <= 1)
    return m


def disjunctive():
    """Convex pieces, two disjunctions, some combinations of them empty."""
    m = pyo.ConcreteModel()
    m.x, m.y = (pyo.Var(bounds=(0, 5), initialize=1) for _ in range(2))
    x, y = m.x, m.y
    m.o = pyo.Objective(expr=(x - 3.2) ** 2 + (y - 2.7) ** 2 + (x + y) ** 2 / 8)
    disc = [(x - 4) ** 2 + (y - 1) ** 2 <= 1, x >= 3.2]
    m.d = Disjunction(expr=[[x**2 + y**2 <= 4], disc, [x <= 1, y >= 3]])
    m.e = Disjunction(expr=[[x + y <= 3], [y <= 0.8 * x - 1]])
    return m


def plain(first, second):
    """One choice of the disjunctions written as ordinary constraints."""
    m = disjunctive()
    m.d.deactivate(), m.e.deactivate()
    chosen = [m.d.disjuncts[first], m.e.disjuncts[second]]
    rows = [c.expr for d in chosen for c in d.component_data_objects(pyo.Constraint)]
    for block in {
        id(d.parent_component()): d.parent_component() for d in [*m.d.disjuncts, *m.e.disjuncts]
    }.values():
        m.del_component(block)
    m.del_component(m.d), m.del_component(m.e)
    m.rows = pyo.ConstraintList()
    for row in rows:
        m.rows.add(row)
    return m


@pytest.fixture(scope="module")
def enumerated():
    """Best of all choices, each solved as an ordinary model; the empty ones are infeasible."""
    ends = []
    for first, second in itertools.product(range(3), range(2)):
        solver = SolverFactory("noxsolve_ipopt")
        ends.append(
            solver.solve(
                plain(first, second),
                raise_exception_on_nonoptimal_result=False,
                load_solutions=False,
            )
        )
    good = [r.incumbent_objective for r in ends if r.solution_status is SolutionStatus.optimal]
    assert 2 <= len(good) < len(ends)
    return min(good)


def test_bonmin_finds_the_published_optimum():
    m = duran_grossmann()
    m.dual = pyo.Suffix(direction=pyo.Suffix.IMPORT)
    r = pyo.SolverFactory("noxsolve_bonmin").solve(m)
    pyo.assert_optimal_termination(r)
    assert pyo.value(m.o) == pytest.approx(DURAN_GROSSMANN, abs=1e-5)
    assert [round(v.value) for v in m.y.values()] == [0, 1, 0]
    assert {v.value for v in m.y.values()} <= {0.0, 1.0}
    # The multipliers are those with the whole numbers held: row 5 limits x1 by 2 y2.
    assert m.dual[m.c[1]] > 0.1


def test_bonmin_options_and_ends():
    with pytest.raises(ModelError, match="bonmin has no option 'nonsense'"):
        pyo.SolverFactory("noxsolve_bonmin").solve(duran_grossmann(), options={"nonsense": 1})
    m = pyo.ConcreteModel()
    m.x = pyo.Var(domain=pyo.Integers, bounds=(0, 5), initialize=1)
    m.o = pyo.Objective(expr=m.x)
    m.c = pyo.Constraint(expr=m.x**2 == 2)
    r = pyo.SolverFactory("noxsolve_bonmin").solve(m)
    assert r.solver.termination_condition == Old.infeasible
    assert m.x.value == 1
    m.c.deactivate()
    m.x.setlb(1.5)
    r = SolverFactory("noxsolve_bonmin").solve(m, solver_options={"node_limit": 50})
    assert r.termination_condition is TerminationCondition.convergenceCriteriaSatisfied
    assert m.x.value == 2


def test_bonmin_without_whole_numbers_is_ipopt():
    m = pyo.ConcreteModel()
    m.x, m.y = pyo.Var(initialize=-1.2), pyo.Var(initialize=1.0)
    m.o = pyo.Objective(expr=(1 - m.x) ** 2 + 100 * (m.y - m.x**2) ** 2)
    pyo.assert_optimal_termination(pyo.SolverFactory("noxsolve_bonmin").solve(m))
    assert m.x.value == pytest.approx(1)


@pytest.mark.parametrize("way", ["gdp.bigm", "gdp.hull"])
def test_transformed_disjunctions(way, enumerated):
    m = disjunctive()
    pyo.TransformationFactory(way).apply_to(m)
    pyo.assert_optimal_termination(pyo.SolverFactory("noxsolve_bonmin").solve(m))
    assert pyo.value(m.o) == pytest.approx(enumerated, rel=1e-5)


@pytest.mark.parametrize("method", ["gdpopt.loa", "gdpopt.ric"])
def test_gdpopt(method, enumerated):
    pytest.importorskip("highspy")
    m = disjunctive()
    r = pyo.SolverFactory(method).solve(m, mip_solver="noxsolve_highs", nlp_solver="noxsolve_ipopt")
    assert r.solver.termination_condition == Old.optimal
    assert pyo.value(m.o) == pytest.approx(enumerated, rel=1e-5)


@pytest.mark.parametrize("strategy", ["OA", "ECP"])
def test_mindtpy(strategy):
    pytest.importorskip("highspy")
    m, before = duran_grossmann(), pyo.SolverFactory._cls.get("ipopt")
    with in_place_of_ipopt():
        r = pyo.SolverFactory("mindtpy").solve(
            m, strategy=strategy, mip_solver="appsi_highs", nlp_solver="ipopt"
        )
    assert r.solver.termination_condition == Old.optimal
    assert pyo.value(m.o) == pytest.approx(DURAN_GROSSMANN, abs=1e-5)
    assert pyo.SolverFactory._cls.get("ipopt") is before


def test_name_of_ipopt_returns_after_an_error():
    before = pyo.SolverFactory._cls.get("ipopt")
    with pytest.raises(AssertionError, match="swapped"), in_place_of_ipopt():
        assert pyo.SolverFactory._cls.get("ipopt") is before, "swapped"
    assert pyo.SolverFactory._cls.get("ipopt") is before


def test_highs_reports_infeasible_and_names_its_extra(monkeypatch):
    pytest.importorskip("highspy")
    m = pyo.ConcreteModel()
    m.x = pyo.Var(domain=pyo.Integers, bounds=(0, 1))
    m.o = pyo.Objective(expr=m.x)
    m.c = pyo.Constraint(expr=2 * m.x == 1)
    r = SolverFactory("noxsolve_highs").solve(m)
    assert r.termination_condition is TerminationCondition.provenInfeasible
    monkeypatch.setattr("noxsolve.minlp.PatientHighs.available", lambda self: False)
    with pytest.raises(ImportError, match=r"highspy.*noxplant\[mip\]"):
        SolverFactory("noxsolve_highs").solve(m)
