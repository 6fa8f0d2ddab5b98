"""Gas equilibrium against the plasma note (independent Newton, checked with Cantera) and Cantera."""

import csv
from pathlib import Path

import numpy as np
import pytest

from noxplant.constants import ATMOSPHERE
from noxplant.errors import ModelError, SpeciesError
from noxplant.thermo import gas_equilibrium as eq

FILE = Path(__file__).parents[1] / "data" / "air_equilibrium.csv"
CASES = {
    "5sp_air": (eq.AIR_5, "nasa9", {"N2": 0.79, "O2": 0.21}),
    "5sp_5050": (eq.AIR_5, "nasa9", {"N2": 0.5, "O2": 0.5}),
    "8sp_air": (eq.AIR_8, "nasa7", {"N2": 0.78, "O2": 0.21, "Ar": 0.01}),
    "11sp_air": (eq.AIR_11, "nasa9", {"N2": 0.79, "O2": 0.21}),
}


def rise(feed, hot, T, data):
    into = sum(n * eq.enthalpy(s, 298.15, data) for s, n in feed.items())
    return sum(n * eq.enthalpy(s, T, data) for s, n in hot.items()) - into


@pytest.mark.oracle
@pytest.mark.parametrize("system", CASES)
def test_every_state_of_the_note(system):
    names, data, feed = CASES[system]
    with FILE.open() as file:
        rows = [r for r in csv.DictReader(file) if r["system"] == system]
    assert len(rows) == 20
    for r in rows:
        T, p = float(r["T_K"]), float(r["P_atm"]) * ATMOSPHERE
        n = eq.equilibrium(feed, T, p, names, data)
        total = sum(n.values())
        assert total == pytest.approx(float(r["mol_eq_per_mol_feed"]), rel=1e-9)
        for s in names:
            assert n[s] / total == pytest.approx(float(r["x_" + s]), rel=1e-8, abs=1e-30), (s, T)
        expected = float(r["dH_from_298.15K_J_per_mol_feed"])
        assert rise(feed, n, T, data) == pytest.approx(expected, rel=1e-8)


@pytest.mark.oracle
@pytest.mark.parametrize(
    ("system", "T", "atm", "fractions", "heat"),
    [
        ("5sp_air", 3000, 1, {"NO": 4.095047816e-2, "O": 4.553962312e-2}, 109624.2066),
        ("5sp_air", 2500, 10, {"NO": 2.217092960e-2}, 77701.8545),
        ("5sp_air", 4000, 20, {"NO": 7.918151736e-2}, 168920.7011),
        ("8sp_air", 3000, 1, {"NO": 4.069002725e-2, "NO2": 2.078499406e-5}, 109271.4662),
        (
            "11sp_air",
            5000,
            1,
            {"NO": 1.818672825e-2, "NO+": 4.223643940e-5, "e-": 4.236096868e-5},
            None,
        ),
    ],
)
def test_section_6_of_the_note(system, T, atm, fractions, heat):
    names, data, feed = CASES[system]
    n = eq.equilibrium(feed, float(T), atm * ATMOSPHERE, names, data)
    for s, x in fractions.items():
        assert n[s] / sum(n.values()) == pytest.approx(x, rel=1e-7)
    if heat is not None:
        assert rise(feed, n, float(T), data) == pytest.approx(heat, rel=1e-6)


@pytest.mark.oracle
def test_moist_air_with_carbon_dioxide_against_cantera():
    ct = pytest.importorskip("cantera")
    names = (*eq.AIR_5, "H2O", "OH", "H", "H2", "CO2", "CO")
    species = {s.name: s for s in ct.Species.list_from_file("nasa_gas.yaml")}
    phase = ct.Solution(thermo="ideal-gas", species=[species[n] for n in names])
    feed = {"N2": 0.77, "O2": 0.2, "H2O": 0.02, "CO2": 0.01}
    phase.TPX = 3200.0, 2 * ATMOSPHERE, feed
    phase.equilibrate("TP", rtol=1e-12)
    n = eq.equilibrium(feed, 3200.0, 2 * ATMOSPHERE, names)
    x = np.array(list(n.values())) / sum(n.values())
    assert x == pytest.approx(phase.X, rel=1e-6)


def test_algebra_agrees_with_the_solver():
    names = eq.AIR_8[:-1]
    n = eq.equilibrium({"N2": 0.79, "O2": 0.21}, 2800.0, 3e5, names)
    x = {s: v / sum(n.values()) for s, v in n.items()}
    ln_x = {b: float(np.log(x[b])) for b in eq.basis(names)}
    for s in names:
        assert eq.ln_fraction(s, names, ln_x, 2800.0, 3e5) == pytest.approx(np.log(x[s]), abs=1e-9)


def test_elements_are_kept_and_pressure_holds_back_dissociation():
    feed = {"NO": 1.0, "N2O": 0.5}
    low, high = (eq.equilibrium(feed, 3500.0, p) for p in (1e4, 1e6))
    for n in (low, high):
        assert 2 * n["N2"] + n["NO"] + n["N"] == pytest.approx(2.0, rel=1e-12)
        assert 2 * n["O2"] + n["NO"] + n["O"] == pytest.approx(1.5, rel=1e-12)
    assert low["O"] > high["O"]


def test_a_missing_element_is_named():
    with pytest.raises(ModelError, match="holds C, but none"):
        eq.equilibrium({"N2": 1.0, "CO2": 0.1}, 3000.0, 1e5)
    with pytest.raises(ModelError, match="positive amounts"):
        eq.equilibrium({"N2": 0.0}, 3000.0, 1e5)
    with pytest.raises(SpeciesError, match="no gas data 'nasa8'"):
        eq.gibbs_rt("N2", 3000.0, "nasa8")
