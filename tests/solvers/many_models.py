"""A small model with a closed form for tests of many scenarios."""

import functools

import numpy as np
import pyomo.environ as pyo

from noxsolve import SquareSolver


@functools.cache
def reactor_solver():
    """Two tanks in series, a first-order reaction with Arrhenius rate; closed form below."""
    m = pyo.ConcreteModel()
    m.feed, m.T, m.volume = (pyo.Var(initialize=x) for x in (2.0, 350.0, 3.0))
    for v in (m.feed, m.T, m.volume):
        v.fix()
    m.k = pyo.Var(initialize=0.5)
    m.n = pyo.Var([1, 2], bounds=(0.45, None), initialize=1.0)
    m.heat = pyo.Var(initialize=1.0, bounds=(None, 1.87))
    m.arrhenius = pyo.Constraint(expr=m.k == 1e3 * pyo.exp(-2800 / m.T))
    m.first = pyo.Constraint(expr=m.feed - m.n[1] == m.k * m.volume * m.n[1])
    m.second = pyo.Constraint(expr=m.n[1] - m.n[2] == m.k * m.volume * m.n[2])
    m.duty = pyo.Constraint(expr=m.heat == 1.2 * (m.feed - m.n[2]))
    solver = SquareSolver(m, nominal={})
    assert solver.solve().solved
    return m, solver


def closed_form(feed, T, volume):
    k = 1e3 * np.exp(-2800 / T)
    return feed / (1 + k * volume) ** 2
