"""Gas equilibrium of any species: the plasma note, Cantera, exact balances, Pyomo."""

import csv
from fractions import Fraction
from pathlib import Path

import numpy as np
import pyomo.environ as pyo
import pytest

from noxplant.constants import ATMOSPHERE
from noxplant.errors import ModelError, Refusal
from noxplant.thermo import gas_equilibrium
from noxplant.thermo.element_potentials import equations, equilibrate, independent, start, totals
from noxplant.thermo.ideal_gas import IdealGas

ct = pytest.importorskip("cantera")
FILE = Path(__file__).parents[1] / "data" / "air_equilibrium.csv"
AIR_5 = ["N2", "O2", "NO", "N", "O"]
CASES = {
    "5sp_air": ("airNASA9.yaml", AIR_5, {"N2": 0.79, "O2": 0.21}),
    "5sp_5050": ("airNASA9.yaml", AIR_5, {"N2": 0.5, "O2": 0.5}),
    "8sp_air": (
        "nasa_gas.yaml",
        [*AIR_5, "NO2", "N2O", "Ar"],
        {"N2": 0.78, "O2": 0.21, "Ar": 0.01},
    ),
    "11sp_air": ("airNASA9.yaml", None, {"N2": 0.79, "O2": 0.21}),
}
MIXTURES = {
    "moist air": (
        "N2 O2 NO N O NO2 N2O H2O OH H H2 CO2 CO HNO2 HNO3 Ar",
        {"N2": 0.77, "O2": 0.2, "H2O": 0.02, "CO2": 0.01, "Ar": 0.01},
    ),
    "methane, stoichiometric": (
        "CH4 O2 N2 CO2 H2O CO H2 OH H O NO NO2 HCN NH3 C2H2,acetylene C2H4",
        {"CH4": 1.0, "O2": 2.0, "N2": 7.5},
    ),
    "ammonia": ("NH3 N2 H2 N H NH NH2 N2H4", {"N2": 1.0, "H2": 3.0}),
    "sulfur": ("SO2 SO3 O2 S S2 SO O N2 NO", {"SO2": 1.0, "O2": 0.5, "N2": 2.0}),
    "deacon": ("HCL CL2 H2 CL H O2 H2O OH O HOCL", {"HCL": 4.0, "O2": 1.0}),
    "potassium": ("K K2 KOH K2O2H2 KO H2O H2 O2 OH H O N2", {"KOH": 1.0, "H2O": 2.0, "N2": 1.0}),
    "rich": (
        "CH4 CO CO2 H2 H2O N2 NH3 HCN C2H4 C2H2,acetylene H OH",
        {"CH4": 2.0, "H2O": 1.0, "N2": 1.0},
    ),
    "air with ions": ("N2 O2 NO N O N2+ O2+ NO+ N+ O+ O- Electron", {"N2": 0.79, "O2": 0.21}),
}
TEMPERATURES = (300.0, 400.0, 600.0, 1000.0, 1500.0, 2200.0, 3000.0, 4500.0, 6000.0)


@pytest.mark.oracle
@pytest.mark.parametrize("system", CASES)
def test_every_state_of_the_note(system):
    """1e-9 relative for every species above 1e-10, from a cold start; asked for: 1e-6."""
    file, names, feed = CASES[system]
    gas = IdealGas.from_cantera(file, names)
    with FILE.open() as table:
        rows = [r for r in csv.DictReader(table) if r["system"] == system]
    assert len(rows) == 20
    for r in rows:
        T, p = float(r["T_K"]), float(r["P_atm"]) * ATMOSPHERE
        found = equilibrate(gas, T, p, feed)
        expected = {n: float(r[f"x_{n}"]) for n in gas.names}
        for n, x in expected.items():
            if x > 1e-10:
                assert found.fractions[n] == pytest.approx(x, rel=1e-9), (T, n)
        assert found.total == pytest.approx(float(r["mol_eq_per_mol_feed"]), rel=1e-9)
        rise = found.total * gas.enthalpy(T, found.fractions) - gas.enthalpy(298.15, feed)
        assert rise == pytest.approx(float(r["dH_from_298.15K_J_per_mol_feed"]), rel=1e-8)


def residual(phase, gas, T, x):
    """Largest misfit of Cantera's own chemical potentials to any element potentials, over R T."""
    phase.TPX = T, 2e5, x
    mu = phase.chemical_potentials / (ct.gas_constant * T)
    held = phase.X > 1e-10
    a, weight = gas.atoms[:, held].T, np.sqrt(phase.X[held])
    fit = np.linalg.lstsq(a * weight[:, None], mu[held] * weight, rcond=None)[0]
    return np.abs(a @ fit - mu[held]).max()


@pytest.mark.oracle
@pytest.mark.parametrize("mixture", MIXTURES)
def test_against_cantera(mixture):
    """Within Cantera's own error: misfit of its answer, and its elements' error over the amount."""
    names, feed = MIXTURES[mixture]
    gas = IdealGas.from_cantera("nasa_gas.yaml", names.split())
    table = {s.name: s for s in ct.Species.list_from_file("nasa_gas.yaml")}
    phase = ct.Solution(thermo="ideal-gas", species=[table[n] for n in gas.names])
    b = np.array(list(totals(gas, feed).values()))
    compared = 0
    for T in (t for t in TEMPERATURES if t <= gas.limits[1]):
        found = equilibrate(gas, T, 2e5, feed)
        x = np.array(list(found.fractions.values()))
        assert residual(phase, gas, T, x) < 1e-10, T
        assert gas.atoms @ x * found.total == pytest.approx(b, rel=1e-12, abs=1e-12 * b.max()), T
        phase.TPX = T, 2e5, feed
        try:
            phase.equilibrate("TP", rtol=1e-12, max_steps=5000)
        except ct.CanteraError:
            continue
        theirs = phase.X
        moles = gas.atoms @ theirs
        off = np.abs(moles * b.sum() / moles.sum() - b).max() / b.sum()
        held = x > 1e-10
        own = residual(phase, gas, T, theirs) + off / x[held]
        assert np.all(np.abs(theirs[held] / x[held] - 1) <= 1e-9 + 10 * own), T
        compared += 1
    assert compared >= 6


def test_a_stoichiometric_feed_keeps_its_traces():
    """At 300 K O2, CO and H2 are at 1e-30 each; their balance closes as exactly as the feed's.

    Oxygen beyond CO2, H2O: 2 O2 + O + ... = CO + H2 + ...; nothing of it is seen in O = 4 C.
    """
    gas = IdealGas.from_cantera(
        "nasa_gas.yaml", ["CH4", "O2", "CO2", "H2O", "CO", "H2", "OH", "H", "O"]
    )
    surplus = {
        "CH4": -4,
        "O2": 2,
        "CO": -1,
        "H2": -1,
        "OH": Fraction(1, 2),
        "H": -Fraction(1, 2),
        "O": 1,
    }
    found = equilibrate(gas, 300.0, 1e5, {"CH4": 1.0, "O2": 2.0}).amounts
    terms = [Fraction(found[n]) * k for n, k in surplus.items()]
    assert 0 < found["O2"] < 1e-25
    assert abs(sum(terms)) < Fraction(1, 10**10) * sum(abs(t) for t in terms)
    exact = gas.ln_equilibrium_constant("2 H2 + O2 = 2 H2O", 300.0)
    x = {n: v / 3 for n, v in found.items()}
    quotient = 2 * np.log(x["H2O"] / x["H2"]) - np.log(x["O2"] * 1e5 / ATMOSPHERE)
    assert quotient == pytest.approx(exact, rel=1e-12)


def draw(rng, table):
    """A random gas of 1 to 5 elements, a temperature, a pressure and a feed of neutral species."""
    elements = {
        *rng.choice(["H", "O", "N", "C", "S", "CL", "K", "Ar", "P", "F"], rng.integers(1, 6))
    }
    elements |= {"E"} if rng.random() < 0.3 else set()
    wide = [s for s in table if s.thermo.min_temp <= 300 and s.thermo.max_temp >= 6000]
    pool = [s for s in wide if {e if e != "Cl" else "CL" for e in s.composition} <= elements]
    picks = rng.permutation(len(pool))[: rng.integers(1, 40)]
    neutral = [pool[k].name for k in picks if not pool[k].charge]
    if not neutral:
        return draw(rng, table)
    gas = IdealGas.from_cantera("nasa_gas.yaml", [pool[k].name for k in picks])
    T = float(rng.uniform(300, 6000) if rng.random() < 0.6 else rng.choice([300, 350, 400, 6000]))
    lowest = rng.choice([0, -6, -12])
    feed = {n: float(10 ** rng.uniform(lowest, 0)) for n in neutral[:3]}
    if lowest == 0:
        feed = {n: float(rng.integers(1, 4)) for n in feed}
    return gas, T, float(10 ** rng.uniform(2, 7)), feed


@pytest.mark.parametrize("seed", range(4))
def test_random_gases_from_a_cold_start(seed):
    """300 to 6000 K, 100 Pa to 100 bar, traces and exact ratios: always solved, always right."""
    rng = np.random.default_rng(seed)
    table = ct.Species.list_from_file("nasa_gas.yaml")
    for _ in range(100):
        gas, T, p, feed = draw(rng, table)
        found = equilibrate(gas, T, p, feed)
        ln_n, ln_total, potentials = start(found)
        g = np.array([gas[n].gibbs_rt(T) for n in gas.names]) + np.log(p / gas.pressure)
        mu = g + np.array(list(ln_n.values())) - ln_total
        rows = gas.atoms[[gas.elements.index(e) for e in potentials]]
        held = np.isfinite(mu)
        misfit = mu - rows.T @ np.array(list(potentials.values()))
        assert np.abs(misfit[held]).max() < 1e-9, (gas.names, T, p, feed)
        b = np.array(list(totals(gas, feed).values()))
        got = gas.atoms @ np.array(list(found.amounts.values()))
        assert got == pytest.approx(b, abs=1e-10 * np.abs(b).max()), (gas.names, T, p, feed)


def test_a_cycle_of_the_newton_step_is_caught():
    """S and S8 alone: eight atoms in one molecule send RP-1311's steps in a circle."""
    gas = IdealGas.from_cantera("nasa_gas.yaml", ["S", "S8"])
    found = equilibrate(gas, 4042.85, 748775.0, {"S8": 1.0})
    assert found.amounts["S"] + 8 * found.amounts["S8"] == pytest.approx(8.0, rel=1e-12)
    x = found.fractions
    k = gas.equilibrium_constant("S8 = 8 S", 4042.85)
    assert x["S"] ** 8 / x["S8"] * (748775.0 / gas.pressure) ** 7 == pytest.approx(k, rel=1e-9)


def test_ions_of_cold_carbon_dioxide():
    """1e-149 of them; CO+ answers for O-, and C2+ for the oxygen that CO2+ holds."""
    names = ["O+", "CO+", "CO2", "CO2+", "O-", "C2+"]
    gas = IdealGas.from_cantera("nasa_gas.yaml", names)
    n = equilibrate(gas, 298.15, 206250.0, {"CO2": 1.0}).amounts
    assert n["CO2"] == pytest.approx(1.0, rel=1e-12)
    assert 0 < n["CO+"] < 1e-100
    assert n["CO+"] == pytest.approx(n["O-"], rel=1e-10)
    assert n["CO2+"] + 2 * n["O+"] == pytest.approx(3 * n["C2+"], rel=1e-10)


@pytest.mark.parametrize("p", [5e3, 1.6e6])
def test_a_cycle_with_ions(p):
    gas = IdealGas.from_cantera("nasa_gas.yaml", ["S", "S8", "S+", "S-", "Electron"])
    n = equilibrate(gas, 6000.0, p, {"S8": 0.3, "S": 1e-7}).amounts
    assert n["S+"] == pytest.approx(n["S-"] + n["Electron"], rel=1e-10)


def test_closed_form_of_a_dimer():
    """2 NO2 = N2O4: 4 xi^2 / (1 - xi^2) p = 1/K with xi the dissociated share; one balance only."""
    gas = IdealGas.from_cantera("nasa_gas.yaml", ["NO2", "N2O4"])
    assert independent(gas) == ("N",)
    k = gas.equilibrium_constant("N2O4 = 2 NO2", 310.0)
    for p in (1e3, 1e5, 1e7):
        share = np.sqrt(k / (k + 4 * p / gas.pressure))
        found = equilibrate(gas, 310.0, p, {"N2O4": 1.0})
        assert found.amounts["NO2"] == pytest.approx(2 * share, rel=1e-11)
        assert found.amounts["N2O4"] == pytest.approx(1 - share, rel=1e-11)


def test_agrees_with_the_solver_of_the_plants():
    gas = IdealGas.from_cantera("nasa_gas.yaml", list(gas_equilibrium.AIR_8))
    feed = {"N2": 0.78, "O2": 0.21, "Ar": 0.01}
    theirs = gas_equilibrium.equilibrium(feed, 2800.0, 3e5, gas_equilibrium.AIR_8)
    assert equilibrate(gas, 2800.0, 3e5, feed).amounts == pytest.approx(theirs, rel=1e-10)


@pytest.mark.parametrize(("first", "then"), [(3000.0, 3500.0), (5900.0, 1500.0), (2000.0, 5500.0)])
@pytest.mark.parametrize("names", [AIR_5, None])
def test_the_same_equations_in_pyomo(first, then, names):
    """Started far off, solved by Newton; the answer is that of the numeric solver."""
    from noxsolve import SquareSolver

    gas, feed = IdealGas.from_cantera("airNASA9.yaml", names), {"N2": 0.79, "O2": 0.21}
    ln_n, ln_total, potentials = start(equilibrate(gas, first, ATMOSPHERE, feed))
    model = pyo.ConcreteModel()
    model.ln_n = pyo.Var(list(gas.names), initialize=ln_n)
    model.ln_total = pyo.Var(initialize=ln_total)
    model.potential = pyo.Var(list(potentials), initialize=potentials)
    model.T = pyo.Var(initialize=then)
    model.T.fix()
    model.equation = pyo.ConstraintList()
    unknowns = (model.ln_n, model.ln_total, model.potential)
    for _, relation in equations(gas, model.T, ATMOSPHERE, *unknowns, totals(gas, feed)):
        model.equation.add(relation)
    solver = SquareSolver(model, nominal={})
    assert solver.solve().solved
    solver.load()
    expected = equilibrate(gas, then, ATMOSPHERE, feed).logarithms
    found = {n: model.ln_n[n].value for n in gas.names}
    assert found == pytest.approx(expected, abs=1e-8)
    assert model.T.bounds == (1000.0, 6000.0)


def test_elements_instead_of_a_feed_and_scale():
    gas = IdealGas.from_cantera("airNASA9.yaml", AIR_5)
    one = equilibrate(gas, 3000.0, 1e5, {"N2": 0.79, "O2": 0.21})
    big = equilibrate(gas, 3000.0, 1e5, elements={"N": 1.58e6, "O": 0.42e6})
    assert big.fractions == pytest.approx(one.fractions, rel=1e-11)
    assert big.total == pytest.approx(one.total * 1e6, rel=1e-11)


def test_forbidden_species_are_absent():
    gas = IdealGas.from_cantera("nasa_gas.yaml", ["NO", "N2", "NO2", "H2O"])
    found = equilibrate(gas, 1000.0, 1e5, {"NO": 1.0})
    assert found.amounts["H2O"] == 0.0
    assert found.logarithms["H2O"] == -np.inf
    only = IdealGas.from_cantera("nasa_gas.yaml", ["NO", "N2"])
    assert equilibrate(only, 1000.0, 1e5, {"NO": 1.0}).amounts == pytest.approx({"NO": 1, "N2": 0})


def test_refusals():
    gas = IdealGas.from_cantera("nasa_gas.yaml", AIR_5)
    feed = {"N2": 0.79, "O2": 0.21}
    with pytest.raises(Refusal, match="equilibrium of N2, O2, NO, N, O holds from 200 to 6000 K"):
        equilibrate(gas, 7000.0, 1e5, feed)
    with pytest.raises(Refusal, match="25 C is 298.15 K"):
        equilibrate(gas, 25.0, 1e5, feed)
    with pytest.raises(Refusal, match="needs a positive pressure, not 0 Pa"):
        equilibrate(gas, 3000.0, 0.0, feed)
    with pytest.raises(ModelError, match="-1 mol of N2; amounts are not negative"):
        equilibrate(gas, 3000.0, 1e5, {"N2": -1.0})
    with pytest.raises(ModelError, match="nan mol of N2"):
        equilibrate(gas, 3000.0, 1e5, {"N2": float("nan")})
    with pytest.raises(ModelError, match="The feed is empty"):
        equilibrate(gas, 3000.0, 1e5, {"N2": 0.0})
    with pytest.raises(ModelError, match="Give either a feed of species or amounts of elements"):
        equilibrate(gas, 3000.0, 1e5)
    with pytest.raises(ModelError, match="holds C, but none of the species"):
        equilibrate(gas, 3000.0, 1e5, elements={"N": 1.0, "C": 1.0})
    with pytest.raises(ModelError, match="-1 mol of N; amounts"):
        equilibrate(gas, 3000.0, 1e5, elements={"N": -1.0})
    narrow = IdealGas.from_cantera("nasa_gas.yaml", ["NO", "NO2"])
    for elements in ({"N": 1.0, "O": 3.0}, {"N": 2.0, "O": 1.0}):
        with pytest.raises(Refusal, match="No mixture of these species has the given amounts"):
            equilibrate(narrow, 500.0, 1e5, elements=elements)
    single = IdealGas.from_cantera("nasa_gas.yaml", ["NO"])
    with pytest.raises(Refusal, match="No mixture of these species"):
        equilibrate(single, 500.0, 1e5, elements={"N": 1.0, "O": 1.5})
