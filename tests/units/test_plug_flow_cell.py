import math

import numpy as np
import pytest
from scipy.integrate import solve_ivp
from scipy.optimize import brentq

from noxplant.constants import FARADAY, GAS_CONSTANT
from noxplant.electrolysis import kinetics
from noxplant.errors import ModelError, Refusal
from noxplant.examples.electro import around
from noxplant.examples.stacks import tafel
from noxplant.flowsheet.graph import Flowsheet
from noxplant.species import Reaction, number
from noxplant.streams.speciation import settle
from noxplant.thermo import aqueous
from noxplant.units.feed import Feed
from noxplant.units.kinetic_cell import KineticCell
from noxplant.units.plug_flow_cell import ANODE, CATHODE, PlugFlowCell

NH3, NO2, STEP, H2, O2 = "NO3- -> NH3", "NO3- -> NO2-", "NO2- -> NH3", "H2O -> H2", "H2O -> O2"
ALL = (NH3, NO2, STEP, H2, O2)
SPECS = {
    "area": 120.0, "current_density": 2400.0, "cells": 100.0, "temperature": 313.15,
    "water_drag": 5.0, "mass_transfer": {"cathode": 2e-5}, "membrane_resistance": 1.5e-4,
    "cathode_gap": 2e-3, "anode_gap": 2e-3, "bubble_slip": 10.0, "ammonia_permeance": 2e-8,
    **tafel(*ALL),
}  # fmt: skip


def cell(segments=4, options=None, **changes):
    given = {**SPECS, **changes}
    return PlugFlowCell("U", segments=segments, **(options or {}), **given)


def plant(segments=4, **changes):
    return around(cell(segments, **changes), "p")


def dilute(segments, nitrate, **changes):
    """Little nitrate in much 1 mol/L lye at 298.15 K, so that the volume flow hardly changes."""
    p = Flowsheet("p")
    salts = {"H2O": 5535.0, "KOH": 100.0, "KNO3": nitrate}
    a = p.add(Feed("A", "aqueous", salts))
    b = p.add(Feed("B", "aqueous", {"H2O": 5535.0, "KOH": 100.0}))
    fast = {r: i if r in (H2, O2) else 1e4 * i for r, i in SPECS["reference_current"].items()}
    still = {"water_drag": 0.0, "ammonia_permeance": 0.0, "temperature": 298.15}
    still["reference_current"] = fast
    u = p.add(cell(segments, **{**still, **changes}))
    p.connect(a.out, u.catholyte, "catholyte")
    p.connect(b.out, u.anolyte, "anolyte")
    return p


@pytest.mark.parametrize("segments", [1, 3, 12])
def test_at_the_limiting_current_the_film_alone_counts(segments):
    # Each segment is a stirred tank with a first-order loss: 1 + k A / (N Q) to the power of -N.
    area, k = 3000.0, 2e-5
    s = dilute(segments, 0.1, area=area, current_density=50.0).solve()
    left = s.stream("U.catholyte_out").flows["NO3-"] / 0.1
    c = s["U.local_concentration[1]"] * (1 + k * area / segments / _volume(s))
    assert c * _volume(s) == pytest.approx(0.1, rel=2e-3)
    assert left == pytest.approx((1 + k * area / segments / _volume(s)) ** -segments, rel=5e-3)
    assert s["U.limiting_share[1]"] == pytest.approx(1.0, abs=1e-3)


def _volume(s):
    """Volume flow of the catholyte fed, m3/s."""
    return aqueous.volume_flow(dict(s.stream("catholyte").flows), 298.15)


def test_many_segments_are_plug_flow():
    # exp(-k A / Q) in the limit; the error halves as the number of segments doubles.
    area, k = 3000.0, 2e-5
    exact, error = None, []
    for n in (3, 6, 12):
        s = dilute(n, 0.1, area=area, current_density=50.0).solve()
        exact = math.exp(-k * area / _volume(s))
        error.append(s.stream("U.catholyte_out").flows["NO3-"] / 0.1 - exact)
    assert error[0] > error[1] > error[2] > 0
    assert error[1] / error[2] == pytest.approx(2.0, rel=0.1)
    assert 2 * error[2] - error[1] == pytest.approx(0.0, abs=0.01 * exact)


def test_one_segment_is_the_kinetic_cell():
    # The same efficiencies, and exchange current densities carried from the reference potential to
    # the equilibrium at the outlet: the same streams, and one voltage but for the Donnan potential.
    s = plant(1, ammonia_permeance=0.0, bubble_slip=1e6).solve()
    T = 313.15
    equilibrium = {r: _equilibrium(s, r) for r in (NH3, O2)}
    specs = s.quantities
    given = {}
    for side, r, sign in (("cathode", NH3, 1), ("anode", O2, -1)):
        line = kinetics.Line(
            *(specs[f"U.{k}[{r}]"].value for k in
              ("reference_current", "reference_potential", "tafel_slope", "activation_energy"))
        )  # fmt: skip
        scale = 1.0
        if side == "cathode":
            scale = (1 - s["U.limiting_share[1]"]) * s["U.local_concentration[1]"] / 1000.0
        given[f"{side}_exchange"] = line.at(equilibrium[r], T, sign=sign) * scale
        given[f"{side}_slope"] = line.slope * T / 298.15
    fe = {r: s[f"U.charge_share[{r}]"] for r in (NH3, NO2, STEP)}
    other = around(
        KineticCell(
            "U", area=120.0, current_density=2400.0, cells=100.0, temperature=T, water_drag=5.0,
            mass_transfer=1e-2, faradaic_efficiency=fe, membrane_resistance=1.5e-4,
            cathode_gap=2e-3, anode_gap=2e-3, **given,
        ),
        "k",
    ).solve()  # fmt: skip
    assert s["U.voltage"] - s["U.membrane_potential[1]"] == pytest.approx(
        other["U.voltage"], abs=2e-5
    )
    for path in (
        f"U.extent[{NH3}]",
        "U.conversion[NO3-]",
        "U.anode_hydroxide",
        "U.ions",
        "U.current",
    ):
        assert s[path] == pytest.approx(other[path], rel=1e-9)
    for name in ("U.catholyte_out", "U.anolyte_out", "U.cathode_gas", "U.anode_gas"):
        for j, n in other.stream(name).flows.items():
            assert s.stream(name).flows[j] == pytest.approx(n, rel=1e-8, abs=1e-12)


def _equilibrium(s, r):
    """Nernst potential of a reaction at the outlets against RHE there, V, by hand."""
    T, f = 313.15, GAS_CONSTANT * 313.15 / FARADAY
    cathodic = r == NH3
    liquid = s.stream("U.catholyte_out" if cathodic else "U.anolyte_out").flows
    kg = liquid["H2O"] * 0.01801528
    ln_w = -0.01801528 * sum(n for j, n in liquid.items() if j != "H2O") / kg
    text = CATHODE[0] if cathodic else ANODE[0]
    standard = kinetics.standard_against_rhe(Reaction.parse(text), T)
    ln_oh = math.log(liquid["OH-"] / kg)
    if cathodic:
        ratio = math.log(liquid["NH3"] / liquid["NO3-"])
        return standard - f / 8 * (ratio + 9 * ln_oh - 6 * ln_w) + f * (ln_oh - ln_w)
    return standard - f / 4 * (4 * ln_oh - 2 * ln_w - math.log(1.01325)) + f * (ln_oh - ln_w)


class Channel:
    """The same cell as an ordinary differential equation in area; nothing of the unit's equations."""

    T, k, gap, slip, drag, leak = 313.15, 2e-5, 2e-3, 10.0, 5.0, 2e-8
    names = ("NO3-", "N(3)", "N(-3)", "K+", "H2O")

    def __init__(self, voltage):
        self.voltage = voltage
        get = SPECS
        self.line = {
            r: tuple(
                get[k][r]
                for k in (
                    "reference_current", "reference_potential", "tafel_slope", "activation_energy",
                )
            )
            for r in ALL
        }  # fmt: skip

    def tafel(self, r, drive):
        i, _, b, e = self.line[r]
        hot = math.exp(-e / GAS_CONSTANT * (1 / self.T - 1 / 298.15))
        return i * hot * 10 ** (drive / (b * self.T / 298.15))

    def cathode(self, E, c3, c2):
        drive = {r: self.line[r][1] - E for r in ALL}
        i = {r: self.tafel(r, drive[r]) for r in (NH3, NO2, STEP, H2)}
        a = {r: i[r] / (n * FARADAY * 1000.0) for r, n in ((NH3, 8), (NO2, 2), (STEP, 6))}
        s3 = self.k * c3 / (self.k + a[NH3] + a[NO2])
        s2 = (self.k * c2 + a[NO2] * s3) / (self.k + a[STEP])
        return a[NH3] * s3, a[NO2] * s3, a[STEP] * s2, i[H2] / (2 * FARADAY)

    def liquid(self, totals):
        truth, _ = settle(totals, self.T)
        volume = aqueous.volume_flow(truth.flow, self.T)
        kg = truth.flow["H2O"] * 0.01801528
        ln_w = -0.01801528 * sum(n for j, n in truth.flow.items() if j != "H2O") / kg
        zero = kinetics.electro.standard_potential(kinetics.HYDROGEN, self.T)
        zero -= GAS_CONSTANT * self.T / FARADAY * (math.log(truth.flow["OH-"] / kg) - ln_w)
        return truth.flow, volume, kg, zero

    def loss(self, flow, volume, gas, j):
        m = flow["OH-"] / volume / 1000.0
        a, b, c, d, e, f = number("electro.conductivity.KOH.gilliam")
        kappa = 100 * (a * m + b * m**2 + c * m * self.T + d * m / self.T + e * m**3
                       + f * m**2 * self.T**2)  # fmt: skip
        held = self.slip * volume
        share = held / (held + gas * GAS_CONSTANT * self.T / 101325.0)
        return j * self.gap / (kappa * share**1.5)

    def slope(self, _, y):
        cat = dict(zip(self.names, y[:5], strict=True))
        ano = {"K+": y[5], "H2O": y[6], "N(-3)": y[7]}
        (cf, cv, ckg, cz), (af, av, akg, az) = self.liquid(cat), self.liquid(ano)
        bulk = cat["NO3-"] / cv, cat["N(3)"] / cv
        donnan = GAS_CONSTANT * self.T / FARADAY * math.log(cat["K+"] / ckg / (ano["K+"] / akg))

        def short(E):
            rates = self.cathode(E, *bulk)
            j = FARADAY * np.dot(rates, (8, 2, 6, 2))
            ea = self.line[O2][1] + self.line[O2][2] * self.T / 298.15 * math.log10(
                j / self.tafel(O2, 0.0)
            )
            total = ea + az - E - cz + donnan + j * 1.5e-4
            return (
                total + self.loss(cf, cv, y[8], j) + self.loss(af, av, y[9], j) - self.voltage,
                j,
                rates,
            )

        E = brentq(lambda x: short(x)[0], -1.5, 0.3, xtol=1e-13)
        _, j, (v8, v2, v6, vh) = short(E)
        ions = j / FARADAY
        leak = self.leak * (cf["NH3"] / cv - af["NH3"] / av)
        water = 3 * v8 + v2 + 2 * v6  # totals of water: NO3- + 9 H+ -> NH3 + 3 H2O and so on
        return [
            -v8 - v2, v2 - v6, v8 + v6 - leak, ions, water + self.drag * ions,
            -ions, -self.drag * ions, leak, vh, ions / 4, j,
        ]  # fmt: skip


def _ode(voltage):
    model = Channel(voltage)
    start = [0.55, 0.0, 0.0, 5.55, 55.5 + 5.0, 6.0, 66.0, 0.0, 0.0, 0.0, 0.0]
    found = solve_ivp(_with_water(model), (0.0, 120.0), start, rtol=1e-8, atol=1e-10)
    return found.y[:, -1]


def _with_water(model):
    """Water made or used by hydrogen and oxygen: 2 H2O -> H2 (two totals), 4 OH- -> O2 (two)."""

    def slope(a, y):
        out = model.slope(a, y)
        out[6] -= 2 * out[9]
        return out

    return slope


def test_the_segments_converge_to_the_differential_equation():
    found = [plant(n, current_density=2000.0).solve() for n in (6, 12, 24)]
    names = {
        "charge": lambda s: s["U.current"],
        "nitrate": lambda s: s.stream("U.catholyte_out").content("NO3-"),
        "nitrite": lambda s: s.stream("U.catholyte_out").content("N(3)"),
        "ammonia": lambda s: s.stream("U.catholyte_out").content("N(-3)"),
        "hydrogen": lambda s: s.stream("U.cathode_gas").flows["H2"],
        "leak": lambda s: s.stream("U.anolyte_out").content("N(-3)"),
    }
    y = _ode(_limit([s["U.voltage"] for s in found]))
    exact = {
        "charge": y[10], "nitrate": y[0], "nitrite": y[1], "ammonia": y[2], "hydrogen": y[8],
        "leak": y[7],
    }  # fmt: skip
    for name, read in names.items():
        values = [read(s) for s in found]
        assert _limit(values) == pytest.approx(exact[name], rel=5e-4), name
        if name != "charge":  # given
            errors = [abs(v - exact[name]) for v in values]
            assert errors[0] / errors[1] == pytest.approx(2.0, abs=0.35), name
            assert errors[1] / errors[2] == pytest.approx(2.0, abs=0.25), name


def _limit(values):
    """Limit of infinitely many segments from 6, 12 and 24: errors in h and h^2 taken out."""
    a, b, c = values
    return (a - 6 * b + 8 * c) / 3


def test_voltage_can_be_given():
    s = plant(2).solve()
    p = plant(2)
    p.exchange("U.voltage", s["U.voltage"], "U.current_density")
    again = p.solve()
    assert again["U.current_density"] == pytest.approx(2400.0, rel=1e-9)


def test_heat_is_power_less_thermoneutral():
    # Feeds at the temperature of the cell and dilute lye: heat = current x (voltage - thermoneutral),
    # but for the heats of dilution of the lyes and of the water that crosses.
    s = dilute(2, 2.0, area=100.0, current_density=300.0).solve()
    neutral = s["U.thermoneutral_voltage"]
    share = {r: s[f"U.charge_share[{r}]"] for r in (NH3, NO2, STEP, H2)}
    # Note section 2: 0.6073 (8 e), 0.5325 (2 e), 0.6322 (6 e), 1.4812 V (hydrogen).
    by_hand = dict(zip((NH3, NO2, STEP, H2), (0.6073, 0.5325, 0.6322, 1.4812), strict=True))
    assert neutral == pytest.approx(sum(share[r] * by_hand[r] for r in share), abs=1e-3)
    assert -s["U.duty"] == pytest.approx(s["U.current"] * (s["U.voltage"] - neutral), rel=3e-3)


def test_responses():
    base = plant(2).solve()
    stirred = plant(2, mass_transfer={"cathode": 6e-5}).solve()
    assert stirred[f"U.charge_share[{H2}]"] < base[f"U.charge_share[{H2}]"]
    assert stirred["U.voltage"] < base["U.voltage"]
    bubbly = plant(2, bubble_slip=1.0).solve()
    assert bubbly["U.anolyte_loss[2]"] > base["U.anolyte_loss[2]"]
    zero = plant(2, cathode_gap=0.0, anode_gap=0.0).solve()
    assert zero["U.catholyte_loss[1]"] == pytest.approx(0.0, abs=1e-12)
    leaky = plant(2, ammonia_permeance=2e-7).solve()
    assert leaky["U.ammonia_lost"] > 5 * base["U.ammonia_lost"]
    assert leaky.stream("U.anolyte_out").content("N(-3)") == pytest.approx(leaky["U.ammonia_lost"])


def test_products_by_stoichiometry():
    cathode = (
        CATHODE[0], "2 NO3- + 6 H2O + 10 e- -> N2 + 12 OH-",
        "2 NO3- + 5 H2O + 8 e- -> N2O + 10 OH-", CATHODE[3],
    )  # fmt: skip
    specs = tafel(NH3, H2, O2)
    for k, x in (("reference_current", 0.5), ("reference_potential", 0.0),
                 ("tafel_slope", 0.13), ("activation_energy", 4e4)):  # fmt: skip
        specs[k] = {**specs[k], "NO3- -> N2": x, "NO3- -> N2O": x, NH3: specs[k][NH3]}
    specs["reference_current"] |= {NH3: 20.0}
    given = {**SPECS, **specs}
    p = around(PlugFlowCell("U", segments=2, cathode=cathode, **given), "p")
    s = p.solve()
    gas = s.stream("U.cathode_gas").flows
    for name, electrons in (("N2", 10), ("N2O", 8), ("H2", 2)):
        share = s[f"U.charge_share[{H2 if name == 'H2' else 'NO3- -> ' + name}]"]
        assert gas[name] == pytest.approx(share * 288000.0 / electrons / FARADAY, rel=1e-9)
        assert gas[name] > 0


@pytest.mark.parametrize(
    ("segments", "options", "message"),
    [
        (0, {}, r"segments = 0; give a whole number from 1 \(stirred\) to 200"),
        (True, {}, "segments = True"),
        (2, {"cathode": CATHODE[3:]}, "has no dissolved reactant"),
        (2, {"membrane_cation": "K"}, r"cannot carry 'K'"),
        (2, {"anode": ("N2H4 + 4 OH- -> N2 + 4 H2O + 4 e-",)}, "every anode reaction needs"),
    ],
)
def test_refused_at_once(segments, options, message):
    with pytest.raises(ModelError, match=message):
        PlugFlowCell("U", segments=segments, **options)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"area": 300.0, "current_density": 2400.0}, "hydroxide of the anolyte is exhausted"),
        (
            {"reference_potential": {**SPECS["reference_potential"], O2: 0.6}},
            r"H2O -> O2 is given 1 of the current by its Tafel line, at \S+ V against RHE",
        ),
    ],
)
def test_refused_states(changes, message):
    with pytest.raises(Refusal, match=message):
        plant(2, **changes).solve()


def test_a_gap_without_lye_is_refused():
    p = Flowsheet("p")
    a = p.add(Feed("A", "aqueous", {"H2O": 5550.0, "KNO3": 2.0}, temperature=308.15))
    b = p.add(Feed("B", "aqueous", {"H2O": 60.0, "KOH": 6.0}, temperature=308.15))
    u = p.add(cell(2))
    p.connect(a.out, u.catholyte, "catholyte")
    p.connect(b.out, u.anolyte, "anolyte")
    with pytest.raises(Refusal, match=r"mol/L OH-; the conductivity of its gap is known"):
        p.solve()


@pytest.mark.parametrize(("lye", "told"), [(2.6, True), (6.0, False)])
def test_hydroxide_that_does_not_reach_the_anode_is_told(lye, told):
    # By hand: F k c of the outlet against one OH- per electron; 2e-5 m/s is the film of nitrate
    # (1.902e-9 m2/s), hydroxide (5.273e-9 m2/s) is faster by the power 2/3 of that.
    p = Flowsheet("p")
    a = p.add(Feed("A", "aqueous", {"H2O": 55.5, "KNO3": 0.55, "KOH": 5.0}, temperature=308.15))
    b = p.add(Feed("B", "aqueous", {"H2O": 60.0, "KOH": lye}, temperature=308.15))
    u = p.add(cell(1, current_density=2000.0, anode_gap=0.0))
    p.connect(a.out, u.catholyte, "c")
    p.connect(b.out, u.anolyte, "a")
    s = p.solve()
    k = 2e-5 * (5.273 / 1.902) ** (2 / 3)
    most = FARADAY * k * s["U.anode_hydroxide"]
    assert (most < 2000.0) == told
    text = [w for w in s.warnings if "the anode draws OH-" in w]
    assert bool(text) == told
    assert all(f"at most {most:.4g} A/m2" in w for w in text)
