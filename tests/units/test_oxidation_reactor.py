"""Oxidation reactor against a Cantera reactor network, the note's closed form, and its refusals."""

import math

import pytest

from noxplant.constants import ATMOSPHERE, GAS_CONSTANT
from noxplant.errors import ModelError, Refusal, SpecError
from noxplant.examples.nox import oxidation_reactor
from noxplant.flowsheet import Flowsheet
from noxplant.testing import check_unit
from noxplant.thermo import nox_gas
from noxplant.thermo.equilibrium import nox_ln_k
from noxplant.units.feed import Feed
from noxplant.units.heater import Heater
from noxplant.units.nox_oxidiser import NOxOxidiser
from noxplant.units.oxidation_reactor import OxidationReactor
from noxplant.utilities import ANY

ALL = ("N2O3", "N2O4", "HNO2", "HNO3")


def plant(feed, atm=1.0, T=330.0, **given):
    flow = Flowsheet("reactor")
    warm = min(T, 400.0)
    gas = flow.add(Feed("gas", "gas", feed, temperature=warm, pressure=atm * ATMOSPHERE))
    heater = flow.add(Heater("heater", "gas", temperature=T, utility="electric heat"))
    given = {"volume": 0.2, "conductance": 0.0, "coolant_temperature": 308.15} | given
    unit = flow.add(OxidationReactor("U", **given))
    unit.choose_utility("duty", ANY)
    flow.connect(gas.out, heater.feed, "cold gas")
    flow.connect(heater.out, unit.feed, "gas")
    return flow


def cantera_gas(species, fast=1e11):
    """Gas with the slow oxidation (reverse by its thermodynamics) and fast reversible reactions."""
    import cantera as ct

    known = {s.name: s for s in ct.Species.list_from_file("nasa_gas.yaml")}
    atm, rate = 101325.0, 10**-0.7356
    A = 0.5 * rate * (ct.gas_constant / atm) ** 2  # 2 NO + O2 => kmol/m3/s, k(p) (R T)^2/2
    slow = ct.Reaction(
        equation="2 NO + O2 <=> 2 NO2",
        rate=ct.ArrheniusRate(A, 2.0, -652.1 * math.log(10) * ct.gas_constant),
    )
    equations = {
        "N2O4": ("N2O4 <=> 2 NO2", 1.0),
        "N2O3": ("N2O3 <=> NO + NO2", 1.0),
        "HNO2": ("2 HNO2 <=> NO + NO2 + H2O", 1e4),
        "HNO3": ("2 HNO3 + NO <=> 3 NO2 + H2O", 1e9),
    }
    reactions = [slow]
    for s, (text, factor) in equations.items():
        if s in species:
            reactions.append(
                ct.Reaction(equation=text, rate=ct.ArrheniusRate(fast * factor, 0.0, 0.0))
            )
    names = ("N2", "O2", "NO", "NO2", "H2O", *species)
    return ct.Solution(
        thermo="ideal-gas", kinetics="gas", species=[known[s] for s in names], reactions=reactions
    )


def cantera_plug_flow(feed, species, T, atm, volume, conductance=0.0, coolant=308.15, steps=0):
    """Outlet mole fractions and temperature of a plug flow, with conductance per volume."""
    import numpy as np
    from scipy.integrate import solve_ivp

    gas = cantera_gas(species)
    total = sum(feed.values())
    gas.TPX = T, atm * ATMOSPHERE, feed
    mass = total * gas.mean_molecular_weight / 1000.0

    def slope(_, y):
        gas.HPY = y[-1], atm * ATMOSPHERE, np.maximum(y[:-1], 0.0)
        dy = gas.net_production_rates * gas.molecular_weights / mass
        return np.append(dy, conductance / volume * (coolant - gas.T) / mass)

    start = np.append(gas.Y, gas.enthalpy_mass)
    end = solve_ivp(slope, (0, volume), start, method="BDF", rtol=1e-8, atol=1e-14).y[:, -1]
    gas.HPY = end[-1], atm * ATMOSPHERE, end[:-1]
    return gas.mole_fraction_dict(), gas.T


def test_contract():
    check_unit(oxidation_reactor)


@pytest.mark.oracle
@pytest.mark.parametrize(
    ("feed", "atm", "T", "volume", "conductance"),
    [
        ({"N2": 0.75, "O2": 0.15, "NO": 0.06, "NO2": 0.01, "H2O": 0.03}, 1.0, 330.0, 0.3, 0.0),
        ({"N2": 0.75, "O2": 0.15, "NO": 0.06, "NO2": 0.01, "H2O": 0.03}, 5.0, 400.0, 0.05, 30.0),
        ({"N2": 0.80, "O2": 0.06, "NO": 0.10, "NO2": 0.01, "H2O": 0.01}, 8.0, 320.0, 0.02, 50.0),
        ({"N2": 0.80, "O2": 0.15, "NO": 0.05, "NO2": 0.001, "H2O": 0.01}, 1.0, 600.0, 2.0, 5.0),
    ],
)
def test_cantera_reactor(feed, atm, T, volume, conductance):
    s = plant(feed, atm, T, volume=volume, conductance=conductance, species=ALL).solve()
    x, kelvin = cantera_plug_flow(feed, ALL, T, atm, volume, conductance)
    out = s.stream("U.out")
    total = sum(out.flows.values())
    assert out.temperature == pytest.approx(kelvin, abs=2e-3)
    for name in ("NO", "NO2", "O2", "N2O4", "HNO2", "HNO3", "N2O3"):
        assert out.flows[name] / total == pytest.approx(x[name], rel=1e-4), name


@pytest.mark.oracle
@pytest.mark.parametrize(
    ("T", "atm", "no", "o2", "t50", "t90"),
    [
        (298.15, 1, 0.05, 0.185, 3.9890007, 38.273486),
        (313.15, 5, 0.10, 0.06, 0.41264279, 7.9533624),
    ],
)
def test_dilute_gas_is_the_closed_form(T, atm, no, o2, t50, t90):
    """A thousandth of the NOx at 1000 times its time: no contraction, no dimers, no heat."""
    small = 1e-3
    feed = {"N2": 1 - small * (no + o2), "O2": small * o2, "NO": small * no}
    for time, conversion in ((t50, 0.5), (t90, 0.9)):
        volume = time / small**2 * GAS_CONSTANT * T / (atm * ATMOSPHERE)
        given = {"volume": volume, "species": (), "elements": 12}
        s = plant(feed, atm, T, conductance=1e5, coolant_temperature=T, **given)
        assert s.solve()["U.conversion"] == pytest.approx(conversion, rel=1e-4)


def test_like_the_minimal_unit_where_theory_says_so():
    """1 % NO at 303 K, cooled hard: within 1 % of the isothermal closed form."""
    feed = {"N2": 0.84, "O2": 0.15, "NO": 0.01}
    s = plant(feed, 1.0, 308.15, volume=0.5, conductance=1e4, species=()).solve()
    flow = Flowsheet("minimal")
    gas = flow.add(Feed("gas", "gas", feed, temperature=308.15))
    unit = flow.add(NOxOxidiser("U", volume=0.5, temperature=308.15))
    flow.connect(gas.out, unit.feed, "gas")
    assert s["U.conversion"] == pytest.approx(flow.solve()["U.conversion"], rel=0.01)


@pytest.mark.oracle
@pytest.mark.parametrize(
    ("made", "reaction", "power", "off"),
    [
        ("N2O4", "2 NO2 = N2O4", 1, 0.10),
        ("N2O3", "NO + NO2 = N2O3", 1, 0.06),
        ("HNO2", "NO + NO2 + H2O = 2 HNO2", 2, 0.21),
        ("HNO3", "3 NO2 + H2O = 2 HNO3 + NO", 2, 0.09),
    ],
)
def test_constants_against_literature_and_note(made, reaction, power, off):
    """Literature correlations, as the note compares them: up to 20 % apart at 298 K."""
    for T in (298.15, 313.15, 373.15):
        ours = power * nox_gas.ln_constant(made, T)
        assert ours == pytest.approx(nox_ln_k(reaction, T), abs=off)
    table = {"N2O4": 1.94964698, "N2O3": -0.714525491, "HNO2": 0.524989337, "HNO3": -4.77486949}
    # nox_gas_equilibria.csv, ln K at 298.15 K
    assert power * nox_gas.ln_constant(made, 298.15) == pytest.approx(table[made], abs=2e-7)
    assert nox_gas.ln_oxidation_constant(298.15) == pytest.approx(28.4520624, abs=1e-6)


def test_more_elements_do_not_change_the_answer():
    feed = {"N2": 0.75, "O2": 0.15, "NO": 0.06, "NO2": 0.01, "H2O": 0.03}
    few = plant(feed, 5.0, species=ALL, elements=10).solve()["U.conversion"]
    many = plant(feed, 5.0, species=ALL, elements=16).solve()["U.conversion"]
    assert few == pytest.approx(many, abs=1e-5)


def test_hot_gas_stops_at_equilibrium():
    """At 690 K and 1 atm the reverse reaction holds the conversion."""
    feed = {"N2": 0.80, "O2": 0.15, "NO": 0.005}
    held = {"conductance": 1e3, "coolant_temperature": 690.0}
    s = plant(feed, 1.0, 690.0, volume=1e3, species=(), elements=12, **held).solve()
    out = s.stream("U.out")
    p = {k: v / sum(out.flows.values()) for k, v in out.flows.items()}
    k = math.exp(nox_gas.ln_oxidation_constant(out.temperature))
    assert p["NO2"] ** 2 / (p["NO"] ** 2 * p["O2"]) == pytest.approx(k, rel=1e-3)
    assert s["U.conversion"] < 0.9


def test_heat_and_cooling():
    feed = {"N2": 0.79, "O2": 0.15, "NO": 0.06}
    hot = plant(feed, 3.0).solve()
    cold = plant(feed, 3.0, conductance=50.0).solve()
    assert hot["U.duty"] == pytest.approx(0.0, abs=1e-6)
    # 57 kJ per mol NO oxidised warms the gas
    rise = hot["U.conversion"] * 0.06 * 57.1e3 / 30.5
    assert hot.stream("U.out").temperature - 330.0 == pytest.approx(rise, rel=0.06)
    assert cold["U.duty"] < 0
    assert cold["U.conversion"] > hot["U.conversion"]


def test_messages():
    with pytest.raises(ModelError, match="'N2O5' is not made by a fast reaction"):
        OxidationReactor(
            "U", volume=1.0, conductance=0.0, coolant_temperature=300.0, species=("N2O5",)
        )
    with pytest.raises(Refusal, match=r"enters at 800 K; above 700 K NO2 falls apart"):
        plant({"N2": 0.8, "O2": 0.15, "NO": 0.05}, T=800.0).solve()
    hot = {"N2": 0.8, "O2": 0.15, "NO": 0.05}
    with pytest.raises(
        Refusal, match=r"the gas reaches 7[0-4]\d.* K inside; above 700 K NO2 falls"
    ):
        plant(hot, 1.0, 695.0, volume=5.0, species=()).solve()
    with pytest.raises(SpecError, match=r"U.volume = 0 m3 lies outside \(0, inf\) m3"):
        plant(hot, volume=0.0)
    with pytest.raises(SpecError, match=r"elements = 2: .* finite elements .* at least 6"):
        plant(hot, elements=2)
    with pytest.raises(ModelError, match="its feed holds no O2; feed gas with NO and O2"):
        plant({"N2": 0.8, "NO": 0.05}).solve()
    with pytest.raises(SpecError, match="outside"):
        plant({"N2": 0.8, "O2": 0.1, "NO": 0.05}, volume=-1.0)
