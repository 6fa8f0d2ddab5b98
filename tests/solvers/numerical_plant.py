"""The numerical plant: some 1,800 equations of the kinds that flowsheets have, with 20 named inputs.

15 species in 45 streams with NASA-7 enthalpies; a water electrolyser (Butler-Volmer, 12 cells), an
ammonia loop, an ammonia oxidation train with a recycle, four flashes, two heat exchangers and
four reactors. It is a stand-in for the size and the nonlinearity of a plant, not a validated process:
vapour pressures of light gases and heats of vaporisation are round numbers. Units: mol/s, kJ/mol,
kW, K, bar, A/cm2, V.

The rough start of `build` is what a cold start begins from; `solved` gives the base case.
"""

import functools
import json
import math
from dataclasses import dataclass
from pathlib import Path

import casadi as ca
import numpy as np
import pyomo.environ as pyo
from pyomo.common.collections import ComponentMap

DATA = Path(__file__).resolve().parents[1] / "data" / "nasa7_gri30.json"
NASA = json.loads(DATA.read_text())["species"]
SPECIES = tuple(NASA)
R = 8.314462618e-3  # kJ/mol/K
FARADAY = 96485.0  # C/mol
GAS = 8.314462618  # J/mol/K

# Antoine coefficients a, b, c for the pressure in bar: log10 p is a less b over T plus c.
ANTOINE = {s: (3.2, 150.0 + 10 * k, -10.0) for k, s in enumerate(SPECIES)} | {
    "H2O": (5.11564, 1687.537, -42.98),
    "NH3": (4.86886, 1113.928, -10.409),
    "H2O2": (5.2, 2100.0, -40.0),
    "HCN": (4.67, 1340.8, -11.6),
    "C2H6": (3.95, 663.7, -16.7),
    "CO2": (4.9, 900.0, -1.0),
    "N2O": (4.0, 700.0, -15.0),
    "NO2": (5.6, 1600.0, -10.0),
}
HEAT_OF_VAPORISATION = dict.fromkeys(SPECIES, 5.0) | {
    "H2O": 44.0,
    "NH3": 23.3,
    "H2O2": 51.0,
    "HCN": 26.0,
    "NO2": 25.0,
}


def enthalpy(a, T):
    """kJ/mol from seven coefficients."""
    return R * (a[5] + T * (a[0] + T * (a[1] / 2 + T * (a[2] / 3 + T * (a[3] / 4 + T * a[4] / 5)))))


def gibbs(a, T):
    """g/RT from seven coefficients."""
    series = a[1] / 2 + T * (a[2] / 6 + T * (a[3] / 12 + T * a[4] / 20))
    return a[0] * (1 - pyo.log(T)) - T * series + a[5] / T - a[6]


@dataclass(eq=False)
class Stream:
    """mol/s by species F, total N, K, bar, kJ/mol by species h, kW H."""

    name: str
    liquid: bool
    band: str
    F: pyo.Var
    T: pyo.Var
    P: pyo.Var
    h: pyo.Var
    N: pyo.Var
    H: pyo.Var

    def h_at(self, s, T):
        return enthalpy(NASA[s][self.band], T) - (HEAT_OF_VAPORISATION[s] if self.liquid else 0.0)


class NumericalPlant:
    """The model under construction; `model` is the Pyomo model, `inputs` its 20 inputs by name."""

    def __init__(self):
        self.model, self.equations, self.inputs = pyo.ConcreteModel(), [], {}

    def var(self, name, index=None, init=1.0, lb=None, ub=None):
        sets = [] if index is None else [list(index)]
        v = pyo.Var(*sets, initialize=init, bounds=(lb, ub))
        self.model.add_component(name, v)
        return v

    def equal(self, *pairs):
        self.equations += [a == b for a, b in pairs]

    def each(self, left, right):
        self.equations += [left(s) == right(s) for s in SPECIES]

    def input(self, name, value):
        v = self.var(f"in_{name}", init=value)
        v.fix(value)
        self.inputs[name] = v
        return v

    # streams ------------------------------------------------------------------------------
    def stream(self, name, flows, T, P, *, liquid=False, hot=False, fed=False):
        init = dict.fromkeys(SPECIES, 1e-4) | flows
        s = Stream(
            name,
            liquid,
            "high" if hot else "low",
            self.var(f"F_{name}", SPECIES, init, lb=None if fed else 0),
            self.var(f"T_{name}", init=T, lb=150, ub=2500),
            self.var(f"P_{name}", init=P, lb=1e-3),
            self.var(f"h_{name}", SPECIES),
            self.var(f"N_{name}", init=sum(init.values()), lb=0),
            self.var(f"H_{name}"),
        )
        for i in SPECIES:
            s.h[i] = s.h_at(i, T)
        s.H.set_value(sum(init[i] * s.h[i].value for i in SPECIES))
        self.each(lambda i: s.h[i], lambda i: s.h_at(i, s.T))
        self.equal((s.N, sum(s.F[i] for i in SPECIES)))
        self.equal((s.H, sum(s.F[i] * s.h[i] for i in SPECIES)))
        return s

    def feed(self, name, flows, T, P, **kind):
        s = self.stream(name, flows, T, P, fed=True, **kind)
        given = {i: self.input(f"{name}.{i}", n) for i, n in flows.items()}
        self.each(lambda i: s.F[i], lambda i: given.get(i, 1e-6))
        self.equal((s.T, self.input(f"{name}.temperature", T)), (s.P, P))
        return s

    # units --------------------------------------------------------------------------------
    def mixer(self, inlets, out):
        self.each(lambda i: out.F[i], lambda i: sum(s.F[i] for s in inlets))
        self.equal((out.H, sum(s.H for s in inlets)), (out.P, inlets[0].P))

    def _same(self, a, b):
        self.each(lambda i: b.F[i], lambda i: a.F[i])

    def compressor(self, name, a, b, ratio, efficiency=0.75, kappa=0.2857):
        work = self.var(f"W_{name}", init=10.0)
        self._same(a, b)
        rise = ((b.P / a.P) ** kappa - 1) / efficiency
        self.equal((b.P, ratio * a.P), (b.T, a.T * (1 + rise)), (work, b.H - a.H))

    def heater(self, name, a, b, T, drop=0.1):
        duty = self.var(f"Q_{name}", init=0.0)
        self._same(a, b)
        self.equal((b.P, a.P - drop), (b.T, T), (duty, b.H - a.H))

    def valve(self, a, b, P):
        self._same(a, b)
        self.equal((b.P, P), (b.H, a.H))

    def exchanger(self, name, cold, hot, ua):
        """Counter-current, mean temperature difference by Chen's formula."""
        (a, b), (c, d) = cold, hot
        duty = self.var(f"Q_{name}", init=100.0, lb=0)
        d1, d2 = (self.var(f"d{k}_{name}", init=60.0, lb=0.1) for k in (1, 2))
        self._same(a, b)
        self._same(c, d)
        self.equal((b.P, a.P - 0.1), (d.P, c.P - 0.1), (d1, c.T - b.T), (d2, d.T - a.T))
        mean = (d1 * d2 * (d1 + d2) / 2) ** (1 / 3)
        self.equal((duty, ua * mean), (b.H, a.H + duty), (d.H, c.H - duty))

    def reactor(self, name, a, b, reactions, drop=0.2):
        """Adiabatic; reactions as (stoichiometry, conversion | equilibrium | rate)."""
        number = range(len(reactions))
        extent = self.var(f"xi_{name}", number, init=0.5)

        def made(i):
            return sum(nu.get(i, 0.0) * extent[j] for j, (nu, _) in enumerate(reactions))

        self.each(lambda i: b.F[i], lambda i: a.F[i] + made(i))
        self.equal((b.P, a.P - drop), (b.H, a.H))
        for j, (nu, kind) in enumerate(reactions):
            if kind[0] == "conversion":
                self.equal((-nu[kind[1]] * extent[j], kind[2] * a.F[kind[1]]))
            elif kind[0] == "equilibrium":
                self._equilibrium(f"{name}_{j}", b, nu)
            else:
                self._rate(f"{name}_{j}", b, nu, kind, extent[j])

    def _equilibrium(self, name, b, nu):
        constant = self.var(f"lnK_{name}", init=0.0)
        self.equal((constant, -sum(v * gibbs(NASA[k][b.band], b.T) for k, v in nu.items())))
        ratio = sum(v * pyo.log(b.F[k] + 1e-9) for k, v in nu.items())
        self.equal((ratio + sum(nu.values()) * pyo.log(b.P / b.N), constant))

    def _rate(self, name, b, nu, kind, extent):
        _, factor, energy, volume = kind
        k = self.var(f"k_{name}", init=1.0)
        self.equal((k, factor * pyo.exp(-energy / (R * b.T))))
        rate = k * volume
        for i, v in nu.items():
            if v < 0:
                rate = rate * (b.F[i] * b.P / b.N)
        self.equal((extent, rate))

    def flash(self, name, a, v, l):
        """At the temperature and pressure of its feed."""
        duty = self.var(f"Q_{name}", init=0.0)
        saturation, K = (self.var(f"{k}_{name}", SPECIES, 1.0, lb=0) for k in ("ps", "K"))
        x, y = (self.var(f"{k}_{name}", SPECIES, 1 / 15, lb=0) for k in ("x", "y"))

        def vapour_pressure(i):
            p, q, r = ANTOINE[i]
            return 10**p * pyo.exp(-math.log(10) * q / (v.T + r))

        self.each(lambda i: saturation[i], vapour_pressure)
        self.each(lambda i: K[i] * v.P, lambda i: saturation[i])
        self.each(lambda i: a.F[i], lambda i: v.F[i] + l.F[i])
        self.each(lambda i: x[i] * l.N, lambda i: l.F[i])
        self.each(lambda i: y[i] * v.N, lambda i: v.F[i])
        self.each(lambda i: y[i], lambda i: K[i] * x[i])
        self.equal((v.T, a.T), (l.T, a.T), (v.P, a.P), (l.P, a.P), (duty, v.H + l.H - a.H))

    def split(self, a, b, c, fraction):
        self.each(lambda i: b.F[i], lambda i: fraction * a.F[i])
        self.each(lambda i: c.F[i], lambda i: (1 - fraction) * a.F[i])
        self.equal((b.T, a.T), (b.P, a.P), (c.T, a.T), (c.P, a.P))

    def electrolyser(self, water, h2, o2, out, current, cells=12, area=200.0):
        """Cells in a row with the coolant's temperature; `current` in A/cm2, `area` in m2."""
        J = range(cells)
        i = self.var("i_EL", J, 0.5, lb=1e-6)
        anode, cathode = self.var("anode_EL", J, 0.25), self.var("cathode_EL", J, 0.1)
        E, V = self.var("E_EL", J, 1.2), self.var("V_EL", J, 1.9)
        T = self.var("T_EL", J, 340.0, lb=280, ub=420)
        stack, power = self.var("V_stack_EL", init=1.9), self.var("W_EL", init=1000.0)

        def tafel(k, eta, exchange, activation):
            u = 0.5 * FARADAY / GAS / T[k] * eta[k]
            arrhenius = pyo.exp(-activation * (1 / T[k] - 1 / 333.0))
            return exchange * arrhenius * (pyo.exp(u) - pyo.exp(-u))

        for k in J:
            nernst = GAS * T[k] / (2 * FARADAY) * pyo.log(h2.P * o2.P**0.5)
            self.equal((E[k], 1.229 - 0.000846 * (T[k] - 298.15) + nernst))
            self.equal((i[k], tafel(k, anode, 1e-4, 5000.0)))
            self.equal((i[k], tafel(k, cathode, 1e-2, 3000.0)))
            self.equal((V[k], E[k] + anode[k] + cathode[k] + 0.18 * i[k]), (V[k], stack))
            self.equal((T[k], water.T + 8.0 * (k + 1) / cells + 3.0 * i[k] * (V[k] - 1.48)))
        mean = sum(i[k] for k in J) / cells
        made = self.var("made_EL", init=5.0)
        self.equal((mean, current), (made, mean * 1e4 * area / (2 * FARADAY)))
        self.equal((power, stack * mean * 1e4 * area / 1e3))
        gases = {"H2": made, "H2O": 0.03 * made}, {"O2": made / 2, "H2O": 0.02 * made}
        for s, gas in zip((h2, o2), gases, strict=True):
            self.each(lambda j, s=s: s.F[j], lambda j, gas=gas: gas.get(j, 1e-6))
        used = {"H2O": 1.05 * made}
        self.each(lambda j: out.F[j], lambda j: water.F[j] - used.get(j, 0.0))
        for s in (h2, o2, out):
            self.equal((s.T, water.T + 10.0), (s.P, water.P))


def build():
    """The plant, from a rough start; a `NumericalPlant`."""
    plant = NumericalPlant()
    liquor, purge, tail_oxygen = _ammonia_loop(plant)
    _oxidation(plant, liquor, purge, *tail_oxygen)
    rows = plant.equations
    plant.model.rows = pyo.Constraint(range(len(rows)), rule=lambda _, k: rows[k])
    return plant


def _ammonia_loop(p):
    water = p.feed("water", {"H2O": 30.0}, 330.0, 20.0, liquid=True)
    current = p.input("electrolyser.current_density", 0.6)
    h2 = p.stream("h2", {"H2": 6.2, "H2O": 0.2}, 340, 20)
    o2 = p.stream("o2", {"O2": 3.1, "H2O": 0.1}, 340, 20)
    rest = p.stream("rest", {"H2O": 23.5}, 340, 20, liquid=True)
    p.electrolyser(water, h2, o2, rest, current)
    n2 = p.feed("nitrogen", {"N2": 2.2, "AR": 0.02}, 300.0, 20.0)
    make_up, lean = {"H2": 6.2, "N2": 2.2}, {"H2": 11.5, "N2": 4.3, "NH3": 0.8, "AR": 0.4}
    mixed = {"H2": 18.0, "N2": 6.5, "NH3": 0.8, "AR": 0.4, "H2O": 0.05}
    reacted = {"H2": 12.0, "N2": 4.5, "NH3": 4.5, "AR": 0.4, "H2O": 0.05}
    wet, cold, dry = (
        p.stream(n, make_up, T, P)
        for n, T, P in (("wet", 320, 20), ("cold", 290, 19.9), ("dry", 290, 19.9))
    )
    drops = p.stream("drops", {"H2O": 0.15}, 290, 19.9, liquid=True)
    p.mixer([h2, n2], wet)
    p.heater("DRY", wet, cold, 290.0)
    p.flash("V0", cold, dry, drops)
    pressed, pressed_cold = (
        p.stream("pressed", make_up, 520, 100),
        p.stream("pressed_cold", make_up, 320, 99),
    )
    p.compressor("K1", dry, pressed, p.input("compressor.ratio", 5.0))
    p.heater("C0", pressed, pressed_cold, 320.0)
    recycle, joined = p.stream("recycle", lean, 275, 99), p.stream("joined", mixed, 300, 99)
    p.mixer([pressed_cold, recycle], joined)
    warm, made = p.stream("warm", mixed, 560, 99), p.stream("made", reacted, 700, 98)
    cooled, hot = p.stream("cooled", reacted, 430, 98), p.stream("hot", mixed, 600, 98)
    p.exchanger("HX1", (joined, warm), (made, cooled), p.input("exchanger_1.ua", 4.0))
    p.heater("H1", warm, hot, p.input("reactor.inlet_temperature", 600.0))
    synthesis = ({"N2": -0.5, "H2": -1.5, "NH3": 1.0}, ("equilibrium",))
    shift = ({"CO": -1.0, "H2": -3.0, "CH4": 1.0, "H2O": 1.0}, ("conversion", "CO", 0.9))
    p.reactor("R1", hot, made, [synthesis, shift])
    chilled = p.stream("chilled", reacted, 260, 97)
    p.heater("C1", cooled, chilled, p.input("flash.temperature", 260.0))
    vapour = p.stream("vapour", lean, 260, 97)
    liquor = p.stream("liquor", {"NH3": 3.8, "H2": 0.05}, 260, 97, liquid=True)
    p.flash("V1", chilled, vapour, liquor)
    purge = p.stream("purge", {"H2": 0.6, "N2": 0.2, "NH3": 0.05}, 260, 97)
    back = p.stream("back", lean, 260, 97)
    p.split(vapour, purge, back, p.input("purge.fraction", 0.05))
    p.compressor("K2", back, recycle, 1.05)
    return liquor, purge, (o2, rest)


def _oxidation(p, liquor, purge, o2, rest):
    let_down = p.stream("let_down", {"NH3": 3.8}, 240, 3, liquid=True)
    p.valve(liquor, let_down, 3.0)
    ammonia = p.stream("ammonia", {"NH3": 3.8}, 400, 2.9)
    p.heater("EV", let_down, ammonia, 400.0)
    air = p.feed("air", {"N2": 28.0, "O2": 7.5, "AR": 0.35, "CO2": 0.015}, 300.0, 3.0)
    oxygen = p.stream("oxygen", {"O2": 3.1}, 330, 3.0)
    p.valve(o2, oxygen, 3.0)
    burnt_from = {"N2": 40.0, "O2": 12.0, "NH3": 3.8, "AR": 0.5, "H2O": 0.3, "NO": 0.1, "NO2": 0.1}
    burnt = {"N2": 40.0, "O2": 7.0, "NO": 3.6, "H2O": 6.0, "AR": 0.5}
    oxidised = {"N2": 40.0, "O2": 6.0, "NO": 1.6, "NO2": 2.0, "H2O": 6.0, "AR": 0.5}
    returned = p.stream("returned", {"N2": 12.0, "O2": 1.5, "NO2": 0.1}, 310, 3.0)
    mixture = p.stream("mixture", burnt_from, 330, 2.9)
    p.mixer([ammonia, air, oxygen, returned], mixture)
    heated, flame = (
        p.stream("heated", burnt_from, 480, 2.8),
        p.stream("flame", burnt, 1150, 2.7, hot=True),
    )
    gas = p.stream("gas", burnt, 900, 2.6)
    p.exchanger("HX2", (mixture, heated), (flame, gas), p.input("exchanger_2.ua", 0.6))
    to_no = {"NH3": -1.0, "O2": -1.25, "NO": 1.0, "H2O": 1.5}
    to_n2 = {"NH3": -1.0, "O2": -0.75, "N2": 0.5, "H2O": 1.5}
    conversion = ("conversion", "NH3", p.input("burner.conversion", 0.97))
    p.reactor("R2", heated, flame, [(to_no, conversion), (to_n2, ("rate", 2e2, 40.0, 1e-1))])
    cool, nitrous = p.stream("cool", burnt, 450, 2.5), p.stream("nitrous", oxidised, 470, 2.4)
    p.heater("C2", gas, cool, 450.0)
    p.reactor("R3", cool, nitrous, [({"NO": -1.0, "O2": -0.5, "NO2": 1.0}, ("equilibrium",))])
    absorbed = p.stream("absorbed", oxidised, 305, 2.3)
    p.heater("C3", nitrous, absorbed, p.input("absorber.temperature", 305.0))
    off = p.stream("off", oxidised | {"NO2": 1.8, "H2O": 0.8}, 305, 2.3)
    acid = p.stream("acid", {"H2O": 5.0, "NO2": 0.2}, 305, 2.3, liquid=True)
    p.flash("V2", absorbed, off, acid)
    part = p.stream("part", {"N2": 10.0, "O2": 1.5}, 305, 2.3)
    tail = p.stream("tail", {"N2": 30.0, "O2": 4.5}, 305, 2.3)
    p.split(off, part, tail, p.input("tail.recycled", 0.25))
    p.compressor("K3", part, returned, 1.3)
    waste = p.stream("waste", {"H2O": 29.0}, 330, 2.0, liquid=True)
    p.mixer([rest, acid], waste)
    _stack(p, tail, purge)


def _stack(p, tail, purge):
    gas = {"N2": 30.0, "O2": 4.5}
    warm, low = p.stream("tail_warm", gas, 420, 2.2), p.stream("tail_low", gas, 360, 1.0)
    p.heater("H4", tail, warm, 420.0)
    p.valve(warm, low, 1.0)
    fuel = p.stream("fuel", {"H2": 0.6, "N2": 0.2}, 255, 1.0)
    p.valve(purge, fuel, 1.0)
    fired, flue = (
        p.stream("fired", gas | {"H2": 0.6}, 360, 1.0),
        p.stream("flue", gas | {"O2": 4.2, "H2O": 0.6}, 450, 1.0),
    )
    p.mixer([low, fuel], fired)
    burn_h2 = ({"H2": -1.0, "O2": -0.5, "H2O": 1.0}, ("conversion", "H2", 0.995))
    burn_ch4 = (
        {"CH4": -1.0, "O2": -2.0, "CO2": 1.0, "H2O": 2.0},
        ("conversion", "CH4", 0.99),
    )
    p.reactor("CB", fired, flue, [burn_h2, burn_ch4], drop=0.01)
    chimney = p.stream("chimney", gas | {"O2": 4.2, "H2O": 0.6}, 400, 1.0)
    p.heater("C5", flue, chimney, 380.0, drop=0.0)


def ipopt(compiled):
    """CasADi's IPOPT with default options on the square model; what all is compared against."""
    quiet = {"ipopt.print_level": 0, "print_time": 0, "ipopt.sb": "yes"}
    problem = {"x": compiled.sx_x, "f": ca.SX(0), "g": compiled.sx_equations, "p": compiled.sx_p}
    return ca.nlpsol("monolithic", "ipopt", problem, quiet)


def nominal(compiled, x):
    """Size of each unknown at a solved point."""
    return ComponentMap(zip(compiled.unknowns, np.abs(x) + 1e-3, strict=True))


@functools.cache
def solved():
    """(plant, solver at the base case); the base case is IPOPT's, taken to the last digit by Newton."""
    from noxsolve import CompiledModel, SquareSolver

    plant = build()
    c = CompiledModel(plant.model)
    answer = ipopt(c)(x0=c.start, p=c.p, lbx=c.lower, ubx=c.upper, lbg=0, ubg=0)
    x = np.array(answer["x"], dtype=float).ravel()
    solver = SquareSolver(c, nominal=nominal(c, x))
    c.x[:] = x
    solver.warm = True
    outcome = solver.solve()
    assert outcome.solved, outcome.message
    solver.load()
    return plant, solver


def draws(plant, number, width, seed=1):
    """Inputs by name, each uniform within +/- `width` of its base; a conversion stays below 0.998."""
    rng = np.random.default_rng(seed)
    base = {k: v.value for k, v in plant.inputs.items()}
    found = {k: b * (1 + width * rng.uniform(-1, 1, number)) for k, b in base.items()}
    found["burner.conversion"] = np.minimum(found["burner.conversion"], 0.998)
    return found
