"""Square systems with known roots, as (model, nominal, roots) with roots as (variable, value)."""

import math

import pyomo.environ as pyo
from pyomo.common.collections import ComponentMap


def rosenbrock():
    m = pyo.ConcreteModel()
    m.x, m.y = pyo.Var(initialize=-1.2), pyo.Var(initialize=1.0)
    m.valley = pyo.Constraint(expr=10 * (m.y - m.x**2) == 0)
    m.line = pyo.Constraint(expr=1 - m.x == 0)
    return m, ComponentMap(), [(m.x, 1.0), (m.y, 1.0)]


def powell_singular():
    """Singular Jacobian at the root; Newton is linear there (More, Garbow, Hillstrom 13)."""
    m = pyo.ConcreteModel()
    m.x = pyo.Var(range(4), initialize=dict(enumerate((3.0, -1.0, 0.0, 1.0))))
    x, m.c = m.x, pyo.ConstraintList()
    m.c.add(x[0] + 10 * x[1] == 0)
    m.c.add(math.sqrt(5) * (x[2] - x[3]) == 0)
    m.c.add((x[1] - 2 * x[2]) ** 2 == 0)
    m.c.add(math.sqrt(10) * (x[0] - x[3]) ** 2 == 0)
    return m, ComponentMap(), [(v, 0.0) for v in x.values()]


def powell_badly_scaled():
    """More, Garbow, Hillstrom 3: root 1.098159e-5, 9.106146."""
    m = pyo.ConcreteModel()
    m.x, m.y = pyo.Var(initialize=0.0), pyo.Var(initialize=1.0)
    m.product = pyo.Constraint(expr=1e4 * m.x * m.y == 1)
    m.sum = pyo.Constraint(expr=pyo.exp(-m.x) + pyo.exp(-m.y) == 1.0001)
    nominal = ComponentMap([(m.x, 1e-5), (m.y, 1.0)])
    return m, nominal, [(m.x, 1.0981593296997e-5), (m.y, 9.1061467398665)]


def broyden_tridiagonal(n=20):
    """More, Garbow, Hillstrom 30; the outermost value from an independent tridiagonal solve."""
    m = pyo.ConcreteModel()
    m.x = pyo.Var(range(n), initialize=-1.0)
    x = m.x

    def rule(m, k):
        low = x[k - 1] if k else 0
        high = x[k + 1] if k < n - 1 else 0
        return (3 - 2 * x[k]) * x[k] - low - 2 * high + 1 == 0

    m.c = pyo.Constraint(range(n), rule=rule)
    return m, ComponentMap(), []


def freudenstein_roth():
    m = pyo.ConcreteModel()
    m.x, m.y = pyo.Var(initialize=6.0), pyo.Var(initialize=3.0)
    m.a = pyo.Constraint(expr=-13 + m.x + ((5 - m.y) * m.y - 2) * m.y == 0)
    m.b = pyo.Constraint(expr=-29 + m.x + ((m.y + 1) * m.y - 14) * m.y == 0)
    return m, ComponentMap(), [(m.x, 5.0), (m.y, 4.0)]


def helical_valley():
    """More, Garbow, Hillstrom 7, for x > 0."""
    m = pyo.ConcreteModel()
    m.x = pyo.Var(bounds=(0.01, 10), initialize=0.2)
    m.y, m.z = pyo.Var(initialize=2.0), pyo.Var(initialize=0.0)
    m.a = pyo.Constraint(expr=10 * (m.z - 10 * pyo.atan(m.y / m.x) / (2 * math.pi)) == 0)
    m.b = pyo.Constraint(expr=10 * (pyo.sqrt(m.x**2 + m.y**2) - 1) == 0)
    m.c = pyo.Constraint(expr=m.z == 0)
    return m, ComponentMap(), [(m.x, 1.0), (m.y, 0.0), (m.z, 0.0)]


def water_gas_shift(scale=1.0):
    """CO + H2O = CO2 + H2 from equal amounts: extent = sqrt(K) / (1 + sqrt(K)), closed form."""
    m, constant = pyo.ConcreteModel(), 4.0
    m.n = pyo.Var(["CO", "H2O", "CO2", "H2"], bounds=(0, None), initialize=0.1 * scale)
    m.extent = pyo.Var(initialize=0.1 * scale)
    m.start = pyo.Var(initialize=scale)
    m.start.fix()
    n = m.n
    m.left = pyo.Constraint(["CO", "H2O"], rule=lambda m, j: n[j] == m.start - m.extent)
    m.right = pyo.Constraint(["CO2", "H2"], rule=lambda m, j: n[j] == m.extent)
    m.action = pyo.Constraint(expr=n["CO2"] * n["H2"] == constant * n["CO"] * n["H2O"])
    nominal = ComponentMap((v, scale) for v in [*n.values(), m.extent])
    return m, nominal, [(m.extent, 2 / 3 * scale), (n["CO"], scale / 3)]


def combustion():
    """Propane combustion, 10 unknowns (Meintjes and Morgan 1990), four-element reduced form.

    Solved in the element variables y1..y5; the checked root satisfies all five equations.
    """
    r = (0.002597, 0.003448, 0.00001799, 0.0002155, 0.00003846, 0.193, 0.00002155)
    rr, p = 10.0, 40.0
    r5, r6 = r[5], r[0] / math.sqrt(p)
    r7, r8 = r[1] / math.sqrt(p), r[2] / p
    r9, r10 = r[3] / math.sqrt(p), r[4] / p
    m = pyo.ConcreteModel()
    m.y = pyo.Var(range(1, 6), bounds=(0, 100), initialize={1: 0.01, 2: 10, 3: 0.1, 4: 1, 5: 0.1})
    y, m.c = m.y, pyo.ConstraintList()
    m.c.add(y[1] * y[2] + y[1] - 3 * y[5] == 0)
    m.c.add(
        2 * y[1] * y[2] + y[1] + y[2] * y[3] ** 2 + r8 * y[2] - rr * y[5]
        + 2 * r10 * y[2] ** 2 + r7 * y[2] * y[3] + r9 * y[2] * y[4] == 0
    )  # fmt: skip
    m.c.add(
        2 * y[2] * y[3] ** 2 + 2 * r5 * y[3] ** 2 - 8 * y[5] + r6 * y[3] + r7 * y[2] * y[3] == 0
    )
    m.c.add(r9 * y[2] * y[4] + 2 * y[4] ** 2 - 4 * rr * y[5] == 0)
    m.c.add(
        y[1] * (y[2] + 1) + r10 * y[2] ** 2 + y[2] * y[3] ** 2 + r8 * y[2] + r5 * y[3] ** 2
        + y[4] ** 2 - 1 + r6 * y[3] + r7 * y[2] * y[3] + r9 * y[2] * y[4] == 0
    )  # fmt: skip
    published = (0.003114, 34.597924, 0.065042, 0.859378, 0.036952)
    return m, ComponentMap(), [(y[k], v) for k, v in enumerate(published, 1)]


def flash(scale=1.0):
    """Equimolar binary with K = 2 and 1/2: Rachford-Rice gives the vapour fraction 1/2."""
    m, k = pyo.ConcreteModel(), {"A": 2.0, "B": 0.5}
    m.feed = pyo.Var(initialize=scale)
    m.feed.fix()
    m.liquid = pyo.Var(k, bounds=(0, None), initialize=0.3 * scale)
    m.vapour = pyo.Var(k, bounds=(0, None), initialize=0.2 * scale)
    m.total = pyo.Var(["L", "V"], bounds=(0, None), initialize=0.5 * scale)
    m.mass = pyo.Constraint(k, rule=lambda m, j: m.liquid[j] + m.vapour[j] == 0.5 * m.feed)
    m.split = pyo.Constraint(
        k, rule=lambda m, j: m.vapour[j] * m.total["L"] == k[j] * m.liquid[j] * m.total["V"]
    )
    m.liquid_sum = pyo.Constraint(expr=m.total["L"] == sum(m.liquid.values()))
    m.vapour_sum = pyo.Constraint(expr=m.total["V"] == sum(m.vapour.values()))
    every = [*m.liquid.values(), *m.vapour.values(), *m.total.values()]
    nominal = ComponentMap((v, scale) for v in every)
    return m, nominal, [(m.total["V"], 0.5 * scale), (m.liquid["A"], scale / 6)]


def exponential():
    """Overshooting exponentials: Newton needs its line search (root 0, 1)."""
    m = pyo.ConcreteModel()
    m.x, m.y = pyo.Var(initialize=8.0), pyo.Var(initialize=-5.0)
    m.a = pyo.Constraint(expr=pyo.exp(m.x) + 2 * m.y == 3)
    m.b = pyo.Constraint(expr=pyo.atan(m.y - 1) + m.x == 0)
    return m, ComponentMap(), [(m.x, 0.0), (m.y, 1.0)]


def titration(acid=0.1, base=0.1):
    """Weak acid (pKa 4.76) with strong base; an extra unknown per litre couples pH to amounts."""
    m = pyo.ConcreteModel()
    m.base = pyo.Var(initialize=base)
    m.base.fix()
    m.ph = pyo.Var(bounds=(-2, 17), initialize=1.0)
    m.sodium = pyo.Var(bounds=(0, None), initialize=0.5 * acid)
    h = m.h = pyo.Expression(expr=10**-m.ph)
    ions = acid * 10**-4.76 / (10**-4.76 + h)
    m.proton = pyo.Constraint(expr=h - 1e-14 / h + m.sodium - ions == 0)
    slip = 1e-3 * m.sodium * 10 ** (m.ph - 14)
    m.dose = pyo.Constraint(expr=m.sodium + slip == m.base)
    return m, ComponentMap([(m.ph, 1.0), (m.sodium, 0.1)])


KNOWN = [
    rosenbrock,
    powell_badly_scaled,
    broyden_tridiagonal,
    freudenstein_roth,
    helical_valley,
    water_gas_shift,
    combustion,
    flash,
    exponential,
]
