"""Hot channel with kinetics against Cantera, the note's quench tables, and loops by hand.

The unit contract runs in test_contract.py.
"""

import math

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from noxplant.constants import ATMOSPHERE
from noxplant.errors import ModelError, Refusal, SpecError
from noxplant.examples.channel import channel
from noxplant.flowsheet import Flowsheet
from noxplant.thermo import zeldovich
from noxplant.units.equilibrium_arc import EquilibriumArc
from noxplant.units.feed import Feed
from noxplant.units.kinetic_quench import KineticQuench
from noxplant.units.mixer import Mixer
from noxplant.units.splitter import Splitter

AIR = {"N2": 0.79, "O2": 0.21}
HALF = {"N2": 0.5, "O2": 0.5}


def energy_cost(s):
    """MJ per mol of NO and NO2."""
    out = s.stream("U.out").flows
    return s["arc.power"] / (out["NO"] + out["NO2"]) / 1e6


def mechanism():
    """GRI reactions from Cantera's own file, Park's dissociations added, on nasa_gas.yaml."""
    import cantera as ct

    names = ("N2", "O2", "NO", "NO2", "N2O", "N", "O", "Ar")
    known = {s.name: s for s in ct.Species.list_from_file("nasa_gas.yaml")}
    species = [known[n] for n in names]
    ar = ct.Species("AR", {"Ar": 1})
    ar.thermo = known["Ar"].thermo
    table = ct.Solution("air.yaml")
    for s in table.species():
        if s.name in known:
            s.thermo = known[s.name].thermo
    gri = [r for r in table.reactions() if set(r.reactants) | set(r.products) <= {*names, "AR"}]
    R = ct.gas_constant
    park = [
        ct.Reaction(
            equation=text,
            rate=ct.ArrheniusRate(A, b, E * R),
            third_body=ct.ThirdBody("M", efficiencies=odd),
        )
        for text, A, b, E, odd in (
            ("N2 + M <=> 2 N + M", 7e18, -1.6, 113200.0, {"N": 30 / 7, "O": 30 / 7}),
            ("NO + M <=> N + O + M", 5e12, 0.0, 75500.0, {"N": 22.0, "O": 22.0, "NO": 22.0}),
        )
    ]
    kept = [*species[:-1], ar]
    return ct.Solution(thermo="ideal-gas", kinetics="gas", species=kept, reactions=[*gri, *park])


def oracle(feed, T0, atm, rate):
    """Mole fractions at 1000 K after equilibrium at T0 and linear cooling (Cantera and SciPy)."""
    gas = mechanism()
    gas.TPX = T0, atm * ATMOSPHERE, feed
    gas.equilibrate("TP", rtol=1e-12)

    def slope(t, y):
        gas.TPY = T0 - rate * t, atm * ATMOSPHERE, np.maximum(y, 0.0)
        return gas.net_production_rates * gas.molecular_weights / gas.density

    span = (0.0, (T0 - 1000.0) / rate)
    end = solve_ivp(slope, span, gas.Y, method="BDF", rtol=1e-9, atol=1e-15).y[:, -1]
    gas.TPY = 1000.0, atm * ATMOSPHERE, end
    return gas.mole_fraction_dict()


@pytest.mark.oracle
@pytest.mark.parametrize(
    ("feed", "T", "atm", "rate", "cost"),
    [
        (AIR, 3000.0, 1, 1e7, 2.687815),
        (AIR, 3200.0, 1, 1e8, 2.627464),
        pytest.param(AIR, 3500.0, 10, 1e7, 2.716685, marks=pytest.mark.slow),
        (AIR, 2800.0, 1, 1e5, 3.384651),
        (HALF, 3500.0, 10, 1e8, 1.899395),
        # the optimum at this rate, and a slow quench
        pytest.param(AIR, 3011.0, 1, 1e7, 2.6873, marks=pytest.mark.slow),
        pytest.param(AIR, 2500.0, 1, 1e4, 4.08955, marks=pytest.mark.slow),
        pytest.param(HALF, 3130.0, 10, 1e7, 1.9656, marks=pytest.mark.slow),
    ],
)
def test_energy_costs_of_the_note(feed, T, atm, rate, cost):
    s = channel(feed, T, atm * ATMOSPHERE, rate, elements=10).solve()
    assert energy_cost(s) == pytest.approx(cost, rel=5e-4)


@pytest.mark.oracle
@pytest.mark.parametrize(
    ("feed", "T", "atm", "rate"),
    [
        (AIR, 3000.0, 1.0, 1e7),
        pytest.param(HALF, 3300.0, 5.0, 1e6, marks=pytest.mark.slow),
        pytest.param({**AIR, "Ar": 0.01}, 3600.0, 0.3, 1e8, marks=pytest.mark.slow),
    ],
)
def test_cantera_on_its_own_mechanism_file(feed, T, atm, rate):
    x = oracle({"AR" if k == "Ar" else k: v for k, v in feed.items()}, T, atm, rate)
    plant = channel(feed, T, atm * ATMOSPHERE, rate, elements=20)
    if "Ar" in feed:
        plant = argon(feed, T, atm, rate)
    s = plant.solve()
    out = s.stream("U.out").flows
    atoms = 1 - 0.5 * (x["O"] + x["N"])  # they recombine behind the end
    total = sum(out.values())
    for name in ("NO", "NO2"):
        assert out[name] / total == pytest.approx(x[name] / atoms, rel=1e-4)
    assert s["U.atoms_left"] == pytest.approx(x["O"] / atoms, rel=1e-3, abs=1e-9)


def argon(feed, T, atm, rate):
    plant = Flowsheet("channel with argon")
    air = plant.add(Feed("air", "gas", feed, pressure=atm * ATMOSPHERE))
    arc = plant.add(arc_of((*zeldovich.SPECIES, "Ar"), T))
    unit = plant.add(KineticQuench("U", cooling_rate=rate, end_temperature=1000.0, elements=20))
    plant.connect(air.out, arc.feed, "air")
    plant.connect(arc.out, unit.feed, "hot")
    return plant


def arc_of(species, T):
    return EquilibriumArc(
        "arc",
        species=species,
        treated=1.0,
        arc_temperature=T,
        supply_efficiency=1.0,
        arc_efficiency=1.0,
        loss_temperature=333.15,
    )


@pytest.mark.oracle
@pytest.mark.parametrize("T", [1500.0, 3000.0, 4500.0])
def test_every_rate_is_canteras(T):
    """Net rates of ten reactions in a gas far from equilibrium."""
    gas = mechanism()
    x = {"N2": 0.6, "O2": 0.2, "NO": 0.05, "NO2": 0.02, "N2O": 0.01, "N": 0.01, "O": 0.06}
    gas.TPX = T, 3 * ATMOSPHERE, {**x, "AR": 0.05}
    total = gas.density_mole
    theirs = {}
    for reaction, q in zip(gas.reactions(), gas.net_rates_of_progress, strict=True):
        left, right = dict(reaction.reactants), dict(reaction.products)
        theirs[frozenset((*left, *(f"{k}'" for k in right)))] = q / total
    found = 0
    for text, (left, right) in zeldovich.reactions().items():
        ours = zeldovich.rate(text, {**x, "Ar": 0.05}, T, 3 * ATMOSPHERE)
        key = frozenset((*left, *(f"{k}'" for k in right)))
        assert ours == pytest.approx(theirs[key], rel=1e-5), text
        found += 1
    assert found == 10


@pytest.mark.oracle
def test_cold_start_of_the_note():
    """Air held at 3000 K and 1 atm: x_NO 5.12303e-3 after 1 ms, 4.09397e-2 after 10 ms."""
    names = zeldovich.SPECIES

    def slope(_, n):
        total = n.sum()
        x = dict(zip(names, np.maximum(n, 0.0) / total, strict=True))
        rates = {r: zeldovich.rate(r, x, 3000.0, ATMOSPHERE) * total for r in zeldovich.reactions()}
        return [sum(v * rates[r] for r, v in zeldovich.made(s).items()) for s in names]

    start = [AIR.get(s, 0.0) for s in names]
    end = solve_ivp(
        slope, (0, 1e-2), start, method="LSODA", rtol=1e-8, atol=1e-14, t_eval=[1e-3, 1e-2]
    ).y
    no = end[names.index("NO")] / end.sum(axis=0)
    assert no == pytest.approx([5.12303e-3, 4.09397e-2], rel=1e-5)


def test_elements_and_end_points():
    s = channel(elements=8).solve()
    out = s.stream("U.out").flows
    assert set(out) == {"N2", "O2", "NO", "NO2", "N2O"}
    assert 2 * out["N2"] + out["NO"] + out["NO2"] + 2 * out["N2O"] == pytest.approx(1.58, rel=1e-10)
    heat = sum(out.values()) * 21.9e3  # air from 298 to 1000 K takes about 22 kJ/mol
    assert s["U.recoverable"] == pytest.approx(heat, rel=0.02)
    assert s["U.duty"] < 0


def test_infinite_rate_is_the_frozen_quench():
    """Rigorous to minimal: nothing reacts, so the frozen fraction is one."""
    s = channel(cooling_rate=1e11, arc_temperature=2600.0, elements=8).solve()
    assert s["U.survival"] == pytest.approx(1.0, abs=2e-3)


@pytest.mark.slow
def test_oxygen_and_pressure_lower_the_energy_cost():
    air = energy_cost(channel(elements=8).solve())
    enriched = energy_cost(channel(HALF, elements=8).solve())
    assert enriched < 0.88 * air
    pressed = energy_cost(channel(HALF, 3000.0, 5 * ATMOSPHERE, elements=8).solve())
    assert pressed < 0.95 * enriched


@pytest.mark.oracle
@pytest.mark.parametrize("share", [pytest.param(0.3, marks=pytest.mark.slow), 0.6])
def test_recirculation_of_hot_gas(share):
    """Quenched gas returned to the arc at 1000 K: closed form of the loop.

    The arc forgets what it is fed, so a fraction `share` of the product is made in vain; only its
    sensible heat is recovered: E = E0/(1 - share) - share/(1 - share) x (heat returned per NOx).
    """
    plant = Flowsheet("loop")
    air = plant.add(Feed("air", "gas", AIR))
    mixer = plant.add(Mixer("mixer", "gas", inlets=2))
    arc = plant.add(arc_of(zeldovich.SPECIES, 3000.0))
    unit = plant.add(KineticQuench("U", cooling_rate=1e7, end_temperature=1000.0, elements=8))
    split = plant.add(Splitter("split", "gas", fraction=share))
    plant.connect(air.out, mixer.feed[0], "air")
    plant.connect(mixer.out, arc.feed, "mixed")
    plant.connect(arc.out, unit.feed, "hot")
    plant.connect(unit.out, split.feed, "quenched")
    plant.connect(split.side, mixer.feed[1], "back")
    s = plant.solve()
    once = channel(elements=6).solve()
    out = s.stream("quenched").flows
    net = (1 - share) * (out["NO"] + out["NO2"])
    first = once.stream("U.out")
    made = first.flows["NO"] + first.flows["NO2"]
    returned = first.enthalpy_flow / made  # the feed at 298.15 K has none
    expected = (energy_cost(once) * 1e6 - share * returned) / (1 - share)
    assert s["arc.power"] / net == pytest.approx(expected, rel=2e-3)


def test_moist_air_makes_water_again():
    feed = {"N2": 0.77, "O2": 0.205, "H2O": 0.02, "CO2": 0.0004, "Ar": 0.0046}
    species = (*zeldovich.SPECIES, "H2O", "OH", "H", "CO2", "Ar")
    plant = Flowsheet("moist")
    air, arc = plant.add(Feed("air", "gas", feed)), plant.add(arc_of(species, 3000.0))
    unit = plant.add(KineticQuench("U", cooling_rate=1e7, end_temperature=1000.0, elements=6))
    plant.connect(air.out, arc.feed, "air")
    plant.connect(arc.out, unit.feed, "hot")
    s = plant.solve()
    hot, out = s.stream("hot").flows, s.stream("U.out").flows
    assert hot["OH"] > 1e-3
    assert out["H2O"] == pytest.approx(0.02, rel=1e-8)
    assert out["CO2"] == pytest.approx(0.0004, rel=1e-8)
    assert "OH" not in out
    assert 0.035 < s["U.nox_fraction"] < 0.041


def test_few_elements_are_refused_and_the_fewest_are_close():
    with pytest.raises(SpecError, match=r"elements = 1: .* finite elements .* at least 4"):
        channel(elements=1)
    few, many = (channel(arc_temperature=3500.0, elements=n).solve() for n in (4, 15))
    assert energy_cost(few) == pytest.approx(energy_cost(many), rel=5e-3)


def test_rates_and_ends_that_freeze_nothing_are_refused():
    for rate in (0.0, -1e7):
        with pytest.raises(SpecError, match=r"cooling_rate = .* lies outside \[1000, 1e\+11\] K/s"):
            KineticQuench("U", cooling_rate=rate, end_temperature=1000.0)
    with pytest.raises(SpecError, match=r"end_temperature = 1600 K lies outside"):
        KineticQuench("U", cooling_rate=1e7, end_temperature=1600.0)


def test_messages():
    plant = Flowsheet("strange")
    air = plant.add(Feed("air", "gas", {**AIR, "CH4": 0.01}))
    unit = plant.add(KineticQuench("U", cooling_rate=1e7, end_temperature=1000.0, elements=4))
    plant.connect(air.out, unit.feed, "air")
    with pytest.raises(ModelError, match="its kinetics do not know CH4"):
        plant.solve()
    plant = Flowsheet("cold")
    air = plant.add(Feed("air", "gas", {**AIR, "NO": 0.01}))
    unit = plant.add(KineticQuench("U", cooling_rate=1e7, end_temperature=1000.0, elements=4))
    plant.connect(air.out, unit.feed, "air")
    with pytest.raises(Refusal, match=r"the feed enters at 298.1.* too near the end temperature"):
        plant.solve()
    assert math.isfinite(
        zeldovich.rate("N + NO = N2 + O", dict.fromkeys(zeldovich.SPECIES, 0.1), 2e3, 1e5)
    )
