"""noxsolve_ipopt as Pyomo users meet it: options, ends, duals, refusals, answers that are checked."""

import io
import math
import os
import re
import signal
import subprocess
import sys
import threading

import casadi as ca
import numpy as np
import pyomo.environ as pyo
import pytest
from pyomo.common.timing import HierarchicalTimer
from pyomo.contrib.solver.common.factory import SolverFactory
from pyomo.contrib.solver.common.results import SolutionStatus, TerminationCondition
from pyomo.contrib.solver.common.util import NoFeasibleSolutionError, NoOptimalSolutionError
from pyomo.dae import ContinuousSet, DerivativeVar
from pyomo.gdp import Disjunction
from pyomo.mpec import Complementarity, complements
from pyomo.network import Arc, Port
from pyomo.opt import TerminationCondition as Old

import noxsolve.pyomo  # noqa: F401
from noxsolve.compiled import CompiledModel
from noxsolve.errors import ModelError
from noxsolve.nlp import Problem
from noxsolve.status import Status
from noxsolve.translate import translate


def two(start=(1.0, 1.0)):
    m = pyo.ConcreteModel()
    m.x, m.y = (pyo.Var(initialize=k) for k in start)
    return m


def rosenbrock(start=(-1.2, 1.0)):
    m = two(start)
    m.o = pyo.Objective(expr=(1 - m.x) ** 2 + 100 * (m.y - m.x**2) ** 2)
    return m


def solve(m, name="noxsolve_ipopt", **options):
    """New interface, without raising and loading."""
    solver = SolverFactory(name)
    return solver.solve(
        m, raise_exception_on_nonoptimal_result=False, load_solutions=False, **options
    )


def test_import_is_light_and_registers_nothing():
    code = "import sys, noxsolve; assert not {'pyomo', 'casadi', 'numpy'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_options_reach_ipopt_in_both_interfaces():
    r = solve(rosenbrock(), solver_options={"max_iter": 3})
    assert r.termination_condition is TerminationCondition.iterationLimit
    assert r.extra_info.iteration_count == 3
    old = pyo.SolverFactory("noxsolve_ipopt")
    old.options["max_iter"] = "3"
    assert old.solve(rosenbrock()).solver.termination_condition == Old.maxIterations
    r = pyo.SolverFactory("noxsolve_ipopt").solve(rosenbrock(), options={"max_iter": 100.0})
    assert r.solver.termination_condition == Old.optimal


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"nonsense": 1}, "ipopt has no option 'nonsense'"),
        ({"mu_strategy": "abc"}, "mu_strategy='abc'.*not a valid setting"),
        ({"max_iter": "abc"}, "max_iter='abc'.*wrong kind"),
        ({"linear_solver": "ma27"}, "linear_solver='ma27'.*libhsl"),
    ],
)
def test_wrong_options_are_named(options, words):
    with pytest.raises(ModelError, match=words):
        solve(rosenbrock(), solver_options=options)


def test_log_and_tee():
    sink = io.StringIO()
    r = solve(rosenbrock(), tee=sink)
    assert "EXIT: Optimal Solution Found" in r.solver_log
    assert sink.getvalue() == r.solver_log
    assert r.timing_info.wall_time > 0
    assert r.solver_name == "noxsolve_ipopt"


def test_timing_is_reported(capsys):
    pyo.SolverFactory("noxsolve_ipopt").solve(rosenbrock(), report_timing=True)
    assert re.search(r"(?s)solve +1 .*translate +1 ", capsys.readouterr().out)
    timer = HierarchicalTimer()
    solve(rosenbrock(), timer=timer)
    assert timer.get_num_calls("translate") == timer.get_num_calls("solve") == 1


def test_time_limit():
    r = solve(rosenbrock(), time_limit=0)
    assert r.termination_condition is TerminationCondition.maxTimeLimit
    assert r.solution_status is SolutionStatus.feasible


def test_limits_never_load_as_optimal():
    m = rosenbrock()
    r = pyo.SolverFactory("noxsolve_ipopt").solve(m, options={"max_iter": 3})
    assert not pyo.check_optimal_termination(r)
    assert m.x.value not in (-1.2, pytest.approx(1.0))
    with pytest.raises(NoOptimalSolutionError, match="Iteration limit.*IPOPT ended with Maximum"):
        SolverFactory("noxsolve_ipopt").solve(m, solver_options={"max_iter": 1})


def test_infeasible_says_where():
    m = two()
    m.ring = pyo.Constraint(expr=m.x**2 + m.y**2 == -1)
    r = solve(m)
    assert r.termination_condition is TerminationCondition.locallyInfeasible
    assert r.solution_status is SolutionStatus.infeasible
    assert "Worst row 'ring'" in r.extra_info.message
    old = pyo.SolverFactory("noxsolve_ipopt").solve(m)
    assert old.solver.termination_condition == Old.infeasible


def test_unbounded_loads_nothing():
    m = two()
    m.o = pyo.Objective(expr=m.x)
    r = solve(m)
    assert r.termination_condition is TerminationCondition.unbounded
    assert r.solution_status is SolutionStatus.noSolution
    old = pyo.SolverFactory("noxsolve_ipopt").solve(m)
    assert old.solver.termination_condition == Old.unbounded
    assert m.x.value == 1.0


def test_no_number_at_the_start_is_named():
    m = two((-1.0, 1.0))
    m.root = pyo.Constraint(expr=pyo.sqrt(m.x) * m.y == 2)
    m.o = pyo.Objective(expr=m.y**2)
    r = solve(m)
    assert r.termination_condition is TerminationCondition.error
    assert "At the start these are no numbers: root" in r.extra_info.message
    with pytest.raises(NoFeasibleSolutionError, match="root"):
        pyo.SolverFactory("noxsolve_ipopt").solve(m)


def test_more_equations_than_unknowns():
    m = two()
    m.c = pyo.Constraint([1, 2, 3], rule=lambda m, k: m.x + k * m.y == 1)
    r = solve(m)
    assert r.termination_condition is TerminationCondition.error
    assert "3 equations for 2 unknowns" in r.extra_info.message


def test_square_without_objective():
    m = two((2.0, 1.0))
    m.a, m.b = pyo.Constraint(expr=m.x * m.y == 9), pyo.Constraint(expr=m.x + m.y == 6)
    pyo.assert_optimal_termination(pyo.SolverFactory("noxsolve_ipopt").solve(m))
    assert (m.x.value, m.y.value) == (pytest.approx(3, abs=1e-3), pytest.approx(3, abs=1e-3))


def test_nothing_free():
    m = two((1.0, 2.0))
    m.x.fix(), m.y.fix()
    m.c = pyo.Constraint(expr=m.x + m.y == 3)
    m.o = pyo.Objective(expr=5 * m.x, sense=pyo.maximize)
    r = solve(m)
    assert r.solution_status is SolutionStatus.optimal
    assert r.incumbent_objective == 5.0
    m.x.fix(4)
    assert "All variables are fixed. Worst row 'c'" in solve(m).extra_info.message


def test_empty_model():
    assert solve(pyo.ConcreteModel()).solution_status is SolutionStatus.optimal


def test_false_constraint_of_parameters():
    m = two()
    m.p = pyo.Param(initialize=1, mutable=True)
    m.never = pyo.Constraint(expr=m.p <= 0)
    m.o = pyo.Objective(expr=m.x**2)
    r = solve(m)
    assert r.termination_condition is TerminationCondition.provenInfeasible
    assert "'never'" in r.extra_info.message
    assert (
        pyo.SolverFactory("noxsolve_ipopt").solve(m).solver.termination_condition == Old.infeasible
    )
    m.p = -1
    assert solve(m).solution_status is SolutionStatus.optimal


def test_start_values():
    m = two()
    m.o = pyo.Objective(expr=(m.x - 5) ** 2 + m.y**2)
    m.x.value = m.y.value = None
    m.y.setlb(2)
    r = solve(m, solver_options={"max_iter": 0})
    assert r.solution_loader.get_vars()[m.x] == 0.0
    assert r.solution_loader.get_vars()[m.y] == pytest.approx(2, abs=0.1)
    for bad in (math.nan, math.inf):
        m.x.set_value(bad, skip_validation=True)
        with pytest.raises(ModelError, match=f"'x' has the value {bad}") as caught:
            solve(m)
        assert caught.value.status is Status.NO_START
    m.x.fix(None, skip_validation=True)
    with pytest.raises(ModelError, match="'x' is fixed without a value"):
        solve(m)


def test_crossed_bounds():
    m = rosenbrock()
    m.x.setlb(3), m.x.setub(2)
    with pytest.raises(
        ModelError, match="'x' has the lower bound 3.* above its upper bound 2"
    ) as e:
        solve(m)
    assert e.value.status is Status.CROSSED_BOUNDS
    m = rosenbrock()
    m.p = pyo.Param(initialize=3, mutable=True)
    m.band = pyo.Constraint(expr=pyo.inequality(m.p, m.x + m.y, 2))
    translated = translate(m, "walker")
    with pytest.raises(ModelError, match="'band' leaves no room between 3 and 2"):
        Problem(translated)


def refused_models():
    m = two()
    m.a, m.b = pyo.Objective(expr=m.x**2), pyo.Objective(expr=m.y**2)
    yield m, r"2 objectives are active \(a, b\)"
    m = two()
    m.pair = Complementarity(expr=complements(m.x >= 0, m.y >= 0))
    yield m, "Complementarity 'pair'"
    m = two()
    m.either = Disjunction(expr=[m.x >= 1, m.y >= 1])
    yield m, "'either.*gdp.bigm"
    m = two()
    m.b = pyo.BooleanVar()
    m.logic = pyo.LogicalConstraint(expr=m.b)
    yield m, "LogicalConstraint 'logic'"
    m = two()
    m.z = pyo.Var([1, 2])
    m.sos = pyo.SOSConstraint(var=m.z, sos=1)
    yield m, "SOSConstraint 'sos'"
    m = two()
    m.p, m.q = Port(), Port()
    m.p.add(m.x, "f"), m.q.add(m.y, "f")
    m.arc = Arc(source=m.p, destination=m.q)
    yield m, "Arc 'arc'.*expand"
    m = pyo.ConcreteModel()
    m.t = ContinuousSet(bounds=(0, 1))
    m.z = pyo.Var(m.t)
    m.dz = DerivativeVar(m.z)
    m.c = pyo.Constraint(m.t, rule=lambda m, t: m.dz[t] == -m.z[t])
    yield m, "DerivativeVar 'dz'.*discretise"
    m = two()
    m.call = pyo.ExternalFunction(function=lambda *a: a[0], gradient=lambda a, f: [1.0])
    m.c = pyo.Constraint(expr=m.call(m.x) == 1)
    yield m, "ExternalFunction.*'c'"
    m = rosenbrock()
    m.y.domain = pyo.Integers
    yield m, "variable 'y' takes whole numbers only.*noxsolve_bonmin"


@pytest.mark.parametrize(("model", "words"), list(refused_models()), ids=lambda k: str(k)[:20])
def test_refusals_name_the_component(model, words):
    with pytest.raises(ModelError, match=words) as caught:
        solve(model)
    assert caught.value.status is Status.UNSUPPORTED


@pytest.mark.parametrize(
    "function",
    [
        pyo.asinh,
        lambda x: pyo.acosh(x + 2),
        lambda x: pyo.atanh(x / 9),
        lambda x: pyo.Expr_if(x >= 0.5, x**2, x - 0.25),
    ],
)
def test_what_the_file_route_lacks_goes_to_the_walker(function):
    m = two((0.7, 1.0))
    m.o = pyo.Objective(expr=(function(m.x) - 0.3) ** 2 + m.y**2)
    with pytest.raises(Exception):  # noqa: B017
        translate(m, "nl")
    assert translate(m).route == "walker"
    pyo.assert_optimal_termination(pyo.SolverFactory("noxsolve_ipopt").solve(m))
    assert pyo.value(m.o) == pytest.approx(0, abs=1e-10)


@pytest.mark.parametrize("route", ["nl", "walker"])
@pytest.mark.parametrize("sense", [pyo.minimize, pyo.maximize])
def test_duals_and_reduced_costs_are_slopes_of_the_optimum(route, sense, monkeypatch):
    """Every kind of row: duals equal central differences of the optimal objective."""
    monkeypatch.setattr("noxsolve.plugin.translate", lambda m: translate(m, route))
    sign = 1 if sense == pyo.minimize else -1

    def model(rhs):
        m = pyo.ConcreteModel()
        m.x = pyo.Var(range(5), initialize=1.0, bounds=(-20, 20))
        x = m.x
        m.x[4].setlb(rhs[4])
        m.o = pyo.Objective(expr=sign * sum((x[k] - 2 * k) ** 2 for k in x), sense=sense)
        m.low = pyo.Constraint(expr=x[0] >= rhs[0])
        m.high = pyo.Constraint(expr=x[2] + x[0] <= rhs[1])
        m.ring = pyo.Constraint(expr=x[1] * x[3] == rhs[2])
        m.band = pyo.Constraint(expr=pyo.inequality(rhs[3], x[3] + x[4], 100))
        m.dual, m.rc = (pyo.Suffix(direction=pyo.Suffix.IMPORT) for _ in range(2))
        r = pyo.SolverFactory("noxsolve_ipopt").solve(m, options={"tol": 1e-11})
        pyo.assert_optimal_termination(r)
        return m

    base, h = [1.0, 3.0, 4.0, 16.0, 9.5], 1e-4
    m = model(base)
    found = [m.dual[c] for c in (m.low, m.high, m.ring, m.band)] + [m.rc[m.x[4]]]
    assert min(map(abs, found)) > 0.1
    for k, dual in enumerate(found):
        up, down = ([b + s * h * (i == k) for i, b in enumerate(base)] for s in (1, -1))
        slope = (pyo.value(model(up).o) - pyo.value(model(down).o)) / (2 * h)
        assert dual == pytest.approx(slope, rel=1e-4, abs=1e-5)


def test_a_row_in_tiny_numbers_is_not_passed_over():
    """IPOPT alone stops at the start: its tolerance is 1e-8 in the row's own numbers."""
    m = two((0.0, 1.0))
    m.o = pyo.Objective(expr=(m.x - 3) ** 2 + m.y**2)
    m.c = pyo.Constraint(expr=1e-9 * m.x == 2e-9)
    r = SolverFactory("noxsolve_ipopt").solve(m)
    assert r.solution_status is SolutionStatus.optimal
    assert m.x.value == pytest.approx(2, rel=1e-6)
    assert r.solution_loader.get_duals()[m.c] == pytest.approx(2 * (2 - 3) / 1e-9, rel=1e-5)


def test_an_objective_in_tiny_numbers_is_not_passed_over():
    m = two((0.0, 1.0))
    m.o = pyo.Objective(expr=1e-10 * (m.x - 1) ** 2)
    SolverFactory("noxsolve_ipopt").solve(m)
    assert m.x.value == pytest.approx(1, rel=1e-6)


def test_a_bound_of_large_value_is_kept_in_its_own_numbers():
    """IPOPT widens bounds by 1e-8 of their value: 1e-2 on a bound of 1e6."""
    m = two()
    m.o = pyo.Objective(expr=1e-6 * m.x**2)
    m.c = pyo.Constraint(expr=m.x >= 1e6)
    pyo.assert_optimal_termination(pyo.SolverFactory("noxsolve_ipopt").solve(m))
    assert m.x.value >= 1e6 - 1e-4


@pytest.mark.parametrize("wrong", ["row", "bound", "slope", "nan"])
def test_a_wrong_answer_of_the_solver_is_not_called_optimal(wrong, monkeypatch):
    """The solver is made to lie: same word, another point."""
    from dataclasses import replace

    import noxsolve.nlp as nlp

    m = rosenbrock()
    m.c = pyo.Constraint(expr=m.x + m.y <= 1)
    m.x.setlb(-5)
    honest = nlp.run
    shift = {"row": [3.0, 9.0], "bound": [-60.0, 0.0], "slope": [-1.0, -1.0], "nan": [math.nan, 0]}

    def lying(*a, **k):
        call = honest(*a, **k)
        return replace(call, x=call.x + np.array(shift[wrong]))

    monkeypatch.setattr(nlp, "run", lying)
    r = solve(m)
    assert r.termination_condition is TerminationCondition.error
    assert r.solution_status is not SolutionStatus.optimal
    if wrong != "nan":
        assert "Not confirmed" in r.extra_info.message


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_interrupt_returns_cleanly():
    m, n = pyo.ConcreteModel(), 1500
    start = np.random.default_rng(0).uniform(-3, 3, n)
    m.x = pyo.Var(range(n), initialize=dict(enumerate(start.tolist())))
    x = m.x
    m.o = pyo.Objective(
        expr=sum(100 * (x[k + 1] - x[k] ** 2) ** 2 + (1 - x[k]) ** 2 for k in range(n - 1))
    )
    before = signal.getsignal(signal.SIGINT)

    class Sink(io.StringIO):
        """Interrupts when the first lines of the solver's log arrive."""

        sent = False

        def write(self, text):
            if not self.sent:
                self.sent = True
                threading.Timer(0.1, os.kill, (os.getpid(), signal.SIGINT)).start()
            return super().write(text)

    sink = Sink()
    r = solve(m, tee=sink, solver_options={"max_iter": 100000, "tol": 1e-300})
    assert r.termination_condition is TerminationCondition.interrupted
    assert r.solution_status is SolutionStatus.noSolution
    assert [v.value for v in m.x.values()] == start.tolist()
    assert signal.getsignal(signal.SIGINT) is before


def test_fixed_state_returns():
    m = rosenbrock()
    m.x.fix(2.0)
    pyo.SolverFactory("noxsolve_ipopt").solve(m)
    assert m.x.fixed
    assert m.y.value == pytest.approx(4.0)


def test_a_maximum_at_the_start_is_left():
    """The gradient is zero at the start, and IPOPT alone calls it solved."""
    m = two((0.0, 0.0))
    m.o = pyo.Objective(expr=(m.x**2 - 1) ** 2 + (m.x - m.y) ** 2)
    r = SolverFactory("noxsolve_ipopt").solve(m)
    assert r.incumbent_objective == pytest.approx(0, abs=1e-9)
    assert abs(m.x.value) == pytest.approx(1)
    m = two((0.0, 0.0))
    m.o = pyo.Objective(expr=m.y**2 - m.x**2)
    assert solve(m).termination_condition is TerminationCondition.unbounded


def test_a_saddle_on_a_constraint_is_left_and_a_weak_bound_is_not():
    m = two((1.0, 0.0))
    m.circle = pyo.Constraint(expr=m.x**2 + m.y**2 == 1)
    m.o = pyo.Objective(expr=m.x)
    SolverFactory("noxsolve_ipopt").solve(m)
    assert (m.x.value, m.y.value) == (pytest.approx(-1), pytest.approx(0, abs=1e-6))
    m = two((0.3, 0.0))
    m.x.setlb(0), m.y.setlb(0)
    m.o = pyo.Objective(expr=m.x**2 + m.x * m.y * 3 + m.y**2)  # indefinite, minimal in the corner
    r = SolverFactory("noxsolve_ipopt").solve(m)
    assert r.solution_status is SolutionStatus.optimal
    assert r.incumbent_objective == pytest.approx(0, abs=1e-6)


def test_mutable_parameters_as_inputs_need_no_new_model():
    m = two((1.5, 2.0))
    m.p = pyo.Param([1, 2], initialize={1: 3.0, 2: 0.5}, mutable=True)
    m.q = pyo.Param(initialize=2.0, mutable=True)
    m.e = pyo.Expression(expr=pyo.exp(m.p[2] * m.x) + m.q)
    m.z = pyo.Var(initialize=0.7)
    m.z.fix()
    m.a = pyo.Constraint(expr=m.p[1] * m.x**2 + m.e * m.z == m.q + 1)
    m.b = pyo.Constraint(expr=m.y - m.p[1] == m.q * 2 * m.p[2])
    m.limit = pyo.Constraint(expr=m.x + m.y >= m.q)
    c = CompiledModel(m, parameters=True)
    assert c.input_index(m.q) is not None
    assert c.input_index(m.z) is not None
    assert c.input_index(m.x) is None
    for values in ((3.0, 0.5, 2.0), (-1.0, 0.25, 7.0)):
        m.p[1], m.p[2], m.q = values
        c.refresh_inputs()
        c.evaluate()
        for row, residual in zip(c.equations, c.residual, strict=True):
            assert residual == pytest.approx(pyo.value(row.body) - pyo.value(row.upper), rel=1e-14)
        low = c.inequality_values()[0] - c.inequality_lower[0]
        assert low == pytest.approx(m.limit.lslack(), rel=1e-14)
    m.band = pyo.Constraint(expr=pyo.inequality(m.q, m.x, 9))
    with pytest.raises(ModelError, match="range 'band' has a mutable parameter as a limit"):
        CompiledModel(m, parameters=True)
    with pytest.raises(ValueError, match="by the walker only"):
        CompiledModel(m, parameters=True, route="nl")


def test_a_point_that_only_ipopt_calls_solved_is_not_optimal():
    """A row whose gradient vanishes on its solutions: IPOPT stops at the worst of them."""
    m = two((2.0, 2.0))
    m.o = pyo.Objective(expr=m.x + m.y)  # best is -2, at (-1, -1)
    m.c = pyo.Constraint(expr=(m.x**2 + m.y**2 - 2) ** 2 == 0)
    r = solve(m)
    optimal = r.solution_status is SolutionStatus.optimal
    assert not optimal or r.incumbent_objective == pytest.approx(-2, rel=1e-6)
    if not optimal:
        assert "Not confirmed" in r.extra_info.message


def test_deep_nesting_is_walked():
    m = two((0.3, 1.0))
    e, expected = m.x, 0.3
    for _ in range(5000):
        e, expected = pyo.sin(e) * 0.5 + m.x, math.sin(expected) * 0.5 + 0.3
    m.o = pyo.Objective(expr=e)
    t = translate(m, "walker")
    value = ca.Function("f", [t.symbols], [t.objective])([v.value for v in t.variables])
    assert float(value) == pytest.approx(expected, rel=1e-13)


def test_a_widened_bound_does_not_move_the_objective():
    """IPOPT widens y >= 0 by 1e-8, which the steep objective turns into -0.01: 0 is the answer."""
    m = two()
    m.y.setlb(0)
    m.o = pyo.Objective(expr=m.x)
    m.c = pyo.Constraint(expr=m.x == 1e6 * m.y)
    r = SolverFactory("noxsolve_ipopt").solve(m)
    assert r.solution_status is SolutionStatus.optimal
    assert r.incumbent_objective == pytest.approx(0, abs=1e-4)
