"""A net of tanks with weak and strong acids and bases, as a Pyomo model with one pH per tank.

Ammonia liquor with carbonate and potash is stripped in three stages, nine tenths of the stripped
liquor go round; the gas, in a closed loop, gives its ammonia to sulfuric acid in two stages. Past the
end point of the acid the pH jumps. Dilute water at 25 C, 1 kg/s of water in the loop, all activities
one; constants at 25 C (CRC Handbook, molalities): pKw 14.00, ammonium 9.25, carbonic acid 6.35 and
10.33, hydrogen sulfate 1.99; Henry's constant of ammonia 59 mol/(kg bar) (Sander 2015).
"""

import pyomo.environ as pyo

PKW, AMMONIUM, CARBONIC, BICARBONATE, SULFATE = 14.00, 9.25, 6.35, 10.33, 1.99
HENRY = 59.0
TOTALS = ("K", "N", "C", "S")
STRIPPER, TRAP = ("s1", "s2", "s3"), ("t1", "t2")
INPUTS = {
    "ammonia": 0.05,
    "potash": 0.25,
    "carbonate": 0.08,
    "acid": 0.025,
    "gas": 20.0,
    "water": 0.3,
    "recycled": 0.6,
    "nitrate": 0.02,
}
"""mol/s; gas mol/s of inert; water of the acid kg/s; part of the stripped liquor that goes round."""


def _fractions(h):
    """Charge per mole of each weak total at a proton molality, and the part of N that is NH3."""
    free = 1 / (1 + h / 10**-AMMONIUM)
    one, two = 10**-CARBONIC / h, 10**-CARBONIC * 10**-BICARBONATE / h**2
    carbon = -(one + 2 * two) / (1 + one + two)
    sulfur = -1 - 1 / (1 + h / 10**-SULFATE)
    return free, carbon, sulfur


def _charge(total, water, nitrate, h):
    """Charge of a tank, mol/s; monotone in h."""
    free, carbon, sulfur = _fractions(h)
    own = water * (h - 10**-PKW / h)
    weak = (1 - free) * total["N"] + carbon * total["C"] + sulfur * total["S"]
    return own + total["K"] - nitrate + weak


def build(**changes):
    """The net, square; every tank starts with all that is fed, at pH 7."""
    m = pyo.ConcreteModel("ions")
    for name, value in INPUTS.items():
        m.add_component(name, pyo.Var(initialize=changes.get(name, value)))
        m.component(name).fix()
    fed = {"K": m.potash, "N": m.ammonia, "C": m.carbonate, "S": m.acid}
    start = {k: v.value for k, v in fed.items()}
    m.tank = pyo.Block([*STRIPPER, *TRAP])
    for name in m.tank:
        b, water, nitrate = m.tank[name], 1.0, m.nitrate
        if name in TRAP:
            water, nitrate = m.water, 0.0
        b.total = pyo.Var(TOTALS, bounds=(0, None), initialize=start)
        b.ph = pyo.Var(bounds=(-2, 17), initialize=7.0)
        b.gas = pyo.Var(bounds=(0, None), initialize=1e-3)  # NH3 in the gas that leaves, mol/s
        b.h = pyo.Expression(expr=10**-b.ph)
        b.water, b.nitrate = pyo.Expression(expr=water), pyo.Expression(expr=nitrate)
        b.protons = pyo.Constraint(expr=_charge(b.total, water, nitrate, b.h) == 0)
        free = _fractions(b.h)[0]
        # 1 bar: p(NH3) = gas / (inert + gas) = molality of NH3 / Henry
        b.equilibrium = pyo.Constraint(
            expr=b.gas * HENRY * water == free * b.total["N"] * (m.gas + b.gas)
        )
    m.balance = pyo.ConstraintList()
    _column(m, STRIPPER, lambda k: _liquor(m, fed, k), m.tank["t1"].gas)
    _column(m, TRAP, lambda k: m.acid if k == "S" else 0.0, m.tank["s1"].gas)
    return m


def _liquor(m, fed, k):
    """Fresh liquor and what comes back of the stripped one; the purge takes the rest."""
    fresh = 0.0 if k == "S" else fed[k] * (1 - m.recycled if k != "N" else 1.0)
    return fresh + m.recycled * m.tank["s3"].total[k]


def _column(m, names, inlet, gas_in):
    """Counter-current: liquid from the first to the last tank, gas from the last to the first."""
    for at, name in enumerate(names):
        b = m.tank[name]
        above = None if at == 0 else m.tank[names[at - 1]]
        below = gas_in if at == len(names) - 1 else m.tank[names[at + 1]].gas
        for k in TOTALS:
            enters = inlet(k) if above is None else above.total[k]
            if k == "N":
                m.balance.add(b.total[k] + b.gas == enters + below)
            else:
                m.balance.add(b.total[k] == enters)


def ph_of(tank):
    """pH of a solved tank by bisection on its charge."""
    total = {k: v.value for k, v in tank.total.items()}
    water, nitrate = pyo.value(tank.water), pyo.value(tank.nitrate)
    low, high = -2.0, 17.0
    for _ in range(100):
        middle = (low + high) / 2
        if _charge(total, water, nitrate, 10.0**-middle) > 0:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def ammonia_lost(m):
    """Ammonia fed less what leaves with the purge and the acid, mol/s."""
    purge = (1 - m.recycled.value) * m.tank["s3"].total["N"].value
    return m.ammonia.value - purge - m.tank["t2"].total["N"].value
