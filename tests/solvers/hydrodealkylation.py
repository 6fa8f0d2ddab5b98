"""Benzene by hydrodealkylation of toluene: two recycles, a reactor, a flash that may lose a phase.

    toluene + H2 -> benzene + CH4          conversion of toluene per pass given
    2 benzene <-> biphenyl + H2            at equilibrium at the outlet of the reactor

Fresh and recycled toluene and gas are mixed, heated by the effluent, fired to the inlet temperature
of an adiabatic reactor, cooled and flashed; vapour is purged in part and compressed back, liquid goes
through a stabiliser and two columns given by their recoveries; toluene is pumped back.

Plausibility (Douglas, Conceptual Design of Chemical Processes, 1988, chapters 4 to 9): production
265 kmol/h = 73.6 mol/s of benzene, conversion 0.75, reactor 1150 to 1300 F (894 to 978 K) and
500 psia (34.5 bar), flash at 100 F (311 K) and 465 psia (32 bar), five moles of H2 per mole of
aromatics at the inlet, some 0.4 mol/mol H2 in the purge gas, selectivity 0.97 at that conversion
(three percent of the toluene ends as biphenyl), make-up gas of 95 % H2 and 5 % CH4.

Data: heat capacities and heats of formation of the ideal gases: Reid, Prausnitz, Poling, The
Properties of Gases and Liquids, 4th edition 1987, appendix A. Vapour pressures: NIST Chemistry
WebBook (Antoine, bar and K; benzene: Eon, Pommier, Guiochon 1971; toluene: Willingham 1945), beyond
their range extrapolated; biphenyl by Clausius-Clapeyron from its normal boiling point and heat of
vaporisation (the same WebBook). Henry constants: mole fraction solubilities in toluene at 298 K and
1 atm (IUPAC Solubility Data Series 5/6, hydrogen, and 27/28, methane), taken as constant. Equilibrium
constant of biphenyl, the ratio of the rate constants of Luyben, Tyreus, Luyben, Plantwide Process
Control, 1998, chapter 10. Gases are ideal, liquid enthalpy is that of the gas less a constant heat of
vaporisation at the normal boiling point. A test of the solver, no design.
"""

import math
from dataclasses import dataclass

import pyomo.environ as pyo

SPECIES = ("H2", "CH4", "benzene", "toluene", "biphenyl")
R = 8.314462618
"""Gas constant, J/(mol K)."""
T0 = 298.15
CP = {
    "H2": (27.14, 9.274e-3, -1.381e-5, 7.645e-9),
    "CH4": (19.25, 5.213e-2, 1.197e-5, -1.132e-8),
    "benzene": (-33.92, 0.4739, -3.017e-4, 7.130e-8),
    "toluene": (-24.35, 0.5125, -2.765e-4, 4.911e-8),
    "biphenyl": (-97.07, 1.106, -8.855e-4, 2.790e-7),
}
"""J/(mol K): a + b T + c T^2 + d T^3."""
FORMATION = {"H2": 0.0, "CH4": -74.86, "benzene": 82.93, "toluene": 50.00, "biphenyl": 182.1}
"""kJ/mol at 298.15 K, ideal gas."""
VAPORISATION = {"H2": 0.0, "CH4": 0.0, "benzene": 30.72, "toluene": 33.18, "biphenyl": 45.6}
"""kJ/mol at the normal boiling point; gases dissolve without heat."""
ANTOINE = {"benzene": (4.01814, 1203.835, -53.226), "toluene": (4.07827, 1343.943, -53.773)}
BOILING_BIPHENYL = 528.4
HENRY = {"H2": 1.01325 / 3.17e-4, "CH4": 1.01325 / 2.42e-3}
"""bar per mole fraction."""
BIPHENYL = 5.987e4 / 2.553e5
"""p(biphenyl) p(H2) / p(benzene)^2."""
SMOOTH = 1e-7
"""Smoothing of the complementarity of a phase and its condition, as a fraction of the feed."""

INPUTS = {
    "toluene": (76.0, 1.0, 500.0),
    "gas": (135.0, 1.0, 1000.0),
    "methane": (0.05, 0.0, 0.5),
    "feed_temperature": (300.0, 280.0, 400.0),
    "furnace_temperature": (894.0, 800.0, 1000.0),
    "pressure": (34.5, 10.0, 80.0),
    "conversion": (0.75, 0.2, 0.97),
    "conductance": (60.0, 1.0, 500.0),
    "flash_temperature": (311.0, 280.0, 450.0),
    "flash_drop": (2.5, 0.1, 5.0),
    "purge": (0.10, 0.01, 0.9),
    "gas_recovery": (0.98, 0.5, 0.999),
    "benzene_recovery": (0.99, 0.5, 0.999),
    "toluene_recovery": (0.99, 0.5, 0.999),
}
"""Value, least and largest: mol/s, -, K, bar, kW/K."""


@dataclass
class Stream:
    """Flow, mol/s, and temperature, K, of a stream; a liquid has the heat of vaporisation less."""

    flow: pyo.Var
    temperature: pyo.Var
    liquid: bool = False

    def enthalpy(self):
        """Enthalpy flow from the elements, kW."""
        return sum(self.flow[i] * enthalpy(i, self.temperature, self.liquid) for i in SPECIES)

    def total(self):
        """Sum of the flows, mol/s."""
        return sum(self.flow[i] for i in SPECIES)


def enthalpy(i, T, liquid=False):
    """Molar enthalpy from the elements at 298.15 K, kJ/mol."""
    a, b, c, d = CP[i]
    heat = a * (T - T0) + b / 2 * (T**2 - T0**2) + c / 3 * (T**3 - T0**3) + d / 4 * (T**4 - T0**4)
    return FORMATION[i] + heat / 1000 - (VAPORISATION[i] if liquid else 0.0)


def constant(i, T):
    """Vapour pressure or Henry constant, bar."""
    if i in HENRY:
        return HENRY[i]
    if i in ANTOINE:
        a, b, c = ANTOINE[i]
        return pyo.exp(math.log(10.0) * (a - b / (T + c)))
    slope = 1000 * VAPORISATION[i] / R
    return 1.01325 * pyo.exp(slope * (1 / BOILING_BIPHENYL - 1 / T))


def build(**changes):
    """The loop as a square Pyomo model; `changes` are other values of its `INPUTS`.

    Start values know only the feeds: every stream carries what is fed and a trace of the rest.
    """
    m = pyo.ConcreteModel("hydrodealkylation")
    for name, (value, _, _) in INPUTS.items():
        m.add_component(name, pyo.Var(initialize=changes.get(name, value)))
        m.component(name).fix()
    m.constraint = pyo.ConstraintList()
    add = m.constraint.add
    s = {name: stream(m, name, liquid=name in LIQUIDS) for name in STREAMS}
    feeds(m, s, add)
    heating(m, s, add)
    reactor(m, s, add)
    cooled, vapour, liquid = s["cooled"], s["vapour"], s["liquid"]
    flash(m, cooled, vapour, liquid, m.pressure - m.flash_drop, "separator")
    m.cooling = pyo.Var(initialize=0.0)
    add(cooled.temperature == m.flash_temperature)
    add(m.cooling == vapour.enthalpy() + liquid.enthalpy() - s["effluent"].enthalpy())
    for i in SPECIES:
        add(cooled.flow[i] == s["effluent"].flow[i])
    recycle_gas(m, s, add)
    columns(m, s, add)
    return m


STREAMS = (
    "mixed", "heated", "inlet", "outlet", "effluent", "cooled", "vapour", "liquid", "purged",
    "returned", "compressed", "light", "product", "heavy", "recycled",
)  # fmt: skip
LIQUIDS = ("liquid", "light", "product", "heavy", "recycled")
WARM = {"heated": 600.0, "inlet": 900.0, "outlet": 900.0, "effluent": 500.0}


def stream(m, name, liquid=False):
    fed = {
        "H2": m.gas.value * (1 - m.methane.value),
        "CH4": m.gas.value * m.methane.value,
        "toluene": m.toluene.value,
    }
    trace = 1e-4 * (m.gas.value + m.toluene.value)
    start = {i: max(fed.get(i, 0.0), trace) for i in SPECIES}
    flow = pyo.Var(SPECIES, bounds=(0, None), initialize=start)
    temperature = pyo.Var(bounds=(200, 1500), initialize=WARM.get(name, 320.0))
    m.add_component(f"{name}_flow", flow)
    m.add_component(f"{name}_temperature", temperature)
    return Stream(flow, temperature, liquid)


def feeds(m, s, add):
    """Fresh toluene is liquid, fresh gas is gas; both at one temperature; all is mixed as gas."""
    fresh = {"H2": m.gas * (1 - m.methane), "CH4": m.gas * m.methane}
    mixed, back, toluene = s["mixed"], s["compressed"], s["recycled"]
    for i in SPECIES:
        new = m.toluene if i == "toluene" else fresh.get(i, 0.0)
        add(mixed.flow[i] == new + back.flow[i] + toluene.flow[i])
    T = m.feed_temperature
    heat = sum(f * enthalpy(i, T) for i, f in fresh.items())
    heat += m.toluene * enthalpy("toluene", T, liquid=True)
    # The toluene is vaporised and all is brought to 450 K before the heat exchanger.
    m.vaporiser = pyo.Var(initialize=0.0)
    add(mixed.temperature == 450.0)
    add(m.vaporiser == mixed.enthalpy() - heat - back.enthalpy() - toluene.enthalpy())


def heating(m, s, add):
    """Feed against effluent with a conductance (Chen's mean difference), then the furnace."""
    m.exchanged = pyo.Var(initialize=1000.0, bounds=(0, None))
    m.ends = pyo.Var(["hot", "cold"], initialize=100.0, bounds=(0.01, None))
    mixed, heated, inlet = s["mixed"], s["heated"], s["inlet"]
    outlet, effluent = s["outlet"], s["effluent"]
    for i in SPECIES:
        add(heated.flow[i] == mixed.flow[i])
        add(inlet.flow[i] == heated.flow[i])
        add(effluent.flow[i] == outlet.flow[i])
    add(heated.enthalpy() == mixed.enthalpy() + m.exchanged)
    add(effluent.enthalpy() == outlet.enthalpy() - m.exchanged)
    a, b = m.ends["hot"], m.ends["cold"]
    add(a == outlet.temperature - heated.temperature)
    add(b == effluent.temperature - mixed.temperature)
    add(m.exchanged == m.conductance * (a * b * (a + b) / 2) ** (1 / 3))
    m.furnace = pyo.Var(initialize=1000.0)
    add(inlet.temperature == m.furnace_temperature)
    add(m.furnace == inlet.enthalpy() - heated.enthalpy())


def reactor(m, s, add):
    """Adiabatic; extents in mol/s."""
    inlet, outlet = s["inlet"], s["outlet"]
    m.extent = pyo.Var(["benzene", "biphenyl"], initialize=1.0)
    x, y = m.extent["benzene"], m.extent["biphenyl"]
    made = {"H2": y - x, "CH4": x, "benzene": x - 2 * y, "toluene": -x, "biphenyl": y}
    for i in SPECIES:
        add(outlet.flow[i] == inlet.flow[i] + made[i])
    add(x == m.conversion * inlet.flow["toluene"])
    n = outlet.flow
    add(n["biphenyl"] * n["H2"] == BIPHENYL * n["benzene"] ** 2)
    add(outlet.enthalpy() == inlet.enthalpy())


def flash(m, feed, vapour, liquid, pressure, name):
    """Phase equilibrium of `feed` at its temperature; a phase may vanish.

    y = b K x with b = 1 where both phases are; b < 1 without liquid, b > 1 without vapour. Each of
    the two deviations is complementary to the phase that is there, in Fischer and Burmeister's form.
    The compositions stay defined (dew or bubble point of the other phase), so that nothing is lost.
    """
    b = pyo.Block()
    m.add_component(name, b)
    b.x = pyo.Var(SPECIES, initialize=0.2, bounds=(0, 1))
    b.y = pyo.Var(SPECIES, initialize=0.2, bounds=(0, 1))
    b.total = pyo.Var(["feed", "liquid", "vapour"], initialize=100.0, bounds=(0, None))
    b.factor = pyo.Var(initialize=1.0, bounds=(1e-8, None))
    b.away = pyo.Var(["liquid", "vapour"], initialize=0.01, bounds=(0, None))
    b.k = pyo.Var(SPECIES, initialize=1.0, bounds=(0, None))
    T, n = feed.temperature, b.total
    b.value = pyo.Constraint(SPECIES, rule=lambda b, i: b.k[i] * pressure == constant(i, T))
    b.mass = pyo.Constraint(
        SPECIES, rule=lambda b, i: feed.flow[i] == vapour.flow[i] + liquid.flow[i]
    )
    b.liquid = pyo.Constraint(SPECIES, rule=lambda b, i: b.x[i] * n["liquid"] == liquid.flow[i])
    b.vapour = pyo.Constraint(SPECIES, rule=lambda b, i: b.y[i] * n["vapour"] == vapour.flow[i])
    b.equal = pyo.Constraint(SPECIES, rule=lambda b, i: b.y[i] == b.factor * b.k[i] * b.x[i])
    b.sums = pyo.Constraint(expr=sum(b.x.values()) == sum(b.y.values()))
    b.feed = pyo.Constraint(expr=n["feed"] == feed.total())
    b.both = pyo.Constraint(expr=n["feed"] == n["liquid"] + n["vapour"])
    b.deviation = pyo.Constraint(expr=b.factor == 1 - b.away["liquid"] + b.away["vapour"])

    def either(b, phase):
        share, away = n[phase] / n["feed"], b.away[phase]
        return share + away == pyo.sqrt(share**2 + away**2 + SMOOTH**2)

    b.either = pyo.Constraint(["liquid", "vapour"], rule=either)
    b.temperatures = pyo.ConstraintList()
    b.temperatures.add(vapour.temperature == T)
    b.temperatures.add(liquid.temperature == T)


def recycle_gas(m, s, add):
    """Purge and compressor (efficiency 0.75, back to the pressure of the reactor)."""
    vapour, purged, back, out = (s[k] for k in ("vapour", "purged", "returned", "compressed"))
    for i in SPECIES:
        add(purged.flow[i] == m.purge * vapour.flow[i])
        add(back.flow[i] == (1 - m.purge) * vapour.flow[i])
        add(out.flow[i] == back.flow[i])
    add(purged.temperature == vapour.temperature)
    add(back.temperature == vapour.temperature)
    ratio = m.pressure / (m.pressure - m.flash_drop)
    add(out.temperature == back.temperature * (1 + (ratio**0.28 - 1) / 0.75))
    m.compression = pyo.Var(initialize=10.0)
    add(m.compression == out.enthalpy() - back.enthalpy())


def columns(m, s, add):
    """Stabiliser, benzene column, toluene column: a part of the key overhead, of the next none."""
    liquid, light, product = s["liquid"], s["light"], s["product"]
    heavy, recycled = s["heavy"], s["recycled"]
    for i in SPECIES:
        gone = m.gas_recovery if i in ("H2", "CH4") else 0.0
        top = {"H2": 1.0, "CH4": 1.0, "benzene": m.benzene_recovery}.get(i, 0.0)
        back = {"benzene": 1.0, "toluene": m.toluene_recovery}.get(i, 0.0)
        add(light.flow[i] == gone * liquid.flow[i])
        add(product.flow[i] == top * (liquid.flow[i] - light.flow[i]))
        rest = liquid.flow[i] - light.flow[i] - product.flow[i]
        add(recycled.flow[i] == back * rest)
        add(heavy.flow[i] == (1 - back) * rest)
    for one, T in ((light, 320.0), (product, 353.2), (recycled, 383.8), (heavy, 528.4)):
        add(one.temperature == T)
