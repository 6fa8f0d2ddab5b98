"""The arc against the note's numeric equilibrium, its responses and its refusals."""

import csv
import math
from pathlib import Path

import pytest

from noxplant.constants import ATMOSPHERE
from noxplant.errors import ModelError, SpecError, SpeciesError
from noxplant.examples.plasma import equilibrium_arc
from noxplant.flowsheet import Flowsheet
from noxplant.testing import check_unit
from noxplant.thermo import gas_equilibrium as eq
from noxplant.units.equilibrium_arc import EquilibriumArc
from noxplant.units.feed import Feed
from noxplant.units.heat_exchanger import HeatExchanger
from noxplant.units.heater import Heater
from noxplant.units.kinetic_quench import KineticQuench
from noxplant.units.quench import Quench

AIR = {"N2": 0.79, "O2": 0.21}
ARGON = {"N2": 0.78, "O2": 0.21, "Ar": 0.01}
GIVEN = {"supply_efficiency": 0.9, "arc_efficiency": 0.8, "loss_temperature": 333.15}


def plant(feed, T, pressure=ATMOSPHERE, species=eq.AIR_5, treated=1.0, **given):
    flow = Flowsheet("arc")
    air = flow.add(Feed("air", "gas", feed, pressure=pressure))
    values = {**GIVEN, **given}
    unit = flow.add(
        EquilibriumArc("U", species=species, treated=treated, arc_temperature=T, **values)
    )
    flow.connect(air.out, unit.feed, "air")
    return flow


def test_contract():
    check_unit(equilibrium_arc)


@pytest.mark.oracle
def test_note_section_6_eight_species():
    s = plant({"N2": 0.78, "O2": 0.21, "Ar": 0.01}, 3000.0, species=eq.AIR_8).solve()
    hot = s.stream("U.out").flows
    total = sum(hot.values())
    assert hot["NO"] / total == pytest.approx(4.069002725e-2, rel=1e-7)
    assert hot["NO2"] / total == pytest.approx(2.078499406e-5, rel=1e-7)
    assert s["U.power"] * 0.9 * 0.8 == pytest.approx(109271.4662, rel=1e-6)
    assert s["U.losses"] == pytest.approx(-0.28 * s["U.power"], rel=1e-12)


@pytest.mark.oracle
@pytest.mark.parametrize(
    ("T", "atm", "x_no"),
    [
        (1500.0, 1, 1.22288e-3),
        (2000.0, 10, 0.007581),
        (4000.0, 20, 7.918e-2),
        (6000.0, 1, 0.007926),
    ],
)
def test_five_species_over_the_range(T, atm, x_no):
    # The note has NASA-9 data: the NASA-7 data here differ by up to 0.5 % in NO (dHf(NO)).
    s = plant({"N2": 0.79, "O2": 0.21}, T, pressure=atm * ATMOSPHERE).solve()
    assert s["U.no_fraction"] == pytest.approx(x_no, rel=2e-2)
    found = eq.equilibrium({"N2": 0.79, "O2": 0.21}, T, atm * ATMOSPHERE)
    for k, n in found.items():
        assert s.stream("U.out").flows[k] == pytest.approx(n, rel=1e-7, abs=1e-16)


FILE = Path(__file__).parents[1] / "data" / "air_equilibrium.csv"
FEEDS = {"5sp_air": (AIR, eq.AIR_5), "8sp_air": (ARGON, eq.AIR_8), "11sp_air": (AIR, eq.AIR_11)}


@pytest.mark.oracle
@pytest.mark.parametrize("T", [2500.0, 3000.0, 4000.0, 5000.0])
@pytest.mark.parametrize("system", list(FEEDS))
def test_five_eight_and_eleven_species_of_the_note(system, T):
    """The note has NASA-9 data for 5 and 11 species: NO differs by up to 0.1 %, ions by 0.4 %."""
    feed, species = FEEDS[system]
    with FILE.open() as file:
        rows = [r for r in csv.DictReader(file) if r["system"] == system and r["P_atm"] == "1"]
    row = next(r for r in rows if float(r["T_K"]) == T)
    s = plant(feed, T, species=species, supply_efficiency=1.0, arc_efficiency=1.0).solve()
    same = system == "8sp_air"  # both NASA-7
    assert s["U.no_fraction"] == pytest.approx(float(row["x_NO"]), rel=1e-7 if same else 1e-3)
    cost = float(row["dH_per_mol_NO_MJ"]) * 1e6
    assert s["U.energy_cost"] == pytest.approx(cost, rel=1e-6 if same else 1e-3)
    hot = s.stream("U.out").flows
    if "e-" in species:
        for k in ("NO+", "e-"):
            x = hot[k] / sum(hot.values())
            assert x == pytest.approx(float(row[f"x_{k}"]), rel=4e-3)


@pytest.mark.oracle
@pytest.mark.parametrize(("T", "atm"), [(3500.0, 1.0), (5500.0, 10.0)])
def test_eleven_species_against_cantera(T, atm):
    ct = pytest.importorskip("cantera")
    known = {s.name: s for s in ct.Species.list_from_file("nasa_gas.yaml")}
    names = [k if k != "e-" else "Electron" for k in eq.AIR_11]
    gas = ct.Solution(thermo="ideal-gas", species=[known[n] for n in names])
    gas.TPX = 298.15, atm * ATMOSPHERE, AIR
    cold, mass = gas.enthalpy_mass, gas.mean_molecular_weight / 1000.0
    gas.TP = T, atm * ATMOSPHERE
    gas.equilibrate("TP", rtol=1e-12)
    s = plant(AIR, T, atm * ATMOSPHERE, eq.AIR_11, supply_efficiency=1.0, arc_efficiency=1.0)
    s = s.solve()
    hot = s.stream("U.out").flows
    for ours, theirs in zip(eq.AIR_11, names, strict=True):
        x = gas.X[gas.species_index(theirs)]
        assert hot[ours] / sum(hot.values()) == pytest.approx(x, rel=1e-5, abs=1e-14), ours
    assert s["U.power"] == pytest.approx((gas.enthalpy_mass - cold) * mass, rel=1e-5)


def test_what_more_species_change():
    """Argon dilutes; NO2 and N2O hardly count; ions count from 5000 K on (docs: plasma-energy)."""
    five, eight, eleven = (
        [plant(AIR, T, species=k).solve() for T in (3500.0, 5000.0)]
        for k in (eq.AIR_5, eq.AIR_8[:-1], eq.AIR_11)
    )
    for n, most in ((0, 2e-5), (1, 4e-4)):
        cost = five[n]["U.energy_cost"]
        assert 0 < eleven[n]["U.energy_cost"] / cost - 1 < most
        assert 0 < eight[n]["U.energy_cost"] / cost - 1 < 1e-4
    assert eleven[1]["U.energy_cost"] / five[1]["U.energy_cost"] - 1 > 2e-4


def ionised(unit, T=5500.0, species=eq.AIR_11, into="feed"):
    """The arc's ionised gas into a unit."""
    flow = plant(AIR, T, species=species)
    flow.connect(flow.units["U"].out, getattr(flow.add(unit), into), "plasma")
    return flow


@pytest.mark.parametrize("kinetic", [False, True])
def test_ions_recombine_in_the_quench(kinetic):
    """Nothing charged leaves; their energy (0.2 % at 5500 K) is in the heat of the quench."""
    if kinetic:
        unit = KineticQuench("Q", cooling_rate=1e7, end_temperature=1000.0, elements=6)
    else:
        unit = Quench("Q", frozen_fraction=1.0, temperature=1000.0)
    s = ionised(unit).solve()
    hot, out = s.stream("plasma").flows, s.stream("Q.out").flows
    assert hot["e-"] > 5e-5
    positive = sum(hot[k] for k in ("N2+", "O2+", "NO+", "N+", "O+"))
    assert positive == pytest.approx(hot["e-"], rel=1e-12)
    assert set(out) <= {"N2", "O2", "NO", "NO2", "N2O"}
    nitrogen = 2 * out["N2"] + out["NO"] + out.get("NO2", 0.0) + 2 * out.get("N2O", 0.0)
    assert nitrogen == pytest.approx(1.58, rel=1e-10)
    assert s.audits.charge < 1e-12


def test_ions_go_nowhere_else():
    heater = Heater("H", "gas", temperature=1200.0, utility="electric heat")
    with pytest.raises(ModelError, match=r"H: the ions N2\+, .* only a Quench or a KineticQuench"):
        ionised(heater).solve()
    with pytest.raises(ModelError, match="ions need electrons and electrons ions; .* no electron"):
        plant(AIR, 5000.0, species=(*eq.AIR_5, "NO+"))
    with pytest.raises(ModelError, match="hold no ion and an electron"):
        plant(AIR, 5000.0, species=(*eq.AIR_5, "e-"))
    with pytest.raises(SpeciesError, match="no gas can hold 'NO\\+'"):
        plant({**AIR, "NO+": 0.1}, 5000.0)


def test_carbon_dioxide_and_water_pass_when_nothing_else_holds_carbon():
    species = (*eq.AIR_8, "CO2", "H2O")
    s = plant({"N2": 0.77, "O2": 0.2, "CO2": 4e-4, "H2O": 0.01}, 3000.0, species=species).solve()
    hot = s.stream("U.out").flows
    assert hot["CO2"] == pytest.approx(4e-4, rel=1e-10)
    assert hot["H2O"] == pytest.approx(0.01, rel=1e-10)
    assert hot["Ar"] == 0.0


@pytest.mark.oracle
def test_moist_air_dissociates_like_the_numeric_equilibrium():
    species, feed = (*eq.AIR_5, "H2O", "OH", "H", "H2"), {"N2": 0.77, "O2": 0.2, "H2O": 0.03}
    s = plant(feed, 3300.0, species=species).solve()
    for k, n in eq.equilibrium(feed, 3300.0, ATMOSPHERE, species).items():
        assert s.stream("U.out").flows[k] == pytest.approx(n, rel=1e-7)


def test_responses():
    feed = {"N2": 0.79, "O2": 0.21}
    base = plant(feed, 3500.0).solve()
    pressed = plant(feed, 3500.0, pressure=10 * ATMOSPHERE).solve()
    assert pressed["U.energy_cost"] < base["U.energy_cost"]
    half = plant(feed, 3500.0, treated=0.5).solve()
    assert half["U.power"] == pytest.approx(0.5 * base["U.power"], rel=1e-9)
    better = plant(feed, 3500.0, arc_efficiency=1.0, supply_efficiency=1.0).solve()
    assert better["U.losses"] == pytest.approx(0.0, abs=1e-6)
    assert better["U.power"] == pytest.approx(0.72 * base["U.power"], rel=1e-9)


@pytest.mark.oracle
@pytest.mark.parametrize(
    ("feed", "atm", "T", "cost"),
    [  # plasma note, section 2a: O2 enrichment and pressure
        ({"N2": 0.5, "O2": 0.5}, 1, 3000.0, 2.248),
        ({"N2": 0.5, "O2": 0.5}, 1, 3500.0, 2.630),
        (AIR, 10, 3500.0, 2.043),
        (AIR, 10, 3000.0, 2.328),
    ],
)
def test_oxygen_and_pressure_of_the_note(feed, atm, T, cost):
    s = plant(feed, T, atm * ATMOSPHERE, supply_efficiency=1.0, arc_efficiency=1.0).solve()
    assert s["U.energy_cost"] / 1e6 == pytest.approx(cost, rel=1e-3)


@pytest.mark.oracle
def test_recovered_heat_is_heat():
    """A recuperator behind the quench: the arc saves what it passes on, and no electricity comes back."""
    bare = plant(AIR, 3000.0, supply_efficiency=1.0, arc_efficiency=1.0).solve()
    flow = Flowsheet("recuperator")
    air = flow.add(Feed("air", "gas", AIR))
    exchanger = flow.add(HeatExchanger("HX", "gas", conductance=60.0))
    whole = {"treated": 1.0, "arc_temperature": 3000.0, "loss_temperature": 333.15}
    arc = flow.add(EquilibriumArc("U", supply_efficiency=1.0, arc_efficiency=1.0, **whole))
    quench = flow.add(Quench("Q", frozen_fraction=0.97, temperature=1000.0))
    flow.connect(air.out, exchanger.cold, "cold air")
    flow.connect(exchanger.cold_out, arc.feed, "warm air")
    flow.connect(arc.out, quench.feed, "plasma")
    flow.connect(quench.out, exchanger.hot, "quenched")
    s = flow.solve()
    assert 5e3 < s["HX.duty"] < 21e3
    assert s["U.power"] == pytest.approx(bare["U.power"] - s["HX.duty"], rel=1e-9)
    assert s["Q.duty"] < 0  # what leaves above the end of the quench stays a loss


def test_oxides_recycled_to_the_arc_count_as_their_elements():
    a = plant({"N2": 0.74, "O2": 0.16, "NO": 0.1}, 3000.0).solve()
    b = plant({"N2": 0.79, "O2": 0.21}, 3000.0).solve()
    assert a["U.no_fraction"] == pytest.approx(b["U.no_fraction"], rel=1e-8)
    assert math.isfinite(a["U.energy_cost"])


def test_messages():
    for T in (1400.0, 6100.0):
        with pytest.raises(SpecError, match=r"lies outside \[1500, 6000\] K"):
            plant(AIR, T)
    with pytest.raises(ModelError, match="'NO2-' cannot be in its hot gas"):
        plant({"N2": 0.79, "O2": 0.21}, 3000.0, species=(*eq.AIR_5, "NO2-"))
    with pytest.raises(ModelError, match="must hold N2, O2 and NO"):
        plant({"N2": 0.79, "O2": 0.21}, 3000.0, species=("N2", "O2", "O"))
    with pytest.raises(ModelError, match="holds CO2, but no species of the hot gas holds C"):
        plant({"N2": 0.79, "O2": 0.21, "CO2": 0.01}, 3000.0).solve()
    with pytest.raises(ModelError, match="nothing in the feed holds O"):
        plant({"N2": 0.79}, 3000.0).solve()
