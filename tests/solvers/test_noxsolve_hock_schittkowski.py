"""Models that nobody here wrote: optimum, translation and derivatives against independent figures.

The optimum is compared with the published one, and its first-order conditions are recomputed with
Pyomo's own differentiation and the multipliers that a user reads from the results.
"""

import casadi as ca
import numpy as np
import pyomo.core.expr.numeric_expr as ne
import pyomo.environ as pyo
import pytest
from hock_schittkowski import PROBLEMS
from pyomo.common.collections import ComponentMap
from pyomo.contrib.solver.common.factory import SolverFactory
from pyomo.contrib.solver.common.results import SolutionStatus
from pyomo.core.expr.calculus.derivatives import Modes, differentiate

import noxsolve.pyomo  # noqa: F401
from noxsolve.translate import by_walking, through_file

AWAY = {2, 16, 20, 44}
"""Problems on which IPOPT's defaults end at another local optimum than the published one."""


def terms(e):
    """Sum of the absolute values of the terms of an expression."""
    if not hasattr(e, "is_expression_type") or not e.is_expression_type():
        return abs(pyo.value(e))
    if e.is_named_expression_type():
        return terms(e.expr)
    if isinstance(e, (ne.SumExpression, ne.LinearExpression, ne.NegationExpression)):
        return sum(map(terms, e.args))
    if isinstance(e, ne.ProductExpression):
        return terms(e.args[0]) * terms(e.args[1])
    if isinstance(e, ne.DivisionExpression):
        return terms(e.args[0]) / abs(pyo.value(e.args[1]))
    if isinstance(e, ne.PowExpression) and pyo.value(e.args[1]) > 0:
        return terms(e.args[0]) ** pyo.value(e.args[1])
    return abs(pyo.value(e))


def random_point(m, generator):
    for v in m.x.values():
        low = -3.0 if v.lb is None else max(v.lb, -1e3)
        high = low + 6.0 if v.ub is None else min(v.ub, low + 1e3)
        v.set_value(generator.uniform(low, high), skip_validation=True)


def distances(c):
    """Violation of a constraint, distance to its nearest limit, and the size of its terms."""
    body, limits = pyo.value(c.body), [pyo.value(b) for b in (c.lower, c.upper) if b is not None]
    short = c.lower is not None and pyo.value(c.lower) - body
    over = c.upper is not None and body - pyo.value(c.upper)
    return max(0.0, short, over), min(abs(body - b) for b in limits), terms(c.body)


def test_there_are_enough():
    assert len(PROBLEMS) >= 70


@pytest.mark.oracle
@pytest.mark.parametrize("number", PROBLEMS)
def test_published_optimum_and_first_order_conditions(number):
    p = PROBLEMS[number]
    m = p.build()
    results = SolverFactory("noxsolve_ipopt").solve(m)
    assert results.solution_status is SolutionStatus.optimal
    f = pyo.value(m.o)
    assert f == pytest.approx(results.incumbent_objective, rel=1e-9, abs=1e-12)
    best = p.best if p.corrected is None else p.corrected
    near = [k for k in (best, *p.local) if abs(f - k) <= 1e-6 * max(1, abs(k))]
    assert near, f"{f!r} is neither the published {best!r} nor one of {p.local}"
    assert (near[0] != best) == (number in AWAY)
    slopes = differentiate(m.o.expr, mode=Modes.reverse_symbolic)
    gradient = ComponentMap((v, pyo.value(slopes[v]) if v in slopes else 0.0) for v in m.x.values())
    size = max(1.0, *map(abs, gradient.values()))
    duals, reduced = (
        results.solution_loader.get_duals(),
        results.solution_loader.get_reduced_costs(),
    )
    for c in m.c.values():
        short, room, scale = distances(c)
        assert short <= 1e-6 * max(1.0, scale)
        assert abs(duals[c]) * room <= 1e-5 * max(1.0, abs(f))
        slopes = differentiate(c.body, mode=Modes.reverse_symbolic)
        for v in m.x.values():
            pull = duals[c] * pyo.value(slopes[v]) if v in slopes else 0.0
            gradient[v] -= pull
            size = max(size, abs(pull))
        if not c.equality and not c.has_lb():
            assert duals[c] <= 1e-8 * size
        if not c.equality and not c.has_ub():
            assert duals[c] >= -1e-8 * size
    for v in m.x.values():
        assert abs(gradient[v] - reduced[v]) <= 1e-6 * size
        assert v.lb is None or v.value >= v.lb - 1e-6
        assert v.ub is None or v.value <= v.ub + 1e-6


@pytest.mark.parametrize("number", PROBLEMS)
def test_translation_by_both_routes(number):
    m = PROBLEMS[number].build()
    generator = np.random.default_rng(number)
    for route in (through_file, by_walking):
        t = route(m)
        function = ca.Function("f", [t.symbols], [t.objective, t.body])
        for _ in range(2):
            random_point(m, generator)
            f, g = function([v.value for v in t.variables])
            value = pyo.value(m.o)
            assert abs(float(f) - value) <= 1e-12 * (abs(value) + terms(m.o.expr))
            assert len(t.constraints) == len(m.c)
            values = np.array(g, dtype=float).ravel()
            for c, body, low, high in zip(t.constraints, values, t.lower, t.upper, strict=True):
                expected = pyo.value(c.body)
                limits = [-np.inf if c.lower is None else pyo.value(c.lower)]
                limits += [np.inf if c.upper is None else pyo.value(c.upper)]
                # The reader may move a constant of the body into the limits, so compare distances.
                ours, wanted = np.array([low, high]) - body, np.array(limits) - expected
                finite = np.isfinite(wanted)
                assert (np.isfinite(ours) == finite).all()
                room = 1e-12 * (abs(expected) + terms(c.body) + np.abs(limits)[finite].max())
                assert (np.abs(ours[finite] - wanted[finite]) <= room).all()


@pytest.mark.parametrize("number", [5, 12, 24, 46, 56, 62, 73, 74, 93, 104, 110, 113])
def test_derivatives_against_pyomo(number):
    m = PROBLEMS[number].build()
    random_point(m, np.random.default_rng(number))
    for route in (through_file, by_walking):
        t = route(m)
        gradient = ca.Function("d", [t.symbols], [ca.densify(ca.gradient(t.objective, t.symbols))])
        ours = np.array(gradient([v.value for v in t.variables])).ravel()
        theirs = differentiate(m.o.expr, mode=Modes.reverse_symbolic)
        for v, slope in zip(t.variables, ours, strict=True):
            exact = pyo.value(theirs[v]) if v in theirs else 0.0
            scale = terms(theirs[v]) if v in theirs else 0.0
            assert abs(slope - exact) <= 1e-12 * (abs(exact) + scale)
        jacobian = ca.Function("j", [t.symbols], [ca.densify(ca.jacobian(t.body, t.symbols))])
        matrix = np.array(jacobian([v.value for v in t.variables]))
        for row, c in zip(matrix, t.constraints, strict=True):
            slopes = differentiate(c.body, mode=Modes.reverse_symbolic)
            for entry, v in zip(row, t.variables, strict=True):
                exact = pyo.value(slopes[v]) if v in slopes else 0.0
                scale = terms(slopes[v]) if v in slopes else 0.0
                assert abs(entry - exact) <= 1e-12 * (abs(exact) + scale)
